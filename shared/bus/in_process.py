"""The embedded bus: hands bytes to the readers in this process.

It keeps nothing itself, so `publish` returns only after every reader has committed (or parked) the records: a crash
in between leaves them unsent in the outbox, and the readers' inboxes know what they had.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from shared.bus.port import Begin, Deliver, Progress, Record


class InProcessBus:
    """See module."""

    gather = 0.0

    def __init__(self) -> None:
        self._readers: list[tuple[str, frozenset[str], Deliver]] = []

    def subscribe(self, group: str, topics: frozenset[str], deliver: Deliver, begin: Begin | None = None) -> None:
        """Nothing waits here: `publish` is told when its records are safe."""
        self._readers.append((group, topics, deliver))

    async def publish(self, records: Sequence[Record]) -> None:
        handed = []
        for _, topics, deliver in self._readers:
            wanted = [record for record in records if record.topic in topics]
            if wanted:
                handed.append(deliver(wanted))
        # return_exceptions: one failing reader must not cancel another in the middle of its work.
        for outcome in await asyncio.gather(*handed, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def start(self) -> None:
        """Nothing to start: `publish` delivers."""

    async def stop(self) -> None:
        """Nothing to stop: a delivery is part of the `publish` that asked for it."""

    async def progress(self) -> Sequence[Progress]:
        return []
