"""A bijstelling and a settlement of before migration 0005 are still shown, and their posts still agree with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection, text

from deploy.parts import part_of
from services.financien.afrekening.store import AFREKENING
from services.financien.afrekening.vaststelling import boekingen_van
from services.financien.grootboek.rules import Rekening
from shared.database.migrations import on_database, script_directory, upgrade
from shared.database.sqlite import SqliteDatabase
from tests.financien.opstelling import op_database

PART = part_of("financien")
STAP = '{"stap": "%s", "gebruiker": "ans", "moment": "2026-04-02T10:00:00+00:00", "toelichting": null}'
REGEL = (
    '{"overeenkomst": "o1", "subsegment": "%s", "plekken": "1", "gemiddeld_bezet": "0.5000", "gerealiseerd_cent": %d,'
    ' "betaald_cent": 100, "afrekening_cent": %d, "maanden": [{"maand": "2026-01", "bezette_dagen": 31,'
    ' "jaarprijs_cent": 1200, "betaald_cent": 100, "kosten_cent": %d}]}'
)


def tot_0004(connection: Connection) -> None:
    """Run the migrations before it."""
    scripts = script_directory(PART.migrations)
    with EnvironmentContext(Config(), scripts, fn=lambda rev, _: scripts._upgrade_revs("0004", rev)) as environment:
        environment.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
        environment.run_migrations()
    connection.commit()


def vul(connection: Connection) -> None:
    """A contract with a notified bijstelling, and a fixed settlement: one line less, one line more than was paid."""
    regels = f"[{REGEL % ('54Z01', 40, -60, 40)}, {REGEL % ('54Z02', 130, 30, 130)}]"
    for daad, waarden in (
        (
            "INSERT INTO overeenkomst (id, versie, aanbieder, begindatum, einddatum, tolerantie, bijstellingsdrempel, "
            "houdt_dagen) VALUES ('o1', 1, '42420001', '2026-01-01', '2026-12-31', '0', '0.05', 0)",
            {},
        ),
        (
            "INSERT INTO lijn (id, versie, overeenkomst, aanbieder, gemeente, subsegment, begin, eind, tarieven, "
            "ongedekt) VALUES ('o1:0294:54Z01', 1, 'o1', '42420001', '0294', '54Z01', '2026-01', '2026-12', '[]', "
            "'[]')",
            {},
        ),
        (
            "INSERT INTO bijstelling (id, versie, lijn, aanbieder, gemeente, subsegment, kwartaal, status, "
            "lumpsum_cent, gerealiseerd_cent, verwacht_cent, gemiddeld_bezet, termijnen, gemeld_op, stappen) VALUES "
            "('b1', 2, 'o1:0294:54Z01', '42420001', '0294', '54Z01', '2026-Q1', 'gemeld', 1200, 40, 90, '0.4', "
            ":termijnen, '2026-04-02 10:00:00.000000', :stappen)",
            {"termijnen": '{"2026-06": 10}', "stappen": f"[{STAP % 'voorgesteld'}, {STAP % 'gemeld'}]"},
        ),
        (
            "INSERT INTO afrekening (id, versie, status, gemeente, aanbieder, begindatum, einddatum, regels, "
            "totaal_cent, gemaakt_op, gemaakt_door, stappen) VALUES ('a1', 2, 'vastgesteld', '0294', '42420001', "
            "'2026-01-01', '2026-01-31', :regels, -30, '2026-04-02 10:00:00.000000', 'ans', :stappen)",
            {"regels": regels, "stappen": f"[{STAP % 'concept'}, {STAP % 'vastgesteld'}]"},
        ),
    ):
        connection.execute(text(daad), waarden)
    connection.commit()


def nog_een(connection: Connection) -> None:
    """A bijstelling that was only proposed."""
    connection.execute(
        text(
            "INSERT INTO bijstelling (id, versie, lijn, aanbieder, gemeente, subsegment, kwartaal, status, "
            "lumpsum_cent, gerealiseerd_cent, verwacht_cent, gemiddeld_bezet, termijnen, gemeld_op, stappen) SELECT "
            "'b2', 1, lijn, aanbieder, gemeente, subsegment, '2025-Q4', 'voorgesteld', lumpsum_cent, "
            "gerealiseerd_cent, verwacht_cent, gemiddeld_bezet, termijnen, NULL, stappen FROM bijstelling"
        )
    )
    connection.commit()


async def test_what_was_made_before_is_still_shown_and_booked_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'oud.sqlite'}"
    on_database(url, tot_0004)
    on_database(url, vul)
    on_database(url, nog_een)
    upgrade(url, PART.migrations)
    async with op_database(SqliteDatabase(tmp_path / "oud.sqlite"), date(2026, 5, 15)) as financien:
        bijstelling = (await financien.controller.get("/bijstellingen/b1")).json()
        assert (bijstelling["reactiestand"], bijstelling["aanleiding"]) == ("wacht_op_reactie", None)
        assert bijstelling["termijnen"] == [{"maand": "2026-06", "was": None, "bedrag": "0.10"}]
        assert (await financien.controller.get("/bijstellingen/b1/brief")).status_code == 404
        assert (await financien.controller.get("/bijstellingen/b2/brief")).content.startswith(b"%PDF")
        assert (await financien.controller.post("/bijstellingen/b2/melding")).json()["status"] == "gemeld"
        (afrekening,) = (await financien.controller.get("/afrekeningen")).json()["resultaten"]
        assert (afrekening["soort"], afrekening["verrekening"], afrekening["openstaand"]) == (
            "afrekening",
            None,
            "0.60",
        )
        assert afrekening["boekjaren"] == [{"jaar": 2026, "kosten": "1.70", "voorschot": "2.00", "afrekening": "-0.30"}]
        assert [r["id"] for r in (await financien.aanbieder.get("/afrekeningen")).json()["resultaten"]] == ["a1"]
        row = (await financien.rijen(AFREKENING))[0]
    # Each line went its own way: that is how it was booked.
    assert [(b.debet, b.credit, b.bedrag.cent) for b in boekingen_van(row)] == [
        (Rekening.LASTEN, Rekening.VOORSCHOTTEN, 40),
        (Rekening.TE_VORDEREN, Rekening.VOORSCHOTTEN, 60),
        (Rekening.LASTEN, Rekening.VOORSCHOTTEN, 100),
        (Rekening.LASTEN, Rekening.TE_BETALEN, 30),
    ]
