"""Every look at a client leaves a line in the processing log: who, in which role, when, at whom, on what ground.

Nothing here says which route shows a client. All that can be read is read, by everybody who may, and what comes back is
searched for the clients of the story. So a new route is tried too; one whose address can't be found from the lists and
links must be given an address here."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from typing import Any, NamedTuple

import httpx
import pytest

from shared.kernel.rol import Rol
from shared.pages.session import COOKIE
from shared.runtime.service import Service
from shared.web.identity import GEMEENTE_ROLES
from tests.e2e.inzage import InSqlite
from tests.e2e.opstelling import Ingebouwd
from tests.e2e.regio import BO, CM, FI, TO, Regio, Toewijzing, indicatie_in, regel
from tests.e2e.test_herkomst import betaling
from tests.e2e.test_toegang_tot_routes import MAG

DIENST_VAN = {CM: "contractmanagement", TO: "toegang", BO: "backoffice", FI: "financien"}
XML = "application/xml"
# These hold nothing in the story below, so there is nothing to address. No field of theirs names a person.
ZONDER_DING = {
    ("GET", f"{FI}/jaareindes/{{jaareinde}}"),
    ("GET", f"{FI}/terugmeldingen/{{terugmelding}}"),
    ("GET", f"{FI}/brieven/{{brief}}"),
    ("GET", f"{FI}/afzenders/{{gemeente}}"),
}
BLADZIJDEN_ZONDER_DING = {"/financien/brieven/{id}"}
# What names one person in an answer. A call other than GET that has one of these is told below, one by one.
PERSOONLIJK = {"client", "bsn", "geboortedatum", "indicatie", "toewijzing", "toewijzingNummer", "levering"}
ANDERE_AANROEPEN = {
    ("POST", f"{TO}/clienten/_zoek"),
    ("POST", f"{TO}/indicaties"),
    ("POST", f"{TO}/indicaties/{{indicatie}}/wijzigingen"),
}
VEEL = 8  # of each kind of thing this many are looked at


class Regel(NamedTuple):
    """A line of the processing log."""

    rol: str
    namens: str
    betrokkene: str
    handeling: str
    grondslag: str


@dataclass
class Persoon:
    """A client of the story, and everything by which an answer may show one."""

    toewijzing: Toewijzing
    pseudoniem: str
    levering: str

    def in_beeld(self, inhoud: str) -> bool:
        eigen = (self.toewijzing.client.bsn, self.pseudoniem, self.toewijzing.indicatie, self.levering)
        return any(deel in inhoud for deel in eigen)


@dataclass
class Verhaal:
    """A gemeente and a provider with two clients: one in care, one not yet."""

    regio: Regio
    opstelling: Ingebouwd
    data: InSqlite
    gemeente: str
    aanbieder: str
    personen: list[Persoon] = field(default_factory=list)
    _kijkers: Iterator[int] = field(default_factory=itertools.count)

    def als(self, rol: Rol) -> tuple[str, dict[str, str]]:
        """Somebody who has not looked before: a name and the headers of a call."""
        naam = f"kijker-{next(self._kijkers)}"
        token = self.opstelling.token(
            rol,
            gemeente=self.gemeente if rol in GEMEENTE_ROLES else None,
            aanbieder=self.aanbieder if rol is Rol.AANBIEDER else None,
            gebruiker=naam,
        )
        return naam, {"Authorization": f"Bearer {token}", "Cookie": f"{COOKIE}={token}"}

    def logregels(self, dienst: str, wie: str) -> list[Regel]:
        vraag = "select rol, namens, betrokkene, handeling, grondslag from verwerking where gebruiker = '{}'"
        return [Regel(*rij) for rij in self.data.vraag(dienst, vraag.format(wie))]

    def getoond(self, antwoord: httpx.Response) -> list[Persoon]:
        return [persoon for persoon in self.personen if persoon.in_beeld(antwoord.text)]

    def keur(self, antwoord: httpx.Response, dienst: str, wie: str, rol: Rol) -> int:
        """What was shown is what was recorded; how many clients that were."""
        wat = f"{rol} {antwoord.request.method} {antwoord.request.url} {antwoord.request.headers.get('accept')}"
        regels = self.logregels(dienst, wie)
        getoond = self.getoond(antwoord)
        vast = {regel.betrokkene for regel in regels}
        # A text is recorded as such, whoever it is about: the retour of a message that is right names nobody.
        bericht = any(betrokkene.startswith("bericht/") for betrokkene in vast)
        for persoon in getoond:
            namen = {persoon.pseudoniem, f"levering/{persoon.levering}"}
            assert vast & namen or bericht, f"{wat} showed a client and recorded {vast or 'nothing'}"
        assert getoond or bericht or not regels, f"{wat} showed nobody and recorded {vast}"
        namens = self.aanbieder if rol is Rol.AANBIEDER else self.gemeente if rol in GEMEENTE_ROLES else "regio"
        for logregel in regels:
            assert (logregel.rol, logregel.namens) == (rol, namens), wat
            assert logregel.handeling, wat
            assert logregel.grondslag, wat
        return len(getoond)


@pytest.fixture(scope="module")
def verhaal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verhaal]:
    map = tmp_path_factory.mktemp("inzage") / "data"
    opstelling = Ingebouwd(map)
    try:
        with Regio(opstelling) as regio:
            made = Verhaal(regio, opstelling, InSqlite(map), regio.gemeente(), regio.aanbieder())
            vertel(made)
            yield made
    finally:
        opstelling.stop()


def vertel(verhaal: Verhaal) -> None:
    """Contract, two clients, messages, money."""
    regio, gemeente, aanbieder = verhaal.regio, verhaal.gemeente, verhaal.aanbieder
    regio.subsegment("54Z01")
    regels = [regel(gemeente, "54Z01", "2", "12000.00")]
    regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), regels)
    for _ in range(2):
        toewijzing = regio.maak_toewijzing(gemeente, aanbieder, "54Z01", date(2026, 1, 1))
        (rij,) = regio.toewijzingen(gemeente, toewijzing.indicatie)
        verhaal.personen.append(Persoon(toewijzing, rij["client"], rij["id"]))
    zorg = verhaal.personen[0].toewijzing
    regio.meld(zorg, zorg.start(date(2026, 2, 1)))
    # Only the retour of what is wrong names the client.
    fout = regio.meld(zorg, replace(zorg, subsegment="45Z01").start(date(2026, 3, 1)))
    assert zorg.client.bsn in fout.text
    regio.rust()
    regio.kwartaalmonitor(gemeente, "2026-Q2")
    regio.afrekening(gemeente, aanbieder, date(2026, 1, 1), date(2026, 6, 30))
    betaling(regio, gemeente, aanbieder)
    regio.rust()


def adressen(verhaal: Verhaal, pad: str, rol: Rol) -> list[str]:
    """Where this route can be looked at by somebody in this role: itself, or with what its list gives."""
    if "{" not in pad:
        return [pad]
    eigen = {
        f"{TO}/clienten/{{client}}": [persoon.pseudoniem for persoon in verhaal.personen],
        f"{BO}/leveringen/{{levering}}": [persoon.levering for persoon in verhaal.personen],
        f"{CM}/subsegmenten/{{code}}": ["54Z01"],
        f"{FI}/overeenkomsten/{{overeenkomst}}": ids(verhaal, f"{CM}/overeenkomsten", Rol.CONTRACTMANAGER),
        f"{FI}/herkomst/{{soort}}/{{id}}": herkomsten(verhaal),
        f"{FI}/grootboek/posten/{{journaalpost}}": ids(verhaal, f"{FI}/grootboek/posten", Rol.CONTROLLER),
    }.get(pad)
    lijst = pad[: pad.index("/{")]
    if eigen is None:
        # A provider may see one that it can't list, and the other way round.
        kenners = [rol, *sorted(MAG.get(("GET", lijst), ()))]
        eigen = next(filter(None, (ids(verhaal, lijst, kenner) for kenner in kenners)), [])
    rest = pad[pad.rindex("}") + 1 :]
    return [f"{lijst}/{eigen_id}{rest}" for eigen_id in eigen[:VEEL]]


def ids(verhaal: Verhaal, lijst: str, rol: Rol) -> list[str]:
    if rol not in MAG.get(("GET", lijst), ()):
        return []
    wie = {"gemeente": verhaal.gemeente if rol in GEMEENTE_ROLES else None}
    wie |= {"aanbieder": verhaal.aanbieder if rol is Rol.AANBIEDER else None}
    rijen = verhaal.regio.lijst(lijst, rol, **wie)
    # A betaalschema is shown per provider in the list, and by contract year under an id.
    delen = [deel for rij in rijen for deel in ([rij] if "id" in rij else rij.get("contractjaren", []))]
    return [deel["id"] for deel in delen if "id" in deel]


def herkomsten(verhaal: Verhaal) -> list[str]:
    """Some of each kind of amount, found by going back step by step from payment and settlement."""
    wie = {"gemeente": verhaal.gemeente}
    begin = [
        f"{soort}/{nummer}"
        for soort, lijst in (
            ("betaling", "betalingen"),
            ("afrekening", "afrekeningen"),
            ("bijstelling", "bijstellingen"),
        )
        for nummer in ids(verhaal, f"{FI}/{lijst}", Rol.CONTROLLER)[:1]
    ]
    gevonden: dict[str, str] = {}
    while begin:
        stap = begin.pop()
        soort = stap.partition("/")[0]
        if soort in gevonden:
            continue
        gevonden[soort] = stap
        herkomst = verhaal.regio.roep("GET", f"{FI}/herkomst/{stap}", Rol.CONTROLLER, **wie).json()
        begin += [deel["herkomst"].partition("/herkomst/")[2] for deel in herkomst["delen"] if deel["herkomst"]]
    return list(gevonden.values())


def test_whatever_is_read_shows_no_client_unrecorded(verhaal: Verhaal) -> None:
    getoond: set[str] = set()
    bekeken: set[tuple[str, str]] = set()
    for (methode, pad), rollen in MAG.items():
        if methode != "GET":
            continue
        for rol in sorted(rollen):
            for adres in adressen(verhaal, pad, rol):
                for soort in ("application/json", XML):
                    wie, kop = verhaal.als(rol)
                    antwoord = verhaal.regio.http.get(adres, headers={**kop, "Accept": soort})
                    assert antwoord.status_code < 500, antwoord.text
                    if antwoord.status_code == 200:
                        bekeken.add((methode, pad))
                    if verhaal.keur(antwoord, DIENST_VAN["/".join(pad.split("/")[:3])], wie, rol):
                        getoond.add(pad)
    alle = {route for route in MAG if route[0] == "GET"}
    assert alle - bekeken == ZONDER_DING, "give it an address, so that it is looked at"
    assert getoond == {
        f"{TO}/indicaties",
        f"{TO}/indicaties/{{indicatie}}",
        f"{TO}/clienten/{{client}}",
        f"{BO}/toewijzingen",
        f"{BO}/leveringen/{{levering}}",
        f"{BO}/berichten/{{bericht}}",
        f"{BO}/berichten/{{bericht}}/retour",
        f"{FI}/herkomst/{{soort}}/{{id}}",
    }


def test_no_page_shows_a_client_unrecorded(verhaal: Verhaal) -> None:
    """All pages that can be reached by following links, for each role; the text of a message is behind a form."""
    bekeken: set[str] = set()
    for rol in Rol:
        wachtend, gezien = ["/"], {"/"}
        while wachtend:
            adres = wachtend.pop()
            wie, kop = verhaal.als(rol)
            antwoord = verhaal.regio.http.get(adres, headers={**kop, "Accept": "text/html"}, follow_redirects=True)
            assert antwoord.status_code < 500, f"{adres}: {antwoord.text}"
            if antwoord.status_code == 200:
                bekeken.add(antwoord.url.path)
            dienst = next((naam for naam in DIENST_VAN.values() if adres.startswith(f"/{naam}/")), "backoffice")
            assert verhaal.keur(antwoord, dienst, wie, rol) == 0, adres
            for link in re.findall(r'href="(/[^"#]*)"', antwoord.text):
                vorm = re.sub(r"[?].*", "", link)
                if vorm not in gezien and "/v1/" not in vorm and not vorm.startswith("/opmaak"):
                    gezien.add(vorm)
                    wachtend.append(unescape(link))
    paden = {
        pad: vorm for naam, dienst in verhaal.opstelling.diensten.items() for pad, vorm in bladzijden(naam, dienst)
    }
    gemist = {pad for pad, vorm in paden.items() if not any(vorm.fullmatch(url) for url in bekeken)}
    assert gemist == BLADZIJDEN_ZONDER_DING, "no link leads there"


def bladzijden(naam: str, dienst: Service) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Path and form of every page that a service has."""
    assert dienst.pages is not None or naam == "toegang"
    for opgenomen in dienst.pages.router.routes if dienst.pages else ():
        for route in opgenomen.original_router.routes:
            if "GET" in route.methods:
                vorm = re.sub(r"\{\w+(:path)?\}", lambda deel: ".+" if deel[1] else "[^/]+", route.path)
                yield f"/{naam}{route.path}", re.compile(f"/{naam}{vorm}")


