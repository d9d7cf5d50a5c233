"""Both engines get the same schema from the same history."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.parts import PARTS, Part
from shared.database.engines import Address, address_of, checked
from shared.database.migrations import differences, newest, on_database

ROOT = Path(__file__).resolve().parents[2]
parts = pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])


def up_to_date(address: Address, part: Part) -> None:
    assert address.version() is None
    assert address.migrate(part.migrations) == newest(part.migrations) == address.version()
    assert on_database(address.url, lambda c: differences(c, part.metadata), schema=address.schema) == []
    # Again: nothing left to do.
    assert address.migrate(part.migrations) == newest(part.migrations)


@parts
def test_the_history_leads_to_the_models_on_sqlite(part: Part, tmp_path: Path) -> None:
    up_to_date(Address(f"sqlite:///{tmp_path / 'new.sqlite'}"), part)


@pytest.mark.distributed
@parts
def test_the_history_leads_to_the_models_on_postgresql(part: Part, postgres_url: str, schema: str) -> None:
    up_to_date(Address(postgres_url, schema), part)


@pytest.mark.distributed
def test_processes_that_start_together_migrate_one_after_the_other(postgres_url: str, schema: str) -> None:
    code = (
        "import sys; from pathlib import Path; from shared.database.engines import Address;"
        "print(Address(sys.argv[1], sys.argv[2]).migrate(Path(sys.argv[3])))"
    )
    folder = PARTS[0].migrations
    command = [sys.executable, "-c", code, postgres_url, schema, str(folder)]
    running = [
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert {process.communicate()[0].decode().strip() for process in running} == {newest(folder)}


class Settings:
    """What says where data are."""

    data_dir = Path("data")
    database_url = ""
    backoffice_database_url = ""
    eigenaar_database_url = ""


def test_without_an_address_a_service_has_its_own_sqlite_file() -> None:
    assert address_of(Settings(), "backoffice") == Address("sqlite:///data/backoffice.sqlite")


def test_one_address_gives_each_service_its_own_schema() -> None:
    settings = Settings()
    settings.database_url = "postgresql://a:b@server/plekregie"
    assert address_of(settings, "backoffice") == Address(settings.database_url, "backoffice")
    assert address_of(settings, "financien") == Address(settings.database_url, "financien")


def test_the_address_of_a_service_goes_before_and_the_owner_migrates() -> None:
    settings = Settings()
    settings.database_url = "postgresql://a:b@server/plekregie"
    settings.backoffice_database_url = "postgresql://c:d@server/plekregie"
    assert address_of(settings, "backoffice").url == settings.backoffice_database_url
    assert address_of(settings, "backoffice", owner=True).url == settings.backoffice_database_url
    settings.eigenaar_database_url = "postgresql://e:f@server/plekregie"
    assert address_of(settings, "backoffice", owner=True).url == settings.eigenaar_database_url


@pytest.mark.parametrize("url", ["mysql://a:geheim@b/c", "postgresql://a:geheim@b", "ergens"])
def test_an_address_of_something_else_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="Toegestaan: postgresql://") as refused:
        checked(url)
    assert "geheim" not in str(refused.value)
