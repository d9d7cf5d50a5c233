"""The whole service around a real SQLite file: called over HTTP, fed with events as bytes; nothing is faked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, select
from uuid_utils.compat import uuid7

from services.contractmanagement import app, tables
from services.contractmanagement.signaal.dagwissel import wissel_dag
from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.contracts.backoffice import LeveringGewijzigd, Leveringsperiode
from shared.contracts.contractmanagement import (
    GemeenteVastgesteld,
    OvereenkomstVastgesteld,
    SignaalGewijzigd,
    SubsegmentVastgesteld,
)
from shared.contracts.envelope import Contract, Envelope, pack, unpack
from shared.database.port import Database
from shared.database.sqlite import SqliteDatabase
from shared.kernel.clock import SystemClock
from shared.privacy.vault import open_vault
from shared.runtime.service import Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol
from tests.gedeelde_routes import met_bekende_routes

CONTRACTS = (SubsegmentVastgesteld, OvereenkomstVastgesteld, GemeenteVastgesteld, SignaalGewijzigd)
TOPICS = frozenset(contract.TOPIC for contract in CONTRACTS)
AANBIEDER, GEMEENTE, SUBSEGMENT = "42420001", "0294", "54Z01"
Periode = tuple[str, str | None] | tuple[str, str | None, bool] | tuple[str, str | None, bool, str | None]


def maak_leeg(file: Path) -> None:
    """A database file with the schema and nothing in it."""
    engine = create_engine(f"sqlite:///{file}")
    tables.Base.metadata.create_all(engine)
    engine.dispose()


class Omgeving:
    """One installation of contractmanagement, with a calendar that a test may turn."""

    def __init__(self, database: Path | Database, keys: Path, vandaag: date) -> None:
        """On a SQLite file, or on any database that has the schema."""
        self.clock = SystemClock(vandaag)
        self.issuer = Issuer(keys, self.clock)
        self.bus = InProcessBus()
        self.gepubliceerd: list[Envelope] = []
        self.database = SqliteDatabase(database) if isinstance(database, Path) else database
        new_id: Callable[[], str] = lambda: str(uuid7())  # noqa: E731
        around = Surroundings(
            load_settings({}),
            self.database,
            self.bus,
            self.clock,
            new_id,
            self.issuer,
            open_vault(keys),
            lambda: httpx.AsyncClient(),
        )
        self.service = met_bekende_routes(app.build(around))
        self.bus.subscribe("test", TOPICS, self._onthoud)
        self.service.connect(self.bus)
        self._nummers = count(1)

    async def _onthoud(self, records: Sequence[Record]) -> None:
        self.gepubliceerd += [unpack(record.value) for record in records]

    def als(self, rol: Rol, **organisatie: str) -> httpx.AsyncClient:
        """A client with a token of this role."""
        transport = httpx.ASGITransport(app=self.service.app, raise_app_exceptions=False)
        token = self.issuer.token(rol, **organisatie)  # type: ignore[arg-type]  # gemeente or aanbieder
        headers = {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://cm", headers=headers)

    @property
    def manager(self) -> httpx.AsyncClient:
        return self.als(Rol.CONTRACTMANAGER)

    async def rond(self) -> None:
        """Carry all events, those that come of them included."""
        while await self.service.relay.carry():
            pass

    async def subsegment(self, code: str = SUBSEGMENT) -> None:
        answer = await self.manager.put(f"/subsegmenten/{code}", json=subsegment(productcategorie=code[:2]))
        assert answer.status_code in (200, 201), answer.text

    async def sluit(self, *regels: dict[str, Any], **velden: Any) -> dict[str, Any]:
        """Conclude a contract and let its events work through; its answer."""
        answer = await self.manager.post("/overeenkomsten", json=overeenkomst(*regels, **velden))
        assert answer.status_code == 201, answer.text
        await self.rond()
        made: dict[str, Any] = answer.json()
        return made

    async def wijzig(self, identity: str, ingangsdatum: str, *regels: dict[str, Any]) -> httpx.Response:
        body = {"ingangsdatum": ingangsdatum, "regels": list(regels)}
        answer = await self.manager.post(f"/overeenkomsten/{identity}/wijzigingen", json=body)
        await self.rond()
        return answer

    def pak(self, event: Contract, identity: str | None = None) -> Record:
        """An event as another service would send it."""
        identity = identity or f"gebeurtenis-{next(self._nummers)}"
        packed = pack(event, id=identity, source="urn:test", time=datetime.now(UTC), cause=None)
        return Record(event.TOPIC, event.aggregate(), packed)

    async def lever(self, *events: LeveringGewijzigd) -> None:
        """Deliver leveringen and let what comes of them work through; nothing may be parked."""
        await self.service.consumer.deliver([self.pak(event) for event in events])  # type: ignore[union-attr]
        await self.rond()
        assert await self.rijen("geparkeerd") == []

    async def turn_to(self, dag: date) -> int:
        """Turn the calendar and do what the schedule does."""
        self.clock.fixed_today = dag
        done = await wissel_dag(self.service.edge)
        await self.rond()
        return done

    async def lees(self, pad: str, client: httpx.AsyncClient | None = None) -> list[dict[str, Any]]:
        answer = await (client or self.manager).get(pad)
        assert answer.status_code == 200, answer.text
        resultaten: list[dict[str, Any]] = answer.json()["resultaten"]
        return resultaten

    async def rijen(self, table: str, *zonder: str) -> list[dict[str, Any]]:
        """All rows of a table, sorted, without some columns."""
        statement = select(tables.Base.metadata.tables[table])
        async with self.database.reading() as reader:
            rows = [row._asdict() for row in await reader.select(statement)]
        return sorted(({k: v for k, v in row.items() if k not in zonder} for row in rows), key=repr)

    def events(self, contract: type[Contract]) -> list[dict[str, Any]]:
        """What was published of a type, in order."""
        return [contract.read(told.data).as_values() for told in self.gepubliceerd if told.type == contract.TYPE]


def subsegment(**velden: Any) -> dict[str, Any]:
    """A body that is right, but for what is named."""
    return {
        "naam": "Jeugd-ggz",
        "segment": "Behandeling",
        "wet": "jeugdwet",
        "productcategorie": "54",
        "bekostiging": "lumpsum",
        "metToewijzing": True,
        **velden,
    }


def regel(gemeente: str | None = GEMEENTE, plekken: str = "10", **velden: Any) -> dict[str, Any]:
    """A contract line."""
    basis = {"gemeente": gemeente, "subsegment": SUBSEGMENT, "plekken": plekken, "prijsPerPlek": "38500.00"}
    return {**basis, **velden}


def regionaal(plekken: str = "10", **sleutel: str) -> dict[str, Any]:
    """A line for the region: `regionaal("10", g0294="0.4", g0197="0.6")`."""
    return regel(None, plekken, verdeelsleutel={naam[1:]: aandeel for naam, aandeel in sleutel.items()})


def overeenkomst(*regels: dict[str, Any], **velden: Any) -> dict[str, Any]:
    """A contract for 2026, of one line unless lines are given."""
    return {
        "aanbieder": {"agbCode": velden.pop("agb", AANBIEDER), "naam": "De Zorgboom"},
        "begindatum": "2026-01-01",
        "einddatum": "2026-12-31",
        "regels": list(regels) or [regel()],
        **velden,
    }


def levering(
    identity: str, *perioden: Periode, versie: int = 1, einde: str | None = "2027-12-31", **velden: Any
) -> LeveringGewijzigd:
    """A levering: periods as (begin, end or None, temporary, definitive)."""
    waarden = {
        "levering": identity,
        "versie": versie,
        "toewijzing_nummer": "1",
        "client": "pseudoniem",
        "wet": "jeugdwet",
        "gemeente": GEMEENTE,
        "aanbieder": AANBIEDER,
        "subsegment": SUBSEGMENT,
        "ingangsdatum": date.fromisoformat(perioden[0][0]) if perioden else None,
        "einddatum_toewijzing": date.fromisoformat(einde) if einde else None,
        "perioden": [
            Leveringsperiode(
                begindatum=date.fromisoformat(p[0]),
                einddatum=date.fromisoformat(p[1]) if p[1] else None,
                tijdelijk=p[2] if len(p) > 2 else False,
                definitief=date.fromisoformat(p[3]) if len(p) > 3 and p[3] else None,
            )
            for p in perioden
        ],
        **velden,
    }
    return LeveringGewijzigd(**waarden)
