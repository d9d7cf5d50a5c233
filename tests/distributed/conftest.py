"""Fixtures of the tests that need servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.database.migrations import on_database
from shared.database.postgres import PostgresDatabase, connect
from tests.shared.things import METADATA


@pytest.fixture
def schema(postgres_url: str) -> Iterator[str]:
    """The name of a schema that nobody else uses, gone afterwards."""
    name = f"t_{uuid4().hex[:12]}"
    yield name
    on_database(postgres_url, lambda c: (c.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE")), c.commit()))


@pytest.fixture(scope="session")
def things_schema(postgres_url: str) -> Iterator[str]:
    """The tables of the thing service, made once; `database` empties them."""
    name = f"things_{uuid4().hex[:12]}"
    on_database(postgres_url, lambda c: (c.execute(text(f"CREATE SCHEMA {name}")), c.commit()))
    on_database(postgres_url, lambda c: (METADATA.create_all(c), c.commit()), schema=name)
    yield name
    on_database(postgres_url, lambda c: (c.execute(text(f"DROP SCHEMA {name} CASCADE")), c.commit()))


@pytest_asyncio.fixture
async def database(postgres_url: str, things_schema: str) -> AsyncIterator[PostgresDatabase]:
    """The database of the thing service, empty."""
    connection = await connect(postgres_url, {"search_path": things_schema})
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    await connection.close()
    made = PostgresDatabase(postgres_url, things_schema, readers=4, writers=4)
    yield made
    await made.close()
