"""Where events are on their way from one table to another, seen from the tables themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from deploy.parts import NAMES
from shared.database.postgres.connections import Connection
from tests.bench.server import BenchError

PATIENCE = 120.0
LOOK = 0.02


class UnderWay:
    """One connection of an administrator, that sees every schema. `reads`: service → the topics it listens to."""

    def __init__(self, connection: Connection, reads: Mapping[str, frozenset[str]]) -> None:
        self._connection = connection
        told = " UNION ALL ".join(f"SELECT id, topic FROM {name}.outbox" for name in NAMES)
        missing = [
            f"SELECT 1 FROM ({told}) AS o WHERE o.topic IN ({', '.join(repr(t) for t in sorted(topics))}) "
            f"AND NOT EXISTS (SELECT 1 FROM {name}.inbox AS i WHERE i.gebeurtenis = o.id)"
            for name, topics in reads.items()
        ]
        self._missing = f"SELECT EXISTS ({' UNION ALL '.join(missing)})"
        self._parked = "SELECT " + " + ".join(f"(SELECT count(*) FROM {name}.geparkeerd)" for name in NAMES)

    async def quiet(self) -> float:
        """Wait until every recorded event is in the inbox of every service that reads it; the moment (monotonic) at
        which that was seen. An event counts as taken in with all it led to: that is one transaction."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not await self._connection.fetchval(self._missing):
                return time.monotonic()
            if await self._connection.fetchval(self._parked):
                raise BenchError("events were parked")
            await asyncio.sleep(LOOK)
        raise BenchError(f"events are still under way after {PATIENCE} s")
