"""Processes on one PostgreSQL schema: advisory locks say who has what, NOTIFY rings.

Both live on one connection of their own. The server frees the locks of a process when its connection ends, so there
is no term to wait for after a crash. A connection may end for us before the server knows (a network that fell away):
then our next one ends it, and a machine that fell silent is found out by the server. A ring is sent beside the
transactions, never in one: NOTIFY in a transaction makes all commits of the database wait for each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from typing import Any, cast

import structlog

from shared.database.port import StorageUnavailable
from shared.database.postgres.connections import Connection, connect, service_settings
from shared.database.postgres.errors import DRIVER_ERRORS

PATIENCE = 5.0  # seconds for a question on this connection
FRESH = 1.0  # seconds that the server's word about this connection is taken as still true
QUIET = 0.005  # seconds between two rings
LOOK = 1.0  # seconds between looks whether the connection is still there
SETTINGS = {
    # By itself the server would let a machine that fell silent keep its locks for two hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    # A ring is a transaction too, and has nothing to keep: it need not wait for the disk.
    "synchronous_commit": "off",
}
END_FORMER = """
SELECT pg_terminate_backend(pid, 3000) FROM pg_stat_activity
WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()
"""
TAKE = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
log = structlog.get_logger()


class PostgresPeers:
    """See module."""

    def __init__(self, url: str, schema: str) -> None:
        self._url = url
        self._schema = schema
        self._channel = f"plekregie_{schema}"
        named = service_settings(schema)
        # The connections of this one process, one after the other, and nobody else's.
        self._settings = {
            **named,
            **SETTINGS,
            "application_name": f"{named['application_name']}/{secrets.token_hex(4)}",
        }
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._sure_until = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._to_ring = asyncio.Event()
        self._heard: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, heard: Callable[[], None] | None = None) -> None:
        self._heard = heard
        self._task = asyncio.create_task(self._run(), name=f"{self._schema}.peers")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        async with self._one_at_a_time:
            connection, self._connection = self._connection, None
            self._held.clear()
            if connection is not None:
                await connection.close()

    def ring(self) -> None:
        self._to_ring.set()

    async def hold(self, name: str) -> bool:
        async with self._one_at_a_time:
            connection = await self._sure()
            if name in self._held:
                return True
            taken = bool(await self._ask(connection, TAKE, f"plekregie/{self._schema}/{name}"))
            if taken:
                self._held.add(name)
            return taken

    async def _run(self) -> None:
        """Keep the connection, so that rings are heard, and send our own."""
        troubled = False
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._to_ring.wait()
            try:
                async with self._one_at_a_time:
                    connection = await self._sure()
                    if self._to_ring.is_set():
                        self._to_ring.clear()
                        await self._ask(connection, "SELECT pg_notify($1, '')", self._channel)
                troubled = False
            except StorageUnavailable as error:
                # Once per trouble: what was not rung is found by looking.
                if not troubled:
                    log.warning("peers.hapert", dienst=self._schema, fout=str(error))
                troubled = True
                await asyncio.sleep(LOOK)
            await asyncio.sleep(QUIET)

    async def _sure(self) -> Connection:
        """The connection, once the server has said lately that it is there; a new one holds nothing yet."""
        now = time.monotonic()
        connection = self._connection
        if connection is not None and not connection.is_closed():
            if now >= self._sure_until:
                await self._ask(connection, "SELECT 1")
                self._sure_until = now + FRESH
            return connection
        self._held.clear()
        again = connection is not None
        connection = await connect(self._url, self._settings, patience=PATIENCE)
        self._connection = connection
        if again:
            await self._ask(connection, END_FORMER)
        await self._listen(connection)
        self._sure_until = now + FRESH
        return connection

    async def _listen(self, connection: Connection) -> None:
        if self._heard is None:
            return
        heard = self._heard
        driver = cast(Any, connection)  # asyncpg's own: not among what we use elsewhere
        own = driver.get_server_pid()

        def on_ring(_: object, pid: int, *__: object) -> None:
            if pid != own:
                heard()

        try:
            await driver.add_listener(self._channel, on_ring)
        except DRIVER_ERRORS as error:
            self._drop(connection)
            raise StorageUnavailable(f"{type(error).__name__}: {error}") from error
        # What was rung while nobody listened.
        heard()

    async def _ask(self, connection: Connection, text: str, *values: object) -> object:
        try:
            return await connection.fetchval(text, *values)
        except DRIVER_ERRORS as error:
            self._drop(connection)
            raise StorageUnavailable(f"{type(error).__name__}: {error}") from error

    def _drop(self, connection: Connection) -> None:
        connection.terminate()
        self._held.clear()
