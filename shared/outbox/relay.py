"""Carries recorded events to the bus, in the order of their recording, batch by batch."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select

from shared.bus.port import Bus, Record
from shared.database.changeset import Changeset
from shared.database.peers import Alone, Peers
from shared.database.port import Database, Query
from shared.outbox.tables import EventTables

BATCH = 500
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
        self._unsent = Query(
            select(outbox.c.volgnummer, outbox.c.topic, outbox.c.sleutel, outbox.c.inhoud)
            .where(outbox.c.verzonden_op.is_(None))
            .order_by(outbox.c.volgnummer)
            .limit(BATCH)
        )

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
                while await self._mine() and await self.carry():
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
        """Send one batch; the number of events sent. A crash before the mark means they are sent again."""
        async with self._database.reading() as reader:
            rows = await reader.all(self._unsent)
        if not rows:
            return 0
        await self._bus.publish([Record(row.topic, row.sleutel, row.inhoud) for row in rows])
        sent, now = Changeset(), self._clock()
        for row in rows:
            sent.update(self._outbox, {"volgnummer": row.volgnummer}, verzonden_op=now)
        await self._database.commit(sent)
        return len(rows)
