"""A region whose read side can be emptied and rebuilt, told by a publisher that repeats itself; for both engines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete

from services.financien.bezetting.store import CEL, LEVERING, MUTATIE
from shared.bus.history import History, Page
from shared.bus.port import Record
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.envelope import pack
from shared.outbox.rebuild import Rebuilt, Report, rebuild
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, CODE, GEMEENTE, Opstelling, levering, overeenkomst, regel

JANUARI = date(2026, 1, 1)
VERTELD_OP = datetime(2026, 1, 1, tzinfo=UTC)
CONTRACTEN = (
    overeenkomst(regel(), regel("4", gemeente=BUUR), tijdelijkeStopHoudtPlekDagen=30),
    overeenkomst(regel("5", verdeelsleutel={GEMEENTE: "0.4", BUUR: "0.6"}), id="o2", aanbieder=ANDER),
)
AANTAL = 30  # leveringen in the story


def verhaal(seed: int, aantal: int = AANTAL) -> list[LeveringGewijzigd]:
    """Leveringen that start, stop for a while, stop, move and lapse, in order of what happened."""
    kies = Random(seed)
    verteld: list[LeveringGewijzigd] = []
    for nummer in range(aantal):
        cel = {"aanbieder": kies.choice((AANBIEDER, ANDER)), "gemeente": kies.choice((GEMEENTE, BUUR))}
        begin = JANUARI + timedelta(days=kies.randrange(200))
        einde = begin + timedelta(days=kies.randrange(60, 400))
        stop = begin + timedelta(days=kies.randrange(0, 50))
        for versie in range(1, kies.randrange(2, 6)):
            periode = (begin, None if versie == 1 else stop, versie == 2, None)
            if kies.random() < 0.1:
                cel = {**cel, "gemeente": kies.choice((GEMEENTE, BUUR)), "subsegment": kies.choice((CODE, "54Z02"))}
            vervallen = kies.random() < 0.05
            verteld.append(levering(periode, id=f"l{nummer}", versie=versie, einde=einde, vervallen=vervallen, **cel))
    return verteld


def record(event: LeveringGewijzigd) -> Record:
    value = pack(event, id=f"{event.levering}-{event.versie}", source="test", time=VERTELD_OP, cause=None)
    return Record(event.TOPIC, event.aggregate(), value)


async def geschiedenis(
    events: Iterable[LeveringGewijzigd], daarna: Callable[[], Awaitable[object]] | None = None
) -> History:
    """What the source has; `daarna` happens when it has been read and nothing is counted yet."""
    records = [record(event) for event in events]
    half = len(records) // 2
    yield Page(records[:half], half, len(records))
    yield Page(records[half:], len(records), len(records))
    if daarna is not None:
        await daarna()


async def stand(op: Opstelling) -> dict[str, list[dict[str, Any]]]:
    """Everything that must be the same again; but for cells that every levering left, which say nothing."""
    alles = await op.stand()
    return {**alles, "cel": [row for row in alles["cel"] if (row["bezet"], row["dagen"]) != (0, "{}")]}


async def maak_leeg(op: Opstelling) -> None:
    """The read side, and nothing that was published or decided."""
    for table in (LEVERING, MUTATIE, CEL):
        await op.database.execute(delete(table))


async def herbouw(op: Opstelling, history: History, report: Report = lambda *_: None) -> Rebuilt:
    side = op.service.read_side
    assert side is not None
    return await rebuild(side, op.service.edge, history, report)


async def vertel(op: Opstelling, seed: int) -> list[LeveringGewijzigd]:
    """Let the region hear all it is told, live and in order; the events, for a source."""
    await op.hoor(*CONTRACTEN)
    events = verhaal(seed)
    await op.hoor(*events)
    return events
