"""Fixtures of the end-to-end tests. What depends on `stand` runs in both modes."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.distributed import kafka, postgres_server
from tests.e2e.broker import broker_voor_installatie
from tests.e2e.keuring import Keuring
from tests.e2e.ondergrond import Ondergrond, ondergrond
from tests.e2e.opstelling import Ingebouwd, Opstelling
from tests.e2e.regio import Regio
from tests.e2e.verspreid import verspreid

INGEBOUWD, VERSPREID = "ingebouwd", "verspreid"
STANDEN = (INGEBOUWD, pytest.param(VERSPREID, marks=pytest.mark.distributed))

KETEN = "test_keten.py"  # the one story that make check tells as well


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts the product, so it is slow: make test runs it all, make check the chain alone."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name != KETEN:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", params=STANDEN)
def stand(request: pytest.FixtureRequest) -> str:
    """`ingebouwd`: one process, SQLite. `verspreid`: PostgreSQL and Kafka."""
    return str(request.param)


@pytest.fixture(scope="session")
def keuring(gedeeld: Path) -> Keuring:
    """The official schemas; skipped, or failed in CI, by `gedeeld` when they are absent."""
    return Keuring(gedeeld)


class Servers:
    """What distributed installations need, started when first asked for; without it the test is skipped, naming how to
    add it."""

    def __init__(self, map: Path, stack: ExitStack) -> None:
        self._map = map
        self._stack = stack
        self._beheer = ""
        self._aantal = 0

    def ondergrond(self, stack: ExitStack) -> Ondergrond:
        """For one more installation, until `stack` ends."""
        try:
            if not self._beheer:
                self._beheer = self._stack.enter_context(postgres_server.postgres_server())
            bootstrap = stack.enter_context(broker_voor_installatie())
        except (kafka.NoServer, postgres_server.NoServer) as missing:
            pytest.skip(str(missing))
        self._aantal += 1
        return stack.enter_context(ondergrond(self._map / str(self._aantal), self._beheer, bootstrap))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(tmp_path_factory.mktemp("verspreid"), stack)


class Regios:
    """The shared product of each mode, made when first asked for and kept: going from one mode to the other and back
    must not start it again."""

    def __init__(self, map: Path, servers: Servers, stack: ExitStack) -> None:
        self._map = map
        self._servers = servers
        self._stack = stack
        self._gemaakt: dict[str, Regio] = {}

    def van(self, stand: str) -> Regio:
        if stand not in self._gemaakt:
            self._gemaakt[stand] = self._stack.enter_context(Regio(self._opstelling(stand)))
        return self._gemaakt[stand]

    def _opstelling(self, stand: str) -> Opstelling:
        if stand == VERSPREID:
            return self._stack.enter_context(verspreid(self._servers.ondergrond(self._stack)))
        opstelling = Ingebouwd(self._map / "data")
        self._stack.callback(opstelling.stop)
        return opstelling


@pytest.fixture(scope="session")
def regios(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Regios]:
    with ExitStack() as stack:
        yield Regios(tmp_path_factory.mktemp("e2e"), servers, stack)


@pytest.fixture(scope="session")
def regio(stand: str, regios: Regios) -> Regio:
    """The running product. Tests share it: each takes its own gemeenten and aanbieders."""
    return regios.van(stand)


@pytest.fixture
def gekeurde_regio(regio: Regio, keuring: Keuring) -> Iterator[Regio]:
    """The same, with every message that it hands out held against the official schema."""
    regio.keuring = keuring
    yield regio
    regio.keuring = None
