"""What comes in one batch, over many cells, ends as when it comes one by one (B-5, F-4)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services.financien.bezetting.store import CEL
from services.financien.prognose.store import PROGNOSE
from shared.bus.port import Record
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.envelope import pack
from shared.contracts.financien import PrognoseGewijzigd
from tests.financien.opstelling import Opstelling, levering, opgesteld, overeenkomst, regel, van_tot
from tests.verteld import inhoud

VANDAAG = date(2026, 5, 15)
JANUARI = date(2026, 1, 1)
CODES = ("54Z01", "54Z02", "54Z03", "54Z04")  # the last one without a contract


async def neem_in(financien: Opstelling, *gehoord: tuple[str, LeveringGewijzigd]) -> None:
    """Deliver as one batch of the bus: id of the event, and what it says."""
    records = [
        Record(
            event.TOPIC, event.aggregate(), pack(event, id=nummer, source="test", time=financien.klok.now(), cause=None)
        )
        for nummer, event in gehoord
    ]
    assert financien.service.consumer is not None
    await financien.service.consumer.deliver(records)


async def geteld(financien: Opstelling) -> dict[str, list[dict[str, Any]]]:
    """The end, without cells that something only passed through."""
    stand = await financien.stand()
    return {**stand, CEL.name: [row for row in stand[CEL.name] if row["bezet"] or row["dagen"] != "{}"]}


def verhaal(random: Random) -> list[tuple[str, LeveringGewijzigd]]:
    """Versions of a few leveringen, out of order, some moved to another sub-segment, some stopped for a while."""
    events = []
    for nummer in range(40):
        begin = JANUARI + timedelta(days=random.randrange(200))
        eind = random.choice([None, begin + timedelta(days=random.randrange(90))])
        periode = (begin, eind, eind is not None and random.random() < 0.4, None)
        event = levering(
            periode,
            id=f"l{random.randrange(9)}",
            versie=random.randrange(1, 9),
            subsegment=random.choice(CODES),
            vervallen=random.random() < 0.1,
        )
        events.append((f"e{nummer}", event))
    # Of one version of a levering there is one event.
    return list({(event.levering, event.versie): (nummer, event) for nummer, event in events}.values())


@pytest.mark.parametrize("zaad", range(4))
async def test_a_batch_over_many_cells_ends_as_one_by_one(tmp_path: Path, zaad: int) -> None:
    contract = overeenkomst(*(regel(subsegment=code) for code in CODES[:3]), tijdelijkeStopHoudtPlekDagen=10)
    gehoord, standen = verhaal(Random(zaad)), []
    for naam, stappen in (("samen", [gehoord[:10], gehoord[10:]]), ("een", [[one] for one in gehoord])):
        (tmp_path / naam).mkdir()
        async with opgesteld(tmp_path / naam, VANDAAG) as financien:
            await financien.hoor(contract)
            for stap in stappen:
                await neem_in(financien, *stap)
            standen.append(await geteld(financien))
    assert standen[0] == standen[1]


async def test_each_forecast_names_the_last_event_that_moved_its_own_cell(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(*(regel(subsegment=code) for code in CODES[:3])))
    await financien.hoor(levering(van_tot(JANUARI), id="verhuist", subsegment="54Z03"))
    voor = len(await financien.gepubliceerd(PrognoseGewijzigd))
    await neem_in(
        financien,
        ("een-1", levering(van_tot(JANUARI), id="l1")),
        ("twee-1", levering(van_tot(JANUARI), id="l2", subsegment="54Z02")),
        ("een-2", levering(van_tot(JANUARI), id="l3")),
        ("drie-1", levering(van_tot(JANUARI), id="verhuist", versie=2, subsegment="54Z02")),
        ("een-oud", levering(van_tot(JANUARI), id="verhuist", versie=1)),
    )
    nieuw = (await financien.gepubliceerd(PrognoseGewijzigd))[voor:]
    oorzaken = {inhoud(told)["subsegment"]: told.cause for told in nieuw}
    assert oorzaken == {"54Z01": "een-2", "54Z02": "drie-1", "54Z03": "drie-1"}
    assert {row["lijn"].rpartition(":")[2]: row["oorzaak"] for row in await financien.rijen(PROGNOSE)} == oorzaken
