"""Carries recorded events to the bus, in the order of their recording, batch by batch.

While a batch is marked as sent, the next one is read and leaves; a full one is read while the one before it is on its
way. What is under way is passed over by number and not by "everything after the last": a lower number may be committed
later. Per aggregate that keeps the order, for there a lower number is always committed first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Integer, bindparam, select

from shared.bus.port import Bus, Record
from shared.database.changeset import Changeset
from shared.database.peers import Alone, Peers
from shared.database.port import Database, Query
from shared.outbox.tables import EventTables

BATCH = 500
MARKING = 1.0  # seconds that a mark may take while stopping; without it they are sent again
LONGEST_PAUSE = 5.0  # seconds: how long after the end of a trouble events may stay where they are
log = structlog.get_logger()


class Relay:
    """One active per service, whatever number of processes has one: two would send side by side, and so out of order.
    What is unsent is selected (never `id > last`: sequence order is not commit order)."""

    def __init__(
        self,
        database: Database,
        tables: EventTables,
        bus: Bus,
        clock: Callable[[], datetime],
        peers: Peers | None = None,
    ) -> None:
        outbox = tables.outbox
        self._outbox = outbox
        self._database = database
        self._bus = bus
        self._clock = clock
        self._peers = peers or Alone()
        self.active = False  # whether it is this one that carries
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        unsent = outbox.c.verzonden_op.is_(None)
        event = select(outbox.c.volgnummer, outbox.c.topic, outbox.c.sleutel, outbox.c.inhoud)
        number, last = outbox.c.volgnummer, bindparam("last", type_=Integer)
        self._after = Query(event.where(unsent, number > last).order_by(number).limit(BATCH))
        self._up_to = Query(select(number).where(unsent, number <= last).order_by(number))
        self._one = Query(event.where(unsent, number == bindparam("volgnummer")))
        self.anything = Query(select(outbox.c.volgnummer).where(outbox.c.verzonden_op.is_(None)).limit(1))

    def wake(self) -> None:
        """Something was recorded: don't wait for the next look."""
        self._idle.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until nothing is left to send (tests, clean stop)."""
        await self._idle.wait()

    async def run(self, *, pause: float = 1.0) -> None:
        """Carry until cancelled. A failing bus or database only delays: the events stay unsent and are tried again."""
        try:
            await self._run(pause)
        finally:
            self.active = False

    async def _run(self, pause: float) -> None:
        delay = 0.1
        while True:
            self._wake.clear()
            try:
                await self.carry()
                delay = 0.1
            except Exception as error:
                # The reader or the broker is in trouble, not the event: wait longer each time, never give up.
                log.warning("outbox.hapert", fout=type(error).__name__, wacht=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_PAUSE)
                continue
            if not self._wake.is_set():
                self._idle.set()
            # Not wait_for: on Python 3.11 it loses a cancellation that comes together with the wake, and never stops.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _mine(self) -> bool:
        try:
            self.active = await self._peers.hold("relay")
        except BaseException:
            self.active = False
            raise
        return self.active

    async def carry(self) -> int:
        """Send until nothing is left; the number of events sent. A crash before the mark means they are sent again."""
        sent = 0
        marking: asyncio.Task[None] | None = None
        ahead: asyncio.Task[Sequence[Any]] | None = None
        rows: Sequence[Any] = await self._read(()) if await self._mine() else ()
        before: Sequence[Any] = ()  # may not be marked yet
        try:
            while rows and await self._mine():
                ahead = asyncio.create_task(self._read((*before, *rows))) if len(rows) >= BATCH else None
                await self._bus.publish([Record(row.topic, row.sleutel, row.inhoud) for row in rows])
                if marking is not None:
                    await marking
                marking = asyncio.create_task(self._mark(rows))
                sent, before = sent + len(rows), rows
                rows = (await ahead if ahead else ()) or await self._read(rows)
            if marking is not None:
                await marking
        finally:
            await let_go(ahead, marking)
        return sent

    async def _read(self, under_way: Collection[Any]) -> Sequence[Any]:
        """The next batch, without what is under way; with what was committed late under a lower number than that."""
        numbers = {row.volgnummer for row in under_way}
        last = max(numbers, default=0)
        async with self._database.reading() as reader:
            if not numbers:
                return await reader.all(self._after, last=last)
            seen, rows = await reader.all(self._up_to, last=last), await reader.all(self._after, last=last)
            late = [row.volgnummer for row in seen if row.volgnummer not in numbers]
            return [*[await reader.one(self._one, volgnummer=number) for number in late], *rows]

    async def _mark(self, rows: Sequence[Any]) -> None:
        marked, now = Changeset(), self._clock()
        for row in rows:
            marked.update(self._outbox, {"volgnummer": row.volgnummer}, verzonden_op=now)
        await self._database.note(marked)  # a mark that is lost has the event sent again, and the inbox knows it


async def let_go(reading: asyncio.Task[Any] | None, marking: asyncio.Task[None] | None) -> None:
    """When carrying is broken off: nothing more is read, and what was sent may still be marked for a moment."""
    left = {task for task in (reading, marking) if task is not None and not task.done()}
    if reading is not None:
        reading.cancel()
    if left:
        await asyncio.wait(left, timeout=MARKING)
    for task in left:
        task.cancel()
    await asyncio.gather(*(task for task in (reading, marking) if task is not None), return_exceptions=True)
