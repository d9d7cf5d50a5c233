"""Recurring work, such as refusing messages whose waiting time is over or turning to a new day.

A job runs on one process at a time (`Peers.hold`; docs/decisions/0011), catches up after downtime (it looks at what is
due, not at the clock's tick) and may be woken early. Jobs are idempotent: running one twice changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from shared.database.peers import Peers
from shared.database.port import StorageUnavailable

QUIET = 0.1  # seconds between two runs, however often it is woken: under load one run does what is due of many events
log = structlog.get_logger()


class Schedule:
    """One job of one service, every `every` seconds. `on_events`: also as soon as the service has recorded some."""

    def __init__(
        self, name: str, peers: Peers, job: Callable[[], Awaitable[object]], *, every: float, on_events: bool = False
    ) -> None:
        self.name = name
        self.on_events = on_events
        self._peers = peers
        self._job = job
        self._every = every
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Run soon."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. A failing job is logged and tried again; it never stops the others."""
        clock = asyncio.get_running_loop().time
        while True:
            self._wake.clear()
            begun = clock()
            try:
                if await self._peers.hold(f"taak/{self.name}"):
                    await self._job()
            except StorageUnavailable as error:
                log.warning("taak.wacht_op_opslag", taak=self.name, fout=str(error))
            except Exception as error:
                log.error("taak.mislukt", taak=self.name, fout=type(error).__name__, exc_info=error)
            # Not wait_for: on Python 3.11 it loses a cancellation that comes together with the wake, and never stops.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._wake.wait()
                    await asyncio.sleep(begun + QUIET - clock())
