"""Terms of before migration 0006 get the first version of their schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection, text

from deploy.parts import part_of
from shared.database.migrations import differences, on_database, script_directory, upgrade

PART = part_of("financien")
MAANDEN = ("2026-07", "2027-06", "2027-07", "2027-12")


def tot_0005(connection: Connection) -> None:
    """Run the migrations before it."""
    scripts = script_directory(PART.migrations)
    with EnvironmentContext(Config(), scripts, fn=lambda rev, _: scripts._upgrade_revs("0005", rev)) as environment:
        environment.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
        environment.run_migrations()
    connection.commit()


def vul(connection: Connection) -> None:
    """A contract of eighteen months from July, with some of its terms."""
    kolommen = "id, versie, aanbieder, begindatum, einddatum, tolerantie, bijstellingsdrempel, houdt_dagen"
    lijn = "id, versie, overeenkomst, aanbieder, gemeente, subsegment, begin, eind, tarieven, ongedekt"
    for daad in (
        f"INSERT INTO overeenkomst ({kolommen}) VALUES "
        "('o1', 3, '42420001', '2026-07-01', '2027-12-31', '0', '0.05', 0)",
        f"INSERT INTO lijn ({lijn}) VALUES ('o1:0294:54Z01', 1, 'o1', '42420001', '0294', '54Z01', '2026-07', "
        "'2027-12', '[]', '[]')",
        *(f"INSERT INTO termijn VALUES ('o1:0294:54Z01', '{maand}', 100, -20)" for maand in MAANDEN),
    ):
        connection.execute(text(daad))
    connection.commit()


def versies(connection: Connection) -> list[tuple[Any, ...]]:
    """What was made of them."""
    rows = connection.execute(
        text("SELECT betaalschema, versie, oorzaak_id, opbouw FROM betaalschema_versie ORDER BY betaalschema")
    )
    return [(*row[:3], json.loads(row[3]) if isinstance(row[3], str) else row[3]) for row in rows]


def keur(url: str, schema: str = "") -> None:
    on_database(url, tot_0005, schema=schema)
    on_database(url, vul, schema=schema)
    upgrade(url, PART.migrations, schema=schema)
    assert on_database(url, versies, schema=schema) == [
        ("o1:0294:2026-07", 1, "o1/3", {"54Z01": {"2026-07": 80, "2027-06": 80}}),
        ("o1:0294:2027-07", 1, "o1/3", {"54Z01": {"2027-07": 80, "2027-12": 80}}),
    ]
    assert on_database(url, lambda c: differences(c, PART.metadata), schema=schema) == []


def test_terms_of_before_get_their_first_version(tmp_path: Path) -> None:
    keur(f"sqlite:///{tmp_path / 'oud.sqlite'}")
