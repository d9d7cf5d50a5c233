"""Loads the demo region as its users would: over the public HTTP API, with their own tokens and real messages.

Every call has its own Idempotency-Key or message identification and its date is remembered, so that a loading that was
broken off goes on where it was, and a second start changes nothing.
"""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import Progress

from deploy.all_in_one import AllInOne
from deploy.demo.region import (
    AANBIEDERS,
    GEMEENTEN,
    LIJNEN,
    NAMEN,
    STRATEN,
    SUBSEGMENTEN,
    VOORNAMEN,
    Lijn,
    Verloop,
    contractperiode,
    verlopen,
)
from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import (
    StartProduct,
    StopProduct,
    maak_startbericht,
    maak_stopbericht,
)
from shared.kernel.periode import Kwartaal
from shared.web.identity import Rol

AFSPRAAK = {"jeugdwet": "Het gaat thuis en op school weer goed.", "wmo": "Blijft zelfstandig wonen."}
WAIT = 0.05
PATIENCE = 1200  # times WAIT: a minute


class DemoError(Exception):
    """A call of the demo was refused: that is a fault of the demo."""


async def load_demo(product: AllInOne, talk: Console) -> None:
    """Load what is not loaded yet."""
    marker = product.settings.data_dir / "demo.json"
    state = json.loads(marker.read_text()) if marker.exists() else {"vandaag": product.clock.today().isoformat()}
    if state.get("klaar"):
        return
    marker.write_text(json.dumps(state))
    transport = httpx.ASGITransport(app=product.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://plekregie") as http:
        await Loader(product, http, date.fromisoformat(state["vandaag"]), talk).load()
    mark_done(marker, state)


def mark_done(marker: Path, state: dict[str, object]) -> None:
    """Remember that the demo region is complete."""
    marker.write_text(json.dumps({**state, "klaar": True}))


class Loader:
    """Plays contract manager, consulenten, providers and controllers."""

    def __init__(self, product: AllInOne, http: httpx.AsyncClient, vandaag: date, talk: Console) -> None:
        self._issuer = product.issuer
        self._http = http
        self._vandaag = vandaag
        self._talk = talk
        self._numbers: dict[int, str] = {}

    async def load(self) -> None:
        """Everything, in the order in which it would happen."""
        clients = verlopen(self._vandaag)
        with Progress(console=self._talk, transient=True, disable=not self._talk.is_terminal) as progress:
            task = progress.add_task("Demoregio laden", total=3 * len(clients) + 20)
            for subsegment in SUBSEGMENTEN:
                await self._subsegment(subsegment.code)
            for aanbieder in AANBIEDERS:
                await self._overeenkomst(aanbieder)
            for verloop in clients:
                await self._indicatie(verloop)
                progress.advance(task)
            for verloop in clients:
                await self._levering(verloop)
                progress.advance(task, 2)
            for gemeente in GEMEENTEN:
                await self._monitor(gemeente)

    async def _call(self, method: str, path: str, token: str, key: str, **arguments: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"demo-{key}"}
        extra = arguments.pop("headers", {})
        assert isinstance(extra, dict)
        answer = await self._http.request(method, path, headers={**headers, **extra}, **arguments)  # type: ignore[arg-type]
        if answer.status_code >= 300:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    async def _subsegment(self, code: str) -> None:
        found = next(item for item in SUBSEGMENTEN if item.code == code)
        body = {
            "naam": found.naam,
            "segment": found.segment,
            "wet": found.wet,
            "productcategorie": found.productcategorie,
            "bekostiging": "lumpsum",
            "metToewijzing": True,
        }
        token = self._issuer.token(Rol.CONTRACTMANAGER)
        await self._call("PUT", f"/contractmanagement/v1/subsegmenten/{code}", token, f"subsegment-{code}", json=body)

    async def _overeenkomst(self, aanbieder: str) -> None:
        begin, einde = contractperiode(self._vandaag)
        regels = [regel(lijn) for lijn in LIJNEN if lijn.aanbieder == aanbieder]
        body = {
            "aanbieder": {"agbCode": aanbieder, "naam": AANBIEDERS[aanbieder]},
            "begindatum": begin.isoformat(),
            "einddatum": einde.isoformat(),
            "regels": regels,
        }
        token = self._issuer.token(Rol.CONTRACTMANAGER)
        key = f"overeenkomst-{aanbieder}"
        await self._call("POST", "/contractmanagement/v1/overeenkomsten", token, key, json=body)

    async def _indicatie(self, verloop: Verloop) -> None:
        wet = wet_van(verloop.lijn)
        half = verloop.begin + (verloop.einde - verloop.begin) / 2
        body = {
            "client": persoon(verloop),
            "wet": wet,
            "gemeente": verloop.gemeente,
            "subsegment": verloop.lijn.subsegment,
            "aanbieder": verloop.lijn.aanbieder,
            "ingangsdatum": verloop.begin.isoformat(),
            "einddatum": verloop.einde.isoformat(),
            "resultaatafspraken": [
                "Het gaat thuis en op school weer goed." if wet == "jeugdwet" else "Blijft zelfstandig."
            ],
            "evaluatiemomenten": [half.isoformat()],
        }
        token = self._issuer.token(Rol.CONSULENT, gemeente=verloop.gemeente)
        made = await self._call("POST", "/toegang/v1/indicaties", token, f"indicatie-{verloop.nummer}", json=body)
        self._numbers[verloop.nummer] = await self._toewijzing(made.json()["id"], verloop.gemeente)

    async def _toewijzing(self, indicatie: str, gemeente: str) -> str:
        """The number of the toewijzing, once its 301 has left."""
        token = self._issuer.token(Rol.BACKOFFICE, gemeente=gemeente)
        for _ in range(PATIENCE):
            answer = await self._http.get(
                "/backoffice/v1/toewijzingen",
                params={"indicatie": indicatie},
                headers={"Authorization": f"Bearer {token}"},
            )
            rows = answer.json()["resultaten"]
            if rows and rows[0]["status"] == "verzonden":
                return str(rows[0]["toewijzingNummer"])
            await asyncio.sleep(WAIT)
        raise DemoError(f"no 301 left for indicatie {indicatie}")

    async def _levering(self, verloop: Verloop) -> None:
        """The provider's messages about one client."""
        await self._bericht(verloop, "start", start=verloop.start)
        if verloop.stop is not None:
            await self._bericht(verloop, "stop", start=verloop.start, stop=verloop.stop)
        if verloop.hervat is not None:
            await self._bericht(verloop, "hervat", start=verloop.hervat)

    async def _bericht(self, verloop: Verloop, naam: str, *, start: date, stop: date | None = None) -> None:
        lijn, wet = verloop.lijn, wet_van(verloop.lijn)
        header = {
            "afzender": lijn.aanbieder,
            "ontvanger": verloop.gemeente,
            "identificatie": f"D{verloop.nummer:04d}{naam[:4].upper()}",
        }
        moment = min(self._vandaag, (stop or start) + timedelta(days=3))
        product = (self._numbers[verloop.nummer], lijn.subsegment[:2], lijn.subsegment, verloop.begin, start)
        client = als_client(verloop)
        if stop is None:
            bericht = maak_startbericht(
                wet, dagtekening=moment, client=client, producten=(StartProduct(*product),), **header
            )
        else:
            reden = "20" if verloop.hervat else "31"
            gestopt = StopProduct(*product, reden, stop)
            bericht = maak_stopbericht(wet, dagtekening=moment, client=client, producten=(gestopt,), **header)
        token = self._issuer.token(Rol.AANBIEDER, aanbieder=lijn.aanbieder)
        await self._call(
            "POST",
            "/backoffice/v1/berichten",
            token,
            f"bericht-{verloop.nummer}-{naam}",
            content=schrijf(bericht),
            headers={"Content-Type": "application/xml"},
        )

    async def _monitor(self, gemeente: str) -> None:
        kwartaal = Kwartaal.van(self._vandaag).vorige()
        body = {"gemeente": gemeente, "kwartaal": f"{kwartaal.jaar}-Q{kwartaal.nummer}"}
        token = self._issuer.token(Rol.CONTROLLER, gemeente=gemeente)
        await self._call("POST", "/financien/v1/kwartaalmonitors", token, f"monitor-{gemeente}", json=body)


def regel(lijn: Lijn) -> dict[str, object]:
    """A contract line as the API takes it."""
    made: dict[str, object] = {
        "gemeente": lijn.gemeente,
        "subsegment": lijn.subsegment,
        "plekken": lijn.plekken,
        "prijsPerPlek": lijn.prijs,
        "opgegevenDoorlooptijdDagen": lijn.doorlooptijd,
    }
    if lijn.verdeelsleutel is not None:
        made["verdeelsleutel"] = lijn.verdeelsleutel
    return made


def wet_van(lijn: Lijn) -> str:
    """The law of a line's sub-segment."""
    return next(item.wet for item in SUBSEGMENTEN if item.code == lijn.subsegment)


def geboortedatum(verloop: Verloop) -> date:
    """A birth date that fits the law."""
    young = wet_van(verloop.lijn) == "jeugdwet"
    year = 2008 + verloop.nummer % 9 if young else 1938 + verloop.nummer % 40
    return date(year, 1 + verloop.nummer % 12, 1 + verloop.nummer % 28)


def persoon(verloop: Verloop) -> dict[str, object]:
    """A client as the API takes one."""
    number = verloop.nummer
    return {
        "bsn": verloop.bsn,
        "geboortedatum": geboortedatum(verloop).isoformat(),
        "geslacht": str(1 + number % 2),
        "achternaam": NAMEN[number % len(NAMEN)],
        "voornamen": VOORNAMEN[number % len(VOORNAMEN)],
        "voorletters": VOORNAMEN[number % len(VOORNAMEN)][0],
        "contact": [
            {
                "soort": "01",
                "straatnaam": STRATEN[number % len(STRATEN)],
                "huisnummer": 1 + number,
                "postcode": f"71{number % 90 + 10:02d}AB",
                "plaatsnaam": GEMEENTEN[verloop.gemeente],
                "land": "NL",
            }
        ],
    }


def als_client(verloop: Verloop) -> Client:
    """A client as the provider's messages name one."""
    return Client(
        bsn=verloop.bsn,
        geboortedatum=geboortedatum(verloop),
        geslacht=str(1 + verloop.nummer % 2),
        achternaam=NAMEN[verloop.nummer % len(NAMEN)],
    )
