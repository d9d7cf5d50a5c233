"""The all-in-one: four services, one process, SQLite files, an in-process bus — the same code as apart."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import MetaData, delete
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from uuid_utils.compat import uuid7

from deploy.front import front_routes, refused
from services.backoffice import app as backoffice
from services.backoffice import tables as backoffice_tables
from services.contractmanagement import app as contractmanagement
from services.contractmanagement import tables as contractmanagement_tables
from services.financien import app as financien
from services.financien import tables as financien_tables
from services.toegang import app as toegang
from services.toegang import tables as toegang_tables
from shared.bus.in_process import InProcessBus
from shared.database.migrations import upgrade
from shared.database.sqlite import SqliteDatabase
from shared.kernel.clock import SystemClock
from shared.privacy.vault import open_vault
from shared.runtime.service import Service, Surroundings, migrations_of
from shared.runtime.settings import Settings
from shared.web.identity import Issuer
from shared.web.problem import Problem


@dataclass(frozen=True, slots=True)
class Part:
    """How one service is built and where its schema lives."""

    name: str
    build: Callable[[Surroundings], Service]
    metadata: MetaData
    migrations: Path


PARTS = tuple(
    Part(module.NAME, module.build, tables.Base.metadata, migrations_of(str(module.__file__)))
    for module, tables in (
        (contractmanagement, contractmanagement_tables),
        (toegang, toegang_tables),
        (backoffice, backoffice_tables),
        (financien, financien_tables),
    )
)


def new_id() -> str:
    """A UUIDv7: sorts by time, so that lists and indexes grow at their end."""
    return str(uuid7())


def database_file(settings: Settings, name: str) -> Path:
    """One SQLite file per service."""
    return settings.data_dir / f"{name}.sqlite"


def migrate(settings: Settings, names: tuple[str, ...] = ()) -> dict[str, str | None]:
    """Bring the databases to the current schema; name → version."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return {
        part.name: upgrade(f"sqlite:///{database_file(settings, part.name)}", part.migrations)
        for part in PARTS
        if not names or part.name in names
    }


@dataclass(slots=True)
class AllInOne:
    """The running product."""

    settings: Settings
    issuer: Issuer
    clock: SystemClock
    services: dict[str, Service]
    app: Starlette

    async def start(self) -> None:
        """Start every service's background work. Nobody else runs on these data (`deploy.serving.alone`), so what a
        killed process still held of the schedules is free at once."""
        for service in self.services.values():
            await service.edge.database.execute(delete(service.edge.tables.lease))
        for service in self.services.values():
            await service.start()

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
        for service in self.services.values():
            await service.edge.database.close()


def build(settings: Settings) -> AllInOne:
    """Migrate, then put everything together (nothing runs yet)."""
    migrate(settings)
    clock = SystemClock(settings.vandaag)
    issuer = Issuer(settings.keys, clock)
    vault = open_vault(settings.keys)
    bus = InProcessBus()
    root: list[Starlette] = []

    def http() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=root[0], raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://plekregie")

    services: dict[str, Service] = {}
    for part in PARTS:
        database = SqliteDatabase(database_file(settings, part.name))
        around = Surroundings(settings, database, bus, clock, new_id, issuer, vault, http)
        services[part.name] = part.build(around)
    for service in services.values():
        service.connect(bus)
    product = AllInOne(settings, issuer, clock, services, Starlette())
    product.app = root_app(product)
    root.append(product.app)
    return product


def root_app(product: AllInOne) -> Starlette:
    """Every service under its base path, the front door at `/`."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Mounted apps don't run their own lifespan: the runtime starts and stops the services itself.
        await product.start()
        try:
            yield
        finally:
            await product.stop()

    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    for kind in (HTTPException, Problem):
        app.add_exception_handler(kind, refused)
    app.include_router(front_routes(product.settings, product.services))
    for service in product.services.values():
        app.mount(service.base, service.app)
    return app
