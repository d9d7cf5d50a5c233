"""eerste opzet"""

import sqlalchemy as sa
from alembic import op

from shared.database.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "afrekening",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=False),
        sa.Column("regels", sa.JSON(), nullable=False),
        sa.Column("totaal_cent", sa.Integer(), nullable=False),
        sa.Column("gemaakt_op", UtcDateTime(), nullable=False),
        sa.Column("gemaakt_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("afrekening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_afrekening_aanbieder"), ["aanbieder"], unique=False)
        batch_op.create_index(batch_op.f("ix_afrekening_gemeente"), ["gemeente"], unique=False)

    op.create_table(
        "antwoord",
        sa.Column("beller", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("sleutel", sa.String(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("kop", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("bewaard_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("beller", "route", "sleutel"),
    )
    op.create_table(
        "bezetting_mutatie",
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("aanbieder", "gemeente", "subsegment", "dag"),
    )
    op.create_table(
        "cel",
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("bezet", sa.Integer(), nullable=False),
        sa.Column("dagen", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("aanbieder", "gemeente", "subsegment"),
    )
    op.create_table(
        "geparkeerd",
        sa.Column("gebeurtenis", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("sleutel", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("fout", sa.Text(), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("geparkeerd_op", UtcDateTime(), nullable=False),
        sa.Column("opgelost_op", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("gebeurtenis"),
    )
    op.create_table(
        "inbox",
        sa.Column("gebeurtenis", sa.String(), nullable=False),
        sa.Column("ontvangen_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("gebeurtenis"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lease",
        sa.Column("taak", sa.String(), nullable=False),
        sa.Column("houder", sa.String(), nullable=False),
        sa.Column("tot", UtcDateTime(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("taak"),
    )
    op.create_table(
        "levering",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("einddatum_toewijzing", sa.Date(), nullable=True),
        sa.Column("vervallen", sa.Boolean(), nullable=False),
        sa.Column("tijdelijk", sa.Boolean(), nullable=False),
        sa.Column("perioden", sa.String(), nullable=False),
        sa.Column("bezet", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("levering", schema=None) as batch_op:
        batch_op.create_index("levering_cel", ["aanbieder", "gemeente", "subsegment", "tijdelijk"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("volgnummer", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("sleutel", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("aangemaakt_op", UtcDateTime(), nullable=False),
        sa.Column("verzonden_op", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("volgnummer"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_te_verzenden",
            ["volgnummer"],
            unique=False,
            sqlite_where=sa.text("verzonden_op IS NULL"),
            postgresql_where=sa.text("verzonden_op IS NULL"),
        )

    op.create_table(
        "overeenkomst",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=False),
        sa.Column("tolerantie", sa.String(), nullable=False),
        sa.Column("maximum", sa.String(), nullable=True),
        sa.Column("minimum", sa.String(), nullable=True),
        sa.Column("bijstellingsdrempel", sa.String(), nullable=False),
        sa.Column("houdt_dagen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("overeenkomst", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overeenkomst_aanbieder"), ["aanbieder"], unique=False)

    op.create_table(
        "verwerking",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tijdstip", UtcDateTime(), nullable=False),
        sa.Column("gebruiker", sa.String(), nullable=False),
        sa.Column("rol", sa.String(), nullable=False),
        sa.Column("namens", sa.String(), nullable=False),
        sa.Column("handeling", sa.String(), nullable=False),
        sa.Column("betrokkene", sa.String(), nullable=False),
        sa.Column("grondslag", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("verwerking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verwerking_betrokkene"), ["betrokkene"], unique=False)

    op.create_table(
        "lijn",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("begin", sa.String(), nullable=False),
        sa.Column("eind", sa.String(), nullable=False),
        sa.Column("tarieven", sa.String(), nullable=False),
        sa.Column("ongedekt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["overeenkomst"],
            ["overeenkomst.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("lijn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lijn_gemeente"), ["gemeente"], unique=False)
        batch_op.create_index(batch_op.f("ix_lijn_overeenkomst"), ["overeenkomst"], unique=False)
        batch_op.create_index("lijn_cel", ["aanbieder", "gemeente", "subsegment"], unique=False)

    op.create_table(
        "bijstelling",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("lijn", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("kwartaal", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("lumpsum_cent", sa.Integer(), nullable=False),
        sa.Column("gerealiseerd_cent", sa.Integer(), nullable=False),
        sa.Column("verwacht_cent", sa.Integer(), nullable=False),
        sa.Column("gemiddeld_bezet", sa.String(), nullable=False),
        sa.Column("termijnen", sa.JSON(), nullable=False),
        sa.Column("reactie", sa.String(), nullable=True),
        sa.Column("gemeld_op", UtcDateTime(), nullable=True),
        sa.Column("stappen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lijn"],
            ["lijn.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("bijstelling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bijstelling_aanbieder"), ["aanbieder"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijstelling_gemeente"), ["gemeente"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijstelling_lijn"), ["lijn"], unique=False)

    op.create_table(
        "prognose",
        sa.Column("lijn", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("stand", sa.Date(), nullable=False),
        sa.Column("lumpsum_cent", sa.Integer(), nullable=False),
        sa.Column("gerealiseerd_cent", sa.Integer(), nullable=False),
        sa.Column("verwacht_cent", sa.Integer(), nullable=False),
        sa.Column("oorzaak", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lijn"],
            ["lijn.id"],
        ),
        sa.PrimaryKeyConstraint("lijn"),
    )
    op.create_table(
        "termijn",
        sa.Column("lijn", sa.String(), nullable=False),
        sa.Column("maand", sa.String(), nullable=False),
        sa.Column("voorschot_cent", sa.Integer(), nullable=False),
        sa.Column("bijstelling_cent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lijn"],
            ["lijn.id"],
        ),
        sa.PrimaryKeyConstraint("lijn", "maand"),
    )
