"""The ledger on PostgreSQL: the same causes give the same chains as on SQLite, hash for hash, and it can be worked out
anew from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.financien.tables import Base
from tests.distributed.test_herbouw import made
from tests.financien.opstelling import Opstelling, op_database
from tests.financien.reeks import GEMEENTEN, VANDAAG, Reeks
from tests.financien.test_grootboek_herbouw import STAPPEN, gewandeld, herbouwde_hash, ketens, op_sqlite

pytestmark = [pytest.mark.distributed, pytest.mark.slow]


@pytest_asyncio.fixture
async def op_postgres(postgres_url: str, schema: str) -> AsyncIterator[Opstelling]:
    async with op_database(made(postgres_url, schema, Base.metadata), VANDAAG) as opstelling:
        yield opstelling


async def test_the_same_causes_give_the_same_chains_on_both_engines(tmp_path: Path, op_postgres: Opstelling) -> None:
    reeks = await gewandeld(op_postgres, 1, keur_elke=40)
    gevonden = await ketens(op_postgres)
    assert all(len(keten) > 20 for keten in gevonden.values()), "chains of nothing prove nothing"
    for gemeente in GEMEENTEN:
        assert await herbouwde_hash(op_postgres, gemeente) == gevonden[gemeente][-1]
    async with op_sqlite(tmp_path, "sqlite") as op_bestand:
        weer = Reeks(op_bestand, 1)
        await weer.begin()
        for _ in range(STAPPEN):
            await weer.stap()
        assert await ketens(op_bestand) == gevonden
        assert weer.gelukt == reeks.gelukt
