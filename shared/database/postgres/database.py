"""One service's schema behind the port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from asyncpg.exceptions import UndefinedTableError
from sqlalchemy import Executable, Select
from sqlalchemy.sql.elements import ClauseElement

from shared.database.changeset import Changeset, Statement, sql_text
from shared.database.port import DatabaseError, Query, Reader, StaleVersion
from shared.database.postgres.arranging import arranged
from shared.database.postgres.connections import (
    BEGIN,
    NEXT,
    SETTINGS,
    WRITER,
    Connection,
    Connections,
    service_settings,
)
from shared.database.postgres.errors import raise_translated
from shared.database.postgres.one_statement import OneStatement, Plan, converted, converters
from shared.database.postgres.queries import CompiledQuery, compile_query, compiled

READERS = 8
WRITERS = 8
ENGINE = "postgresql"
ANY_TABLE = "SELECT true FROM pg_catalog.pg_tables WHERE schemaname = current_schema() LIMIT 1"
VERSION = "SELECT version_num FROM alembic_version"


class PostgresReader:
    """Reads in one transaction, so all from one snapshot: one after the other, never at the same time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def one(self, query: Query, /, **params: object) -> Any:
        rows = await self._run(query, params)
        if len(rows) > 1:
            raise LookupError("a query for one row found more")
        return rows[0] if rows else None

    async def all(self, query: Query, /, **params: object) -> Sequence[Any]:
        return await self._run(query, params)

    async def select(self, statement: Select[Any]) -> Sequence[Any]:
        made = compile_query(statement)
        return made.rows(await self._connection.fetch(made.statement.text, *made.statement.values({})))

    async def _run(self, query: Query, params: dict[str, object]) -> list[Any]:
        made = query.compiled.get(ENGINE)
        if not isinstance(made, CompiledQuery):
            made = query.compiled[ENGINE] = compile_query(query.statement)
        return made.rows(await self._connection.fetch(made.statement.text, *made.statement.values(params)))


class PostgresDatabase:
    """`url` is that of the service's own role; everything happens in `schema`."""

    def __init__(self, url: str, schema: str, *, readers: int = READERS, writers: int = WRITERS) -> None:
        self.url = url
        self.schema = schema
        settings = {**service_settings(schema), **SETTINGS}
        self._readers = Connections(url, settings, readers, first=BEGIN, between=NEXT)
        self._writers = Connections(url, {**settings, **WRITER}, writers)
        self._statements: dict[tuple[Plan, ...], OneStatement] = {}

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        return self._reading()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Reader]:
        async with self._readers.one() as connection:
            yield PostgresReader(connection)

    async def commit(self, changes: Changeset) -> None:
        """As the port says; when the connection breaks meanwhile, StorageUnavailable though it may be written."""
        statements = changes.statements
        if not statements:
            return
        groups = None if len(statements) == 1 else arranged(statements)
        if groups is None:
            await self._one_by_one(statements)
            return
        plan = tuple(Plan(shape, len(rows) > 1, expected) for shape, rows, expected in groups)
        made = self._statements.get(plan)
        if made is None:
            made = self._statements[plan] = OneStatement(plan)
        values = made.values(groups)
        async with self._writers.one() as connection:
            await connection.execute(made.text, *values)

    async def _one_by_one(self, statements: Sequence[Statement]) -> None:
        async with self._writers.one() as connection:
            if len(statements) == 1:
                await self._write(connection, statements[0])
                return
            async with connection.transaction():
                for statement in statements:
                    await self._write(connection, statement)

    async def _write(self, connection: Connection, statement: Statement) -> None:
        shape, values, expected = statement
        status: str
        try:
            status = await connection.execute(sql_text(shape, "$"), *converted(values, converters(shape)))
        except Exception as error:
            raise_translated(error, shape.table.name)
        if expected is not None and int(status.rpartition(" ")[2]) != expected:
            raise StaleVersion(shape.table.name)

    async def execute(self, statement: Executable) -> int:
        assert isinstance(statement, ClauseElement)
        made = compiled(statement)
        values = made.values({})
        async with self._writers.one() as connection:
            status = await connection.execute(made.text, *values)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else -1

    async def alive(self) -> bool:
        try:
            async with self._readers.one() as connection:
                return bool(await connection.fetchval(ANY_TABLE))
        except DatabaseError:
            return False

    async def schema_version(self) -> str | None:
        try:
            async with self._readers.one() as connection:
                found = await connection.fetchval(VERSION)
        except UndefinedTableError:
            return None
        return None if found is None else str(found)

    async def close(self) -> None:
        await self._writers.close()
        await self._readers.close()
