"""Carries recorded events to the bus, in the order of their recording, batch by batch.

While a batch is marked as sent, the next one is read and leaves; a full one is read while the one before it is on its
way. What is on its way or not marked yet is passed over by number and not by "everything after the last": a lower
number may be committed later. Per aggregate that keeps the order, for there a lower number is always committed first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
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
MARK_PAUSE = 0.05  # seconds: what is sent in this time is marked in one go
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
        *,
        gather: float = 0.0,
    ) -> None:
        """`gather`: seconds that an event waits for others to go with it."""
        outbox = tables.outbox
        self._outbox = outbox
        self._database = database
        self._bus = bus
        self._clock = clock
        self._peers = peers or Alone()
        self._gather = gather
        self.active = False  # whether it is this one that carries
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._under_way: set[int] = set()  # on its way, or sent and not marked yet
        self._unmarked: list[int] = []
        self._hurry = asyncio.Event()  # mark now
        self._marking: asyncio.Task[None] | None = None
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
        await self._marked()

    async def run(self, *, pause: float = 1.0) -> None:
        """Carry until cancelled. A failing bus or database only delays: the events stay unsent and are tried again."""
        try:
            await self._run(pause)
        finally:
            self.active = False
            await self._let_go()

    async def _let_go(self) -> None:
        """Nothing more is sent; what was sent may still be marked for a moment."""
        try:
            async with asyncio.timeout(MARKING):
                await self._marked()
        except Exception as error:
            log.warning("outbox.niet_gemerkt", fout=type(error).__name__, gevolg="gaat nog eens; een lezer kent het")
        if self._marking is not None:
            self._marking.cancel()
            await asyncio.gather(self._marking, return_exceptions=True)

    async def _run(self, pause: float) -> None:
        delay = 0.1
        while True:
            self._wake.clear()
            try:
                await self._carry()
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
            if self._gather:
                await asyncio.sleep(self._gather)  # what is recorded meanwhile goes along

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
        try:
            while more := await self._carry():
                sent += more
        finally:
            await self._marked()
        return sent

    async def _carry(self) -> int:
        """Send what is there. What is recorded meanwhile rings; full batches are followed up at once."""
        sent = 0
        ahead: asyncio.Task[Sequence[Any]] | None = None
        rows: Sequence[Any] = await self._read() if await self._mine() else ()
        try:
            while rows and await self._mine():
                numbers = [row.volgnummer for row in rows]
                self._under_way.update(numbers)
                ahead = asyncio.create_task(self._read()) if len(rows) >= BATCH else None
                try:
                    await self._bus.publish([Record(row.topic, row.sleutel, row.inhoud) for row in rows])
                except BaseException:
                    self._under_way.difference_update(numbers)
                    raise
                self._mark_soon(numbers)
                sent += len(rows)
                rows = await ahead if ahead else ()
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)
        return sent

    async def _read(self) -> Sequence[Any]:
        """The next batch, without what is under way; with what was committed late under a lower number than that."""
        numbers = self._under_way.copy()  # what is marked after this look may not seem to come late
        last = max(numbers, default=0)
        async with self._database.at_once() as reader:
            if not numbers:
                return await reader.all(self._after, last=last)
            seen, rows = await asyncio.gather(reader.all(self._up_to, last=last), reader.all(self._after, last=last))
        late = [row.volgnummer for row in seen if row.volgnummer not in numbers]
        if not late:
            return rows
        async with self._database.at_once() as reader:
            return [*await asyncio.gather(*(reader.one(self._one, volgnummer=number) for number in late)), *rows]

    def _mark_soon(self, numbers: Sequence[int]) -> None:
        """Have events marked as sent. What an earlier mark failed on shows here."""
        self._unmarked.extend(numbers)
        if len(self._unmarked) >= BATCH:
            self._hurry.set()
        if self._marking is None or self._marking.done():
            before, self._marking = self._marking, asyncio.create_task(self._mark())
            if before is not None:
                before.result()

    async def _mark(self) -> None:
        """Mark what is sent, in a moment, until there is nothing left to mark."""
        while self._unmarked:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MARK_PAUSE):
                    await self._hurry.wait()
            self._hurry.clear()
            numbers, self._unmarked = self._unmarked, []
            marked, now = Changeset(), self._clock()
            for number in numbers:
                marked.update(self._outbox, {"volgnummer": number}, verzonden_op=now)
            try:
                # A mark that is lost has the event sent again, and the inbox knows it.
                await self._database.note(marked)
            finally:
                self._under_way.difference_update(numbers)

    async def _marked(self) -> None:
        """Wait until all that was sent is marked. Raises what that failed on."""
        marking = self._marking
        if marking is None:
            return
        self._hurry.set()
        await asyncio.wait({marking})
        if self._marking is marking:  # somebody else who waited may have begun anew
            self._marking = None
            self._hurry.clear()
        marking.result()
