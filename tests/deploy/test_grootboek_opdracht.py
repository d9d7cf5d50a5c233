"""`plekregie grootboek controleer` as an auditor types it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from deploy.around import migrate
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.sqlite import SqliteDatabase
from shared.runtime.settings import load_settings
from tests.deploy.opdrachtregel import plekregie
from tests.financien.opstelling import BUUR, GEMEENTE, op_database, overeenkomst, regel


@pytest.fixture
def omgeving(tmp_path: Path) -> dict[str, str]:
    """An installation whose database the migrations made, with five terms booked in each of two gemeenten."""
    made = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PLEKREGIE_DATA_DIR": str(tmp_path / "data")}
    migrate(load_settings(made), ("financien",))

    async def boek() -> None:
        async with op_database(SqliteDatabase(bestand(made)), date(2026, 5, 15)) as financien:
            await financien.hoor(overeenkomst(regel(), regel(gemeente=BUUR)))
            await geef_termijnen_vrij(financien.service.edge)

    asyncio.run(boek())
    return made


def bestand(omgeving: dict[str, str]) -> Path:
    return Path(omgeving["PLEKREGIE_DATA_DIR"]) / "financien.sqlite"


def test_the_migrations_guard_the_ledger_too(omgeving: dict[str, str]) -> None:
    with sqlite3.connect(bestand(omgeving)) as plain, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        plain.execute("UPDATE boeking SET bedrag_cent = 1")
    plain.close()


def test_a_ledger_in_order_is_said_with_its_last_hash_and_exit_0(omgeving: dict[str, str]) -> None:
    regels = [json.loads(r) for r in plekregie(omgeving, "grootboek", "controleer", "--json").stdout.splitlines()]
    assert [(r["gemeente"], r["oordeel"], r["posten"], r["breuk"]) for r in regels] == [
        (GEMEENTE, "goed", 5, None),
        (BUUR, "goed", 5, None),
    ]
    leesbaar = plekregie(omgeving, "grootboek", "controleer", "--gemeente", GEMEENTE).stdout.decode()
    assert leesbaar == f"{GEMEENTE}: 5 posten in orde, tot en met {regels[0]['hash']}\n"


def test_a_row_that_was_changed_is_named_with_exit_1(omgeving: dict[str, str]) -> None:
    with sqlite3.connect(bestand(omgeving)) as plain:
        plain.execute("DROP TRIGGER boeking_geen_update")
        (identity,) = plain.execute(
            "SELECT id FROM journaalpost WHERE gemeente = ? AND volgnummer = 4", (GEMEENTE,)
        ).fetchone()
        plain.execute("UPDATE boeking SET bedrag_cent = 1 WHERE post = ?", (identity,))
    plain.close()
    fout, goed = map(json.loads, plekregie(omgeving, "grootboek", "controleer", "--json", code=1).stdout.splitlines())
    assert (fout["oordeel"], fout["posten"], goed["oordeel"]) == ("fout", 3, "goed")
    assert (fout["breuk"]["volgnummer"], fout["breuk"]["journaalpost"]) == (4, identity)
    assert identity in plekregie(omgeving, "grootboek", "controleer", code=1).stdout.decode()
    plekregie(omgeving, "grootboek", "controleer", "--gemeente", BUUR)


def test_a_term_that_was_changed_after_it_was_booked_is_named(omgeving: dict[str, str]) -> None:
    with sqlite3.connect(bestand(omgeving)) as plain:
        plain.execute("UPDATE termijn SET voorschot_cent = 1 WHERE maand = '2026-02' AND lijn LIKE ?", (f"%{BUUR}%",))
    plain.close()
    uitvoer = plekregie(omgeving, "grootboek", "controleer", code=1).stdout.decode()
    assert "2026-02 is 0.01, geboekt is 10000.00" in uitvoer


def test_without_a_ledger_there_is_nothing_to_check_and_a_wrong_code_is_refused(tmp_path: Path) -> None:
    leeg = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PLEKREGIE_DATA_DIR": str(tmp_path / "data")}
    assert b"geen database van financien" in plekregie(leeg, "grootboek", "controleer", code=2).stderr
    assert not bestand(leeg).exists()
    assert b"4 cijfers" in plekregie(leeg, "grootboek", "controleer", "--gemeente", "x", code=2).stderr
    migrate(load_settings(leeg), ("financien",))
    klaar = plekregie(leeg, "grootboek", "controleer")
    assert (klaar.stdout, b"nog niets geboekt" in klaar.stderr) == (b"", True)
