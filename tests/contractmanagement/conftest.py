"""The service under test, with today on 20 November 2026."""

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from tests.contractmanagement.omgeving import SUBSEGMENT, Omgeving, maak_leeg

VANDAAG = date(2026, 11, 20)


@pytest.fixture(scope="session")
def basis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and an empty database, made once: that takes longest."""
    folder = tmp_path_factory.mktemp("basis")
    maak_leeg(folder / "leeg.sqlite")
    return folder


@pytest_asyncio.fixture
async def omgeving(tmp_path: Path, basis: Path) -> AsyncIterator[Omgeving]:
    """An installation that knows one sub-segment."""
    file = tmp_path / "contractmanagement.sqlite"
    shutil.copy(basis / "leeg.sqlite", file)
    made = Omgeving(file, basis / "sleutels", VANDAAG)
    await made.subsegment(SUBSEGMENT)
    yield made
    await made.database.close()
