"""A machine that goes down at any step of a batch, just before or just after the commit: paid once (F-8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from services.financien.betaling.store import BATCH, BETAALPOST, BETALING
from shared.database.changeset import Changeset
from shared.database.port import Database
from shared.database.sqlite import SqliteDatabase
from tests.financien.betaalopstelling import (
    MAANDAG,
    bestand,
    boeking,
    camt053,
    doe,
    iemand,
    klaar,
    meld,
    overboekingen,
    saldi,
)
from tests.financien.opstelling import GEMEENTE, Opstelling, op_database, opgesteld

VANDAAG = date(2026, 5, 15)
STAPPEN = ("batch", "eerste goedkeuring", "tweede goedkeuring", "bestand", "aanlevering", "terugmelding")


class Uitval(Exception):
    """The machine went down here."""


class Wankel:
    """A database whose machine goes down at one commit: `voor` it, so that nothing is written, or `na` it, so that all
    is written and nobody hears."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.moment: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def commit(self, changes: Changeset) -> None:
        if self.moment == "voor":
            raise Uitval
        await self._database.commit(changes)
        if self.moment == "na":
            raise Uitval


@asynccontextmanager
async def gestart(path: Path, keer: int) -> AsyncIterator[tuple[Opstelling, Wankel]]:
    """The service on this file, started for the so many-th time: ids go on where they never were."""
    wankel = Wankel(SqliteDatabase(path))
    async with op_database(cast(Database, wankel), VANDAAG) as made:
        nummers = count()
        made.service.edge.new_id = lambda: f"r{keer}n{next(nummers)}"
        yield made, wankel


async def zet(financien: Opstelling, stap: str, sleutel: str) -> int:
    """Take a step as a person would: on what is there. The status of the answer."""
    if stap == "batch":
        body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
        return (await doe(iemand(financien, "anna"), "/betaalbatches", body, sleutel=sleutel)).status_code
    (batch,) = (await iemand(financien, "anna").get("/betaalbatches")).json()["resultaten"]
    if stap == "terugmelding":
        betalingen = (await iemand(financien, "anna").get("/betalingen")).json()["resultaten"]
        afschrift = camt053(*(boeking(betaling["kenmerk"], betaling["bedrag"]) for betaling in betalingen))
        return (await meld(financien, afschrift, sleutel=sleutel)).status_code
    wie = "bert" if stap == "tweede goedkeuring" else "anna"
    pad = f"/betaalbatches/{batch['id']}/{'goedkeuringen' if 'goedkeuring' in stap else stap}"
    return (await doe(iemand(financien, wie), pad, sleutel=sleutel)).status_code


@pytest.mark.parametrize("sleutel", ["dezelfde", "een nieuwe"])
@pytest.mark.parametrize("moment", ["voor", "na"])
@pytest.mark.parametrize("waar", STAPPEN)
async def test_a_crash_at_any_step_pays_once(tmp_path: Path, waar: str, moment: str, sleutel: str) -> None:
    async with opgesteld(tmp_path, VANDAAG) as begin:
        await klaar(begin)
    path = tmp_path / "financien.sqlite"
    hier = STAPPEN.index(waar)
    async with gestart(path, 1) as (financien, wankel):
        for stap in STAPPEN[:hier]:
            assert await zet(financien, stap, f"{stap}-1") in (200, 201), stap
        wankel.moment = moment
        with capture_logs():  # drawing the log of a mishap for a terminal takes seconds
            assert await zet(financien, waar, f"{waar}-1") == 500
    async with gestart(path, 2) as (financien, _):
        for stap in STAPPEN[hier:]:
            status = await zet(financien, stap, f"{stap}-{1 if sleutel == 'dezelfde' else 2}")
            # With another key the caller may hear that it was done before; never that it was done again.
            herhaald = stap == waar and moment == "na" and sleutel != "dezelfde"
            assert status in ((200, 409) if herhaald else (200, 201)), stap
        assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}
        (batch,) = await financien.rijen(BATCH)
        (betaling,) = await financien.rijen(BETALING)
        assert (batch["status"], betaling["status"], len(batch["goedkeuringen"])) == ("verwerkt", "uitgevoerd", 2)
        assert [bedrag for _, _, bedrag in overboekingen(await bestand(financien, batch["id"]))] == ["50000.00"]
        assert len(await financien.rijen(BETAALPOST)) == 5
        weer = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
        assert (await doe(iemand(financien, "anna"), "/betaalbatches", weer)).status_code == 409


async def test_batches_made_at_the_same_time_take_every_item_once(financien: Opstelling) -> None:
    await klaar(financien)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    wie = iemand(financien, "anna")
    antwoorden = await asyncio.gather(*(doe(wie, "/betaalbatches", body) for _ in range(4)))
    assert sorted(antwoord.status_code for antwoord in antwoorden) == [201, 409, 409, 409]
    assert len(await financien.rijen(BETALING)) == 1


async def test_two_people_who_approve_at_the_same_time_both_count(financien: Opstelling) -> None:
    await klaar(financien)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    made = (await doe(iemand(financien, "anna"), "/betaalbatches", body)).json()
    pad = f"/betaalbatches/{made['id']}/goedkeuringen"
    mensen = ["anna", "anna", "bert", "bert"]
    antwoorden = await asyncio.gather(*(doe(iemand(financien, wie), pad) for wie in mensen))
    assert sorted(antwoord.status_code for antwoord in antwoorden) == [200, 200, 409, 409]
    (rij,) = await financien.rijen(BATCH)
    assert {goedkeuring["gebruiker"] for goedkeuring in rij["goedkeuringen"]} == {"anna", "bert"}


async def test_files_asked_for_at_the_same_time_are_one_file(financien: Opstelling) -> None:
    await klaar(financien)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    made = (await doe(iemand(financien, "anna"), "/betaalbatches", body)).json()
    for wie in ("anna", "bert"):
        await doe(iemand(financien, wie), f"/betaalbatches/{made['id']}/goedkeuringen")
    pad = f"/betaalbatches/{made['id']}/bestand"
    antwoorden = await asyncio.gather(*(doe(iemand(financien, "anna"), pad) for _ in range(4)))
    assert {antwoord.status_code for antwoord in antwoorden} == {200}
    assert len({antwoord.content for antwoord in antwoorden}) == 1
    assert await saldi(financien) == {"voorschotten": 5_000_000, "onderweg": -5_000_000}
