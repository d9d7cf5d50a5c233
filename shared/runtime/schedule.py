"""Recurring work, such as refusing messages whose waiting time is over or turning to a new day.

A job runs on one process at a time (a lease row with an end), catches up after downtime (it looks at what is due, not
at the clock's tick) and may be woken early. Jobs are idempotent: running one twice changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, select

from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, Query, StaleVersion
from shared.outbox.edge import Edge

LEASE = timedelta(seconds=30)
log = structlog.get_logger()


class Schedule:
    """One job of one service."""

    def __init__(self, name: str, edge: Edge, job: Callable[[], Awaitable[object]], *, every: float) -> None:
        self.name = name
        self._edge = edge
        self._job = job
        self._every = every
        self._holder = edge.new_id()
        self._wake = asyncio.Event()
        lease = edge.tables.lease
        self._lease = Query(select(lease).where(lease.c.taak == bindparam("taak")))

    def wake(self) -> None:
        """Run soon."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. A failing job is logged and tried again; it never stops the others."""
        try:
            await self._repeat()
        finally:
            # A clean stop gives the lease back, so that the next start need not wait until it ends.
            try:
                await self._release()
            except Exception as error:
                log.warning("lease.niet_teruggegeven", taak=self.name, fout=type(error).__name__)

    async def _repeat(self) -> None:
        while True:
            self._wake.clear()
            try:
                if await self._hold():
                    await self._job()
            except Exception as error:
                log.error("taak.mislukt", taak=self.name, fout=type(error).__name__, exc_info=error)
            # Not wait_for: on Python 3.11 it loses a cancellation that comes together with the wake, and never stops.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._wake.wait()

    async def _row(self) -> Any:
        async with self._edge.database.reading() as reader:
            return await reader.one(self._lease, taak=self.name)

    async def _release(self) -> None:
        row = await self._row()
        if row is None or row.houder != self._holder:
            return
        changes, now = Changeset(), self._edge.clock.now()
        changes.update(self._edge.tables.lease, {"taak": self.name}, version=row.versie, tot=now)
        await self._edge.database.commit(changes)

    async def _hold(self) -> bool:
        """Get or keep the lease; False while another process has it."""
        table, now = self._edge.tables.lease, self._edge.clock.now()
        row = await self._row()
        mine = row is not None and row.houder == self._holder
        if mine and row.tot - now > LEASE / 2:
            return True
        if row is not None and not mine and row.tot > now:
            return False
        changes = Changeset()
        until = now + LEASE + timedelta(seconds=self._every)
        if row is None:
            changes.insert(table, taak=self.name, houder=self._holder, tot=until, versie=1)
        else:
            changes.update(table, {"taak": self.name}, version=row.versie, houder=self._holder, tot=until)
        try:
            await self._edge.database.commit(changes)
        except (AlreadyExists, StaleVersion):
            return False
        return True
