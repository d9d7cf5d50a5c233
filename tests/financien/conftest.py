"""Fixtures of the service tests of financien."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest_asyncio

from tests.financien.opstelling import Opstelling, opgesteld


@pytest_asyncio.fixture
async def financien(tmp_path: Path) -> AsyncIterator[Opstelling]:
    """The service on 15 May 2026."""
    async with opgesteld(tmp_path, date(2026, 5, 15)) as made:
        yield made
