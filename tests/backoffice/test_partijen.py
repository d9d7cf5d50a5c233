"""Messages go by codes; people read who sent them and who gets them, and find them by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from lxml import html
from sqlalchemy import create_engine
from uuid_utils.compat import uuid7

from services.backoffice import app
from services.backoffice.bericht.rules import Richting, Status
from services.backoffice.bericht.store import BERICHT
from services.backoffice.partij.handlers import alle_namen
from services.backoffice.tables import EVENT_TABLES, Base
from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.contracts.contractmanagement import GemeenteVastgesteld, OvereenkomstVastgesteld
from shared.contracts.envelope import Contract, pack
from shared.database.changeset import Changeset
from shared.database.sqlite import SqliteDatabase
from shared.kernel.clock import SystemClock
from shared.pages.session import COOKIE
from shared.privacy.vault import open_vault
from shared.runtime.service import Service, Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol
from tests.shared.things import rows

LINDE, BOLWERK, GEMEENTE, BUUR = "42420001", "42420002", "0294", "1955"
MOMENT = datetime(2026, 5, 15, 10, tzinfo=UTC)


class Backoffice:
    """The service on a SQLite file: it hears events, and shows its pages to a clerk."""

    def __init__(self, folder: Path) -> None:
        engine = create_engine(f"sqlite:///{folder / 'backoffice.sqlite'}")
        Base.metadata.create_all(engine)
        engine.dispose()
        self.database, clock = SqliteDatabase(folder / "backoffice.sqlite"), SystemClock()
        self.issuer = Issuer(folder, clock)
        around = Surroundings(
            *(load_settings({}), self.database, InProcessBus(), clock, lambda: str(uuid7())),
            *(self.issuer, open_vault(folder), httpx.AsyncClient),
        )
        self.service: Service = app.build(around)

    async def hoor(self, *events: Contract) -> None:
        assert self.service.consumer is not None
        for event in events:
            value = pack(event, id=str(uuid7()), source="test", time=MOMENT, cause=None)
            await self.service.consumer.deliver([Record(event.TOPIC, event.aggregate(), value)])
        assert await rows(self.database, EVENT_TABLES.parked) == []

    async def bewaar(self, *berichten: tuple[str, str | None, str | None]) -> None:
        """Messages: id, from, to."""
        changes = Changeset()
        for identity, van, aan in berichten:
            leeg: dict[str, Any] = {kolom.name: None for kolom in BERICHT.c if kolom.nullable}
            gegeven = {"id": identity, "van": van, "aan": aan, "soort": "JW305", "identificatie": f"I{identity}"}
            vast = {"richting": str(Richting.IN), "status": str(Status.GOEDGEKEURD), "tijdstip": MOMENT}
            rest = {"inhoud": b"", "vingerafdruk": identity, "lengte": 0, "retourcodes": [], "fouten": []}
            changes.insert(BERICHT, **{**leeg, **gegeven, **vast, **rest, "beller": "iemand", "versie": 1})
        await self.database.commit(changes)

    async def blad(self, pad: str) -> Any:
        """A page as a clerk of the gemeente sees it."""
        assert self.service.pages is not None
        token = self.issuer.token(Rol.BACKOFFICE, gemeente=GEMEENTE)
        transport = httpx.ASGITransport(app=self.service.pages)
        kop = {"accept": "text/html"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bladen", headers=kop, cookies={COOKIE: token}
        ) as http:
            antwoord = await http.get(pad)
        assert antwoord.status_code == 200, antwoord.text
        return html.fromstring(antwoord.text)

    async def rijen(self, zoek: str = "") -> list[tuple[str, str]]:
        """From and to of every message found."""
        gevonden = (await self.blad(f"/berichten?zoek={zoek}")).xpath("//tbody/tr")
        return [(rij[3].text_content().strip(), rij[4].text_content().strip()) for rij in gevonden]


@pytest_asyncio.fixture
async def backoffice(tmp_path: Path) -> AsyncIterator[Backoffice]:
    made = Backoffice(tmp_path)
    yield made
    await made.database.close()


def contract(id: str, naam: str, *, versie: int = 1, aanbieder: str = LINDE) -> OvereenkomstVastgesteld:
    return OvereenkomstVastgesteld.of_values(
        {
            "overeenkomst": id,
            "versie": versie,
            "aanbieder": {"agbCode": aanbieder, "naam": naam},
            "begindatum": date(2026, 1, 1),
            "einddatum": date(2026, 12, 31),
            "instellingen": {},
            "regels": [],
        }
    )


NAMEN = (
    contract("o1", "De Linde"),
    contract("o2", "Het Bolwerk", aanbieder=BOLWERK),
    GemeenteVastgesteld(code=GEMEENTE, versie=1, naam="Oostvoorne"),
)


async def test_the_list_shows_names_and_one_message_also_the_codes(backoffice: Backoffice) -> None:
    await backoffice.bewaar(("b1", LINDE, GEMEENTE), ("b2", GEMEENTE, BOLWERK))
    assert await backoffice.rijen() == [(GEMEENTE, BOLWERK), (LINDE, GEMEENTE)], "as long as there are no names"
    await backoffice.hoor(*NAMEN)
    assert await backoffice.rijen() == [("Oostvoorne", "Het Bolwerk"), ("De Linde", "Oostvoorne")]
    feiten = [dd.text_content() for dd in (await backoffice.blad("/berichten/b1")).xpath("//dl/dd")]
    assert feiten[1:3] == [f"De Linde ({LINDE})", f"Oostvoorne ({GEMEENTE})"]


async def test_a_message_is_found_by_a_part_of_a_name_and_still_by_the_code(backoffice: Backoffice) -> None:
    await backoffice.bewaar(("b1", LINDE, GEMEENTE), ("b2", GEMEENTE, BOLWERK), ("b3", None, GEMEENTE))
    await backoffice.hoor(*NAMEN)
    assert await backoffice.rijen("linde") == [("De Linde", "Oostvoorne")]
    assert await backoffice.rijen(BOLWERK) == [("Oostvoorne", "Het Bolwerk")]
    assert await backoffice.rijen("niemand") == []
    assert await backoffice.rijen("Ib3") == [("–", "Oostvoorne")]


@pytest.mark.parametrize("volgorde", list(permutations(range(3))))
async def test_the_newest_contract_in_its_highest_version_names_an_aanbieder(
    backoffice: Backoffice, volgorde: tuple[int, ...]
) -> None:
    gehoord = (contract("o1", "Oud"), contract("o2", "Nieuw", versie=1), contract("o2", "Nieuwer", versie=2))
    await backoffice.hoor(*(gehoord[n] for n in volgorde))
    async with backoffice.database.reading() as reader:
        assert (await alle_namen(reader)).aanbieders == {LINDE: "Nieuwer"}


async def test_an_older_version_of_a_gemeente_changes_nothing(backoffice: Backoffice) -> None:
    versies = [GemeenteVastgesteld(code=BUUR, versie=n, naam=f"Naam {n}") for n in (1, 3, 2)]
    await backoffice.hoor(*versies)
    async with backoffice.database.reading() as reader:
        assert (await alle_namen(reader)).gemeenten == {BUUR: "Naam 3"}
