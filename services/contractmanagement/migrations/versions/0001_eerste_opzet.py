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
        "aanbod",
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("berekend_tot", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("aanbieder", "subsegment"),
    )
    with op.batch_alter_table("aanbod", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aanbod_berekend_tot"), ["berekend_tot"], unique=False)

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
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("aanbieder", "subsegment", "gemeente", "dag"),
        sqlite_with_rowid=False,
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
        sa.Column("perioden", sa.JSON(), nullable=False),
        sa.Column("bezet", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("levering", schema=None) as batch_op:
        batch_op.create_index("levering_tijdelijk", ["aanbieder", "subsegment", "tijdelijk"], unique=False)

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
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=False),
        sa.Column("instellingen", sa.JSON(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.Column("gewijzigd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("overeenkomst", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overeenkomst_aanbieder"), ["aanbieder"], unique=False)

    op.create_table(
        "regelgemeente",
        sa.Column("regel", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("regel", "gemeente"),
    )
    with op.batch_alter_table("regelgemeente", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regelgemeente_gemeente"), ["gemeente"], unique=False)
        batch_op.create_index(batch_op.f("ix_regelgemeente_overeenkomst"), ["overeenkomst"], unique=False)

    op.create_table(
        "signaal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("onderwerp", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=True),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("sinds", sa.Date(), nullable=False),
        sa.Column("tot_en_met", sa.Date(), nullable=True),
        sa.Column("toelichting", sa.String(), nullable=False),
        sa.Column("oorzaak", sa.String(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("signaal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signaal_onderwerp"), ["onderwerp"], unique=False)
        batch_op.create_index("signaal_aanbod", ["aanbieder", "subsegment"], unique=False)

    op.create_table(
        "subsegment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("productcategorie", sa.String(), nullable=False),
        sa.Column("bekostiging", sa.String(), nullable=False),
        sa.Column("met_toewijzing", sa.Boolean(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
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
        "contractregel",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=True),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("tot_en_met", sa.Date(), nullable=False),
        sa.Column("houdt_dagen", sa.Integer(), nullable=False),
        sa.Column("versies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["overeenkomst"],
            ["overeenkomst.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("contractregel", schema=None) as batch_op:
        batch_op.create_index("contractregel_aanbod", ["aanbieder", "subsegment", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contractregel_overeenkomst"), ["overeenkomst"], unique=False)
