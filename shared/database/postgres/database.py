"""One service's schema behind the port."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from asyncpg.exceptions import UndefinedTableError
from sqlalchemy import Executable
from sqlalchemy.sql.elements import ClauseElement

from shared.database.changeset import Changeset, Statement, sql_text
from shared.database.port import DatabaseError, Reader, StaleVersion
from shared.database.postgres.arranging import Group, arranged
from shared.database.postgres.committing import Committing
from shared.database.postgres.connections import (
    BEGIN,
    NEXT,
    PLANNED,
    SETTINGS,
    SINGLE,
    WRITER,
    Connection,
    Connections,
    service_settings,
)
from shared.database.postgres.errors import raise_translated
from shared.database.postgres.one_statement import Statements, converted, converters
from shared.database.postgres.queries import compiled
from shared.database.postgres.snapshots import Snapshots

READERS = 8
WRITERS = 8
SINGLES = 8
ANY_TABLE = "SELECT true FROM pg_catalog.pg_tables WHERE schemaname = current_schema() LIMIT 1"
VERSION = "SELECT version_num FROM alembic_version"


class PostgresDatabase:
    """`url` is that of the service's own role; everything happens in `schema`."""

    side_by_side = 128
    lanes_at_once = 32

    def __init__(self, url: str, schema: str, *, readers: int = READERS, writers: int = WRITERS) -> None:
        self.url = url
        self.schema = schema
        settings = {**service_settings(schema), **SETTINGS}
        self._readers = Connections(url, {**settings, **PLANNED}, readers, first=BEGIN, between=NEXT)
        self._writers = Connections(url, {**settings, **WRITER}, writers)
        self._singles = Connections(url, {**settings, **SINGLE}, SINGLES)
        self._snapshots = Snapshots(self._readers)
        self._glances = Snapshots(self._singles, one_moment=True)
        self._committing = Committing(self._writers, self._at_once, self._alone)
        self._statements = Statements()

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        return self._snapshots.reading()

    def at_once(self) -> AbstractAsyncContextManager[Reader]:
        return self._glances.reading()

    async def commit(self, changes: Changeset) -> None:
        """As the port says; when the connection breaks meanwhile, StorageUnavailable though it may be written."""
        statements = changes.statements
        if statements:
            await self._committing.commit(statements)

    async def note(self, changes: Changeset) -> None:
        groups = arranged(changes.statements)
        if not groups:
            await self.commit(changes)
            return
        async with self._singles.one() as connection:
            await self._at_once(connection, groups)

    async def _alone(self, statements: Sequence[Statement]) -> None:
        groups = None if len(statements) == 1 == len(statements[0].rows) else arranged(statements)
        if groups is None:
            await self._one_by_one(statements)
            return
        async with self._writers.one() as connection:
            await self._at_once(connection, groups)

    async def _at_once(self, connection: Connection, groups: Sequence[Group]) -> None:
        made, bound = self._statements.for_groups(groups)
        try:
            await connection.execute(made.text, *made.values(bound))
        except Exception as error:
            raise_translated(error)

    async def _one_by_one(self, statements: Sequence[Statement]) -> None:
        async with self._writers.one() as connection:
            if len(statements) == 1 == len(statements[0].rows):
                await self._write(connection, statements[0])
                return
            async with connection.transaction():
                for statement in statements:
                    await self._write(connection, statement)

    async def _write(self, connection: Connection, statement: Statement) -> None:
        shape, rows, expected = statement
        text, converting = sql_text(shape, "$"), converters(shape)
        for values in rows:
            try:
                status = await connection.execute(text, *converted(values, converting))
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
        await self._committing.finish()
        await self._snapshots.finish()
        await self._glances.finish()
        await self._singles.close()
        await self._writers.close()
        await self._readers.close()
