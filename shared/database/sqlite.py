"""SQLite: the embedded engine.

One thread owns the only writing connection and commits all changesets that wait in one transaction, each in its own
savepoint: 32 callers share one fsync (shared/performance: 16,000 against 3,300 commits a second one by one). A caller
hears of success only after COMMIT. Reads run on their own connections (WAL: they never wait for the writer).
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections import namedtuple
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Executable, Select, column, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from shared.database.changeset import Changeset, Shape, Statement, bound_columns, sql_text
from shared.database.port import (
    AlreadyExists,
    DatabaseError,
    Query,
    Reader,
    StaleVersion,
    StorageFull,
    StorageUnavailable,
)

ENGINE = "sqlite"
DIALECT = sqlite.dialect(paramstyle="qmark")
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "cache_size=-16000")
ANY_TABLE = Query(  # of ours: what the engine keeps for itself stays behind when all others are gone
    select(column("name")).select_from(text("sqlite_schema")).where(text("name NOT LIKE 'sqlite%'")).limit(1)
)
VERSION = Query(select(column("version_num")).select_from(text("alembic_version")))
MOST_TOGETHER = 256  # changesets in one transaction: bounds the wait of the first one
Processor = Callable[[Any], Any]


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the settings this product relies on: WAL, full fsync, waits instead of failing at once."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def translated(error: sqlite3.Error, table: str) -> DatabaseError | sqlite3.Error:
    """The engine's own error in the words of the port; what is our bug stays what it is."""
    text = str(error)
    if isinstance(error, sqlite3.IntegrityError) and text.startswith("UNIQUE"):
        return AlreadyExists(table, text.partition(": ")[2])
    if "disk is full" in text or "disk I/O error" in text:
        return StorageFull(text)
    if "locked" in text or "unable to open" in text or "readonly" in text:
        return StorageUnavailable(text)
    return error


def fail(error: sqlite3.Error, table: str) -> NoReturn:
    """Raise the engine's error as the port names it."""
    found = translated(error, table)
    if found is error:
        raise error
    raise found from error


@dataclass(slots=True)
class Prepared:
    """A shape compiled for sqlite3: text and, where a column needs one, a conversion per value."""

    text: str
    processors: tuple[tuple[int, Processor], ...]

    def bind(self, values: tuple[object, ...]) -> Sequence[object]:
        if not self.processors:
            return values
        bound = list(values)
        for index, process in self.processors:
            bound[index] = process(bound[index])
        return bound


class Statements:
    """Compiles shapes once."""

    def __init__(self) -> None:
        self._prepared: dict[Shape, Prepared] = {}

    def __getitem__(self, shape: Shape) -> Prepared:
        found = self._prepared.get(shape)
        if found is None:
            columns = [shape.table.c[name] for name in bound_columns(shape)]
            made = ((i, c.type.dialect_impl(DIALECT).bind_processor(DIALECT)) for i, c in enumerate(columns))
            found = Prepared(sql_text(shape, "?"), tuple((i, p) for i, p in made if p is not None))
            self._prepared[shape] = found
        return found


