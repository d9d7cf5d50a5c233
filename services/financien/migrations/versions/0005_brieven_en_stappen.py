"""brieven en stappen"""

import sqlalchemy as sa
from alembic import op

from shared.database.append_only import guards
from shared.database.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "afzender",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("adres", sa.JSON(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("reactietermijn_dagen", sa.Integer(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.Column("gewijzigd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente"),
    )
    op.create_table(
        "brief",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("onderwerp_soort", sa.String(), nullable=False),
        sa.Column("onderwerp", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("bestandsnaam", sa.String(), nullable=False),
        sa.Column("mediatype", sa.String(), nullable=False),
        sa.Column("vorm", sa.String(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("gemaakt_op", UtcDateTime(), nullable=False),
        sa.Column("gemaakt_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("brief", schema=None) as batch_op:
        batch_op.create_index("brief_onderwerp", ["onderwerp_soort", "onderwerp", "soort"], unique=False)
    op.create_table(
        "contractgegevens",
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("doorlooptijden", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("overeenkomst"),
    )
    with op.batch_alter_table("contractgegevens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contractgegevens_aanbieder"), ["aanbieder"], unique=False)
    # What was made before knows neither old terms nor what it rested on; a settlement of then corrects nothing.
    with op.batch_alter_table("bijstelling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("oude_termijnen", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("aanleiding", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("reactie_uiterlijk", sa.Date(), nullable=True))
    with op.batch_alter_table("afrekening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("soort", sa.String(), nullable=False, server_default="afrekening"))
        batch_op.add_column(sa.Column("corrigeert", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("verzonden_op", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reactie", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reactie_uiterlijk", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("bezwaren", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("verrekening", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_afrekening_corrigeert"), ["corrigeert"], unique=False)
    # Only the rows of before needed them.
    for table, columns in (("bijstelling", ("oude_termijnen", "aanleiding")), ("afrekening", ("soort", "bezwaren"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    for statement in guards(op.get_bind().dialect.name, "brief"):
        op.execute(statement)
