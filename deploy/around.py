"""What every process of Plekregie is made of, from its settings: databases, bus, clock, keys."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

import httpx
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from deploy.parts import NAMES, PARTS, Part, part_of
from shared.bus.in_process import InProcessBus
from shared.bus.kafka import KafkaBus
from shared.bus.port import Bus
from shared.database.engines import Address, address_of
from shared.database.peers import Peers
from shared.kernel.clock import SystemClock
from shared.privacy.vault import keys_present, open_vault
from shared.runtime.service import Service, Surroundings
from shared.runtime.settings import PREFIX, Settings
from shared.web.identity import Issuer
from shared.web.problem import Problem

SLOTS = 64  # workers of one service


class CanNotRun(Exception):
    """The settings, or what they point at, don't allow this; the text says what to do."""


def new_id() -> str:
    """A UUIDv7: sorts by time, so that lists and indexes grow at their end."""
    return str(uuid7())


def address(settings: Settings, name: str, *, owner: bool = False) -> Address:
    """Where a service's tables are."""
    return address_of(settings, name, owner=owner)


def address_here(settings: Settings, name: str) -> Address:
    """Where a service's tables are. Raises CanNotRun when there is no database: opening would make an empty one."""
    place = address(settings, name)
    if not place.made:
        setting = f"{PREFIX}{name.upper()}_DATABASE_URL"
        if any(address(settings, other).schema for other in NAMES):
            way_out = f"Zet {setting}. In containers: draai dit in een container van {name}."
        else:
            way_out = f"Maak haar met: plekregie migrate {name}. Of zeg met {setting} of {PREFIX}DATA_DIR waar ze is."
        raise CanNotRun(f"Hier is geen database van {name}. {way_out}")
    return place


def migrate(settings: Settings, names: tuple[str, ...] = ()) -> dict[str, str | None]:
    """Bring the databases to the current schema; name → version. Raises CanNotRun, StorageUnavailable."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    versions: dict[str, str | None] = {}
    for part in PARTS:
        if not names or part.name in names:
            try:
                versions[part.name] = address(settings, part.name, owner=True).migrate(part.migrations)
            except DBAPIError as error:
                raise CanNotRun(
                    f"Het schema van {part.name} kan niet worden bijgewerkt: {str(error.orig).splitlines()[0]} "
                    "Mag deze rol het schema wijzigen? Zo niet: zet PLEKREGIE_EIGENAAR_DATABASE_URL."
                ) from error
    return versions


class Makings:
    """What the services of one process share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = SystemClock(settings.vandaag)
        self.issuer = Issuer(settings.keys, self.clock)
        self.vault = open_vault(settings.keys)
        self._in_process = InProcessBus()

    def bus(self) -> Bus:
        """The bus of one service: on Kafka each has connections and a name of its own."""
        servers = self.settings.kafka_bootstrap_servers
        return KafkaBus(servers) if servers else self._in_process

    def around(self, part: Part, bus: Bus, http: Callable[[], httpx.AsyncClient]) -> Surroundings:
        """What one service is built with."""
        place = address(self.settings, part.name)
        return Surroundings(
            self.settings, place.open(), bus, self.clock, new_id, self.issuer, self.vault, http, place.peers()
        )


@contextlib.asynccontextmanager
async def opened(settings: Settings, name: str) -> AsyncIterator[Service]:
    """One service, of which nothing runs, beside a running product. It reaches no other service. Raises CanNotRun."""
    part = part_of(name)
    if not keys_present(settings.keys):
        raise CanNotRun(f"In {settings.keys} staan geen sleutels: hier is geen installatie.")
    address_here(settings, name)
    service = part.build(Makings(settings).around(part, InProcessBus(), httpx.AsyncClient))
    try:
        await service.app.state.readiness.check()
        await service.peers.start()
        yield service
    except Problem as problem:
        raise CanNotRun(f"{name}: {problem.detail}") from problem
    finally:
        await service.peers.stop()
        await service.edge.database.close()


async def take_name(bus: Bus, peers: Peers) -> str:
    """Take the lowest name that no other worker of this service has: after a restart the same one, so that Kafka gives
    back the same partitions. Raises StorageUnavailable, and CanNotRun when there are too many workers."""
    for number in range(1, SLOTS + 1):
        if await peers.hold(slot(str(number))):
            if isinstance(bus, KafkaBus):
                bus.instance = str(number)
            return str(number)
    raise CanNotRun(f"Er draaien al {SLOTS} workers van deze dienst.")


def slot(name: str) -> str:
    """What a worker of this name holds."""
    return f"worker/{name}"
