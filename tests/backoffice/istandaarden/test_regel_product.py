"""Level 2 rules about assigned and requested products, each under its own number."""

import pytest

from tests.backoffice.istandaarden.geldig import geldig
from tests.backoffice.istandaarden.overtreding import WEG, Wijzigingen, gebroken, met, regels, verdubbeld

TOEGEWEZEN = "Client/ToegewezenProducten/ToegewezenProduct/0"
AANGEVRAAGD = "Client/AangevraagdeProducten/AangevraagdProduct/0"
TE_WIJZIGEN = "Client/Verzoek/TeWijzigenProducten/TeWijzigenProduct/0"
NIEUW = "Client/Verzoek/NieuweProducten/NieuwProduct/0"
EINDE = {TOEGEWEZEN: "Einddatum", AANGEVRAAGD: "ToewijzingEinddatum", TE_WIJZIGEN: "Einddatum", NIEUW: "Einddatum"}
MET_PRODUCT = [("301", TOEGEWEZEN), ("315", AANGEVRAAGD), ("317", NIEUW)]
ALLE = [*MET_PRODUCT, ("317", TE_WIJZIGEN)]

alle_producten = pytest.mark.parametrize(("nummer", "plek"), ALLE)
met_product = pytest.mark.parametrize(("nummer", "plek"), MET_PRODUCT)


def _budget(plek: str) -> Wijzigingen:
    return {f"{plek}/Budget": 100, f"{plek}/Omvang": WEG}


def _omvang(plek: str, eenheid: str, frequentie: str) -> Wijzigingen:
    return {f"{plek}/Omvang": {"Volume": 1, "Eenheid": eenheid, "Frequentie": frequentie}}


@alle_producten
def test_cs003_a_product_does_not_end_before_it_begins(nummer: str, plek: str) -> None:
    assert gebroken(nummer, {f"{plek}/{EINDE[plek]}": "2026-04-30"}) == ["CS003"]
    assert gebroken(nummer, {f"{plek}/{EINDE[plek]}": "2026-05-01"}) == []


@met_product
def test_cd041_a_product_code_asks_for_an_omvang(nummer: str, plek: str) -> None:
    assert gebroken(nummer, {f"{plek}/Omvang": WEG}) == ["CD041"]
    assert gebroken(nummer, {f"{plek}/Omvang": WEG, f"{plek}/Product/Code": WEG}) == []


@alle_producten
def test_cd075_a_budget_asks_for_an_end_date(nummer: str, plek: str) -> None:
    zonder_code: Wijzigingen = {} if plek == TE_WIJZIGEN else {f"{plek}/Product/Code": WEG}
    assert gebroken(nummer, {f"{plek}/{EINDE[plek]}": WEG}, _budget(plek) | zonder_code) == ["CD075"]


@alle_producten
def test_cd076_a_volume_per_week_asks_for_an_end_date(nummer: str, plek: str) -> None:
    assert gebroken(nummer, {f"{plek}/{EINDE[plek]}": WEG}, _omvang(plek, "04", "2")) == ["CD076"]
    assert gebroken(nummer, {f"{plek}/{EINDE[plek]}": WEG}, _omvang(plek, "04", "4")) == []


@alle_producten
def test_cd077_a_budget_leaves_no_room_for_an_omvang(nummer: str, plek: str) -> None:
    assert "CD077" in gebroken(nummer, {f"{plek}/Budget": 100})


@alle_producten
def test_cd078_an_omvang_leaves_no_room_for_a_budget(nummer: str, plek: str) -> None:
    assert "CD078" in gebroken(nummer, {f"{plek}/Budget": 100})


@met_product
def test_cd079_without_a_budget_there_is_a_product(nummer: str, plek: str) -> None:
    assert gebroken(nummer, {f"{plek}/Product": WEG, f"{plek}/Omvang": WEG}) == ["CD079"]
    assert gebroken(nummer, {f"{plek}/Product": WEG} | _budget(plek)) == []


def _geen_code(nummer: str, plek: str) -> list[str]:
    return gebroken(nummer, {f"{plek}/Product/Code": WEG})


def _oud(nummer: str, plek: str, beginveld: str, wijziging: Wijzigingen) -> list[str]:
    """What is still wrong when the product ended with 2020, and one day later."""
    periode: Wijzigingen = {f"{plek}/{beginveld}": "2020-01-01", f"{plek}/{EINDE[plek]}": "2020-12-31"}
    assert gebroken(nummer, periode | wijziging | {f"{plek}/{EINDE[plek]}": "2021-01-01"}) != []
    return gebroken(nummer, periode | wijziging)


def test_cd080_without_a_code_an_assignment_has_no_omvang() -> None:
    assert _geen_code("301", TOEGEWEZEN) == ["CD080"]
    assert _oud("301", TOEGEWEZEN, "Ingangsdatum", {f"{TOEGEWEZEN}/Product/Code": WEG}) == []