Work = tuple[Callable[[sqlite3.Connection], object], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class Writer(threading.Thread):
    """The one thread that writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(name=f"writer-{path.stem}", daemon=True)
        self._path = path
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._closed = False

    def submit(self, work: Callable[[sqlite3.Connection], object]) -> asyncio.Future[Any]:
        """Let `work` run inside the next transaction; the future is done after its COMMIT."""
        if self._closed:
            raise StorageUnavailable("the database is closing")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.put((work, future, loop))
        return future

    def stop(self) -> None:
        self._closed = True
        self._waiting.put(None)
        self.join()

    def run(self) -> None:
        connection = self._opened(None, [])
        running = True
        while running:
            batch: list[Work] = []
            item = self._waiting.get()
            while item is not None:
                batch.append(item)
                if len(batch) == MOST_TOGETHER or self._waiting.empty():
                    break
                item = self._waiting.get()
            running = item is not None
            if batch:
                connection = self._opened(connection, batch)
            if batch and connection is not None:
                self._commit(connection, batch)
        if connection is not None:
            connection.close()

    def _opened(self, connection: sqlite3.Connection | None, batch: list[Work]) -> sqlite3.Connection | None:
        """The connection; when there is none yet and it can't be made, these callers hear it and the next ones try."""
        try:
            return connection or connect(self._path)
        except sqlite3.Error as error:
            if batch:
                answer(batch, [translated(error, "")] * len(batch))
            return None

    def _commit(self, connection: sqlite3.Connection, batch: list[Work]) -> None:
        results: list[object] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = [self._in_savepoint(connection, work) for work, _, _ in batch]
            connection.execute("COMMIT")
        except Exception as error:
            # Nothing of this batch is on disk: every caller must hear it, also those whose own part went well.
            with contextlib.suppress(sqlite3.Error):
                connection.rollback()
            failure = translated(error, "") if isinstance(error, sqlite3.Error) else error
            results = [failure] * len(batch)
        answer(batch, results)

    def _in_savepoint(self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], object]) -> object:
        connection.execute("SAVEPOINT een")
        try:
            result = work(connection)
        except (StorageFull, StorageUnavailable):
            raise
        except Exception as error:
            # A refusal, or a bug in one changeset: its own caller hears it, the rest goes on. Where SQLite gave up
            # the whole transaction this statement fails and every caller hears that.
            connection.execute("ROLLBACK TO een")
            result = error
        connection.execute("RELEASE een")
        return result


def answer(batch: list[Work], results: Sequence[object]) -> None:
    """Wake all callers with one hop into the event loop."""

    def settle() -> None:
        for (_, future, _), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)

    try:
        batch[0][2].call_soon_threadsafe(settle)
    except RuntimeError:
        # The loop is gone (shutdown): what was committed stays committed, nobody is left to be told.
        return


@dataclass(slots=True)
class CompiledQuery:
    """A select as sqlite3 runs it."""

    text: str
    names: tuple[str, ...]
    fixed: dict[str, object]
    binds: dict[str, Processor]
    row: Callable[[Sequence[Any]], Any]
    results: tuple[tuple[int, Processor], ...]

    def parameters(self, params: dict[str, object]) -> list[object]:
        values = []
        for name in self.names:
            value = params[name] if name in params else self.fixed[name]
            process = self.binds.get(name)
            values.append(process(value) if process else value)
        return values

    def sets(self, params: dict[str, Sequence[object]]) -> Iterator[Sequence[object]]:
        """The parameters of every set of values, of which there is a list per name."""
        for values in zip(*params.values(), strict=True):
            yield self.parameters(dict(zip(params, values, strict=True)))

    def rows(self, cursor: sqlite3.Cursor) -> list[Any]:
        if not self.results:
            return [self.row(values) for values in cursor]
        made = []
        for values in cursor:
            converted = list(values)
            for index, process in self.results:
                converted[index] = process(converted[index])
            made.append(self.row(converted))
        return made


def compile_query(statement: Select[Any]) -> CompiledQuery:
    """Compile a select once, with the conversions of its columns."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler)
    columns = list(statement.selected_columns)
    row = namedtuple("row", [c.key or f"c{i}" for i, c in enumerate(columns)], rename=True)  # type: ignore[misc]
    made = ((i, c.type.dialect_impl(DIALECT).result_processor(DIALECT, None)) for i, c in enumerate(columns))
    parameters = compiled.params
    binds: dict[str, Processor] = {}
    for parameter, name in compiled.bind_names.items():
        process = parameter.type.dialect_impl(DIALECT).bind_processor(DIALECT)
        if process is not None:
            # An expanded IN gives names like x_1_1, x_1_2: they convert as the parameter they stem from.
            binds[name] = process
            binds.update({n: process for n in parameters if n.rpartition("_")[0] == name and n[-1].isdigit()})
    return CompiledQuery(
        text=str(compiled),
        names=tuple(compiled.positiontup or ()),
        fixed=dict(parameters),
        binds=binds,
        row=row._make,
        results=tuple((i, p) for i, p in made if p is not None),
    )


def compiled_query(query: Query) -> CompiledQuery:
    """As it was compiled before, or now."""
    made = query.compiled.get(ENGINE)
    if not isinstance(made, CompiledQuery):
        made = query.compiled[ENGINE] = compile_query(query.statement)
    return made


class SqliteReader:
    """Reads in the event loop's thread: a look-up by key takes some ten microseconds, less than any hop to a thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def one(self, query: Query, /, **params: object) -> Any:
        rows = self._run(query, params)
        if len(rows) > 1:
            raise LookupError("a query for one row found more")
        return rows[0] if rows else None

    async def all(self, query: Query, /, **params: object) -> Sequence[Any]:
        return self._run(query, params)

    async def select(self, statement: Select[Any]) -> Sequence[Any]:
        made = compile_query(statement)
        return made.rows(self._connection.execute(made.text, made.parameters({})))

    async def many(self, query: Query, /, **params: Sequence[object]) -> Sequence[Sequence[Any]]:
        made = compiled_query(query)
        return [made.rows(self._connection.execute(made.text, values)) for values in made.sets(params)]

    def _run(self, query: Query, params: dict[str, object]) -> list[Any]:
        made = compiled_query(query)
        return made.rows(self._connection.execute(made.text, made.parameters(params)))


