"""A service small enough to hold in the head: one table of things, one of counters, one event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    select,
    text,
)

from shared.contracts.envelope import Contract
from shared.database.changeset import Changeset
from shared.database.columns import UtcDateTime
from shared.database.port import Database, Query
from shared.database.sqlite import SqliteDatabase
from shared.outbox.edge import Edge
from shared.outbox.tables import EventTables, event_tables

GEDULD = 60.0  # seconds for what takes none; a test that ends well never waits for it
METADATA = MetaData()
TABLES: EventTables = event_tables(METADATA)
THING = Table(
    "thing",
    METADATA,
    Column("id", String, primary_key=True),
    Column("versie", Integer, nullable=False),
    Column("name", String, unique=True),
    Column("day", Date),
    Column("moment", UtcDateTime),
    Column("facts", JSON),
    Column("blob", LargeBinary),
)
COUNTER = Table(
    "counter",
    METADATA,
    Column("place", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("amount", Integer, nullable=False),
)
BY_ID = Query(select(THING).where(THING.c.id == bindparam("id")))
ALL = Query(select(THING).order_by(THING.c.id))


class ThingChanged(Contract):
    """A thing as it now stands."""

    TYPE: ClassVar[str] = "nl.plekregie.ding.gewijzigd.v1"
    TOPIC: ClassVar[str] = "test.ding"

    ding: str
    versie: int
    naam: str = ""

    def aggregate(self) -> str:
        return self.ding

    def version(self) -> int:
        return self.versie


@dataclass
class HandClock:
    """Moves when a test moves it."""

    moment: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class Ids:
    """Ids that ascend, as those of the product do."""

    numbers: Any = field(default_factory=lambda: count(1))

    def __call__(self) -> str:
        return f"id-{next(self.numbers):06d}"


@cache
def empty_file(metadata: MetaData) -> bytes:
    """A database file with these tables and a write-ahead log, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode=WAL"))
            connection.execute(text("PRAGMA synchronous=OFF"))
            metadata.create_all(connection)
            connection.commit()
        engine.dispose()
        return path.read_bytes()


def make_schema(path: Path, metadata: MetaData = METADATA) -> None:
    """The tables of a service in a new file."""
    path.write_bytes(empty_file(metadata))


@asynccontextmanager
async def thing_database(folder: Path, name: str = "things") -> AsyncIterator[SqliteDatabase]:
    """An open database with the schema."""
    path = folder / f"{name}.sqlite"
    if not path.exists():
        make_schema(path)
    database = SqliteDatabase(path)
    try:
        yield database
    finally:
        await database.close()


def edge_on(database: SqliteDatabase, clock: HandClock | None = None) -> Edge:
    """The edge of the thing service."""
    return Edge(database, TABLES, clock=clock or HandClock(), new_id=Ids(), source="urn:nld:oin:1:systeem:things")


def new_thing(identity: str, **values: object) -> Changeset:
    """The changeset that makes a thing."""
    changes = Changeset()
    changes.insert(THING, id=identity, **{"versie": 1, **values})
    return changes


async def insert_rows(database: Database, table: Table, *made: dict[str, object]) -> None:
    """New rows, in one decision."""
    changes = Changeset()
    for values in made:
        changes.insert(table, **values)
    await database.commit(changes)


async def things(database: SqliteDatabase) -> list[Any]:
    """Every thing there is."""
    async with database.reading() as reader:
        return list(await reader.all(ALL))


async def rows(database: SqliteDatabase, table: Table) -> list[Any]:
    """Every row of a table."""
    async with database.reading() as reader:
        return list(await reader.select(select(table).order_by(*table.primary_key.columns)))
