"""Fixtures of the tests of shared."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from shared.database.sqlite import SqliteDatabase
from shared.outbox.edge import Edge
from shared.runtime.logs import set_up_logs
from tests.shared.things import HandClock, edge_on, thing_database

WRITTEN = StringIO()


class Logs:
    """What the product wrote to its log since the test began."""

    def __init__(self) -> None:
        self._start = len(WRITTEN.getvalue())

    @property
    def text(self) -> str:
        return WRITTEN.getvalue()[self._start :]


@pytest.fixture(autouse=True)
def logs() -> Iterator[Logs]:
    """The log as the product is really set up to write it. Loggers remember where they write to, so all tests of a
    process share one stream."""
    set_up_logs(stream=WRITTEN)
    yield Logs()
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """The database of the thing service."""
    async with thing_database(tmp_path) as made:
        yield made


@pytest.fixture
def clock() -> HandClock:
    """Monday 5 January 2026, noon, until moved."""
    return HandClock()


@pytest.fixture
def edge(database: SqliteDatabase, clock: HandClock) -> Edge:
    """The edge of the thing service."""
    return edge_on(database, clock)
