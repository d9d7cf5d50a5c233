"""The chain: a decision leads to a 301, a real start and stop lead to retours, and move places, money and signals."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from services.backoffice.istandaarden.persoon import Client
from shared.web.identity import Rol
from tests.e2e.keuring import Keuring, veld, velden
from tests.e2e.opstelling import VANDAAG
from tests.e2e.regio import Json, Regio, Toewijzing, regel

BEGIN, EIND = date(2026, 1, 1), date(2026, 12, 31)
INGANG = date(2026, 4, 1)
CODES = {"jeugdwet": ("55Z01", "55Z02"), "wmo": ("01Z01", "01Z02")}


@pytest.fixture(params=["jeugdwet", "wmo"])
def wet(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Plaats:
    """A provider with two lines of two places in one gemeente."""

    def __init__(self, regio: Regio, wet: str) -> None:
        self.regio, self.wet, self.codes = regio, wet, CODES[wet]
        self.gemeente, self.aanbieder = regio.gemeente(), regio.aanbieder()
        for code in self.codes:
            regio.subsegment(code, wet)
        regels = [regel(self.gemeente, code, "2", "12000.00") for code in self.codes]
        regio.overeenkomst(self.aanbieder, BEGIN, EIND, regels)
        regio.rust()

    def naam(self, nummer: str) -> str:
        return f"{'JW' if self.wet == 'jeugdwet' else 'WMO'}{nummer}"

    def wijs_toe(self, code: str, ingang: date = INGANG, client: Client | None = None) -> Toewijzing:
        return self.regio.maak_toewijzing(
            self.gemeente, self.aanbieder, code, ingang, EIND, client=client, wet=self.wet
        )

    def bezet(self, code: str, dag: date = VANDAAG) -> int:
        (rij,) = [rij for rij in self.regio.bezetting(dag, self.aanbieder) if rij["subsegment"] == code]
        return int(rij["bezet"])

    def prognose(self, code: str) -> Json:
        (rij,) = [rij for rij in self.regio.prognoses(self.gemeente) if rij["subsegment"] == code]
        return rij

    def signalen(self) -> set[tuple[str, str]]:
        return {(rij["soort"], rij["sinds"]) for rij in self.regio.signalen(self.aanbieder)} - {
            ("onderbezet", "2026-07-01")
        }


@pytest.fixture
def plaats(gekeurde_regio: Regio, wet: str) -> Plaats:
    return Plaats(gekeurde_regio, wet)


def codes_in(inhoud: bytes, naam: str = "RetourCode") -> list[str | None]:
    return [element.text for element in velden(etree.fromstring(inhoud), naam)]


def test_an_indicatie_leads_to_a_301_with_one_place_for_the_whole_period(plaats: Plaats) -> None:
    toewijzing = plaats.wijs_toe(plaats.codes[0])
    ((naam, inhoud),) = plaats.regio.postbus(plaats.aanbieder)
    wortel = etree.fromstring(inhoud)
    assert naam == plaats.naam("301")
    assert veld(wortel, "ToewijzingNummer").text == toewijzing.nummer
    assert (veld(wortel, "Afzender").text, veld(wortel, "Ontvanger").text) == (plaats.gemeente, plaats.aanbieder)
    assert [veld(wortel, naam).text for naam in ("Volume", "Eenheid", "Frequentie")] == ["1", "82", "6"]
    assert (veld(wortel, "Categorie").text, veld(wortel, "Code").text) == (plaats.codes[0][:2], plaats.codes[0])
    assert (veld(wortel, "Ingangsdatum").text, veld(wortel, "Einddatum").text) == ("2026-04-01", "2026-12-31")


def test_a_second_indicatie_gives_a_301_with_all_current_assignments(plaats: Plaats) -> None:
    eerste = plaats.wijs_toe(plaats.codes[0])
    tweede = plaats.wijs_toe(plaats.codes[1], client=eerste.client)
    *_, (_, laatste) = plaats.regio.postbus(plaats.aanbieder)
    nummers = [element.text for element in velden(etree.fromstring(laatste), "ToewijzingNummer")]
    assert nummers == [eerste.nummer, tweede.nummer]
    assert int(tweede.nummer) == int(eerste.nummer) + 1


def test_a_start_moves_occupancy_forecast_and_signal_and_a_stop_moves_them_back(plaats: Plaats) -> None:
    regio, code = plaats.regio, plaats.codes[0]
    eerste, tweede = plaats.wijs_toe(code), plaats.wijs_toe(code)
    assert (plaats.bezet(code), plaats.prognose(code)["verwacht"], plaats.signalen()) == (0, "0.00", set())

    antwoord = regio.meld(eerste, eerste.start(date(2026, 7, 1)))
    regio.rust()
    assert (antwoord.status_code, codes_in(antwoord.content)) == (200, [])
    een = plaats.prognose(code)
    assert (plaats.bezet(code), plaats.signalen()) == (1, set())
    # One place at a thousand a month from 1 July: half a year, and through 19 August 1 + 19/31 months.
    assert (een["verwacht"], een["gerealiseerd"], een["bezet"]) == ("6000.00", "1612.90", 1)

    regio.meld(tweede, tweede.start(date(2026, 8, 1)))
    regio.rust()
    twee = plaats.prognose(code)
    assert (plaats.bezet(code), plaats.signalen()) == (2, {("vol", "2026-08-01")})
    assert (twee["verwacht"], twee["gerealiseerd"]) == ("11000.00", "2225.81")
    assert twee["oorzaak"] != een["oorzaak"]
    (vol,) = [rij for rij in regio.signalen(plaats.aanbieder) if rij["soort"] == "vol"]
    assert (vol["subsegment"], vol["gemeente"]) == (code, plaats.gemeente)
    assert vol["oorzaak"] == twee["oorzaak"], "one event filled the line: both name it"

    gestopt = regio.meld(tweede, tweede.stop(date(2026, 8, 1), date(2026, 8, 10)))
    regio.rust()
    assert (gestopt.status_code, codes_in(gestopt.content)) == (200, [])
    assert (plaats.bezet(code), plaats.bezet(code, date(2026, 8, 10)), plaats.signalen()) == (1, 2, set())
    assert plaats.prognose(code)["verwacht"] == "6322.58"
    assert ("vol", "2026-08-01", "2026-08-10") in {
        (rij["soort"], rij["sinds"], rij["totEnMet"]) for rij in regio.signalen(plaats.aanbieder, "gesloten")
    }


def test_a_third_client_over_two_places_is_never_refused_but_signalled(plaats: Plaats) -> None:
    code = plaats.codes[0]
    for dag in (1, 2, 3):
        toewijzing = plaats.wijs_toe(code)
        plaats.regio.meld(toewijzing, toewijzing.start(date(2026, 8, dag)))
    plaats.regio.rust()
    assert (plaats.bezet(code), plaats.signalen()) == (3, {("overbezet", "2026-08-03")})
    # C-1, B-5a: the next decision is made, with a warning.
    wie = {"gemeente": plaats.gemeente, "aanbieder": plaats.aanbieder}
    assert plaats.regio.maak_toewijzing(**wie, subsegment=code, ingangsdatum=INGANG, wet=plaats.wet).nummer == "4"


def test_a_stop_before_its_start_waits_and_is_answered_when_the_start_comes(plaats: Plaats) -> None:
    regio, toewijzing = plaats.regio, plaats.wijs_toe(plaats.codes[0])
    begin, eind = date(2026, 7, 1), date(2026, 7, 31)
    wachtend = regio.meld(toewijzing, toewijzing.stop(begin, eind))
    assert wachtend.status_code == 202
    plek = wachtend.headers["location"]
    rij = regio.roep("GET", plek, Rol.AANBIEDER, aanbieder=plaats.aanbieder).json()
    assert (rij["status"], rij["retourcodes"]) == ("wacht", ["9069"])
    regio.roep("GET", f"{plek}/retour", Rol.AANBIEDER, aanbieder=plaats.aanbieder, goed=(404,))

    assert regio.meld(toewijzing, toewijzing.start(begin)).status_code == 200
    regio.rust()
    retour = regio.xml(rij["id"], plaats.aanbieder, "/retour")
    assert plaats.regio.keuring is not None
    assert (plaats.regio.keuring.keur(retour), codes_in(retour)) == (plaats.naam("308"), [])
    assert plaats.bezet(plaats.codes[0], eind) == 1
    assert plaats.bezet(plaats.codes[0]) == 0


def test_a_start_on_an_unknown_assignment_is_refused_per_class(plaats: Plaats) -> None:
    toewijzing = plaats.wijs_toe(plaats.codes[0])
    fout = Toewijzing(**{**toewijzing.__dict__, "nummer": "99"})
    antwoord = plaats.regio.stuur(
        plaats.regio.bericht(toewijzing, [toewijzing.start(date(2026, 7, 1)), fout.start(date(2026, 7, 1))]),
        plaats.aanbieder,
    )
    assert codes_in(antwoord.content) == ["0200", "0200", "9019", "0200"], "header, two classes, client"
    plaats.regio.rust()
    assert plaats.bezet(plaats.codes[0]) == 0


def test_a_message_for_another_clients_assignment_is_refused(plaats: Plaats) -> None:
    toewijzing, ander = plaats.wijs_toe(plaats.codes[0]), plaats.wijs_toe(plaats.codes[0])
    verwisseld = Toewijzing(**{**toewijzing.__dict__, "client": ander.client})
    antwoord = plaats.regio.meld(verwisseld, verwisseld.start(date(2026, 7, 1)))
    assert "9019" in codes_in(antwoord.content)


def test_the_same_bytes_get_the_same_answer_and_other_bytes_9056(plaats: Plaats) -> None:
    regio, toewijzing = plaats.regio, plaats.wijs_toe(plaats.codes[0])
    inhoud = regio.bericht(toewijzing, [toewijzing.start(date(2026, 7, 1))], "EENMAAL")
    eerste, nogmaals = (regio.stuur(inhoud, plaats.aanbieder) for _ in range(2))
    assert eerste.content == nogmaals.content
    assert eerste.headers["location"] == nogmaals.headers["location"]
    anders = regio.stuur(inhoud.replace(b"2026-07-01", b"2026-07-02"), plaats.aanbieder)
    assert codes_in(anders.content) == ["9056"]
    regio.rust()
    assert plaats.bezet(plaats.codes[0], date(2026, 7, 1)) == 1


def test_a_withdrawn_indicatie_frees_its_place_for_all_time(plaats: Plaats) -> None:
    regio, code = plaats.regio, plaats.codes[0]
    toewijzing = plaats.wijs_toe(code)
    regio.meld(toewijzing, toewijzing.start(date(2026, 7, 1)))
    regio.rust()
    pad = f"/toegang/v1/indicaties/{toewijzing.indicatie}/wijzigingen"
    regio.roep("POST", pad, Rol.CONSULENT, gemeente=plaats.gemeente, json={"ingetrokken": True})
    regio.rust()
    assert (plaats.bezet(code), plaats.bezet(code, date(2026, 7, 1))) == (0, 0)
    assert plaats.prognose(code)["verwacht"] == "0.00"


def test_an_earlier_end_of_the_assignment_bounds_an_open_delivery(plaats: Plaats) -> None:
    regio, code = plaats.regio, plaats.codes[0]
    toewijzing = plaats.wijs_toe(code)
    regio.meld(toewijzing, toewijzing.start(date(2026, 7, 1)))
    pad = f"/toegang/v1/indicaties/{toewijzing.indicatie}/wijzigingen"
    regio.roep("POST", pad, Rol.CONSULENT, gemeente=plaats.gemeente, json={"einddatum": "2026-08-09"})
    regio.rust()
    assert [plaats.bezet(code, dag) for dag in (date(2026, 8, 9), date(2026, 8, 10), VANDAAG)] == [1, 0, 0]


@pytest.mark.parametrize(("naam", "wet"), [("JW305", "jeugdwet"), ("WMO305", "wmo")])
def test_the_official_start_example_goes_in_adapted_to_assignments_that_were_made(
    gekeurde_regio: Regio, gedeeld: Path, naam: str, wet: str
) -> None:
    plaats = Plaats(gekeurde_regio, wet)
    inhoud, toewijzingen = aangepast(plaats, gedeeld, naam)
    antwoord = gekeurde_regio.stuur(inhoud, plaats.aanbieder)
    gekeurde_regio.rust()
    assert codes_in(antwoord.content) == []
    assert [plaats.bezet(code) for code in plaats.codes] == [1, 1]
    for toewijzing in toewijzingen:
        (rij,) = gekeurde_regio.toewijzingen(plaats.gemeente, indicatie=toewijzing.indicatie)
        assert len(rij["leveringen"]) == 1


def test_the_official_stop_example_follows_the_official_start_example(gekeurde_regio: Regio, gedeeld: Path) -> None:
    plaats = Plaats(gekeurde_regio, "jeugdwet")
    gestart, toewijzingen = aangepast(plaats, gedeeld, "JW305")
    gestopt, _ = aangepast(plaats, gedeeld, "JW307", toewijzingen)
    assert gekeurde_regio.stuur(gestopt, plaats.aanbieder).status_code == 202
    assert gekeurde_regio.stuur(gestart, plaats.aanbieder).status_code == 200
    gekeurde_regio.rust()
    perioden = [
        gekeurde_regio.toewijzingen(plaats.gemeente, indicatie=toewijzing.indicatie)[0]["leveringen"]
        for toewijzing in toewijzingen
    ]
    assert [[(p["begindatum"], p["einddatum"]) for p in lijst] for lijst in perioden] == [
        [("2026-04-03", "2026-07-17")],
        [("2026-04-15", "2026-07-17")],
    ]
    namen = [naam for naam, _ in gekeurde_regio.postbus(plaats.aanbieder)]
    assert sorted(namen)[-2:] == ["JW306", "JW308"]


def test_every_kind_that_goes_out_was_held_against_the_official_schema(keuring: Keuring, plaats: Plaats) -> None:
    """Not a test of luck: the chain above must have made each of them, and the check must be able to refuse."""
    toewijzing = plaats.wijs_toe(plaats.codes[0])
    plaats.regio.meld(toewijzing, toewijzing.start(date(2026, 7, 1)))
    plaats.regio.meld(toewijzing, toewijzing.stop(date(2026, 7, 1), date(2026, 7, 2)))
    plaats.regio.postbus(plaats.aanbieder)
    assert {plaats.naam(nummer) for nummer in ("301", "306", "308")} <= keuring.gekeurd.keys()
    ((_, goed),) = [
        (naam, inhoud)
        for naam, inhoud in ((rij["bericht"], plaats.regio.xml(rij["id"], plaats.aanbieder)) for rij in uit(plaats))
        if naam == plaats.naam("306")
    ]
    for kapot in (
        goed.replace(b"IdentificatieRetour", b"IdentificatieRetoer"),
        goed.replace(b"2026-08-19", b"gisteren"),
    ):
        with pytest.raises(AssertionError):
            keuring.keur(kapot)


def uit(plaats: Plaats) -> list[Json]:
    return plaats.regio.berichten(plaats.aanbieder, richting="uit")


def aangepast(
    plaats: Plaats, gedeeld: Path, naam: str, toewijzingen: list[Toewijzing] | None = None
) -> tuple[bytes, list[Toewijzing]]:
    """An official example, with sender, receiver, numbers, products and dates of assignments that really exist."""
    wortel = etree.fromstring((gedeeld / "istandaarden" / "examples" / f"{naam}.xml").read_bytes().strip())
    ingang = date.fromisoformat(str(velden(wortel, "ToewijzingIngangsdatum")[0].text))
    if toewijzingen is None:
        geboren = date.fromisoformat(str(veld(wortel, "Datum").text))
        client = Client(str(veld(wortel, "Bsn").text), geboren, "1", "Wit", voorvoegsel="de")
        eerste = plaats.wijs_toe(plaats.codes[0], ingang, client)
        toewijzingen = [eerste, plaats.wijs_toe(plaats.codes[1], ingang, client)]
    veld(wortel, "Afzender").text, veld(wortel, "Ontvanger").text = plaats.aanbieder, plaats.gemeente
    for toewijzing, nummer, code in zip(
        toewijzingen, velden(wortel, "ToewijzingNummer"), velden(wortel, "Code"), strict=True
    ):
        nummer.text, code.text = toewijzing.nummer, toewijzing.subsegment
    return etree.tostring(wortel, xml_declaration=True, encoding="UTF-8"), toewijzingen
