"""Level 2 rules about requests (315, 317) and their answer (319), each under its own number."""

import pytest

from tests.backoffice.istandaarden.geldig import geldig
from tests.backoffice.istandaarden.overtreding import WEG, Wijzigingen, gebroken, met, regels, verdubbeld

PRODUCT = "Client/AangevraagdeProducten/AangevraagdProduct/0"
VERWIJZER = f"{PRODUCT}/Verwijzer"
VERZOEK = "Client/Verzoek"
NIEUW = f"{VERZOEK}/NieuweProducten/NieuwProduct/0"


def test_cd043_decision_number_and_date_go_together() -> None:
    assert gebroken("315", {f"{PRODUCT}/BeschikkingNummer": WEG}) == ["CD043"]
    assert gebroken("315", {f"{PRODUCT}/BeschikkingIngangsdatum": WEG}) == ["CD043"]
    assert gebroken("315", {f"{PRODUCT}/BeschikkingNummer": WEG, f"{PRODUCT}/BeschikkingIngangsdatum": WEG}) == []


@pytest.mark.parametrize("soort", ["02", "03", "04", "05"])
def test_cd066_a_referrer_with_a_code_is_not_named(soort: str) -> None:
    verwijzer = {"Type": soort, "ZorgverlenerCode": "12345678"}
    assert gebroken("315", {VERWIJZER: verwijzer | {"Naam": "De Vries"}}) == ["CD066"]
    assert gebroken("315", {VERWIJZER: verwijzer}) == []


@pytest.mark.parametrize("soort", ["02", "03", "04", "05"])
def test_cd067_a_referrer_without_a_code_is_named(soort: str) -> None:
    assert gebroken("315", {VERWIJZER: {"Type": soort}}) == ["CD067"]
    assert gebroken("315", {VERWIJZER: {"Type": soort, "Naam": "De Vries"}}) == []


@pytest.mark.parametrize("soort", ["01", "06", "08"])
def test_cd068_other_referrers_have_no_code(soort: str) -> None:
    assert gebroken("315", {VERWIJZER: {"Type": soort, "ZorgverlenerCode": "12345678"}}) == ["CD068"]
    assert gebroken("315", {VERWIJZER: {"Type": soort}}) == []


def test_tr383_each_requested_product_has_its_own_reference() -> None:
    later = {"ToewijzingIngangsdatum": "2027-01-01", "ToewijzingEinddatum": "2027-12-31"}
    assert "TR383" in regels(verdubbeld(geldig("JW315"), PRODUCT, **later))
    assert regels(verdubbeld(geldig("JW315"), PRODUCT, ReferentieAanbieder="R2", **later)) == []


def test_tr352_a_change_request_names_a_running_assignment() -> None:
    geen_oude = {f"{VERZOEK}/OngewijzigdeProducten": WEG, f"{VERZOEK}/TeWijzigenProducten": WEG}
    assert gebroken("317", geen_oude) == ["TR352"]
    assert gebroken("317", {f"{VERZOEK}/OngewijzigdeProducten": WEG}) == []
    assert gebroken("317", {f"{VERZOEK}/TeWijzigenProducten": WEG}) == []


def test_tr353_a_change_request_asks_for_a_change() -> None:
    geen_wens = {f"{VERZOEK}/NieuweProducten": WEG, f"{VERZOEK}/TeWijzigenProducten": WEG}
    assert gebroken("317", geen_wens) == ["TR353"]
    assert gebroken("317", {f"{VERZOEK}/NieuweProducten": WEG}) == []


def test_tr380_a_new_product_begins_after_dagtekening_and_a_changed_one_may_have_begun() -> None:
    assert gebroken("317", {f"{NIEUW}/GewensteIngangsdatum": "2026-04-15"}) == ["TR380"]
    assert gebroken("317", {f"{NIEUW}/GewensteIngangsdatum": "2026-04-16"}) == []
    te_wijzigen = f"{VERZOEK}/TeWijzigenProducten/TeWijzigenProduct/0"
    assert gebroken("317", {f"{te_wijzigen}/GewensteIngangsdatum": "2026-01-01"}) == []


def test_cd085_a_rejection_gives_its_reason() -> None:
    assert gebroken("319", {"Antwoord/RedenAfwijzingVerzoek": WEG}) == ["CD085"]


def test_cd086_under_investigation_has_no_reason() -> None:
    assert gebroken("319", {"Antwoord/VerzoekAntwoord": "2"}) == ["CD086"]
    assert gebroken("319", {"Antwoord/VerzoekAntwoord": "2", "Antwoord/RedenAfwijzingVerzoek": WEG}) == []


def test_tr377_reason_8_names_the_responsible_municipality_in_ijw_only() -> None:
    reden: Wijzigingen = {"Antwoord/RedenAfwijzingVerzoek": "8"}
    gemeente: Wijzigingen = {"Antwoord/Woonplaatsbeginsel": {"Gemeente": "0363"}}
    assert regels(met(geldig("JW319"), reden)) == ["TR377"]
    assert regels(met(geldig("JW319"), reden | gemeente)) == []
    assert regels(met(geldig("WMO319"), reden)) == []


def test_tr409_no_other_reason_names_a_municipality() -> None:
    gemeente: Wijzigingen = {"Antwoord/Woonplaatsbeginsel": {"Gemeente": "0363"}}
    onderzoek: Wijzigingen = {"Antwoord/VerzoekAntwoord": "2", "Antwoord/RedenAfwijzingVerzoek": WEG}
    assert regels(met(geldig("JW319"), gemeente)) == ["TR409"]
    assert regels(met(geldig("JW319"), gemeente | onderzoek)) == ["TR409"]
