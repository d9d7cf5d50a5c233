"""The ledger on PostgreSQL: the same claims as on SQLite, and the guards of its own engine."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import Connection, text

from deploy.parts import part_of
from services.financien.grootboek.controle import controleer
from services.financien.tables import Base
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.engines import Address
from shared.database.migrations import on_database
from shared.database.postgres import PostgresDatabase, connect
from tests.financien import (
    test_afrekening_stappen,
    test_bijstelling_verhaal,
    test_grootboek_dienst,
    test_herkomst_dienst,
)
from tests.financien.opstelling import GEMEENTE, Opstelling, op_database, overeenkomst

pytestmark = pytest.mark.distributed

# These open the file of SQLite; below are their counterparts.
ABOUT_THE_FILE = {
    "test_the_database_refuses_to_change_what_was_booked",
    "test_the_database_refuses_what_is_no_booking",
    "test_two_corrections_of_the_same_difference_are_not_both_booked",
}
for module in (test_grootboek_dienst, test_herkomst_dienst, test_afrekening_stappen, test_bijstelling_verhaal):
    for name, claim in list(vars(module).items()):
        asks = name.startswith("test_") and "financien" in inspect.signature(claim).parameters
        if asks and name not in ABOUT_THE_FILE:
            globals()[name] = claim


@pytest.fixture
def schema(postgres_url: str) -> Iterator[str]:
    """A schema that nobody else uses, gone afterwards."""
    name = f"grootboek_{uuid4().hex[:12]}"
    on_database(postgres_url, lambda c: uitgevoerd(c, f"CREATE SCHEMA {name}"))
    yield name
    on_database(postgres_url, lambda c: uitgevoerd(c, f"DROP SCHEMA {name} CASCADE"))


def uitgevoerd(connection: Connection, daad: str) -> None:
    connection.execute(text(daad))
    connection.commit()


def gemaakt(connection: Connection) -> None:
    Base.metadata.create_all(connection)
    connection.commit()


@pytest_asyncio.fixture
async def financien(postgres_url: str, schema: str) -> AsyncIterator[Opstelling]:
    """The service on 15 May 2026, on the tables of the models."""
    on_database(postgres_url, gemaakt, schema=schema)
    async with op_database(PostgresDatabase(postgres_url, schema, readers=2, writers=4), date(2026, 5, 15)) as made:
        yield made


DADEN = [
    "UPDATE journaalpost SET omschrijving = 'x'",
    "DELETE FROM boeking",
    "TRUNCATE boeking",
    "TRUNCATE journaalpost CASCADE",
]


@pytest.mark.parametrize("daad", DADEN)
async def test_the_server_refuses_to_change_what_was_booked(
    financien: Opstelling, postgres_url: str, schema: str, daad: str
) -> None:
    await financien.hoor(overeenkomst())
    await geef_termijnen_vrij(financien.service.edge)
    connection = await connect(postgres_url, {"search_path": schema})
    try:
        with pytest.raises(asyncpg.exceptions.RaiseError, match="append-only"):
            await connection.execute(daad)
    finally:
        await connection.close()


@pytest.mark.parametrize(("cent", "credit"), [(0, "bank"), (-1, "bank"), (1, "lasten")])
async def test_the_server_refuses_what_is_no_booking(
    financien: Opstelling, postgres_url: str, schema: str, cent: int, credit: str
) -> None:
    await financien.hoor(overeenkomst())
    await geef_termijnen_vrij(financien.service.edge)
    connection = await connect(postgres_url, {"search_path": schema})
    try:
        with pytest.raises(asyncpg.exceptions.CheckViolationError):
            await connection.execute(
                "INSERT INTO boeking (post, nummer, debet, credit, bedrag_cent) "
                "SELECT id, 9, 'lasten', $1, $2 FROM journaalpost LIMIT 1",
                credit,
                cent,
            )
    finally:
        await connection.close()


async def test_a_row_changed_behind_the_guards_is_named(financien: Opstelling, postgres_url: str, schema: str) -> None:
    await financien.hoor(overeenkomst())
    await geef_termijnen_vrij(financien.service.edge)
    connection = await connect(postgres_url, {"search_path": schema})
    await connection.execute("ALTER TABLE boeking DISABLE TRIGGER ALL")
    await connection.execute(
        "UPDATE boeking SET bedrag_cent = 1 WHERE post = (SELECT id FROM journaalpost WHERE volgnummer = 2)"
    )
    await connection.close()
    async with financien.database.reading() as reader:
        uitslag = await controleer(reader, GEMEENTE)
    assert uitslag.breuk is not None
    assert (uitslag.posten, uitslag.breuk.volgnummer) == (1, 2)


async def test_the_migrations_guard_the_ledger_too(postgres_url: str, schema: str) -> None:
    address = Address(postgres_url, schema)
    address.migrate(part_of("financien").migrations)
    connection = await connect(postgres_url, {"search_path": schema})
    try:
        rows = await connection.fetch(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND NOT t.tgisinternal",
            schema,
        )
    finally:
        await connection.close()
    assert {"journaalpost", "boeking", "grootboek_afsluiting"} <= {str(name) for (name,) in rows}
