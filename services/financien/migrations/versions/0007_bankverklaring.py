"""bankverklaring"""

import sqlalchemy as sa
from alembic import op

from shared.database.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bankverklaring",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("betaling", sa.String(), nullable=False),
        sa.Column("betaler", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("bevinding", sa.String(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=True),
        sa.Column("bedrag_cent", sa.Integer(), nullable=True),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ingediend_op", UtcDateTime(), nullable=False),
        sa.Column("ingediend_door", sa.String(), nullable=False),
        sa.Column("beslist_op", UtcDateTime(), nullable=True),
        sa.Column("beslist_door", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["betaling"],
            ["betaling.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("betaling", "volgnummer", name="bankverklaring_volgorde"),
    )
    with op.batch_alter_table("bankverklaring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bankverklaring_betaler"), ["betaler"], unique=False)
