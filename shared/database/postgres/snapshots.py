"""Readers that begin at the same moment share a snapshot, and what they ask at the same moment is one statement.

A consumer that handles fifty events side by side asks the same question fifty times: one round trip instead of fifty.
So do the different questions of one decision that need not wait for each other: on a busy machine a round trip is two
turns of waiting for a processor.
Nobody joins once the first question was sent, for then the snapshot may be older than what the newcomer has just
written itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Select

from shared.database.port import AskedLater, DatabaseError, Query, StorageUnavailable
from shared.database.postgres.connections import BY_VALUES, Connection, Connections
from shared.database.postgres.errors import translated
from shared.database.postgres.one_question import Part, rows_of, text_of
from shared.database.postgres.queries import CompiledQuery, compile_query

ENGINE = "postgresql"
QUIET_TURNS = 2
Values = tuple[object, ...]
Answer = asyncio.Future[list[list[Any]]]  # the rows per set of values
One = tuple[list[Values], Answer]  # sets of values, and who waits for their rows
Questions = dict[CompiledQuery, list[One]]


class Snapshot:
    """One transaction on one connection; what is asked at the same moment is sent together. `one_moment`: without a
    transaction, so that only what is asked first is answered, by one statement."""

    def __init__(self, connections: Connections, *, one_moment: bool) -> None:
        self._one_moment = one_moment
        self.begun = False
        self.users = 0
        self._connections = connections
        self._asked: Questions = {}
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
            await self._all_asked()
            while self._asked:
                self._sending = True
                await answer(connection, next_of(self._asked))
                self._sending = False
                if self._one_moment:
                    self._fail(AskedLater())
                    return

    async def _all_asked(self) -> None:
        """Until nobody asks more at this moment: who asks by way of tasks does so a few turns of the loop later."""
        quiet = 0
        while quiet < QUIET_TURNS:
            self._called.clear()
            await asyncio.sleep(0)
            quiet = 0 if self._called.is_set() else quiet + 1

    def _fail(self, error: BaseException) -> None:
        # Whose question it was heard that from `answer`; for the others it is trouble of the storage.
        self._failure = error if isinstance(error, DatabaseError) else StorageUnavailable(type(error).__name__)
        for asked in self._asked.values():
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(self._failure)
        self._asked.clear()


def next_of(asked: Questions) -> Questions:
    """Take out what goes to the server next: all with parameters of known types together, else one."""
    together = {query: ones for query, ones in asked.items() if query.together}
    for query in together:
        del asked[query]
    if together:
        return together
    query, (one, *others) = asked.popitem()
    if others:
        asked[query] = others
    return {query: [one]}


async def answer(connection: Connection, asked: Questions) -> None:
    """Send questions, for all who ask them. What fails is heard by each of them, and ends the snapshot."""
    try:
        found = await found_for(
            connection, {query: [v for sets, _ in ones for v in sets] for query, ones in asked.items()}
        )
    except BaseException as error:
        heard = translated(error) if isinstance(error, Exception) else asyncio.CancelledError()
        for ones in asked.values():
            for _, waiting in ones:
                if not waiting.done():
                    waiting.set_exception(heard)
        raise
    for query, ones in asked.items():
        end = 0
        for sets, waiting in ones:
            begin, end = end, end + len(sets)
            if not waiting.done():
                waiting.set_result(found[query][begin:end])


async def found_for(
    connection: Connection, asked: Mapping[CompiledQuery, Sequence[Values]]
) -> Mapping[CompiledQuery, list[list[Any]]]:
    """Query → the rows for each set of values, in order."""
    if len(asked) > 1:
        # In one order, however they came: so that the same ones are the same statement.
        # All with lists when one has more sets of values: else each combination would have to be planned.
        many = any(len(sets) > 1 for sets in asked.values())
        parts = tuple(sorted((Part(query, many) for query in asked), key=Part.place))
        bound = [value for query, many in parts for value in bound_for(asked[query], many)]
        records = await connection.fetch(text_of(parts), *bound)
        rows = rows_of(records, [len(asked[query]) for query, _ in parts])
        return {part.query: [part.query.rows(one) for one in of_one] for part, of_one in zip(parts, rows, strict=True)}
    ((query, sets),) = asked.items()
    if not query.named:
        await connection.execute(BY_VALUES)
    if len(sets) > 1 and query.together:
        return {query: query.apart(await connection.fetch(query.together, *bound_for(sets, True)), len(sets))}
    return {query: [query.rows(await connection.fetch(query.statement.text, *values)) for values in sets]}


def bound_for(sets: Sequence[Values], many: bool) -> Iterable[Any]:
    """What to bind for a question: of more sets of values, a list per parameter."""
    return [list(column) for column in zip(*sets, strict=True)] if many else sets[0]


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
        made.named, made.together = False, ""  # asked once: with others it would be prepared for nothing
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

    def __init__(self, connections: Connections, *, one_moment: bool = False) -> None:
        self._connections = connections
        self._one_moment = one_moment
        self._joinable: Snapshot | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SharedReader]:
        snapshot = self._joinable
        if snapshot is None or snapshot.begun:
            snapshot = self._joinable = Snapshot(self._connections, one_moment=self._one_moment)
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
