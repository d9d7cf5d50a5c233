"""`plekregie herbouw` as a person types it, beside a product that runs."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console
from sqlalchemy import delete, select

from deploy.all_in_one import AllInOne, build
from deploy.around import CanNotRun, migrate
from deploy.herbouw import READ_SIDES, herbouw, run
from services.contractmanagement.bezetting import store as in_contractmanagement
from services.financien.bezetting import store as in_financien
from shared.database.port import Reader
from shared.outbox.edge import Context, Outcome
from shared.outbox.rebuild import Step
from shared.privacy.vault import open_vault
from shared.runtime.settings import load_settings
from tests.deploy import opdrachtregel
from tests.financien.herbouwing import AANTAL, verhaal

CONSOLE = Console(stderr=True)
LEESKANT = {
    "financien": (in_financien.LEVERING, in_financien.MUTATIE, in_financien.CEL),
    "contractmanagement": (in_contractmanagement.LEVERING, in_contractmanagement.BEZETTING_MUTATIE),
}


@pytest.fixture
def omgeving(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PLEKREGIE_DATA_DIR": str(tmp_path / "data"),
        "PLEKREGIE_PROEF": "true",
        "PLEKREGIE_VANDAAG": "2026-05-15",
    }


@pytest_asyncio.fixture
async def product(omgeving: dict[str, str]) -> AsyncIterator[AllInOne]:
    """A product that runs, in which backoffice has told a region's leveringen."""
    made = build(load_settings(omgeving))
    await made.start()
    await vertel(made, *verhaal(1))
    yield made
    await made.stop()


async def vertel(product: AllInOne, *events: object) -> None:
    """Let backoffice tell these, and everybody hear them."""

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        outcome: Outcome[None] = Outcome(None)
        for event in events:
            outcome.changes.publish(event)
        return outcome

    await product.services["backoffice"].edge.carry_out(use_case)
    await product.settle()


async def plekregie(omgeving: dict[str, str], *woorden: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, while this one goes on; fails when it does."""
    return await asyncio.to_thread(opdrachtregel.plekregie, omgeving, *woorden)


async def geteld(product: AllInOne, dienst: str) -> list[list[Any]]:
    """The rows of a read side, without those that say nothing: a day on which the changes cancel out, a cell that
    every levering left, and how often a cell was decided."""
    async with product.services[dienst].edge.database.reading() as reader:
        found = [await reader.select(select(table).order_by(*table.primary_key.columns)) for table in LEESKANT[dienst]]
    return [
        [
            row._replace(versie=0) if table.name == "cel" else row
            for row in rows
            if getattr(row, "aantal", 1) and getattr(row, "dagen", "") != "{}"
        ]
        for table, rows in zip(LEESKANT[dienst], found, strict=True)
    ]


def quiet(step: Step, done: int, total: int) -> None:
    """Nobody looks."""


async def maak_leeg(product: AllInOne, dienst: str) -> None:
    for table in LEESKANT[dienst]:
        await product.services[dienst].edge.database.execute(delete(table))


async def test_an_emptied_read_side_is_rebuilt_from_the_kept_outbox_beside_a_running_product(
    product: AllInOne, omgeving: dict[str, str]
) -> None:
    voor = await geteld(product, "financien")
    await maak_leeg(product, "financien")
    assert await geteld(product, "financien") != voor
    done = await plekregie(omgeving, "herbouw", "financien")
    assert await geteld(product, "financien") == voor
    assert done.stdout.decode().startswith(f"{len(verhaal(1))} gebeurtenissen gelezen, {AANTAL} leveringen, ")


async def test_the_utilisation_is_rebuilt_as_well_and_a_second_time_there_is_nothing_to_do(product: AllInOne) -> None:
    voor = await geteld(product, "contractmanagement")
    await maak_leeg(product, "contractmanagement")
    done = await herbouw(product.settings, "contractmanagement", quiet)
    assert await geteld(product, "contractmanagement") == voor
    assert (done.aggregates, done.changed) == (AANTAL, done.cells)
    assert (await herbouw(product.settings, "contractmanagement", quiet)).changed == 0


async def test_it_knows_which_services_have_a_read_side(product: AllInOne) -> None:
    assert {service.name for service in product.services.values() if service.read_side is not None} == set(READ_SIDES)


@pytest.mark.parametrize(("dienst", "fout"), [("toegang", "Kies uit: contractm"), ("boekhouding", "Onbekende dienst")])
def test_a_service_without_a_read_side_is_refused_naming_those_that_have_one(
    omgeving: dict[str, str], dienst: str, fout: str
) -> None:
    with pytest.raises(ValueError, match=fout):
        run(load_settings(omgeving), dienst, CONSOLE)


def test_where_nothing_is_installed_nothing_is_made(omgeving: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(CanNotRun, match="geen installatie"):
        run(load_settings(omgeving), "financien", CONSOLE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("weg", "fout"),
    [("backoffice", "geen database van backoffice"), ("financien", "plekregie migrate financien")],
)
def test_a_database_that_is_not_there_is_named(omgeving: dict[str, str], weg: str, fout: str) -> None:
    settings = load_settings(omgeving)
    open_vault(settings.keys)
    migrate(settings)
    (settings.data_dir / f"{weg}.sqlite").unlink()
    with pytest.raises(CanNotRun, match=fout):
        run(settings, "financien", CONSOLE)


def test_a_broker_that_is_away_is_named(omgeving: dict[str, str]) -> None:
    settings = load_settings({**omgeving, "PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"})
    open_vault(settings.keys)
    migrate(settings, ("financien",))
    with pytest.raises(CanNotRun, match=r"topic backoffice\.levering op 127\.0\.0\.1:1 "):
        run(settings, "financien", CONSOLE)
