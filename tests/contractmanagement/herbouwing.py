"""A region whose read side can be emptied and rebuilt, told by a publisher that repeats itself; for both engines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete

from services.contractmanagement.bezetting.store import BEZETTING_MUTATIE, LEVERING
from shared.bus.history import History, Page
from shared.contracts.backoffice import LeveringGewijzigd
from shared.outbox.rebuild import Rebuilt, Report, rebuild
from tests.contractmanagement.omgeving import AANBIEDER, GEMEENTE, Omgeving, levering, regel, regionaal

ANDER, BUUR = "42420002", "0197"
# Versions of these count how often something was decided, not what.
LEESKANT = ("levering", "bezetting_mutatie")
AANTAL = 30  # leveringen in the story


def verhaal(seed: int, aantal: int = AANTAL) -> list[LeveringGewijzigd]:
    """Leveringen that start, stop for a while, stop, move and lapse, in order of what happened."""
    kies = Random(seed)
    verteld: list[LeveringGewijzigd] = []
    for nummer in range(aantal):
        waar = {"aanbieder": kies.choice((AANBIEDER, ANDER)), "gemeente": kies.choice((GEMEENTE, BUUR))}
        begin = date(2026, 1, 1) + timedelta(days=kies.randrange(200))
        einde = (begin + timedelta(days=kies.randrange(60, 400))).isoformat()
        stop = (begin + timedelta(days=kies.randrange(0, 50))).isoformat()
        for versie in range(1, kies.randrange(2, 6)):
            periode = (begin.isoformat(), None if versie == 1 else stop, versie == 2)
            if kies.random() < 0.1:
                waar = {
                    **waar,
                    "gemeente": kies.choice((GEMEENTE, BUUR)),
                    "subsegment": kies.choice(("54Z01", "54Z02")),
                }
            vervallen = kies.random() < 0.05
            verteld.append(levering(f"L{nummer}", periode, versie=versie, einde=einde, vervallen=vervallen, **waar))
    return verteld


async def vertel(omgeving: Omgeving, seed: int) -> list[LeveringGewijzigd]:
    """Let the region hear all it is told, live and in order; the events, for a source."""
    await omgeving.sluit(regel(plekken="6"), regel(BUUR, "30"), instellingen={"tijdelijkeStopHoudtPlekDagen": 30})
    await omgeving.sluit(regionaal("12", g0294="0.4", g0197="0.6"), agb=ANDER)
    events = verhaal(seed)
    await omgeving.lever(*events)
    return events


async def geschiedenis(
    omgeving: Omgeving,
    events: Iterable[LeveringGewijzigd],
    daarna: Callable[[], Awaitable[object]] | None = None,
) -> History:
    """What the source has; `daarna` happens when it has been read and nothing is counted yet."""
    records = [omgeving.pak(event, f"{event.levering}-{event.versie}") for event in events]
    half = len(records) // 2
    yield Page(records[:half], half, len(records))
    yield Page(records[half:], len(records), len(records))
    if daarna is not None:
        await daarna()


async def maak_leeg(omgeving: Omgeving) -> None:
    """The read side, and nothing that was published or decided."""
    for table in (LEVERING, BEZETTING_MUTATIE):
        await omgeving.database.execute(delete(table))


async def herbouw(omgeving: Omgeving, history: History, report: Report = lambda *_: None) -> Rebuilt:
    """Rebuild, and let what was published work through."""
    side = omgeving.service.read_side
    assert side is not None
    done = await rebuild(side, omgeving.service.edge, history, report)
    await omgeving.rond()
    return done


async def leeskant(omgeving: Omgeving) -> dict[str, list[dict[str, Any]]]:
    """What is rebuilt."""
    return {name: await omgeving.rijen(name) for name in LEESKANT}


async def signalen(omgeving: Omgeving) -> list[dict[str, Any]]:
    """The signals, but for who was last to touch them."""
    return await omgeving.rijen("signaal", "versie", "oorzaak", "geschiedenis", "gewijzigd_op")
