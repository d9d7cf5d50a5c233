"""signaalwerk en gemeente"""

import sqlalchemy as sa
from alembic import op

from shared.database.append_only import guards
from shared.database.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gemeente",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "signaalstap",
        sa.Column("signaal", sa.String(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("tijdstip", UtcDateTime(), nullable=False),
        sa.Column("gebruiker", sa.String(), nullable=False),
        sa.Column("inhoud", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("signaal", "nummer"),
    )
    op.create_table(
        "signaalwerk",
        sa.Column("signaal", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("onderwerp", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("eigenaar", sa.String(), nullable=True),
        sa.Column("werkstatus", sa.String(), nullable=False),
        sa.Column("stil_tot", sa.Date(), nullable=True),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("signaal"),
    )
    with op.batch_alter_table("signaalwerk", schema=None) as batch_op:
        batch_op.create_index("signaalwerk_onderwerp", ["onderwerp", "soort"], unique=False)
    with op.batch_alter_table("signaal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("geschiedenis", sa.Text(), nullable=False, server_default=""))
    for table in ("overeenkomst", "contractregel"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("drempels", sa.JSON(), nullable=True))
    for guard in guards(op.get_bind().dialect.name, "signaalstap"):
        op.execute(guard)
