"""Whatever value a call holds, the answer is one of ours: what one engine can't store is refused on both.

Each place in the body of every operation that takes JSON gets each ugly value, each query parameter and each part of a
path too; the values that are taken go all the way, to the readers of the events and back out over the lists.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared.web.identity import GEMEENTE_ROLES, Rol
from tests.distributed.postgres_server import NoServer, postgres_server
from tests.e2e.lelijk import WAARDEN, Aanroep, aanroepen, rol_voor, uit_schema
from tests.e2e.ondergrond import ondergrond
from tests.e2e.opstelling import Ingebouwd
from tests.e2e.regio import CM, FI, Json, Regio
from tests.e2e.test_toegang_tot_routes import DIENSTEN, MAG, PROBLEEM, Huis, maak_huis

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.distributed))
TEKSTEN = tuple(str(waarde) for waarde in WAARDEN if isinstance(waarde, str | int | float) and waarde != "\ud800")


class Streek(NamedTuple):
    """The product, what belongs to one gemeente and provider, and the calls that can be made on that."""

    product: Ingebouwd
    regio: Regio
    huis: Huis
    documenten: dict[str, Json]
    soorten: dict[str, Json]

    def token(self, rol: Rol) -> str:
        wie = {
            "gemeente": self.huis.gemeente if rol in GEMEENTE_ROLES else None,
            "aanbieder": self.huis.aanbieder if rol is Rol.AANBIEDER else None,
        }
        return self.regio.token(rol, **wie)

    def doe(self, aanroep: Aanroep) -> httpx.Response:
        # Escaped: httpx would refuse to send half a pair as UTF-8.
        inhoud = json.dumps(aanroep.inhoud).encode()
        kop = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token(aanroep.rol)}"}
        kop["Idempotency-Key"] = str(next(self.regio._berichten))
        return self.regio.http.request(aanroep.methode, aanroep.pad, content=inhoud, headers=kop)

    def haal(self, rol: Rol, pad: str, **params: str) -> httpx.Response:
        return self.regio.http.get(pad, params=params, headers={"Authorization": f"Bearer {self.token(rol)}"})

    def operaties(self) -> Iterator[tuple[str, str, Json]]:
        for dienst, paden in self.documenten.items():
            for pad, werkwoorden in paden.items():
                for methode, operatie in werkwoorden.items():
                    yield methode.upper(), f"{dienst}{pad}", operatie


@pytest.fixture(scope="module", params=ENGINES)
def streek(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streek]:
    """The product on this engine, everything in one process."""
    map = tmp_path_factory.mktemp("lelijk")
    if request.param == "sqlite":
        yield from _streek(map, None)
        return
    try:
        with postgres_server() as beheer, ondergrond(map, beheer, "", topics=False) as onder:
            yield from _streek(map, onder.diensten(kafka=False))
    except NoServer as missing:
        pytest.skip(str(missing))


def _streek(map: Path, instellingen: dict[str, str] | None) -> Iterator[Streek]:
    product = Ingebouwd(map / "data", instellingen=instellingen)
    try:
        with Regio(product) as regio:
            regio.subsegment("54Z02")
            alles = {dienst: regio.http.get(f"{dienst}/openapi.json").json() for dienst in DIENSTEN}
            paden = {dienst: document["paths"] for dienst, document in alles.items()}
            soorten = {dienst.split("/")[1]: document["components"]["schemas"] for dienst, document in alles.items()}
            yield Streek(product, regio, maak_huis(regio), paden, soorten)
    finally:
        product.stop()


def goed_antwoord(antwoord: httpx.Response, wat: object) -> None:
    """Not our trouble; a refusal says what it is."""
    assert antwoord.status_code < 500, f"{wat}: {antwoord.status_code} {antwoord.text[:300]}"
    if antwoord.status_code >= 400:
        assert antwoord.headers["content-type"] == PROBLEEM, wat
        assert antwoord.json()["detail"], wat


def alle_aanroepen(streek: Streek) -> dict[tuple[str, str], Aanroep]:
    """Every operation that takes JSON; of one without an example, a call as its schema says."""
    geschreven = aanroepen(streek.regio, streek.huis)
    gevonden = {}
    for methode, pad, operatie in streek.operaties():
        soort = operatie.get("requestBody", {}).get("content", {}).get("application/json")
        if soort is not None:
            inhoud = uit_schema(streek.soorten[pad.split("/")[1]], soort["schema"])
            gemaakt = Aanroep(rol_voor(methode, pad), methode, vul(pad, streek.huis.gemeente), inhoud)
            gevonden[methode, pad] = geschreven.get((methode, pad), gemaakt)
    assert geschreven.keys() <= gevonden.keys(), "an example of an operation that is not there"
    return gevonden


def test_no_value_anywhere_in_a_body_is_a_mishap(streek: Streek) -> None:
    gelukt = set()
    for (methode, pad), aanroep in alle_aanroepen(streek).items():
        for plek in aanroep.plekken():
            for waarde in WAARDEN:
                antwoord = streek.doe(aanroep.met(plek, waarde))
                goed_antwoord(antwoord, (aanroep.pad, plek, waarde))
                if antwoord.status_code < 300:
                    gelukt.add((methode, pad))
    assert len(gelukt) > 5, "what is refused at once says little about the database"


def test_no_two_values_in_a_body_are_a_mishap(streek: Streek) -> None:
    mogelijk = [
        (aanroep, plek)
        for aanroep in alle_aanroepen(streek).values()
        for plek in aanroep.plekken()
        if len(aanroep.plekken()) > 1
    ]

    @settings(max_examples=300, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(mogelijk), st.data())
    def probeer(eerste: tuple[Aanroep, tuple[str | int, ...]], data: st.DataObject) -> None:
        aanroep, plek = eerste
        waarden = st.sampled_from(WAARDEN) | st.text(max_size=40) | st.integers() | st.dates().map(str)
        ander = data.draw(st.sampled_from(aanroep.plekken()[1:]))
        gemaakt = aanroep.met(ander, data.draw(waarden)).met(plek, data.draw(waarden))
        goed_antwoord(streek.doe(gemaakt), gemaakt)

    probeer()


def test_no_query_is_a_mishap(streek: Streek) -> None:
    for methode, pad, operatie in streek.operaties():
        for parameter in operatie.get("parameters", ()):
            if parameter["in"] == "query":
                for tekst in TEKSTEN:
                    antwoord = streek.haal(rol_voor(methode, pad), vul(pad, "x"), **{parameter["name"]: tekst})
                    goed_antwoord(antwoord, (pad, parameter["name"], tekst))


def test_no_address_is_a_mishap(streek: Streek) -> None:
    goede = alle_aanroepen(streek)
    for methode, pad, _ in streek.operaties():
        if "{" in pad:
            goed = goede.get((methode, pad), Aanroep(rol_voor(methode, pad), methode, pad))
            for tekst in TEKSTEN:
                goed_antwoord(streek.doe(goed._replace(pad=vul(pad, quote(tekst, safe="")))), (methode, pad, tekst))


def vul(pad: str, tekst: str) -> str:
    """An address with this in each place that varies."""
    return re.sub(r"\{[^}]*\}", lambda _: tekst, pad)


def test_a_key_or_a_user_is_not_a_mishap_either(streek: Streek) -> None:
    gemeente = streek.huis.toewijzing.gemeente
    for sleutel in ("é" * 255, "x" * 256, "' or 1=1 --"):
        kop = {"Authorization": f"Bearer {streek.token(Rol.CONTROLLER)}", "Idempotency-Key": sleutel}
        inhoud = {"gemeente": gemeente, "kwartaal": "2026-Q2"}
        antwoord = streek.regio.http.post(f"{FI}/kwartaalmonitors", json=inhoud, headers=_bytes(kop))
        goed_antwoord(antwoord, sleutel)
        assert antwoord.status_code in ((400,) if len(sleutel) > 255 else (200, 201)), sleutel


def _bytes(kop: dict[str, str]) -> dict[bytes, bytes]:
    return {naam.encode(): waarde.encode("latin-1") for naam, waarde in kop.items()}


def test_what_was_taken_is_handled_by_every_reader_and_shown_in_every_list(streek: Streek) -> None:
    """After the tests above: extreme dates, amounts and texts are in the database now."""
    streek.regio.rust()
    assert geparkeerd(streek.product) == []
    gezien = 0
    for methode, pad, _ in streek.operaties():
        if methode == "GET" and "{" not in pad:
            for rol in MAG.get((methode, pad), Rol):
                antwoord = streek.haal(rol, pad, aantal="1000")
                goed_antwoord(antwoord, (pad, rol))
                if antwoord.headers["content-type"].startswith("application/json"):  # an export is text
                    gezien += len(antwoord.json().get("resultaten", ()))
    assert gezien > 20
    for dag in ("0001-01-01", "9999-12-31", "2026-08-19"):
        goed_antwoord(streek.haal(Rol.CONTRACTMANAGER, f"{CM}/bezetting", peildatum=dag), dag)
    goed_antwoord(streek.haal(Rol.CONTROLLER, f"{FI}/betaalschemas", jaar="2100"), "jaar")


def geparkeerd(product: Ingebouwd) -> list[str]:
    """What some reader could not handle."""

    async def kijk() -> list[str]:
        gevonden = []
        for service in product._product.services.values():
            async with service.edge.database.reading() as reader:
                rijen = await reader.select(select(service.edge.tables.parked))
            gevonden += [f"{service.name}: {rij.topic} {rij.fout}" for rij in rijen]
        return gevonden

    return asyncio.run_coroutine_threadsafe(kijk(), product._loop).result(30)
