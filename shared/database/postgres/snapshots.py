"""Readers that begin at the same moment share a snapshot, and what they ask at the same moment is one statement.

A consumer that handles fifty events side by side asks the same question fifty times: one round trip instead of fifty.
Nobody joins once the first question was sent, for then the snapshot may be older than what the newcomer has just
written itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Select

from shared.database.port import DatabaseError, Query, StorageUnavailable
from shared.database.postgres.connections import Connection, Connections
from shared.database.postgres.errors import translated
from shared.database.postgres.queries import CompiledQuery, compile_query

ENGINE = "postgresql"
Values = tuple[object, ...]
Answer = asyncio.Future[list[list[Any]]]  # the rows per set of values


class Snapshot:
    """One transaction on one connection; questions are sent one after the other, the same ones together."""

    def __init__(self, connections: Connections) -> None:
        self.begun = False
        self.users = 0
        self._connections = connections
        self._asked: dict[CompiledQuery, list[tuple[list[Values], Answer]]] = {}
        self._called = asyncio.Event()
        self._failure: BaseException | None = None
        self._serving: asyncio.Task[None] | None = None
        self._sending = False

    def start(self) -> asyncio.Task[None]:
        """Begin to serve, as soon as the others of this moment have joined."""
        self._serving = asyncio.create_task(self._serve())
        return self._serving

    def ask(self, query: CompiledQuery, values: list[Values]) -> Answer:
        """The rows, in a moment."""
        answer: Answer = asyncio.get_running_loop().create_future()
        if self._failure is not None:
            answer.set_exception(self._failure)
        else:
            self._asked.setdefault(query, []).append((values, answer))
            self._called.set()
        return answer

    def leave(self) -> None:
        """One reader less; the last one ends it."""
        self.users -= 1
        if not self.users:
            self._called.set()
            if self._sending and self._serving is not None:
                self._serving.cancel()  # who asked has given up

    async def _serve(self) -> None:
        """Answer until nobody is left."""
        try:
            await self._called.wait()
            if self.users:
                async with self._connections.one() as connection:
                    self.begun = True
                    await self._answer(connection)
        except BaseException as error:
            self._fail(error)
        finally:
            self.begun = True

    async def _answer(self, connection: Connection) -> None:
        while self.users:
            await self._called.wait()
            self._called.clear()
            while self._asked:
                query, asked = self._asked.popitem()
                self._sending = True
                await answer(connection, query, asked)
                self._sending = False

    def _fail(self, error: BaseException) -> None:
        # Whose question it was heard that from `answer`; for the others it is trouble of the storage.
        self._failure = error if isinstance(error, DatabaseError) else StorageUnavailable(type(error).__name__)
        for asked in self._asked.values():
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(self._failure)
        self._asked.clear()


async def answer(connection: Connection, query: CompiledQuery, asked: Sequence[tuple[list[Values], Answer]]) -> None:
    """Send a question, for all who ask it. What fails is heard by each of them, and ends the snapshot."""
    try:
        sets = asked[0][0] if len(asked) == 1 else [values for one, _ in asked for values in one]
        if len(sets) > 1 and query.together:
            columns = [list(column) for column in zip(*sets, strict=True)]
            found = query.apart(await connection.fetch(query.together, *columns), len(sets))
        else:
            found = [query.rows(await connection.fetch(query.statement.text, *values)) for values in sets]
    except BaseException as error:
        heard = translated(error) if isinstance(error, Exception) else asyncio.CancelledError()
        for _, waiting in asked:
            if not waiting.done():
                waiting.set_exception(heard)
        raise
    end = 0
    for values, waiting in asked:
        begin, end = end, end + len(values)
        if not waiting.done():
            waiting.set_result(found[begin:end])


class SharedReader:
    """Reads from a snapshot that others may share."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def one(self, query: Query, /, **params: object) -> Any:
        rows = await self._run(query, params)
        if len(rows) > 1:
            raise LookupError("a query for one row found more")
        return rows[0] if rows else None

    async def all(self, query: Query, /, **params: object) -> Sequence[Any]:
        return await self._run(query, params)

    async def select(self, statement: Select[Any]) -> Sequence[Any]:
        made = compile_query(statement)
        (rows,) = await self._snapshot.ask(made, [made.statement.values({})])
        return rows

    async def many(self, query: Query, /, **params: Sequence[object]) -> Sequence[Sequence[Any]]:
        made = compiled_query(query)
        sets = made.statement.sets(params)
        return await self._snapshot.ask(made, sets) if sets else []

    async def _run(self, query: Query, params: dict[str, object]) -> list[Any]:
        made = compiled_query(query)
        (rows,) = await self._snapshot.ask(made, [made.statement.values(params)])
        return rows


def compiled_query(query: Query) -> CompiledQuery:
    """As it was compiled before, or now."""
    made = query.compiled.get(ENGINE)
    if not isinstance(made, CompiledQuery):
        made = query.compiled[ENGINE] = compile_query(query.statement)
    return made


class Snapshots:
    """Hands out readers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._joinable: Snapshot | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SharedReader]:
        snapshot = self._joinable
        if snapshot is None or snapshot.begun:
            snapshot = self._joinable = Snapshot(self._connections)
            task = snapshot.start()
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        snapshot.users += 1
        try:
            yield SharedReader(snapshot)
        finally:
            snapshot.leave()

    async def finish(self) -> None:
        """Wait for what is under way."""
        while self._serving:
            await asyncio.wait(self._serving)
