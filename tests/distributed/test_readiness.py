"""A service takes requests when its database answers and its schema is no older than the code, on both engines."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import Connection, text

from deploy.all_in_one import build
from deploy.parts import PARTS, part_of
from shared.database.engines import Address
from shared.database.migrations import history, newest, on_database
from shared.database.port import Database, StorageUnavailable
from shared.runtime.settings import load_settings
from shared.web.problem import Problem
from shared.web.readiness import Readiness
from tests.poorten import vrije_poort

PART = part_of("toegang")
NEXT = "9000"
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.distributed)]


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Where nothing is yet."""
    if request.param == "sqlite":
        return Address(f"sqlite:///{tmp_path / 'toegang.sqlite'}")
    return Address(request.getfixturevalue("postgres_url"), request.getfixturevalue("schema"))


@pytest_asyncio.fixture
async def database(address: Address) -> AsyncIterator[Database]:
    made = address.open()
    yield made
    await made.close()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations of code that is one version further."""
    folder = tmp_path / "later"
    shutil.copytree(PART.migrations, folder)
    made = f'revision = "{NEXT}"\ndown_revision = "{newest(folder)}"\nbranch_labels = None\ndepends_on = None\n'
    (folder / "versions" / f"{NEXT}_verder.py").write_text(f"{made}\n\ndef upgrade() -> None:\n    pass\n")
    return folder


async def run(address: Address, *statements: str) -> None:
    """Change the database behind the back of the product. In a thread: the reader that waits for its next use lets go
    of its locks in this loop."""

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()

    await asyncio.to_thread(on_database, address.url, work, schema=address.schema)


async def migrate(address: Address, folder: Path) -> None:
    await asyncio.to_thread(address.migrate, folder)


async def refusal(readiness: Readiness) -> Problem:
    with pytest.raises(Problem) as refused:
        await readiness.check()
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"]
    return refused.value


async def test_a_database_that_was_never_migrated_is_not_ready_and_says_what_to_run(database: Database) -> None:
    assert await database.schema_version() is None
    assert "plekregie migrate toegang" in (await refusal(Readiness("toegang", database, PART.migrations))).detail


async def test_the_version_of_the_code_is_ready(address: Address, database: Database) -> None:
    await migrate(address, PART.migrations)
    assert await database.schema_version() == newest(PART.migrations)
    await Readiness("toegang", database, PART.migrations).check()


async def test_an_older_version_is_not_ready_until_it_was_migrated(
    address: Address, database: Database, later: Path
) -> None:
    await migrate(address, PART.migrations)
    readiness = Readiness("toegang", database, later)
    detail = (await refusal(readiness)).detail
    assert "plekregie migrate toegang" in detail
    assert NEXT in detail
    assert str(newest(PART.migrations)) in detail
    await migrate(address, later)
    await readiness.check()


async def test_a_version_that_this_code_does_not_know_is_newer_and_ready(
    address: Address, database: Database, later: Path
) -> None:
    await migrate(address, later)
    await Readiness("toegang", database, PART.migrations).check()


async def test_what_was_right_is_not_asked_again_while_the_database_is_alive(
    address: Address, database: Database, later: Path
) -> None:
    await migrate(address, later)
    readiness = Readiness("toegang", database, later)
    await readiness.check()
    await run(address, f"UPDATE alembic_version SET version_num = '{newest(PART.migrations)}'")
    await readiness.check()
    await refusal(Readiness("toegang", database, later))


async def test_a_database_that_was_emptied_meanwhile_is_not_ready_any_more(
    address: Address, database: Database
) -> None:
    await migrate(address, PART.migrations)
    readiness = Readiness("toegang", database, PART.migrations)
    await readiness.check()
    if address.schema:
        await run(address, f"DROP SCHEMA {address.schema} CASCADE")
    else:
        tables = ("alembic_version", *(table.name for table in reversed(PART.metadata.sorted_tables)))
        await run(address, *(f"DROP TABLE {name}" for name in tables))
    assert "plekregie migrate toegang" in (await refusal(readiness)).detail
    await migrate(address, PART.migrations)
    await readiness.check()


async def test_a_table_of_versions_without_a_version_is_no_schema(address: Address, database: Database) -> None:
    await migrate(address, PART.migrations)
    await run(address, "DELETE FROM alembic_version")
    assert "migrate" in (await refusal(Readiness("toegang", database, PART.migrations))).detail


async def test_a_file_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    folder = tmp_path / "weg"
    address = Address(f"sqlite:///{folder / 'toegang.sqlite'}")
    folder.mkdir()
    await migrate(address, PART.migrations)
    database = address.open()
    readiness = Readiness("toegang", database, PART.migrations)
    await readiness.check()
    await database.close()
    shutil.rmtree(folder)
    assert "antwoordt niet" in (await refusal(readiness)).detail
    with pytest.raises(StorageUnavailable):
        await database.schema_version()


async def test_a_server_that_does_not_answer_is_not_ready() -> None:
    database = Address(f"postgresql://x:y@127.0.0.1:{vrije_poort()}/x", "toegang").open()
    assert "antwoordt niet" in (await refusal(Readiness("toegang", database, PART.migrations))).detail
    await database.close()


def test_each_service_knows_its_own_history_newest_first() -> None:
    for part in PARTS:
        known = history(part.migrations)
        assert known.newest == newest(part.migrations)
        assert known.newest not in known.older
        assert len(known.older) == len(list((part.migrations / "versions").glob("*.py"))) - 1


async def test_each_service_tells_over_http_that_its_schema_is_missing_and_so_does_the_front_door(
    tmp_path: Path,
) -> None:
    product = build(load_settings({"PLEKREGIE_DATA_DIR": str(tmp_path)}))
    transport = httpx.ASGITransport(app=product.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://plekregie") as client:
        for part in PARTS:
            await run(Address(f"sqlite:///{tmp_path / part.name}.sqlite"), "DROP TABLE alembic_version")
        for part in PARTS:
            answer = await client.get(f"{part.base}/readyz")
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert f"plekregie migrate {part.name}" in answer.json()["detail"]
            assert (await client.get(f"{part.base}/healthz")).status_code == 200
        assert "plekregie migrate" in (await client.get("/readyz")).json()["detail"]
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200
        for part in PARTS:
            version = f"CREATE TABLE alembic_version AS SELECT '{newest(part.migrations)}' AS version_num"
            await run(Address(f"sqlite:///{tmp_path / part.name}.sqlite"), version)
            assert (await client.get(f"{part.base}/readyz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
    for service in product.services.values():
        await service.edge.database.close()
