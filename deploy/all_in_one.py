"""The all-in-one: four services in one process — the same code as apart. Without further settings on SQLite files and
an in-process bus; the settings may name PostgreSQL and Kafka instead."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette

from deploy.around import Makings, migrate, take_name
from deploy.front import front_app
from deploy.parts import PARTS
from shared.bus.port import Bus
from shared.kernel.clock import SystemClock
from shared.outbox.catch_up import Side, catch_up
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.web.identity import Issuer

__all__ = ["PARTS", "AllInOne", "build", "database_file", "migrate"]


def database_file(settings: Settings, name: str) -> Path:
    """The SQLite file of a service in the embedded mode."""
    return settings.data_dir / f"{name}.sqlite"


@dataclass(slots=True)
class AllInOne:
    """The running product."""

    settings: Settings
    issuer: Issuer
    clock: SystemClock
    services: dict[str, Service]
    buses: dict[str, Bus]
    app: Starlette
    _connected: bool = field(default=False)

    async def start(self) -> None:
        """Start every service's background work: first everybody listens, then everybody speaks."""
        for name, service in self.services.items():
            await service.peers.start(service.wake)
            if not self._connected:
                await take_name(self.buses[name], service.peers)
                service.connect(self.buses[name])
        self._connected = True
        for bus in set(self.buses.values()):
            await bus.start()
        if not self.settings.kafka_bootstrap_servers:
            await self.catch_up()
        for service in self.services.values():
            await service.start()

    async def catch_up(self) -> None:
        """Let each service hear what was told before it listened, as Kafka would."""
        sides = {name: Side(service.edge.database, service.edge.tables) for name, service in self.services.items()}
        for name, service in self.services.items():
            if service.consumer is not None:
                await catch_up(service.consumer, sides[name], sides)

    async def settle(self) -> None:
        """Wait until nothing is under way between the services (tests, the demo loader)."""
        quiet = False
        while not quiet:
            quiet = True
            for service in self.services.values():
                async with service.edge.database.reading() as reader:
                    if await reader.one(service.relay.anything):
                        quiet = False
                if not quiet:
                    service.relay.wake()
                    await service.relay.idle()

    async def stop(self) -> None:
        """Stop in good order; what is under way is on disk and goes on at the next start."""
        for service in self.services.values():
            await service.stop()
        await asyncio.gather(*(bus.stop() for bus in set(self.buses.values())))
        for service in self.services.values():
            await service.peers.stop()
            await service.edge.database.close()


def build(settings: Settings) -> AllInOne:
    """Migrate, then put everything together (nothing runs yet). Raises CanNotRun, StorageUnavailable."""
    migrate(settings)
    makings = Makings(settings)
    root: list[Starlette] = []

    def http() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=root[0], raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://plekregie")

    buses = {part.name: makings.bus() for part in PARTS}
    services = {part.name: part.build(makings.around(part, buses[part.name], http)) for part in PARTS}
    product = AllInOne(settings, makings.issuer, makings.clock, services, buses, Starlette())
    product.app = root_app(product)
    root.append(product.app)
    return product


def root_app(product: AllInOne) -> FastAPI:
    """Every service under its base path, the front door at `/`."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Mounted apps don't run their own lifespan: the runtime starts and stops the services itself.
        await product.start()
        try:
            yield
        finally:
            await product.stop()

    return front_app(product.settings, product.services, lifespan)