def test_the_text_of_a_message_on_a_page_is_recorded(verhaal: Verhaal) -> None:
    (bericht, *_) = [rij for rij in verhaal.regio.berichten(verhaal.aanbieder) if rij["bericht"] == "JW305"]
    pad = f"/backoffice/berichten/{bericht['id']}"
    wie, kop = verhaal.als(Rol.AANBIEDER)
    bewijs = re.search(r'name="bewijs" value="(\w+)"', verhaal.regio.http.get(pad, headers=kop).text)
    assert bewijs is not None
    antwoord = verhaal.regio.http.post(f"{pad}/tekst", headers=kop, data={"bewijs": bewijs[1]})
    assert verhaal.keur(antwoord, "backoffice", wie, Rol.AANBIEDER) == 1
    assert {regel.betrokkene for regel in verhaal.logregels("backoffice", wie)} == {f"bericht/{bericht['id']}"}


def test_what_decides_and_names_a_person_is_recorded(verhaal: Verhaal) -> None:
    """Which calls those are is asked of their documents: what is new there must be tried here."""
    gevonden = set()
    for dienst in DIENST_VAN:
        document = verhaal.regio.http.get(f"{dienst}/openapi.json").json()
        for pad, werkwoorden in document["paths"].items():
            for methode, operatie in werkwoorden.items():
                antwoorden = {code: rest for code, rest in operatie["responses"].items() if code < "300"}
                if methode != "get" and PERSOONLIJK & velden(antwoorden, document):
                    gevonden.add((methode.upper(), f"{dienst}{pad}"))
    assert gevonden == ANDERE_AANROEPEN
    een = verhaal.personen[0]
    nieuw = indicatie_in(
        verhaal.gemeente, verhaal.aanbieder, "54Z02", date(2026, 9, 1), None, een.toewijzing.client, "jeugdwet"
    )
    zoek = {"bsn": een.toewijzing.client.bsn}
    wie, kop = verhaal.als(Rol.CONSULENT)
    gemaakt = verhaal.regio.http.post(f"{TO}/indicaties", headers=kop, json=nieuw)
    assert gemaakt.status_code == 201, gemaakt.text
    handelingen = ["indicatie vastgesteld"]
    for pad, inhoud, handeling in (
        (f"indicaties/{gemaakt.json()['id']}/wijzigingen", {"einddatum": "2026-12-31"}, "indicatie gewijzigd"),
        (f"indicaties/{gemaakt.json()['id']}/wijzigingen", {"ingetrokken": True}, "indicatie ingetrokken"),
        ("clienten/_zoek", zoek, "client gezocht op BSN"),
        ("clienten/_zoek", zoek, "client gezocht op BSN"),
    ):
        sleutel = {**kop, "Idempotency-Key": f"inzage {handeling}"}
        antwoord = verhaal.regio.http.post(f"{TO}/{pad}", headers=sleutel, json=inhoud)
        assert antwoord.status_code == 200, antwoord.text
        handelingen.append(handeling)
    regels = verhaal.logregels("toegang", wie)
    assert sorted(regel.handeling for regel in regels) == sorted(handelingen), "also the second look with one key"
    assert {regel.betrokkene for regel in regels} == {een.pseudoniem}


def velden(deel: object, document: dict[str, Any], gezien: frozenset[str] = frozenset()) -> set[str]:
    """The names of all fields that this part of an OpenAPI document can give."""
    if isinstance(deel, list):
        return set().union(*(velden(onder, document, gezien) for onder in deel))
    if not isinstance(deel, dict):
        return set()
    namen = set(deel["properties"]) if isinstance(deel.get("properties"), dict) else set()
    naar = str(deel.get("$ref", "")).rpartition("/")[2]
    if naar and naar not in gezien:
        namen |= velden(document["components"]["schemas"][naar], document, gezien | {naar})
    return namen.union(*(velden(onder, document, gezien) for onder in deel.values()))
