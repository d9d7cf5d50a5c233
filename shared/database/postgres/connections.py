"""Connections to one schema: opened when needed, kept, never more than so many.

asyncpg's own pool is not used: its wrapper and its reset on every release cost more than the look-up itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg

from shared.database.port import StorageUnavailable
from shared.database.postgres.errors import DRIVER_ERRORS, is_broken, raise_translated

PATIENCE = 10.0  # seconds to wait for a connection, as SQLite's busy timeout
COMMAND_PATIENCE = 60.0

SETTINGS = {
    # `commit` promises that what it returned from is on disk, whatever the server's default is.
    "synchronous_commit": "on",
    "timezone": "UTC",
    # A plan made while a table was still empty stays in use: it must have chosen the index already.
    "enable_seqscan": "off",
    "jit": "off",
    # Readers wait inside a transaction that holds no snapshot and no lock.
    "idle_in_transaction_session_timeout": "0",
}
# Named queries and writes are planned once for a connection, whatever the values are: by key, or by an index.
PLANNED = {"plan_cache_mode": "force_generic_plan"}
WRITER = {
    **PLANNED,
    # Rows are found by key, one by one: a plan made for an empty table must still do so when it is full.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
# For a statement on its own: a question, or a note that need not wait for the disk.
SINGLE = {**WRITER, "synchronous_commit": "off"}
BY_VALUES = "SET LOCAL plan_cache_mode = auto"
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
NEXT = "ROLLBACK AND CHAIN"


def service_settings(schema: str) -> dict[str, str]:
    """The session settings every connection to a service's schema has."""
    return {"search_path": schema, "application_name": f"plekregie-{schema}"}


class Connection(Protocol):
    """What we use of asyncpg's connection, with types."""

    async def execute(self, query: str, *args: object) -> str: ...

    async def fetch(self, query: str, *args: object) -> Sequence[Iterable[Any]]: ...

    async def fetchval(self, query: str, *args: object) -> Any: ...

    def transaction(self) -> AbstractAsyncContextManager[object]: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...

    async def close(self) -> None: ...


async def connect(url: str, settings: Mapping[str, str], *, patience: float | None = COMMAND_PATIENCE) -> Connection:
    """A connection with these session settings, whose commands may each take so long. Raises StorageUnavailable."""
    try:
        opened = await asyncpg.connect(  # type: ignore[no-untyped-call]  # asyncpg's own
            url,
            server_settings=dict(settings),
            timeout=PATIENCE,
            command_timeout=patience,
            statement_cache_size=500,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
        )
        return cast(Connection, opened)
    except DRIVER_ERRORS as error:
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error


class Connections:
    """At most `most` at a time; the one used last is used first.

    `first` is sent once on a new connection, `between` after every use, while the user of the connection goes on.
    """

    def __init__(self, url: str, settings: Mapping[str, str], most: int, first: str = "", between: str = "") -> None:
        self._url = url
        self._settings = settings
        self._first = first
        self._between = between
        self._most = most
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(most)
        self._returning: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Connection]:
        """A connection for a while. Raises the errors of the port."""
        connection = await self._taken()
        try:
            yield connection
        except DRIVER_ERRORS as error:
            if is_broken(error):
                connection.terminate()
            raise_translated(error)
        finally:
            if self._between and not connection.is_closed():
                task = asyncio.create_task(self._cleaned(connection))
                self._returning.add(task)
                task.add_done_callback(self._returning.discard)
            else:
                self._back(connection)

    async def _taken(self) -> Connection:
        if self._closed:
            raise StorageUnavailable("the database is closing")
        if self._free.locked():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._free.acquire()
            except TimeoutError:
                raise StorageUnavailable("every connection stays in use") from None
        else:
            await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._opened()
        except BaseException:
            self._free.release()
            raise

    async def _opened(self) -> Connection:
        connection = await connect(self._url, self._settings)
        try:
            if self._first:
                await connection.execute(self._first)
        except BaseException as error:
            connection.terminate()
            raise_translated(error)
        return connection

    async def _cleaned(self, connection: Connection) -> None:
        try:
            await connection.execute(self._between)
        except DRIVER_ERRORS:
            connection.terminate()
        finally:
            self._back(connection)

    def _back(self, connection: Connection) -> None:
        if not connection.is_closed():
            self._idle.append(connection)
        self._free.release()

    async def close(self) -> None:
        """Wait for what is under way, then let go of every connection."""
        self._closed = True
        for _ in range(self._most):
            await self._free.acquire()
        while self._idle:
            await self._idle.pop().close()
