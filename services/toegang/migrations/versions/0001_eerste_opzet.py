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
        "client",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("bsn_hash", sa.String(), nullable=False),
        sa.Column("gegevens", sa.LargeBinary(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gewijzigd_op", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "bsn_hash"),
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
        sa.Column("begindatum", sa.String(), nullable=False),
        sa.Column("einddatum", sa.String(), nullable=False),
        sa.Column("regels", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("overeenkomst", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overeenkomst_aanbieder"), ["aanbieder"], unique=False)

    op.create_table(
        "signaal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=True),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("signaal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signaal_aanbieder"), ["aanbieder"], unique=False)

    op.create_table(
        "subsegment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
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
        "indicatie",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("subsegment", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("ingangsdatum", sa.Date(), nullable=False),
        sa.Column("einddatum", sa.Date(), nullable=True),
        sa.Column("ingetrokken", sa.Boolean(), nullable=False),
        sa.Column("resultaatafspraken", sa.LargeBinary(), nullable=False),
        sa.Column("evaluatiemomenten", sa.JSON(), nullable=False),
        sa.Column("vastgesteld_op", UtcDateTime(), nullable=False),
        sa.Column("vastgesteld_door", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("indicatie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicatie_client"), ["client"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicatie_gemeente"), ["gemeente"], unique=False)
