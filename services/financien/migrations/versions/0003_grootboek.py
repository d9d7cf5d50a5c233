"""grootboek"""

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
        "grootboek_afsluiting",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("maand", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("persoon", sa.String(), nullable=False),
        sa.Column("vastgelegd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente", "maand"),
    )
    op.create_table(
        "grootboek_keten",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("gesloten_tot", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("gemeente"),
    )
    op.create_table(
        "grootboek_rubriek",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("ingangsdatum", sa.Date(), nullable=False),
        sa.Column("taakveld", sa.String(), nullable=False),
        sa.Column("kostenplaats", sa.String(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.Column("gewijzigd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente", "subsegment", "ingangsdatum"),
    )
    op.create_table(
        "journaalpost",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("boekdatum", sa.Date(), nullable=False),
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("omschrijving", sa.String(), nullable=False),
        sa.Column("oorzaak_soort", sa.String(), nullable=False),
        sa.Column("oorzaak_id", sa.String(), nullable=False),
        sa.Column("sleutel", sa.String(), nullable=False),
        sa.Column("herroept", sa.String(), nullable=True),
        sa.Column("persoon", sa.String(), nullable=False),
        sa.Column("vastgelegd_op", UtcDateTime(), nullable=False),
        sa.Column("vorige", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "volgnummer", name="journaalpost_volgorde"),
        sa.UniqueConstraint("herroept"),
        sa.UniqueConstraint("sleutel"),
    )
    with op.batch_alter_table("journaalpost", schema=None) as batch_op:
        batch_op.create_index("journaalpost_boekdatum", ["gemeente", "boekdatum"], unique=False)
        batch_op.create_index("journaalpost_oorzaak", ["oorzaak_soort", "oorzaak_id"], unique=False)

    op.create_table(
        "boeking",
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("debet", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("bedrag_cent", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=True),
        sa.Column("subsegment", sa.String(), nullable=True),
        sa.Column("maand", sa.String(), nullable=True),
        sa.Column("tegenpartij", sa.String(), nullable=True),
        sa.CheckConstraint("bedrag_cent > 0", name="boeking_positief"),
        sa.CheckConstraint("debet <> credit", name="boeking_verplaatst"),
        sa.ForeignKeyConstraint(
            ["post"],
            ["journaalpost.id"],
        ),
        sa.PrimaryKeyConstraint("post", "nummer"),
    )
    with op.batch_alter_table("boeking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_boeking_aanbieder"), ["aanbieder"], unique=False)

    with op.batch_alter_table("afrekening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stappen", sa.JSON(), nullable=False, server_default="[]"))

    engine = op.get_bind().dialect.name
    for table in ("journaalpost", "boeking", "grootboek_afsluiting"):
        for guard in guards(engine, table):
            op.execute(guard)
