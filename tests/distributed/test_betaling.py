"""Payments on PostgreSQL: the very same claims as on SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from services.financien.tables import Base
from tests.distributed.test_herbouw import claims, made
from tests.financien import (
    test_bankverklaring_dienst,
    test_betaalgegevens_dienst,
    test_betaling_afbreken,
    test_betaling_bank,
    test_betaling_dienst,
    test_herkomst_betaling,
)
from tests.financien.opstelling import Opstelling, op_database

pytestmark = pytest.mark.distributed


@pytest_asyncio.fixture
async def financien(postgres_url: str, schema: str) -> AsyncIterator[Opstelling]:
    """As the fixture of the same name on SQLite."""
    async with op_database(made(postgres_url, schema, Base.metadata), date(2026, 5, 15)) as opstelling:
        yield opstelling


# The crash is tried on files that are closed and opened again; here what happens at the same time counts.
GELIJKTIJDIG = {
    naam: claim for naam, claim in claims(test_betaling_afbreken, "betaling").items() if "same_time" in naam
}
globals().update(
    GELIJKTIJDIG,
    **claims(test_betaling_dienst, "betaling"),
    **claims(test_betaling_bank, "bank"),
    **claims(test_betaalgegevens_dienst, "betaalgegevens"),
    **claims(test_bankverklaring_dienst, "bankverklaring"),
    **claims(test_herkomst_betaling, "herkomst"),
)
