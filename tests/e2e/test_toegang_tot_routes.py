"""Every route of every service: who may call it, whose things it shows, and that nothing sent to it is a mishap."""

from datetime import date
from typing import Any, NamedTuple

import httpx
import pytest

from shared.web.identity import GEMEENTE_ROLES, Rol
from tests.e2e.regio import BO, CM, FI, TO, Json, Regio, Toewijzing, indicatie_in, regel

PROBLEEM = "application/problem+json"
DIENSTEN = (CM, TO, BO, FI)
# What it is sent is what it judges: also "this is no message" is an answer there.
CONTROLE = ("POST", f"{BO}/berichten/_controleer")
UITVOER = ("GET", f"{FI}/grootboek/export")  # a file, not a list
R = Rol
CIJFERLEZERS = {R.CONTRACTMANAGER, R.CONTROLLER, R.AANBIEDER, R.AUDITOR}
REGIO_EN_LEZERS = {R.CONTRACTMANAGER, R.BEHEER, R.AANBIEDER, R.CONTROLLER, R.BACKOFFICE, R.CONSULENT}
MAG: dict[tuple[str, str], set[Rol]] = {
    ("PUT", f"{CM}/subsegmenten/{{code}}"): {R.BEHEER, R.CONTRACTMANAGER},
    ("GET", f"{CM}/subsegmenten"): set(Rol),
    ("GET", f"{CM}/subsegmenten/{{code}}"): set(Rol),
    ("POST", f"{CM}/overeenkomsten"): {R.CONTRACTMANAGER},
    ("POST", f"{CM}/overeenkomsten/{{overeenkomst}}/wijzigingen"): {R.CONTRACTMANAGER},
    ("PUT", f"{CM}/overeenkomsten/{{overeenkomst}}/einddatum"): {R.CONTRACTMANAGER},
    ("GET", f"{CM}/overeenkomsten"): REGIO_EN_LEZERS,
    ("GET", f"{CM}/overeenkomsten/{{overeenkomst}}"): REGIO_EN_LEZERS,
    ("GET", f"{CM}/bezetting"): {R.CONTRACTMANAGER, R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{CM}/signalen"): {R.CONTRACTMANAGER, R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{CM}/signalen/{{signaal}}"): {R.CONTRACTMANAGER, R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{CM}/signalen/{{signaal}}/stappen"): {R.CONTRACTMANAGER},
    ("PUT", f"{CM}/gemeenten/{{code}}"): {R.BEHEER, R.CONTRACTMANAGER},
    ("GET", f"{CM}/gemeenten"): set(Rol),
    ("POST", f"{TO}/indicaties"): {R.CONSULENT},
    ("GET", f"{TO}/indicaties"): {R.CONSULENT},
    ("GET", f"{TO}/indicaties/{{indicatie}}"): {R.CONSULENT},
    ("POST", f"{TO}/indicaties/{{indicatie}}/wijzigingen"): {R.CONSULENT},
    ("POST", f"{TO}/clienten/_zoek"): {R.CONSULENT},
    ("GET", f"{TO}/clienten/{{client}}"): {R.CONSULENT, R.BACKOFFICE},
    ("GET", f"{BO}/toewijzingen"): {R.BACKOFFICE, R.CONSULENT, R.AANBIEDER},
    ("GET", f"{BO}/leveringen/{{levering}}"): {R.BACKOFFICE, R.CONSULENT, R.AANBIEDER},
    ("POST", f"{BO}/berichten"): {R.AANBIEDER, R.BACKOFFICE, R.KNOOPPUNT},
    CONTROLE: {R.AANBIEDER, R.BACKOFFICE, R.KNOOPPUNT},
    ("GET", f"{BO}/berichten"): {R.AANBIEDER, R.BACKOFFICE, R.KNOOPPUNT},
    ("GET", f"{BO}/berichten/{{bericht}}"): {R.AANBIEDER, R.BACKOFFICE, R.KNOOPPUNT},
    ("GET", f"{BO}/berichten/{{bericht}}/retour"): {R.AANBIEDER, R.BACKOFFICE, R.KNOOPPUNT},
    ("GET", f"{FI}/betaalschemas"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/betaalschemas/{{betaalschema}}"): {R.CONTROLLER, R.AANBIEDER, R.AUDITOR},
    ("POST", f"{FI}/betaalschemas/{{betaalschema}}/publicatie"): {R.CONTROLLER},
    ("GET", f"{FI}/overeenkomsten/{{overeenkomst}}"): {R.CONTROLLER, R.AANBIEDER, R.AUDITOR},
    ("PUT", f"{FI}/indexcijfers/{{wet}}/{{jaar}}"): {R.CONTRACTMANAGER},
    ("GET", f"{FI}/indexcijfers"): CIJFERLEZERS,
    ("GET", f"{FI}/indexaties"): CIJFERLEZERS,
    ("GET", f"{FI}/voorstellen"): CIJFERLEZERS,
    ("GET", f"{FI}/verantwoordingen"): CIJFERLEZERS,
    ("GET", f"{FI}/informatiesets"): CIJFERLEZERS,
    ("PUT", f"{FI}/informatiesets/{{jaar}}"): {R.CONTRACTMANAGER},
    ("PUT", f"{FI}/begrotingen/{{jaar}}/{{onderdeel}}"): {R.CONTROLLER},
    ("GET", f"{FI}/begrotingen"): {R.CONTROLLER, R.AUDITOR},
    ("POST", f"{FI}/jaareindes"): {R.CONTROLLER},
    ("GET", f"{FI}/jaareindes"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/jaareindes/{{jaareinde}}"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/prognoses"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/kwartaalmonitors"): {R.CONTROLLER},
    ("GET", f"{FI}/kwartaalmonitors"): {R.CONTROLLER, R.CONTRACTMANAGER, R.AANBIEDER},
    ("GET", f"{FI}/bijstellingen"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/bijstellingen/{{bijstelling}}"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/bijstellingen/{{bijstelling}}/brief"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/bijstellingen/{{bijstelling}}/melding"): {R.CONTROLLER},
    ("POST", f"{FI}/bijstellingen/{{bijstelling}}/reactie"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/bijstellingen/{{bijstelling}}/vaststelling"): {R.CONTROLLER},
    ("POST", f"{FI}/bijstellingen/{{bijstelling}}/intrekking"): {R.CONTROLLER},
    ("POST", f"{FI}/afrekeningen"): {R.CONTROLLER},
    ("GET", f"{FI}/afrekeningen"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/afrekeningen/{{afrekening}}"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/afrekeningen/{{afrekening}}/brief"): {R.CONTROLLER, R.AANBIEDER},
    ("GET", f"{FI}/afrekeningen/{{afrekening}}/specificatie"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/verzending"): {R.CONTROLLER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/reactie"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/intrekking"): {R.CONTROLLER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/correctie"): {R.CONTROLLER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/ontvangsten"): {R.CONTROLLER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/verrekening"): {R.CONTROLLER},
    ("GET", f"{FI}/afzenders/{{gemeente}}"): {R.CONTROLLER},
    ("PUT", f"{FI}/afzenders/{{gemeente}}"): {R.CONTROLLER},
    ("GET", f"{FI}/brieven/{{brief}}"): {R.CONTROLLER, R.AANBIEDER},
    ("POST", f"{FI}/afrekeningen/{{afrekening}}/vaststelling"): {R.CONTROLLER},
    ("GET", f"{FI}/grootboek/posten"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/grootboek/posten/{{journaalpost}}"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/grootboek/saldi"): {R.CONTROLLER, R.AUDITOR},
    UITVOER: {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/grootboek/afsluitingen"): {R.CONTROLLER, R.AUDITOR},
    ("POST", f"{FI}/grootboek/afsluitingen"): {R.CONTROLLER},
    ("GET", f"{FI}/grootboek/rubrieken"): {R.CONTROLLER, R.AUDITOR},
    ("PUT", f"{FI}/grootboek/rubrieken/{{subsegment}}/{{ingangsdatum}}"): {R.CONTROLLER},
    ("GET", f"{FI}/herkomst/{{soort}}/{{id}}"): {R.CONTROLLER, R.AANBIEDER, R.AUDITOR},
    ("PUT", f"{FI}/rekeningen/gemeenten/{{gemeente}}"): {R.CONTROLLER},
    ("PUT", f"{FI}/rekeningen/aanbieders/{{aanbieder}}"): {R.CONTROLLER},
    ("GET", f"{FI}/rekeningen"): {R.CONTROLLER, R.AUDITOR, R.AANBIEDER},
    ("POST", f"{FI}/rekeningen/{{rekening}}/bevestiging"): {R.CONTROLLER},
    ("POST", f"{FI}/rekeningen/{{rekening}}/afwijzing"): {R.CONTROLLER},
    ("PUT", f"{FI}/betaalpunten/{{gemeente}}/{{doel}}"): {R.CONTROLLER},
    ("GET", f"{FI}/betaalpunten"): {R.CONTROLLER, R.AUDITOR},
    ("POST", f"{FI}/betaalbatches"): {R.CONTROLLER},
    ("GET", f"{FI}/betaalbatches"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/betaalbatches/{{batch}}"): {R.CONTROLLER, R.AUDITOR},
    ("POST", f"{FI}/betaalbatches/{{batch}}/goedkeuringen"): {R.CONTROLLER},
    ("POST", f"{FI}/betaalbatches/{{batch}}/bestand"): {R.CONTROLLER},
    ("POST", f"{FI}/betaalbatches/{{batch}}/aanlevering"): {R.CONTROLLER},
    ("POST", f"{FI}/betaalbatches/{{batch}}/intrekking"): {R.CONTROLLER},
    ("GET", f"{FI}/betalingen"): {R.CONTROLLER, R.AUDITOR, R.AANBIEDER},
    ("POST", f"{FI}/terugmeldingen"): {R.CONTROLLER},
    ("POST", f"{FI}/betalingen/{{betaling}}/bankverklaringen"): {R.CONTROLLER},
    ("POST", f"{FI}/bankverklaringen/{{bankverklaring}}/bevestiging"): {R.CONTROLLER},
    ("POST", f"{FI}/bankverklaringen/{{bankverklaring}}/afwijzing"): {R.CONTROLLER},
    ("GET", f"{FI}/bankverklaringen"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/terugmeldingen"): {R.CONTROLLER, R.AUDITOR},
    ("GET", f"{FI}/terugmeldingen/{{terugmelding}}"): {R.CONTROLLER, R.AUDITOR},
}


class Route(NamedTuple):
    """An operation as the OpenAPI document names it."""

    methode: str
    pad: str
    filters: tuple[str, ...]

    def adres(self) -> str:
        return self.pad.replace("{code}", "54Z01").translate(str.maketrans("{}", "xx"))


class Huis(NamedTuple):
    """What belongs to one gemeente and provider."""

    gemeente: str
    aanbieder: str
    overeenkomst: str
    toewijzing: Toewijzing
    bericht: str
    levering: str
    bijstelling: str
    afrekening: str
    client: str

    def wie(self, rol: Rol) -> dict[str, str | None]:
        return {
            "gemeente": self.gemeente if rol in GEMEENTE_ROLES else None,
            "aanbieder": self.aanbieder if rol is Rol.AANBIEDER else None,
        }


@pytest.fixture(scope="module")
def routes(regio: Regio) -> list[Route]:
    gevonden = []
    for dienst in DIENSTEN:
        document = regio.http.get(f"{dienst}/openapi.json").json()
        for pad, werkwoorden in document["paths"].items():
            for methode, operatie in werkwoorden.items():
                filters = tuple(p["name"] for p in operatie.get("parameters", ()) if p["in"] == "query")
                gevonden.append(Route(methode.upper(), f"{dienst}{pad}", filters))
    return gevonden


def maak_huis(regio: Regio) -> Huis:
    gemeente, aanbieder = regio.gemeente(), regio.aanbieder()
    regio.subsegment("54Z01")
    regels = [regel(gemeente, "54Z01", "2", "12000.00")]
    overeenkomst = regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), regels)
    toewijzing = regio.maak_toewijzing(gemeente, aanbieder, "54Z01", date(2026, 1, 1))
    antwoord = regio.meld(toewijzing, toewijzing.start(date(2026, 2, 1)))
    regio.rust()
    (monitor,) = regio.kwartaalmonitor(gemeente, "2026-Q2")
    afrekening = regio.afrekening(gemeente, aanbieder, date(2026, 1, 1), date(2026, 6, 30))
    gevonden = regio.roep("GET", f"{TO}/indicaties", Rol.CONSULENT, gemeente=gemeente).json()["resultaten"]
    return Huis(
        gemeente,
        aanbieder,
        overeenkomst,
        toewijzing,
        antwoord.headers["location"].rpartition("/")[2],
        regio.toewijzingen(gemeente)[0]["id"],
        monitor["bijstelling"],
        afrekening["id"],
        gevonden[0]["client"],
    )


@pytest.fixture(scope="module")
def eigen(regio: Regio) -> Huis:
    return maak_huis(regio)


@pytest.fixture(scope="module")
def ander(regio: Regio) -> Huis:
    return maak_huis(regio)


def roep(regio: Regio, methode: str, pad: str, token: str | None, **inhoud: Any) -> httpx.Response:
    kop = {} if token is None else {"Authorization": f"Bearer {token}"}
    kop |= inhoud.pop("headers", {})
    return regio.http.request(methode, pad, headers=kop, **inhoud)


def is_probleem(antwoord: httpx.Response, status: int) -> None:
    wat = f"{antwoord.request.method} {antwoord.request.url}: {antwoord.status_code} {antwoord.text[:300]}"
    assert antwoord.status_code == status, wat
    assert antwoord.headers["content-type"] == PROBLEEM, wat
    inhoud = antwoord.json()
    assert inhoud["status"] == status, wat
    assert inhoud["title"], wat
    assert inhoud["detail"], wat
    assert antwoord.headers["api-version"], wat


def test_every_route_is_in_the_table_of_who_may_call_it(routes: list[Route]) -> None:
    assert {(route.methode, route.pad) for route in routes} == MAG.keys()


@pytest.mark.parametrize("token", [None, "onzin", "a.b.c"], ids=["none", "nonsense", "three parts"])
def test_without_a_good_token_every_route_is_401(regio: Regio, routes: list[Route], token: str | None) -> None:
    for route in routes:
        antwoord = roep(regio, route.methode, route.adres(), token)
        is_probleem(antwoord, 401)
        assert antwoord.headers["www-authenticate"].startswith("Bearer")


def test_a_wrong_role_is_403_and_a_right_one_is_not(regio: Regio, routes: list[Route], eigen: Huis) -> None:
    for route in routes:
        for rol in Rol:
            antwoord = roep(regio, route.methode, route.adres(), regio.token(rol, **eigen.wie(rol)))
            if rol in MAG[route.methode, route.pad]:
                assert antwoord.status_code not in (401, 403), f"{route} {rol} {antwoord.text}"
                assert antwoord.status_code < 500, f"{route} {rol} {antwoord.text}"
            else:
                is_probleem(antwoord, 403)


def test_naming_another_gemeente_or_provider_in_a_filter_is_403(
    regio: Regio, routes: list[Route], eigen: Huis, ander: Huis
) -> None:
    geprobeerd = 0
    for route in routes:
        for rol in MAG[route.methode, route.pad]:
            filters = {
                "gemeente": (ander.gemeente, rol in GEMEENTE_ROLES),
                "aanbieder": (ander.aanbieder, rol is Rol.AANBIEDER),
            }
            for naam, (waarde, begrensd) in filters.items():
                if route.methode == "GET" and naam in route.filters and begrensd:
                    geprobeerd += 1
                    token = regio.token(rol, **eigen.wie(rol))
                    is_probleem(roep(regio, "GET", route.adres(), token, params={naam: waarde}), 403)
    assert geprobeerd > 10


def test_lists_show_nothing_of_another_gemeente_or_provider(
    regio: Regio, routes: list[Route], eigen: Huis, ander: Huis
) -> None:
    vreemd = {ander.gemeente, ander.aanbieder, ander.overeenkomst, ander.bericht, ander.bijstelling, ander.client}
    gezien = 0
    for route in routes:
        if route.methode != "GET" or "{" in route.pad or route[:2] == UITVOER:
            continue
        for rol in MAG[route.methode, route.pad]:
            if rol in GEMEENTE_ROLES or rol is Rol.AANBIEDER:
                rijen = regio.lijst(route.pad, rol, **eigen.wie(rol))
                gezien += len(rijen)
                assert not [rij for rij in rijen if vreemd & set(map(str, rij.values()))], (route, rol)
    assert gezien > 15, "lists without rows prove nothing"


def test_anothers_things_addressed_by_id_do_not_exist(regio: Regio, eigen: Huis, ander: Huis) -> None:
    sleutel = {"Idempotency-Key": "vreemd"}
    leeg: Json = {}
    signaal = regio.signalen(ander.aanbieder, "alle")[0]["id"]
    aanroepen: list[tuple[Rol, str, str, Json | None]] = [
        (R.CONSULENT, "GET", f"{TO}/indicaties/{ander.toewijzing.indicatie}", None),
        (R.CONSULENT, "POST", f"{TO}/indicaties/{ander.toewijzing.indicatie}/wijzigingen", {"ingetrokken": True}),
        (R.CONSULENT, "GET", f"{TO}/clienten/{ander.client}", None),
        (R.BACKOFFICE, "GET", f"{TO}/clienten/{ander.client}", None),
        (R.CONSULENT, "POST", f"{TO}/clienten/_zoek", {"bsn": ander.toewijzing.client.bsn}),
        *((rol, "GET", f"{BO}/leveringen/{ander.levering}", None) for rol in (R.AANBIEDER, R.BACKOFFICE, R.CONSULENT)),
        *((rol, "GET", f"{BO}/berichten/{ander.bericht}", None) for rol in (R.AANBIEDER, R.BACKOFFICE)),
        *((rol, "GET", f"{BO}/berichten/{ander.bericht}/retour", None) for rol in (R.AANBIEDER, R.BACKOFFICE)),
        *((rol, "GET", f"{FI}/bijstellingen/{ander.bijstelling}", None) for rol in (R.AANBIEDER, R.CONTROLLER)),
        *(
            (R.CONTROLLER, "POST", f"{FI}/bijstellingen/{ander.bijstelling}/{stap}", leeg)
            for stap in ("melding", "vaststelling", "intrekking")
        ),
        (R.AANBIEDER, "POST", f"{FI}/bijstellingen/{ander.bijstelling}/reactie", {"reactie": "akkoord"}),
        *((rol, "GET", f"{FI}/bijstellingen/{ander.bijstelling}/brief", None) for rol in (R.AANBIEDER, R.CONTROLLER)),
        *(
            (rol, "GET", f"{FI}/afrekeningen/{ander.afrekening}{document}", None)
            for rol in (R.AANBIEDER, R.CONTROLLER)
            for document in ("", "/brief", "/specificatie")
        ),
        *(
            (R.CONTROLLER, "POST", f"{FI}/afrekeningen/{ander.afrekening}/{stap}", leeg)
            for stap in ("verzending", "vaststelling", "intrekking", "correctie")
        ),
        (R.AANBIEDER, "POST", f"{FI}/afrekeningen/{ander.afrekening}/reactie", {"reactie": "akkoord"}),
        *(
            (rol, "GET", f"{FI}/herkomst/{soort}/{identity}", None)
            for rol in (R.AANBIEDER, R.CONTROLLER)
            for soort, identity in (
                ("termijn", f"{ander.overeenkomst}:{ander.gemeente}:54Z01:2026-01"),
                ("bijstelling", ander.bijstelling),
                ("afrekening", ander.afrekening),
                ("afrekeningsregel", f"{ander.afrekening}:{ander.overeenkomst}:54Z01"),
            )
        ),
        *((rol, "GET", f"{CM}/overeenkomsten/{ander.overeenkomst}", None) for rol in (R.AANBIEDER, R.CONTROLLER)),
        *((rol, "GET", f"{CM}/signalen/{signaal}", None) for rol in (R.AANBIEDER, R.CONTROLLER)),
    ]
    for rol, methode, pad, inhoud in aanroepen:
        token = regio.token(rol, **eigen.wie(rol))
        body = {} if inhoud is None else {"json": inhoud}
        is_probleem(roep(regio, methode, pad, token, headers=sleutel, **body), 404)


def test_naming_another_gemeente_in_a_body_is_403(regio: Regio, eigen: Huis, ander: Huis) -> None:
    indicatie = indicatie_in(
        ander.gemeente, ander.aanbieder, "54Z01", date(2026, 1, 1), None, next(regio.personen), "jeugdwet"
    )
    periode = {"begindatum": "2026-01-01", "einddatum": "2026-06-30"}
    for rol, pad, inhoud in (
        (R.CONSULENT, f"{TO}/indicaties", indicatie),
        (R.CONTROLLER, f"{FI}/kwartaalmonitors", {"gemeente": ander.gemeente, "kwartaal": "2026-Q2"}),
        (R.CONTROLLER, f"{FI}/afrekeningen", {"gemeente": ander.gemeente, "aanbieder": ander.aanbieder, **periode}),
    ):
        is_probleem(roep(regio, "POST", pad, regio.token(rol, **eigen.wie(rol)), json=inhoud), 403)


def test_a_provider_does_not_see_a_proposal_before_it_is_notified(regio: Regio, eigen: Huis) -> None:
    token = regio.token(R.AANBIEDER, **eigen.wie(R.AANBIEDER))
    is_probleem(roep(regio, "GET", f"{FI}/bijstellingen/{eigen.bijstelling}", token), 404)


LELIJK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("nothing", {}),
    ("no JSON", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
    ("no UTF-8", {"content": b'{"naam": "\xff\xfe"}', "headers": {"Content-Type": "application/json"}}),
    ("a list", {"json": []}),
    ("null", {"json": None, "headers": {"Content-Type": "application/json"}, "content": b"null"}),
    ("deep", {"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}),
    (
        "deep object",
        {"content": b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "headers": {"Content-Type": "application/json"}},
    ),
    ("long number", {"content": b'{"versie": ' + b"9" * 5_000 + b"}", "headers": {"Content-Type": "application/json"}}),
    ("not a number", {"content": b'{"plekken": NaN}', "headers": {"Content-Type": "application/json"}}),
    ("XML", {"content": b"<a/>", "headers": {"Content-Type": "application/xml"}}),
    ("a form", {"data": {"gemeente": "0294"}}),
    ("no type", {"content": b"{}", "headers": {"Content-Type": ""}}),
    ("3 MB", {"content": b'{"naam": "' + b"x" * 3_000_000 + b'"}', "headers": {"Content-Type": "application/json"}}),
)
LELIJKE_WAARDEN = (
    "",
    "0",
    "-1",
    "null",
    "9" * 40,
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "%00",
    "\x00",
    "é" * 300,
    "' or 1=1 --",
    "٠٢٩٤",
    "WyJhIl0=",
)


def test_no_body_is_a_mishap(regio: Regio, routes: list[Route], eigen: Huis) -> None:
    for route in routes:
        if route.methode == "GET":
            continue
        rol = min(MAG[route.methode, route.pad])
        token = regio.token(rol, **eigen.wie(rol))
        for naam, inhoud in LELIJK:
            kop = {"Idempotency-Key": "lelijk", **inhoud.get("headers", {})}
            rest = {k: v for k, v in inhoud.items() if k not in ("headers", *(["json"] if "content" in inhoud else []))}
            antwoord = roep(regio, route.methode, route.adres(), token, headers=kop, **rest)
            if route[:2] == CONTROLE and naam == "XML":
                assert (antwoord.status_code, antwoord.json()["oordeel"]) == (200, "onleesbaar")
                continue
            assert 400 <= antwoord.status_code < 500, f"{route} {naam}: {antwoord.status_code} {antwoord.text[:200]}"
            is_probleem(antwoord, antwoord.status_code)


def test_no_query_is_a_mishap(regio: Regio, routes: list[Route], eigen: Huis) -> None:
    for route in routes:
        if route.methode != "GET":
            continue
        rol = min(MAG[route.methode, route.pad])
        token = regio.token(rol, **eigen.wie(rol))
        for naam in route.filters:
            for waarde in LELIJKE_WAARDEN:
                antwoord = roep(regio, "GET", route.adres(), token, params={naam: waarde})
                wat = f"{route} {naam}={waarde!r}: {antwoord.status_code} {antwoord.text[:200]}"
                assert antwoord.status_code < 500, wat
                if antwoord.status_code >= 400:
                    is_probleem(antwoord, antwoord.status_code)


def test_ids_that_nobody_gave_out_are_404(regio: Regio, routes: list[Route], eigen: Huis) -> None:
    for route in routes:
        if "{" not in route.pad or "{code}" in route.pad or route.methode != "GET":
            continue
        # A gemeente has a form of its own: what has another form is no gemeente at all.
        verwacht = {400, 404} if "{gemeente}" in route.pad else {404}
        for rol in MAG[route.methode, route.pad]:
            for vreemd in ("bestaat-niet", "%00", "é", "..", "a" * 3000, "1;drop"):
                pad = route.pad[: route.pad.index("{")] + vreemd + route.pad[route.pad.index("}") + 1 :]
                antwoord = roep(regio, "GET", pad, regio.token(rol, **eigen.wie(rol)))
                assert antwoord.status_code in verwacht, f"{pad}: {antwoord.status_code}"
                is_probleem(antwoord, antwoord.status_code)


@pytest.mark.parametrize(
    ("methode", "pad", "status"),
    [
        ("GET", "/niets", 404),
        ("GET", f"{CM}/niets", 404),
        ("GET", f"{CM}/bezetting/", 404),
        ("DELETE", f"{CM}/bezetting", 405),
        ("POST", f"{FI}/betaalschemas", 405),
        ("GET", f"{BO}/../etc/passwd", 404),
    ],
)
def test_wrong_addresses_and_methods_are_problems_too(regio: Regio, methode: str, pad: str, status: int) -> None:
    antwoord = roep(regio, methode, pad, regio.token(R.CONTRACTMANAGER))
    assert antwoord.status_code == status
    assert antwoord.headers["content-type"] == PROBLEEM
    if status == 405:
        assert antwoord.headers["allow"]
