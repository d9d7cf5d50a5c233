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
        "aanlevering",
        sa.Column("bericht", sa.String(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("levering", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("begindatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("reden", sa.String(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("vervallen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("bericht", "nummer"),
    )
    with op.batch_alter_table("aanlevering", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aanlevering_levering"), ["levering"], unique=False)

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
        "bericht",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("richting", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=True),
        sa.Column("van", sa.String(), nullable=True),
        sa.Column("aan", sa.String(), nullable=True),
        sa.Column("identificatie", sa.String(), nullable=True),
        sa.Column("dagtekening", sa.Date(), nullable=True),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("lengte", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("retourcodes", sa.JSON(), nullable=False),
        sa.Column("fouten", sa.JSON(), nullable=False),
        sa.Column("wacht_tot", sa.Date(), nullable=True),
        sa.Column("heenbericht", sa.String(), nullable=True),
        sa.Column("retour", sa.String(), nullable=True),
        sa.Column("tijdstip", UtcDateTime(), nullable=False),
        sa.Column("beller", sa.String(), nullable=False),
        sa.Column("beller_aanbieder", sa.String(), nullable=True),
        sa.Column("beller_gemeente", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("bericht", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bericht_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_bericht_wacht_tot"), ["wacht_tot"], unique=False)

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
        "identificatie",
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("afzender", sa.String(), nullable=False),
        sa.Column("identificatie", sa.String(), nullable=False),
        sa.Column("bericht", sa.String(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("soort", "afzender", "identificatie"),
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
        sa.Column("toewijzing", sa.String(), nullable=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("perioden", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "nummerreeks",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("laatste", sa.Integer(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente", "wet"),
    )
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
        "subsegment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("productcategorie", sa.String(), nullable=False),
        sa.Column("met_toewijzing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "toewijzing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("indicatie", sa.String(), nullable=False),
        sa.Column("indicatie_versie", sa.Integer(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("bsn_hash", sa.String(), nullable=True),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("ingangsdatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("toewijzingsdatum", sa.Date(), nullable=True),
        sa.Column("toewijzingstijd", sa.Time(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("te_melden", sa.Boolean(), nullable=False),
        sa.Column("reden_wijziging", sa.String(), nullable=True),
        sa.Column("toelichting", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "wet", "nummer"),
        sa.UniqueConstraint("indicatie"),
    )
    with op.batch_alter_table("toewijzing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toewijzing_aanbieder"), ["aanbieder"], unique=False)
        batch_op.create_index(batch_op.f("ix_toewijzing_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_toewijzing_te_melden"), ["te_melden"], unique=False)

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