def test_cd095_without_a_code_a_requested_product_has_no_omvang() -> None:
    assert _geen_code("315", AANGEVRAAGD) == ["CD095"]
    assert _oud("315", AANGEVRAAGD, "ToewijzingIngangsdatum", {f"{AANGEVRAAGD}/Product/Code": WEG}) == []


def test_cd096_without_a_code_a_new_product_has_no_omvang() -> None:
    assert _geen_code("317", NIEUW) == ["CD096"]


@pytest.mark.parametrize(("nummer", "plek"), [("301", TOEGEWEZEN), ("317", NIEUW), ("317", TE_WIJZIGEN)])
@pytest.mark.parametrize("eenheid", ["14", "16", "83", "84"])
def test_cs338_some_units_go_with_some_frequencies(nummer: str, plek: str, eenheid: str) -> None:
    assert gebroken(nummer, _omvang(plek, eenheid, "1")) == ["CS338"]
    assert gebroken(nummer, _omvang(plek, eenheid, "4")) == []
    assert gebroken(nummer, _omvang(plek, "82", "1")) == []


@pytest.mark.parametrize("eenheid", ["14", "16", "83", "84"])
def test_cs343_some_units_go_with_some_frequencies_in_a_request(eenheid: str) -> None:
    assert gebroken("315", _omvang(AANGEVRAAGD, eenheid, "1")) == ["CS343"]
    assert gebroken("315", _omvang(AANGEVRAAGD, eenheid, "2")) == []
    oud = _oud("315", AANGEVRAAGD, "ToewijzingIngangsdatum", _omvang(AANGEVRAAGD, eenheid, "1"))
    assert oud == []


def test_cs335_removed_lasts_one_day() -> None:
    assert gebroken("301", {f"{TOEGEWEZEN}/RedenWijziging": "13"}) == ["CS335"]
    assert gebroken("301", {f"{TOEGEWEZEN}/RedenWijziging": "13", f"{TOEGEWEZEN}/Einddatum": "2026-05-01"}) == []


def test_cs336_reason_01_is_no_longer_used() -> None:
    assert gebroken("301", {f"{TOEGEWEZEN}/RedenWijziging": "01"}) == ["CS336"]


def _naast(nummer: str, plek: str, **anders: object) -> list[str]:
    """The rules that a second product breaks that differs from the first in this."""
    jeugdwet, wmo = (regels(verdubbeld(geldig(f"{wet}{nummer}"), plek, **anders)) for wet in ("JW", "WMO"))
    assert jeugdwet == wmo
    return jeugdwet


def test_tr302_the_same_product_is_not_assigned_twice_on_one_day() -> None:
    assert _naast("301", TOEGEWEZEN, ToewijzingNummer=2) == ["TR302"]
    later = {"Ingangsdatum": "2027-01-01", "Einddatum": "2027-12-31"}
    assert _naast("301", TOEGEWEZEN, ToewijzingNummer=2, **later) == []


def test_tr386_the_same_product_is_not_requested_twice_for_one_day() -> None:
    assert _naast("315", AANGEVRAAGD, ReferentieAanbieder="R2") == ["TR386"]
    later = {"ToewijzingIngangsdatum": "2027-01-01", "ToewijzingEinddatum": "2027-12-31"}
    assert _naast("315", AANGEVRAAGD, ReferentieAanbieder="R2", **later) == []


def test_tr410_the_same_new_product_is_not_asked_for_twice_for_one_day() -> None:
    assert _naast("317", NIEUW, GewensteIngangsdatum="2026-12-31") == ["TR410"]
    assert _naast("317", NIEUW, GewensteIngangsdatum="2027-01-01", Einddatum="2027-12-31") == []


@pytest.mark.parametrize(("nummer", "plek"), [("315", AANGEVRAAGD), ("317", NIEUW)])
def test_tr386_tr410_aids_under_the_wmo_may_overlap(nummer: str, plek: str) -> None:
    hulpmiddel = {f"{plek}/Product": {"Categorie": "11", "Code": "11X00"}}
    goed = met(geldig(f"WMO{nummer}"), hulpmiddel)
    anders = {"ReferentieAanbieder": "R2"} if nummer == "315" else {"GewensteIngangsdatum": "2026-06-01"}
    assert regels(verdubbeld(goed, plek, **anders)) == []


def test_tr101_a_key_occurs_once_in_a_request() -> None:
    later = {"ToewijzingIngangsdatum": "2027-01-01", "ToewijzingEinddatum": "2027-12-31"}
    assert _naast("315", AANGEVRAAGD, **later) == ["TR101", "TR383"]
    assert _naast("317", TE_WIJZIGEN) == ["TR101"]
    assert _naast("317", NIEUW) == ["TR101", "TR410"]
    assert _naast("317", "Client/Verzoek/OngewijzigdeProducten/OngewijzigdProduct/0") == ["TR101"]
    assert _naast("317", TE_WIJZIGEN, ToewijzingNummer=3) == []
