"""versies en jaar"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.database.append_only import guards
from shared.database.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begroting",
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("onderdeel", sa.String(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("bedrag_cent", sa.Integer(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("ingevoerd_op", UtcDateTime(), nullable=False),
        sa.Column("ingevoerd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente", "jaar", "onderdeel", "volgnummer"),
    )
    op.create_table(
        "betaalschema_publicatie",
        sa.Column("betaalschema", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("gepubliceerd_op", UtcDateTime(), nullable=False),
        sa.Column("gepubliceerd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("betaalschema", "versie"),
    )
    op.create_table(
        "betaalschema_versie",
        sa.Column("betaalschema", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("begin", sa.String(), nullable=False),
        sa.Column("oorzaak_soort", sa.String(), nullable=False),
        sa.Column("oorzaak_id", sa.String(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=True),
        sa.Column("gemaakt_op", UtcDateTime(), nullable=False),
        sa.Column("gemaakt_door", sa.String(), nullable=False),
        sa.Column("opbouw", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("betaalschema", "versie"),
    )
    with op.batch_alter_table("betaalschema_versie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_betaalschema_versie_overeenkomst"), ["overeenkomst"], unique=False)

    op.create_table(
        "indexcijfer",
        sa.Column("wet", sa.String(), nullable=False),
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("prognose", sa.String(), nullable=False),
        sa.Column("definitief", sa.String(), nullable=True),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("ingevoerd_op", UtcDateTime(), nullable=False),
        sa.Column("ingevoerd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("wet", "jaar", "volgnummer"),
    )
    op.create_table(
        "informatieset",
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("velden", sa.JSON(), nullable=False),
        sa.Column("regimes", sa.JSON(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("ingevoerd_op", UtcDateTime(), nullable=False),
        sa.Column("ingevoerd_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("jaar", "volgnummer"),
    )
    op.create_table(
        "jaareinde",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("jaar", sa.Integer(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("regels", sa.JSON(), nullable=False),
        sa.Column("totaal_cent", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("terugpost", sa.String(), nullable=False),
        sa.Column("gemaakt_op", UtcDateTime(), nullable=False),
        sa.Column("gemaakt_door", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gemeente", "jaar", "volgnummer", name="jaareinde_volgorde"),
    )
    op.create_table(
        "overeenkomst_versie",
        sa.Column("overeenkomst", sa.String(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("aanbieder", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=True),
        sa.Column("indexeren", sa.Boolean(), nullable=False),
        sa.Column("gehoord_op", UtcDateTime(), nullable=False),
        sa.Column("inhoud", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("overeenkomst", "versie"),
    )
    with op.batch_alter_table("subsegment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wet", sa.String(), nullable=True))

    _maak_eerste_versies()
    engine = op.get_bind().dialect.name
    tables = ("overeenkomst_versie", "betaalschema_versie", "betaalschema_publicatie", "indexcijfer")
    for table in (*tables, "informatieset", "begroting", "jaareinde"):
        for guard in guards(engine, table):
            op.execute(guard)


def _maak_eerste_versies() -> None:
    """Terms of before get the first version of their schema, contract year by contract year."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT l.overeenkomst, l.gemeente, l.aanbieder, l.subsegment, o.versie, o.begindatum, t.maand, "
            "t.voorschot_cent + t.bijstelling_cent AS cent FROM termijn t JOIN lijn l ON l.id = t.lijn "
            "JOIN overeenkomst o ON o.id = l.overeenkomst ORDER BY l.id, t.maand"
        )
    )
    nieuw: dict[tuple[str, str, str], dict[str, object]] = {}
    for row in rows:
        jaar, maand = int(row.maand[:4]), int(row.maand[5:])
        begin = int(str(row.begindatum)[5:7])
        eerste = f"{jaar if maand >= begin else jaar - 1:04d}-{begin:02d}"
        sleutel = (row.overeenkomst, row.gemeente, eerste)
        versie = nieuw.setdefault(
            sleutel,
            {
                "betaalschema": ":".join(sleutel),
                "versie": 1,
                "overeenkomst": row.overeenkomst,
                "gemeente": row.gemeente,
                "aanbieder": row.aanbieder,
                "begin": eerste,
                "oorzaak_soort": "overeenkomst",
                "oorzaak_id": f"{row.overeenkomst}/{row.versie}",
                "kenmerk": None,
                "gemaakt_op": datetime.now(UTC),
                "gemaakt_door": "plekregie",
                "opbouw": {},
            },
        )
        opbouw = versie["opbouw"]
        assert isinstance(opbouw, dict)
        opbouw.setdefault(row.subsegment, {})[row.maand] = max(row.cent, 0)
    kolommen: list[sa.ColumnClause[Any]] = [
        *(sa.column(name, sa.String) for name in ("betaalschema", "overeenkomst", "gemeente", "aanbieder", "begin")),
        *(sa.column(name, sa.String) for name in ("oorzaak_soort", "oorzaak_id", "kenmerk", "gemaakt_door")),
        sa.column("versie", sa.Integer),
        sa.column("gemaakt_op", UtcDateTime()),
        sa.column("opbouw", sa.JSON),
    ]
    if nieuw:
        op.bulk_insert(sa.table("betaalschema_versie", *kolommen), list(nieuw.values()))