class SqliteDatabase:
    """One service's file."""

    side_by_side = 16
    lanes_at_once = 16

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._statements = Statements()
        # The first connection sets WAL, alone: the writer and a reader doing so together would lock each other out.
        try:
            self._readers = [connect(path)]
        except sqlite3.Error as error:
            fail(error, "")
        self._writer = Writer(path)
        self._writer.start()

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        return self._reading()

    def at_once(self) -> AbstractAsyncContextManager[Reader]:
        return self._reading()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Reader]:
        try:
            connection = self._readers.pop() if self._readers else connect(self.path)
            connection.execute("BEGIN")
        except sqlite3.Error as error:
            fail(error, "")
        try:
            yield SqliteReader(connection)
        except sqlite3.Error as error:
            fail(error, "")
        finally:
            connection.execute("ROLLBACK")
            self._readers.append(connection)

    async def commit(self, changes: Changeset) -> None:
        if changes.statements:
            statements = changes.statements
            await self._writer.submit(lambda connection: self._apply(connection, statements))

    async def note(self, changes: Changeset) -> None:
        """As `commit`: what is written together shares its wait for the disk anyway."""
        await self.commit(changes)

    def _apply(self, connection: sqlite3.Connection, statements: list[Statement]) -> None:
        for shape, rows, expected in statements:
            prepared = self._statements[shape]
            for values in rows:
                try:
                    cursor = connection.execute(prepared.text, prepared.bind(values))
                except sqlite3.Error as error:
                    fail(error, shape.table.name)
                if expected is not None and cursor.rowcount != expected:
                    raise StaleVersion(shape.table.name)

    async def execute(self, statement: Executable) -> int:
        compiled = statement.compile(  # type: ignore[attr-defined]  # every DML and text construct compiles
            dialect=DIALECT, compile_kwargs={"render_postcompile": True}
        )
        names = compiled.positiontup or ()
        binds = {n: p.type.dialect_impl(DIALECT).bind_processor(DIALECT) for p, n in compiled.bind_names.items()}

        def value(name: str) -> object:
            origin = name if name in binds else name.rpartition("_")[0]
            process = binds.get(origin)
            raw = compiled.params[name]
            return process(raw) if process else raw

        parameters = [value(name) for name in names]

        def work(connection: sqlite3.Connection) -> int:
            try:
                return connection.execute(str(compiled), parameters).rowcount
            except sqlite3.Error as error:
                fail(error, "")

        count: int = await self._writer.submit(work)
        return count

    async def alive(self) -> bool:
        try:
            async with self.reading() as reader:
                return bool(await reader.all(ANY_TABLE))
        except (DatabaseError, sqlite3.Error):
            return False

    async def schema_version(self) -> str | None:
        try:
            async with self.reading() as reader:
                row = await reader.one(VERSION)
        except sqlite3.Error as error:
            if "no such table" in str(error):
                return None
            raise StorageUnavailable(str(error)) from error
        return None if row is None else str(row.version_num)

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.stop)
        while self._readers:
            self._readers.pop().close()
