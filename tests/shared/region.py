"""toegang and backoffice in one process, as the all-in-one runs them, on a clock that stands where a test puts it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from sqlalchemy import MetaData
from starlette.applications import Starlette

from services.backoffice import app as backoffice
from services.backoffice.tables import Base as BackofficeBase
from services.toegang import app as toegang
from services.toegang.tables import Base as ToegangBase
from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.envelope import Contract, pack
from shared.database.sqlite import SqliteDatabase
from shared.privacy.vault import Vault, open_vault
from shared.runtime.service import Service, Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol
from tests.gedeelde_routes import met_bekende_routes
from tests.shared.things import GEDULD, HandClock, Ids, make_schema

BSN, OTHER_BSN = "999900006", "999900018"
GEMEENTE, AANBIEDER, CODE = "0294", "42420001", "54Z01"
PARTS: dict[str, tuple[Callable[[Surroundings], Service], MetaData]] = {
    "toegang": (toegang.build, ToegangBase.metadata),
    "backoffice": (backoffice.build, BackofficeBase.metadata),
}
INDICATIE: dict[str, Any] = {
    "client": {
        "bsn": BSN,
        "geboortedatum": "2010-02-14",
        "geslacht": "1",
        "achternaam": "Wit",
        "contact": [
            {
                "soort": "01",
                "straatnaam": "Dorp",
                "huisnummer": 9,
                "postcode": "7101AA",
                "plaatsnaam": "Winterswijk",
                "land": "NL",
            }
        ],
    },
    "wet": "jeugdwet",
    "gemeente": GEMEENTE,
    "subsegment": CODE,
    "aanbieder": AANBIEDER,
    "ingangsdatum": "2026-01-01",
    "einddatum": "2026-12-31",
    "resultaatafspraken": ["Gaat weer naar school"],
    "evaluatiemomenten": ["2026-05-01"],
}
SUBSEGMENT = SubsegmentVastgesteld(
    code=CODE,
    versie=1,
    naam="Verblijf",
    segment="Jeugd",
    wet="jeugdwet",
    productcategorie="54",
    bekostiging="lumpsum",
    met_toewijzing=True,
)


@cache
def keys() -> Path:
    """Keys of an installation, made once: making them is slow."""
    folder = Path(mkdtemp()) / "keys"
    open_vault(folder)
    Issuer(folder, HandClock())
    return folder


def but(body: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A body with other top-level fields."""
    return {**body, **changes}


def of_client(**changes: Any) -> dict[str, Any]:
    """The indicatie with other client data."""
    return but(INDICATIE, client={**INDICATIE["client"], **changes})


@dataclass
class Region:
    """What runs, and how to call it."""

    clock: HandClock
    issuer: Issuer
    vault: Vault
    bus: InProcessBus
    folder: Path
    root: Starlette = field(default_factory=Starlette)
    services: dict[str, Service] = field(default_factory=dict)
    new_id: Ids = field(default_factory=Ids)

    def http(self, token: str | None = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.root, raise_app_exceptions=False)
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://plekregie", headers=headers)

    def als(self, rol: Rol, *, gebruiker: str | None = None, **organisation: str) -> httpx.AsyncClient:
        return self.http(self.issuer.token(rol, gebruiker=gebruiker, **organisation))  # type: ignore[arg-type]

    @property
    def consulent(self) -> httpx.AsyncClient:
        return self.als(Rol.CONSULENT, gemeente=GEMEENTE)

    @property
    def backoffice(self) -> httpx.AsyncClient:
        return self.als(Rol.BACKOFFICE, gemeente=GEMEENTE)

    @property
    def aanbieder(self) -> httpx.AsyncClient:
        return self.als(Rol.AANBIEDER, aanbieder=AANBIEDER)

    def database(self, name: str) -> SqliteDatabase:
        database = self.services[name].edge.database
        assert isinstance(database, SqliteDatabase)
        return database

    async def tell(self, event: Contract) -> None:
        """An event of a service that does not run here."""
        value = pack(event, id=self.new_id(), source="urn:test", time=self.clock.now(), cause=None)
        await self.bus.publish([Record(event.TOPIC, event.aggregate(), value)])


@asynccontextmanager
async def region(folder: Path, *names: str, started: bool = True) -> AsyncIterator[Region]:
    """Put the named services together (all when none is named)."""
    clock = HandClock()
    made = Region(clock, Issuer(keys(), clock), open_vault(keys()), InProcessBus(), folder)
    for name in names or PARTS:
        build, metadata = PARTS[name]
        make_schema(folder / f"{name}.sqlite", metadata)
        database = SqliteDatabase(folder / f"{name}.sqlite")
        around = Surroundings(
            load_settings({}), database, made.bus, clock, made.new_id, made.issuer, made.vault, made.http
        )
        service = made.services[name] = met_bekende_routes(build(around))
        made.root.mount(service.base, service.app)
        service.connect(made.bus)
    for service in made.services.values():
        if started:
            await service.start()
    try:
        yield made
    finally:
        for service in made.services.values():
            await service.stop()
            await service.edge.database.close()


async def until(holds: Callable[[], Awaitable[Any]]) -> Any:
    """Wait for what happens in the background; its first true value."""
    async with asyncio.timeout(GEDULD):
        while not (found := await holds()):  # noqa: ASYNC110  # it looks from outside: there is no event to wait for
            await asyncio.sleep(0.01)
        return found
