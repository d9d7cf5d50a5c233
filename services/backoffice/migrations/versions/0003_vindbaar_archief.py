"""vindbaar archief"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("bericht_aan", "bericht", ["aan", "id"], unique=False)
    op.create_index("bericht_beller_aanbieder", "bericht", ["beller_aanbieder", "id"], unique=False)
    op.create_index("bericht_van", "bericht", ["van", "identificatie"], unique=False)
