"""Financien put together on a real SQLite file, with a clock that stands where the test wants it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from sqlalchemy import Table, create_engine, select

from services.financien.afrekening.store import AFREKENING
from services.financien.app import build
from services.financien.betaalschema.store import TERMIJN
from services.financien.bezetting.store import CEL, LEVERING, MUTATIE
from services.financien.bijstelling.store import BIJSTELLING
from services.financien.overeenkomst.store import LIJN, OVEREENKOMST
from services.financien.prognose.store import PROGNOSE
from services.financien.tables import EVENT_TABLES, Base
from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.contracts.envelope import Contract, Envelope, pack, unpack
from shared.database.port import Database
from shared.database.sqlite import SqliteDatabase
from shared.privacy.vault import Vault, open_vault
from shared.runtime.service import Service, Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol
from tests.gedeelde_routes import met_bekende_routes

GEMEENTE, BUUR, AANBIEDER, ANDER, CODE = "0294", "1955", "42420001", "42420002", "54Z01"
EIGEN = (OVEREENKOMST, LIJN, TERMIJN, LEVERING, MUTATIE, CEL, PROGNOSE, BIJSTELLING, AFREKENING)
# Versions count how often something was written and `oorzaak` who was last: they may differ with the order.
VOLGORDELIJK = {"cel": {"versie"}, "lijn": {"versie"}, "prognose": {"versie", "oorzaak"}}


@dataclass
class Klok:
    """Stands still until a test moves it."""

    vandaag: date

    def now(self) -> datetime:
        return datetime(2026, 1, 1, 12, tzinfo=UTC)

    def today(self) -> date:
        return self.vandaag


@cache
def _leeg() -> tuple[Path, Issuer, Vault]:
    """A database with the schema, and the keys: made once, since both are slow to make."""
    folder = Path(mkdtemp())
    engine = create_engine(f"sqlite:///{folder / 'leeg.sqlite'}")
    with engine.begin() as connection:
        # The file keeps this mode: two first connections that both want to set it would lock each other out.
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    Base.metadata.create_all(engine)
    engine.dispose()
    return folder / "leeg.sqlite", Issuer(folder / "k", Klok(date(2026, 1, 1))), open_vault(folder / "k")


@dataclass
class Opstelling:
    """The service with its clock; `hoor` feeds it events, `als` calls it."""

    service: Service
    database: Database
    klok: Klok
    issuer: Issuer
    nummers: Any = field(default_factory=count)

    async def hoor(self, *events: Contract, nummer: str | None = None) -> None:
        """Deliver events as the bus would; with the same `nummer` it is the same event again."""
        consumer = self.service.consumer
        assert consumer is not None
        for event in events:
            value = pack(event, id=nummer or f"g{next(self.nummers)}", source="test", time=self.klok.now(), cause=None)
            await consumer.deliver([Record(event.TOPIC, event.aggregate(), value)])
        assert await self.rijen(EVENT_TABLES.parked) == []

    def als(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> httpx.AsyncClient:
        token = self.issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder, uren=24 * 9999)
        transport = httpx.ASGITransport(app=self.service.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://financien", headers={"authorization": f"Bearer {token}"}
        )

    @property
    def controller(self) -> httpx.AsyncClient:
        return self.als(Rol.CONTROLLER, gemeente=GEMEENTE)

    @property
    def aanbieder(self) -> httpx.AsyncClient:
        return self.als(Rol.AANBIEDER, aanbieder=AANBIEDER)

    async def rijen(self, table: Table) -> list[dict[str, Any]]:
        async with self.database.reading() as reader:
            return [row._asdict() for row in await reader.select(select(table).order_by(*table.primary_key.columns))]

    async def gepubliceerd(self, *soorten: type[Contract]) -> list[Envelope]:
        gevonden = [unpack(row["inhoud"]) for row in await self.rijen(EVENT_TABLES.outbox)]
        return [envelope for envelope in gevonden if not soorten or envelope.type in {s.TYPE for s in soorten}]

    async def stand(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that must not depend on the order of events."""
        return {
            table.name: [
                {k: v for k, v in row.items() if k not in VOLGORDELIJK.get(table.name, ())}
                for row in await self.rijen(table)
                if row.get("aantal") != 0
            ]
            for table in EIGEN
        }


