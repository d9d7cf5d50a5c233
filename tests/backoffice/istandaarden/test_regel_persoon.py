"""Level 2 rules about persons, addresses, starts and stops, each under its own number."""

import pytest

from tests.backoffice.istandaarden.geldig import geldig
from tests.backoffice.istandaarden.overtreding import WEG, gebroken, regels, verdubbeld

GEBOORTE = "Client/Geboortedatum"
CONTACT = "Client/Contactgegevens/Contact/0"
RELATIE = "Client/Relaties/Relatie/0"
START = "Client/StartProducten/StartProduct/0"
STOP = "Client/StopProducten/StopProduct/0"
met_geboortedatum = pytest.mark.parametrize("nummer", ["301", "305", "307", "315"])


@pytest.mark.parametrize("nummer", ["301", "305", "307", "315", "317"])
def test_cs002_a_bsn_passes_the_eleven_test(nummer: str) -> None:
    assert gebroken(nummer, {"Client/Bsn": "999900007"}) == ["CS002"]


@met_geboortedatum
def test_tr002_nobody_was_born_over_120_years_ago(nummer: str) -> None:
    assert gebroken(nummer, {f"{GEBOORTE}/Datum": "1906-04-14"}) == ["TR002"]
    assert gebroken(nummer, {f"{GEBOORTE}/Datum": "1906-04-15"}) == []
    assert gebroken(nummer, {GEBOORTE: {"Datum": "1900-01-01", "DatumGebruik": "3"}}) == []


@met_geboortedatum
def test_tr134_nobody_was_born_after_dagtekening(nummer: str) -> None:
    assert gebroken(nummer, {f"{GEBOORTE}/Datum": "2026-04-16"}) == ["TR134"]
    assert gebroken(nummer, {f"{GEBOORTE}/Datum": "2026-04-15"}) == []


@met_geboortedatum
def test_cs139_an_unknown_part_of_a_birth_date_is_filled_in_as_agreed(nummer: str) -> None:
    assert gebroken(nummer, {GEBOORTE: {"Datum": "2010-02-14", "DatumGebruik": "1"}}) == ["CS139"]
    assert gebroken(nummer, {GEBOORTE: {"Datum": "2010-02-01", "DatumGebruik": "2"}}) == ["CS139"]
    assert gebroken(nummer, {GEBOORTE: {"Datum": "2010-01-01", "DatumGebruik": "3"}}) == ["CS139"]
    assert gebroken(nummer, {GEBOORTE: {"Datum": "2010-02-01", "DatumGebruik": "1"}}) == []


def test_cs050_the_use_of_names_fits_the_names() -> None:
    assert gebroken("301", {"Client/Naam/NaamGebruik": "2"}) == ["CS050"]
    assert gebroken("301", {f"{RELATIE}/Naam/NaamGebruik": "3"}) == ["CS050"]
    assert gebroken("301", {f"{RELATIE}/Naam/NaamGebruik": "6"}) == []


def test_cs318_a_client_is_no_organisation() -> None:
    assert gebroken("301", {"Client/Naam/NaamGebruik": "6"}) == ["CS318"]


def test_cd007_a_language_goes_with_an_interpreter_only() -> None:
    assert gebroken("301", {"Client/Communicatie/Taal": WEG}) == ["CD007"]
    assert gebroken("301", {"Client/Communicatie/Vorm": "2"}) == ["CD007"]


def test_tr006_a_contact_can_be_reached() -> None:
    assert gebroken("301", {f"{RELATIE}/Contact/Telefoon": WEG}) == ["TR006"]
    adres = {"Huis": {"Huisnummer": 1}, "Postcode": "7101AA", "LandCode": "NL"}
    assert gebroken("301", {f"{RELATIE}/Contact": {"Soort": "02", "Adres": adres}}) == []


def test_tr061_a_client_has_a_lasting_address() -> None:
    assert gebroken("301", {f"{CONTACT}/Soort": "04"}) == ["TR061"]


def test_cd005_a_country_goes_with_a_postcode() -> None:
    assert gebroken("301", {f"{CONTACT}/Adres/LandCode": WEG}) == ["CD005"]


def test_cd009_only_a_temporary_address_has_a_period() -> None:
    assert gebroken("301", {f"{CONTACT}/Periode": {"Begindatum": "2026-01-01"}}) == ["CD009"]


def test_cd025_an_address_in_the_netherlands_has_a_house_number() -> None:
    telefoon = {"Telefoon01": {"Telefoonnummer": "0612345678", "Landnummer": "0031"}}
    assert gebroken("301", {f"{CONTACT}/Adres/Huis": WEG, f"{CONTACT}/Telefoon": telefoon}) == ["CD025"]


def test_cd034_a_residence_has_a_postcode() -> None:
    telefoon = {"Telefoon01": {"Telefoonnummer": "0612345678", "Landnummer": "0031"}}
    assert gebroken("301", {f"{CONTACT}/Adres": WEG, f"{CONTACT}/Telefoon": telefoon}) == ["CD034"]


@pytest.mark.parametrize("postcode", ["0101AA", "7101aa", "71011", "7101  AA"])
def test_cs089_a_dutch_postcode_looks_like_one(postcode: str) -> None:
    assert gebroken("301", {f"{CONTACT}/Adres/Postcode": postcode}) == ["CS089"]


def test_cs003_the_period_of_a_contact_does_not_end_before_it_begins() -> None:
    periode = {"Begindatum": "2026-02-02", "Einddatum": "2026-02-01"}
    assert gebroken("301", {f"{RELATIE}/Contact/Periode": periode, f"{RELATIE}/Contact/Soort": "04"}) == ["CS003"]


@pytest.mark.parametrize(("nummer", "plek"), [("305", START), ("307", STOP)])
@pytest.mark.parametrize("status", ["2", "9"])
def test_cs058_a_delivery_is_new_or_deleted(nummer: str, plek: str, status: str) -> None:
    assert gebroken(nummer, {f"{plek}/StatusAanlevering": status}) == ["CS058"]


def test_tr018_care_does_not_stop_before_it_began() -> None:
    assert gebroken("307", {f"{STOP}/Einddatum": "2026-03-01"}) == ["TR018"]
    assert gebroken("307", {f"{STOP}/Einddatum": "2026-03-02"}) == []


@pytest.mark.parametrize(("nummer", "plek"), [("305", START), ("307", STOP), ("301", RELATIE), ("301", CONTACT)])
def test_tr101_no_class_occurs_twice_under_one_key(nummer: str, plek: str) -> None:
    for wet in ("JW", "WMO"):
        assert regels(verdubbeld(geldig(f"{wet}{nummer}"), plek)) == ["TR101"]
