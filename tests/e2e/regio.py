"""The region as it speaks to the product: contract manager, consulenten, providers and controllers over HTTP."""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import (
    StartProduct,
    StopProduct,
    maak_startbericht,
    maak_stopbericht,
)
from shared.kernel.bsn import is_test_bsn
from shared.web.identity import Rol
from tests.e2e.keuring import Keuring
from tests.e2e.opstelling import GEDULD, VANDAAG, Opstelling

CM, TO, BO, FI = "/contractmanagement/v1", "/toegang/v1", "/backoffice/v1", "/financien/v1"
XML = {"Content-Type": "application/xml"}
Json = dict[str, Any]
TEST_BSNS = tuple(bsn for number in range(999_900_006, 999_999_991, 7) if is_test_bsn(bsn := str(number)))


def personen() -> Iterator[Client]:
    """Residents with official test numbers, over and over."""
    for nummer, bsn in enumerate(itertools.cycle(TEST_BSNS)):
        yield Client(bsn, date(2010, 1 + nummer % 12, 1 + nummer % 28), "1", "Wit", voornamen="Tom", voorletters="T")


@dataclass(frozen=True)
class Toewijzing:
    """What a provider knows of an assignment."""

    indicatie: str
    nummer: str
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str
    ingangsdatum: date
    client: Client

    def start(self, begin: date, status: str = "1") -> StartProduct:
        """A start class on this assignment."""
        return StartProduct(self.nummer, self.subsegment[:2], self.subsegment, self.ingangsdatum, begin, status)

    def stop(self, begin: date, eind: date, reden: str = "31", status: str = "1") -> StopProduct:
        """A stop class on this assignment."""
        product = (self.nummer, self.subsegment[:2], self.subsegment, self.ingangsdatum, begin)
        return StopProduct(*product, reden, eind, status)


class Geweigerd(AssertionError):
    """The product did not answer as expected."""


