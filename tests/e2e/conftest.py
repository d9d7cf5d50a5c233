"""Fixtures of the end-to-end tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.keuring import Keuring
from tests.e2e.opstelling import Ingebouwd
from tests.e2e.regio import Regio

INGEBOUWD = "ingebouwd"


@pytest.fixture(scope="session")
def keuring(gedeeld: Path) -> Keuring:
    """The official schemas; skipped, or failed in CI, by `gedeeld` when they are absent."""
    return Keuring(gedeeld)


@pytest.fixture(scope="session")
def regio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Regio]:
    """The running product. Tests share it: each takes its own gemeenten and aanbieders."""
    stand = os.environ.get("PLEKREGIE_TEST_MODE", INGEBOUWD)
    if stand != INGEBOUWD:
        pytest.fail(f"PLEKREGIE_TEST_MODE={stand!r} kan nog niet; toegestaan: {INGEBOUWD}")
    opstelling = Ingebouwd(tmp_path_factory.mktemp("e2e") / "data")
    try:
        with Regio(opstelling) as regio:
            yield regio
    finally:
        opstelling.stop()


@pytest.fixture
def gekeurde_regio(regio: Regio, keuring: Keuring) -> Iterator[Regio]:
    """The same, with every message that it hands out held against the official schema."""
    regio.keuring = keuring
    yield regio
    regio.keuring = None