@asynccontextmanager
async def opgesteld(folder: Path, vandaag: date) -> AsyncIterator[Opstelling]:
    leeg, _, _ = _leeg()
    shutil.copy(leeg, folder / "financien.sqlite")
    async with op_database(SqliteDatabase(folder / "financien.sqlite"), vandaag) as made:
        yield made


@asynccontextmanager
async def op_database(database: Database, vandaag: date) -> AsyncIterator[Opstelling]:
    """On a database that has the schema, whichever engine; closed afterwards."""
    _, issuer, vault = _leeg()
    klok = Klok(vandaag)
    nummers = (f"n{nummer:06d}" for nummer in count())
    around = Surroundings(
        load_settings({}), database, InProcessBus(), klok, lambda: next(nummers), issuer, vault, httpx.AsyncClient
    )
    service = met_bekende_routes(build(around))
    try:
        yield Opstelling(service, database, klok, issuer)
    finally:
        await service.stop()
        await database.close()


async def vastgesteld(
    financien: Opstelling, identity: str, *, gemeente: str = GEMEENTE, aanbieder: str = AANBIEDER, sleutel: str = "1"
) -> httpx.Response:
    """Send a settlement, let the aanbieder agree, and fix it; what is too much is claimed back. The answer is that of
    the first step that was refused, else of the last."""
    controller = financien.als(Rol.CONTROLLER, gemeente=gemeente)
    akkoord = {"reactie": "akkoord"}
    for wie, stap, inhoud in (
        (controller, "verzending", {}),
        (financien.als(Rol.AANBIEDER, aanbieder=aanbieder), "reactie", akkoord),
        (controller, "vaststelling", {"verrekening": "terugvorderen"}),
    ):
        kop = {"Idempotency-Key": f"{sleutel}-{stap}"}
        antwoord = await wie.post(f"/afrekeningen/{identity}/{stap}", json=inhoud, headers=kop)
        if antwoord.status_code != 200:
            break
    return antwoord


def overeenkomst(
    *regels: dict[str, Any],
    id: str = "o1",
    versie: int = 1,
    aanbieder: str = AANBIEDER,
    begindatum: date = date(2026, 1, 1),
    einddatum: date = date(2026, 12, 31),
    **instellingen: object,
) -> OvereenkomstVastgesteld:
    return OvereenkomstVastgesteld.of_values(
        {
            "overeenkomst": id,
            "versie": versie,
            "aanbieder": {"agbCode": aanbieder, "naam": "De Plek"},
            "begindatum": begindatum,
            "einddatum": einddatum,
            "instellingen": instellingen,
            "regels": list(regels) or [regel()],
        }
    )


def regel(
    plekken: str = "10",
    prijs: str = "12000.00",
    *,
    gemeente: str | None = GEMEENTE,
    subsegment: str = CODE,
    vanaf: date = date(2026, 1, 1),
    verdeelsleutel: dict[str, str] | None = None,
    daarna: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    return {
        "gemeente": None if verdeelsleutel else gemeente,
        "subsegment": subsegment,
        "versies": [versie(vanaf, plekken, prijs, verdeelsleutel), *daarna],
    }


def versie(vanaf: date, plekken: str, prijs: str, verdeelsleutel: dict[str, str] | None = None) -> dict[str, Any]:
    return {"vanaf": vanaf, "plekken": plekken, "prijsPerPlek": prijs, "verdeelsleutel": verdeelsleutel}


Periode = tuple[date, date | None, bool, date | None]


def levering(
    *perioden: Periode,
    id: str = "l1",
    versie: int = 1,
    aanbieder: str = AANBIEDER,
    gemeente: str = GEMEENTE,
    subsegment: str = CODE,
    einde: date | None = None,
    vervallen: bool = False,
) -> LeveringGewijzigd:
    return LeveringGewijzigd.of_values(
        {
            "levering": id,
            "versie": versie,
            "toewijzingNummer": "1",
            "client": "c1",
            "wet": "jeugdwet",
            "gemeente": gemeente,
            "aanbieder": aanbieder,
            "subsegment": subsegment,
            "ingangsdatum": None,
            "einddatumToewijzing": einde,
            "vervallen": vervallen,
            "perioden": [
                {"begindatum": begin, "einddatum": eind, "tijdelijk": tijdelijk, "definitief": definitief}
                for begin, eind, tijdelijk, definitief in perioden
            ],
        }
    )


def van_tot(begin: date, eind: date | None = None) -> Periode:
    return (begin, eind, False, None)
