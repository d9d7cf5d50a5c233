"""(d) `plekregie herbouw financien`: an emptied read side is made anew from the topics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from resource import RUSAGE_CHILDREN, getrusage
from time import monotonic

from shared.contracts.backoffice import LeveringGewijzigd
from tests.bench.server import BenchError
from tests.bench.verspreid.apart import Took
from tests.bench.verspreid.events import Event, leveringen
from tests.bench.verspreid.installation import Installation
from tests.bench.verspreid.storage import connected
from tests.bench.verspreid.taking_in import publish

READ_SIDE = ("bezetting_mutatie", "cel", "levering")
COUNT = "SELECT count(*) FROM levering"


async def measure(installation: Installation, vandaag: date, *, number: int) -> Took:
    """The leveringen that the region has and `number` more, on the topic; the whole command, start included."""
    events: Sequence[Event] = list(leveringen(number, vandaag, mark="herbouw"))
    await publish(installation.servers.bootstrap, LeveringGewijzigd.TOPIC, events)
    database = await connected(installation.servers, "financien")
    try:
        known = int(await database.fetchval(COUNT))
        for table in READ_SIDE:
            await database.execute(f"TRUNCATE {table}")
        before, begin, own = installation.servers.meter.read(), monotonic(), ended()
        await installation.command("herbouw", "financien")
        seconds = monotonic() - begin
        cpu = {"proces": ended() - own, **installation.servers.meter.since(before)}
        found = int(await database.fetchval(COUNT))
    finally:
        await database.close()
    if found != known + number:
        raise BenchError(f"herbouw: {found} leveringen instead of {known + number}")
    return Took(found, seconds, cpu)


def ended() -> float:
    """Processor seconds of our processes that have ended: between two looks, only the command does."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
