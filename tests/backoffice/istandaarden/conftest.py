"""The reference data of the standard, as these tests use it."""

from pathlib import Path

import pytest

from tests.backoffice.istandaarden.standaard import Standaard


@pytest.fixture(scope="session")
def standaard(gedeeld: Path) -> Standaard:
    """Official examples and schemas; skipped or failed by `gedeeld` when they are absent."""
    return Standaard(gedeeld / "istandaarden")