class Regio:
    """A typed client of the public API. Everything it receives as XML is held against the official schema."""

    def __init__(self, opstelling: Opstelling, keuring: Keuring | None = None) -> None:
        self.opstelling = opstelling
        self.keuring = keuring
        self.http = opstelling.client()
        self._tokens: dict[tuple[str, str | None, str | None], str] = {}
        self._gemeenten = itertools.count(1001)
        self._aanbieders = itertools.count(42430001)
        self._berichten = itertools.count(1)
        self._gelezen: set[str] = set()
        self.personen = personen()

    def __enter__(self) -> "Regio":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def gemeente(self) -> str:
        """A gemeente that nobody used yet."""
        return f"{next(self._gemeenten):04d}"

    def aanbieder(self) -> str:
        """A provider that nobody used yet."""
        return f"{next(self._aanbieders):08d}"

    def rust(self) -> None:
        """Wait until everything has come to rest."""
        self.opstelling.rust()

    def token(self, rol: Rol, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        """A token, asked once."""
        sleutel = (str(rol), gemeente, aanbieder)
        if sleutel not in self._tokens:
            self._tokens[sleutel] = self.opstelling.token(rol, gemeente=gemeente, aanbieder=aanbieder)
        return self._tokens[sleutel]

    def roep(
        self,
        methode: str,
        pad: str,
        rol: Rol,
        *,
        gemeente: str | None = None,
        aanbieder: str | None = None,
        goed: Sequence[int] = (200, 201),
        headers: Mapping[str, str] | None = None,
        **inhoud: Any,
    ) -> httpx.Response:
        """One call. Fails when the status is not one of `goed`."""
        kop = {"Authorization": f"Bearer {self.token(rol, gemeente, aanbieder)}", **(headers or {})}
        antwoord = self.http.request(methode, pad, headers=kop, **inhoud)
        if antwoord.status_code not in goed:
            raise Geweigerd(f"{methode} {pad}: {antwoord.status_code} {antwoord.text}")
        return antwoord

    def lijst(self, pad: str, rol: Rol, params: Mapping[str, object] | None = None, **wie: str | None) -> list[Json]:
        """All rows of a list, page after page."""
        gevraagd = {naam: waarde for naam, waarde in (params or {}).items() if waarde is not None}
        pagina = self.roep("GET", pad, rol, params=gevraagd, **wie).json()
        rijen: list[Json] = pagina["resultaten"]
        while pagina["volgende"]:
            pagina = self.roep("GET", pagina["volgende"], rol, **wie).json()
            rijen += pagina["resultaten"]
        return rijen

    # --- contractmanagement ---

    def subsegment(self, code: str, wet: str = "jeugdwet") -> None:
        """Make a sub-segment known."""
        inhoud = {
            "naam": f"Sub-segment {code}",
            "segment": "Proef",
            "wet": wet,
            "productcategorie": code[:2],
            "bekostiging": "lumpsum",
            "metToewijzing": True,
        }
        self.roep("PUT", f"{CM}/subsegmenten/{code}", Rol.CONTRACTMANAGER, json=inhoud)

    def overeenkomst(
        self,
        aanbieder: str,
        begin: date,
        eind: date,
        regels: Sequence[Json],
        instellingen: Json | None = None,
    ) -> str:
        """Make a contract; its id."""
        inhoud = {
            "aanbieder": {"agbCode": aanbieder, "naam": f"Aanbieder {aanbieder}"},
            "begindatum": begin.isoformat(),
            "einddatum": eind.isoformat(),
            "regels": list(regels),
            **({} if instellingen is None else {"instellingen": instellingen}),
        }
        made = self.roep("POST", f"{CM}/overeenkomsten", Rol.CONTRACTMANAGER, goed=(201,), json=inhoud)
        return str(made.json()["id"])

    def wijziging(self, overeenkomst: str, ingangsdatum: date, regels: Sequence[Json]) -> None:
        """Change a contract from the first of a month."""
        inhoud = {"ingangsdatum": ingangsdatum.isoformat(), "regels": list(regels)}
        self.roep("POST", f"{CM}/overeenkomsten/{overeenkomst}/wijzigingen", Rol.CONTRACTMANAGER, json=inhoud)

    def bezetting(self, peildatum: date, aanbieder: str) -> list[Json]:
        """Occupancy of all lines of a provider."""
        params = {"peildatum": peildatum.isoformat(), "aanbieder": aanbieder}
        return self.lijst(f"{CM}/bezetting", Rol.CONTRACTMANAGER, params)

    def signalen(self, aanbieder: str, status: str = "open") -> list[Json]:
        """Signals about a provider."""
        return self.lijst(f"{CM}/signalen", Rol.CONTRACTMANAGER, {"aanbieder": aanbieder, "status": status})

    # --- toegang ---

    def indicatie(
        self,
        gemeente: str,
        aanbieder: str,
        subsegment: str,
        ingangsdatum: date,
        einddatum: date | None = None,
        *,
        client: Client | None = None,
        wet: str = "jeugdwet",
        sleutel: str | None = None,
    ) -> tuple[str, Client]:
        """Decide that a resident gets care; id of the indicatie, and who."""
        client = client or next(self.personen)
        inhoud = indicatie_in(gemeente, aanbieder, subsegment, ingangsdatum, einddatum, client, wet)
        headers = {"Idempotency-Key": sleutel} if sleutel else {}
        made = self.roep(
            "POST", f"{TO}/indicaties", Rol.CONSULENT, gemeente=gemeente, goed=(201,), json=inhoud, headers=headers
        )
        return str(made.json()["id"]), client

    def toewijzing(self, indicatie: str, gemeente: str, client: Client) -> Toewijzing:
        """The assignment of an indicatie, once its 301 has left."""
        einde = time.monotonic() + GEDULD
        while True:
            rijen = self.toewijzingen(gemeente, indicatie=indicatie)
            if rijen and rijen[0]["status"] == "verzonden":
                rij = rijen[0]
                namen = ("wet", "gemeente", "aanbieder", "subsegment")
                return Toewijzing(
                    indicatie,
                    rij["toewijzingNummer"],
                    *(rij[naam] for naam in namen),
                    date.fromisoformat(rij["ingangsdatum"]),
                    client,
                )
            assert time.monotonic() < einde, f"no 301 left for {indicatie}: {rijen}"
            time.sleep(0.01)

    def maak_toewijzing(
        self,
        gemeente: str,
        aanbieder: str,
        subsegment: str,
        ingangsdatum: date,
        einddatum: date | None = None,
        *,
        client: Client | None = None,
        wet: str = "jeugdwet",
    ) -> Toewijzing:
        """From indicatie to a number that a provider may use."""
        indicatie, wie = self.indicatie(
            gemeente, aanbieder, subsegment, ingangsdatum, einddatum, client=client, wet=wet
        )
        return self.toewijzing(indicatie, gemeente, wie)

    # --- backoffice ---

    def toewijzingen(self, gemeente: str, indicatie: str | None = None, aanbieder: str | None = None) -> list[Json]:
        """Assignments with what was delivered on them."""
        params = {"indicatie": indicatie, "aanbieder": aanbieder}
        return self.lijst(f"{BO}/toewijzingen", Rol.BACKOFFICE, params, gemeente=gemeente)

    def identificatie(self) -> str:
        """A message identification that was not used before."""
        return f"E{next(self._berichten):09d}"

    def bericht(
        self,
        toewijzing: Toewijzing,
        producten: Sequence[StartProduct] | Sequence[StopProduct],
        nummer: str | None = None,
    ) -> bytes:
        """The bytes of a 305 or 307 on this assignment's client."""
        kop = {
            "afzender": toewijzing.aanbieder,
            "ontvanger": toewijzing.gemeente,
            "identificatie": nummer or self.identificatie(),
        }
        maak: Any = maak_startbericht if isinstance(producten[0], StartProduct) else maak_stopbericht
        gemaakt = maak(toewijzing.wet, dagtekening=VANDAAG, client=toewijzing.client, producten=tuple(producten), **kop)
        return schrijf(gemaakt)

    def stuur(self, inhoud: bytes, aanbieder: str, goed: Sequence[int] = (200, 202)) -> httpx.Response:
        """Deliver a message as this provider; a retour is held against the schema."""
        antwoord = self.roep(
            "POST", f"{BO}/berichten", Rol.AANBIEDER, aanbieder=aanbieder, goed=goed, headers=XML, content=inhoud
        )
        if antwoord.status_code == 200:
            self._keur(antwoord.content)
        return antwoord

    def meld(self, toewijzing: Toewijzing, *producten: StartProduct | StopProduct) -> httpx.Response:
        """Deliver starts, or stops, on this assignment."""
        return self.stuur(self.bericht(toewijzing, producten), toewijzing.aanbieder)  # type: ignore[arg-type]

    def berichten(self, aanbieder: str, **filters: str) -> list[Json]:
        """The provider's messages in the archive."""
        return self.lijst(f"{BO}/berichten", Rol.AANBIEDER, {"aantal": 1000, **filters}, aanbieder=aanbieder)

    def xml(self, bericht: str, aanbieder: str, deel: str = "") -> bytes:
        """The text of a message in the archive (`deel="/retour"`: of its retour)."""
        antwoord = self.roep(
            "GET",
            f"{BO}/berichten/{bericht}{deel}",
            Rol.AANBIEDER,
            aanbieder=aanbieder,
            headers={"Accept": "application/xml"},
        )
        return antwoord.content

    def postbus(self, aanbieder: str) -> list[tuple[str, bytes]]:
        """What came for the provider since the last look: names and texts, each held against the schema."""
        nieuw = []
        for rij in self.berichten(aanbieder, richting="uit"):
            if rij["id"] in self._gelezen:
                continue
            self._gelezen.add(rij["id"])
            inhoud = self.xml(rij["id"], aanbieder)
            self._keur(inhoud)
            nieuw.append((str(rij["bericht"]), inhoud))
        return nieuw

    def _keur(self, inhoud: bytes) -> None:
        if self.keuring is not None:
            self.keuring.keur(inhoud)

    # --- financien ---

    def prognoses(self, gemeente: str, aanbieder: str | None = None) -> list[Json]:
        """Forecasts of the lines of a gemeente."""
        return self.lijst(f"{FI}/prognoses", Rol.CONTROLLER, {"aanbieder": aanbieder}, gemeente=gemeente)

    def betaalschemas(self, gemeente: str, aanbieder: str | None = None) -> list[Json]:
        """Payment schedules of a gemeente."""
        return self.lijst(f"{FI}/betaalschemas", Rol.CONTROLLER, {"aanbieder": aanbieder}, gemeente=gemeente)

    def kwartaalmonitor(self, gemeente: str, kwartaal: str) -> list[Json]:
        """The lines of a quarterly monitor."""
        inhoud = {"gemeente": gemeente, "kwartaal": kwartaal}
        made = self.roep("POST", f"{FI}/kwartaalmonitors", Rol.CONTROLLER, gemeente=gemeente, json=inhoud)
        regels: list[Json] = made.json()["regels"]
        return regels

    def bijstellingen(self, gemeente: str) -> list[Json]:
        """Adjustments of a gemeente."""
        return self.lijst(f"{FI}/bijstellingen", Rol.CONTROLLER, gemeente=gemeente)

    def afrekening(self, gemeente: str, aanbieder: str, begin: date, eind: date) -> Json:
        """Calculate a settlement."""
        inhoud = {
            "gemeente": gemeente,
            "aanbieder": aanbieder,
            "begindatum": begin.isoformat(),
            "einddatum": eind.isoformat(),
        }
        sleutel = {"Idempotency-Key": f"afrekening-{gemeente}-{aanbieder}-{begin}-{eind}"}
        made = self.roep("POST", f"{FI}/afrekeningen", Rol.CONTROLLER, gemeente=gemeente, json=inhoud, headers=sleutel)
        answer: Json = made.json()
        return answer


def indicatie_in(
    gemeente: str,
    aanbieder: str,
    subsegment: str,
    ingangsdatum: date,
    einddatum: date | None,
    client: Client,
    wet: str,
) -> Json:
    """An indicatie as the API takes it."""
    adres = {"straatnaam": "Kerklaan", "huisnummer": 9, "postcode": "7101AA", "plaatsnaam": "Winterswijk", "land": "NL"}
    persoon = {
        "bsn": client.bsn,
        "geboortedatum": client.geboortedatum.isoformat(),
        "geslacht": client.geslacht,
        "achternaam": client.achternaam,
        "voorvoegsel": client.voorvoegsel,
        "voornamen": client.voornamen,
        "voorletters": client.voorletters,
        "contact": [{"soort": "01", **adres}],
    }
    return {
        "client": persoon,
        "wet": wet,
        "gemeente": gemeente,
        "subsegment": subsegment,
        "aanbieder": aanbieder,
        "ingangsdatum": ingangsdatum.isoformat(),
        "einddatum": None if einddatum is None else einddatum.isoformat(),
        "resultaatafspraken": ["Het gaat weer goed."],
        "evaluatiemomenten": [ingangsdatum.isoformat()],
    }


def regel(gemeente: str | None, subsegment: str, plekken: str, prijs: str, sleutel: Json | None = None) -> Json:
    """A contract line as the API takes it."""
    made: Json = {"gemeente": gemeente, "subsegment": subsegment, "plekken": plekken, "prijsPerPlek": prijs}
    return made if sleutel is None else {**made, "verdeelsleutel": sleutel}
