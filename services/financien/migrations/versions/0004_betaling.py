"""betaling"""

import sqlalchemy as sa
from alembic import op

from shared.database.append_only import guards
from shared.database.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "betaalbatch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("betaler", sa.String(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=False),
        sa.Column("uitvoerdatum", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("totaal_cent", sa.Integer(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("goedkeuringen", sa.JSON(), nullable=False),
        sa.Column("goedgekeurd_op", UtcDateTime(), nullable=True),
        sa.Column("stappen", sa.JSON(), nullable=False),
        sa.Column("overgeslagen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kenmerk"),
    )
    with op.batch_alter_table("betaalbatch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_betaalbatch_betaler"), ["betaler"], unique=False)

    op.create_table(
        "betaalpunt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("doel", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("betaalpunt", sa.String(), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("ingevoerd_op", UtcDateTime(), nullable=False),
        sa.Column("ingevoerd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "doel", "volgnummer", name="betaalpunt_volgorde"),
    )
    with op.batch_alter_table("betaalpunt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_betaalpunt_betaalpunt"), ["betaalpunt"], unique=False)

    op.create_table(
        "rekeningnummer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("houder", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ingevoerd_op", UtcDateTime(), nullable=False),
        sa.Column("ingevoerd_door", sa.String(), nullable=False),
        sa.Column("beslist_op", UtcDateTime(), nullable=True),
        sa.Column("beslist_door", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "houder", "code", "volgnummer", name="rekeningnummer_volgorde"),
    )
    with op.batch_alter_table("rekeningnummer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rekeningnummer_code"), ["code"], unique=False)

    op.create_table(
        "subsegment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "terugmelding",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("lengte", sa.Integer(), nullable=False),
        sa.Column("ontvangen_op", UtcDateTime(), nullable=False),
        sa.Column("ontvangen_door", sa.String(), nullable=False),
        sa.Column("uitkomst", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "vingerafdruk", name="terugmelding_eenmaal"),
    )
    with op.batch_alter_table("terugmelding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terugmelding_gemeente"), ["gemeente"], unique=False)

    op.create_table(
        "betaalbestand",
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("gemaakt_op", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["betaalbatch.id"],
        ),
        sa.PrimaryKeyConstraint("batch"),
    )
    op.create_table(
        "betaling",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("betaler", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=False),
        sa.Column("uitvoerdatum", sa.Date(), nullable=False),
        sa.Column("bedrag_cent", sa.Integer(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("omschrijving", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reden", sa.String(), nullable=True),
        sa.Column("uitgevoerd_op", sa.Date(), nullable=True),
        sa.Column("opbouw", sa.JSON(), nullable=False),
        sa.CheckConstraint("bedrag_cent > 0", name="betaling_positief"),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["betaalbatch.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch", "gemeente", "aanbieder", name="betaling_een_per_aanbieder"),
        sa.UniqueConstraint("kenmerk"),
    )
    with op.batch_alter_table("betaling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_betaling_aanbieder"), ["aanbieder"], unique=False)
        batch_op.create_index(batch_op.f("ix_betaling_betaler"), ["betaler"], unique=False)
        batch_op.create_index(batch_op.f("ix_betaling_gemeente"), ["gemeente"], unique=False)

    op.create_table(
        "betaalpost",
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("betaling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["betaling"],
            ["betaling.id"],
        ),
        sa.PrimaryKeyConstraint("post", "nummer"),
    )
    with op.batch_alter_table("betaalpost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_betaalpost_betaling"), ["betaling"], unique=False)

    engine = op.get_bind().dialect.name
    for table in ("betaalbestand", "terugmelding", "betaalpunt"):
        for guard in guards(engine, table):
            op.execute(guard)
