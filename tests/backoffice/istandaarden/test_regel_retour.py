"""Level 2 rules about answers (302 … 320, 325) and the header, each under its own number."""

from datetime import date

import pytest

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.regels.register import KEUZEREGELS
from services.backoffice.istandaarden.retour import maak_retour
from tests.backoffice.istandaarden.geldig import geldig
from tests.backoffice.istandaarden.overtreding import WEG, gebroken, met, regels

ANTWOORD = "DeclaratieAntwoord"
REGEL = f"{ANTWOORD}/Clienten/Client/0/Prestaties/Prestatie/0"
HEEN = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319", "WMO301", "WMO305", "WMO319")


def _retour(naam: str, *codes: str) -> Bericht:
    """The answer with these codes on the client or the answer itself; without codes only the header."""
    klasse = codes or None
    return maak_retour(
        geldig(naam), identificatie_retour="R1", dagtekening_retour=date(2026, 4, 16), client_codes=klasse
    )


@pytest.mark.parametrize("naam", HEEN)
def test_op065_only_what_is_rejected_comes_back(naam: str) -> None:
    assert regels(_retour(naam, "0200")) == ["OP065"]
    assert regels(_retour(naam, "0233")) == ["OP065"]
    assert regels(_retour(naam, "9056")) == []
    assert regels(_retour(naam)) == []


def test_op065_one_rejected_product_brings_its_client_back() -> None:
    codes = {"Client/StartProducten/StartProduct/0/RetourCodes": {"RetourCode": ["9019"]}}
    assert regels(met(_retour("JW305", "0200"), codes)) == []


def test_op304_a_claim_answer_names_only_clients_with_a_rejection() -> None:
    alles_goed: dict[str, object] = {f"{REGEL}/RetourCodes": {"RetourCode": ["0233"]}}
    assert gebroken("325", alles_goed) == ["OP304"]
    client: dict[str, object] = {f"{ANTWOORD}/Clienten/Client/0/RetourCodes": {"RetourCode": ["8187"]}}
    assert gebroken("325", alles_goed | client) == []


def test_tr342_claimed_less_granted_is_what_was_rejected() -> None:
    toegekend = f"{ANTWOORD}/TotaalToegekendBedrag"
    assert gebroken("325", {f"{toegekend}/TotaalBedrag": 1700}) == ["TR342"]
    assert gebroken("325", {f"{toegekend}/TotaalBedrag": 701}) == ["TR342"]
    assert gebroken("325", {f"{ANTWOORD}/Clienten": WEG}) == ["TR342"]
    alles: dict[str, object] = {f"{ANTWOORD}/Clienten": WEG, f"{toegekend}/TotaalBedrag": 1700}
    assert gebroken("325", alles | {f"{ANTWOORD}/RetourCodes": {"RetourCode": ["8001"]}}) == []
    assert gebroken("325", {ANTWOORD: WEG}) == []


def test_tr342_a_rejected_claim_grants_nothing_and_details_nothing() -> None:
    afgekeurd: dict[str, object] = {f"{ANTWOORD}/RetourCodes": {"RetourCode": ["9333"]}}
    nul: dict[str, object] = {f"{ANTWOORD}/TotaalToegekendBedrag/TotaalBedrag": 0}
    geen: dict[str, object] = {f"{ANTWOORD}/Clienten": WEG}
    assert gebroken("325", afgekeurd | nul | geen) == []
    assert gebroken("325", afgekeurd | geen) == ["TR342"]
    assert gebroken("325", afgekeurd | nul) == ["TR342"]


def test_tr342_a_line_without_rejection_does_not_belong_in_the_answer() -> None:
    client = {f"{ANTWOORD}/Clienten/Client/0/RetourCodes": {"RetourCode": ["8187"]}}
    assert gebroken("325", client | {f"{REGEL}/RetourCodes": {"RetourCode": ["0200"]}}) == ["TR342"]


@pytest.mark.parametrize("nummer", ["301", "305", "307", "315", "317", "319", "323", "325"])
def test_iv034_another_schema_version_is_told_on_request_only(nummer: str) -> None:
    ander = {"Header/XsdVersie/BerichtXsdVersie": "9.9.9"}
    for naam in (f"JW{nummer}", f"WMO{nummer}"):
        bericht = met(geldig(naam), ander)
        assert regels(bericht) == []
        assert regels(bericht, ook=["IV034"]) == ["IV034"]
        assert regels(geldig(naam), ook=["IV034"]) == []


@pytest.mark.parametrize("naam", HEEN)
def test_iv034_an_answer_is_judged_on_its_own_version_not_on_that_of_the_message_answered(naam: str) -> None:
    versie = "BasisschemaXsdVersie"
    assert regels(met(_retour(naam), {f"Header/XsdVersie/{versie}": "9.9.9"}), ook=["IV034"]) == []
    assert regels(met(_retour(naam), {f"Header/XsdVersieRetour/{versie}": "9.9.9"}), ook=["IV034"]) == ["IV034"]


def test_iv034_is_the_only_rule_on_request() -> None:
    assert {nummer for rij in KEUZEREGELS.values() for nummer, _ in rij} == {"IV034"}
