"""Business rules (OP) and filling instructions (IV) that a TR, CD or CS rule keeps, each under its own number."""

from datetime import date

from services.backoffice.istandaarden.regels import controleer
from services.backoffice.istandaarden.retour import maak_retour, retourcodes
from tests.backoffice.istandaarden.geldig import geldig, prestatie
from tests.backoffice.istandaarden.overtreding import WEG, gebroken, met, regels

GEBOORTE = "Client/Geboortedatum"
RELATIE = "Client/Relaties/Relatie/0"
PRODUCT = "Client/ToegewezenProducten/ToegewezenProduct/0"
REGELS = "Declaratie/Clienten/Client/0/Prestaties/Prestatie"
HEEN = ("301", "305", "307", "315", "317", "319")


def test_op033x2_a_delivery_is_never_changed() -> None:
    assert gebroken("305", {"Client/StartProducten/StartProduct/0/StatusAanlevering": "2"}) == ["CS058"]
    assert gebroken("307", {"Client/StopProducten/StopProduct/0/StatusAanlevering": "2"}) == ["CS058"]


def test_op130_a_relation_can_be_reached() -> None:
    assert gebroken("301", {f"{RELATIE}/Contact/Telefoon": WEG}) == ["TR006"]


def test_op252_a_partly_unknown_birth_date_is_marked_as_such() -> None:
    for nummer in ("301", "305", "307", "315"):
        bekend: dict[str, object] = {f"{GEBOORTE}/Datum": "2010-02-14"}
        assert gebroken(nummer, bekend | {f"{GEBOORTE}/DatumGebruik": "1"}) == ["CS139"]
        assert gebroken(nummer, {f"{GEBOORTE}/Datum": "2010-02-01", f"{GEBOORTE}/DatumGebruik": "1"}) == []


def test_op280_a_claim_is_about_one_period() -> None:
    twee = {"Begindatum": "2026-02-01", "Einddatum": "2026-03-31"}
    assert gebroken("323", {"Declaratie/DeclaratiePeriode": twee}) == ["CS340"]


def test_op286_a_technical_fault_rejects_the_whole_message() -> None:
    for nummer in HEEN:
        heen = geldig(f"JW{nummer}")
        retour = maak_retour(heen, identificatie_retour="R1", dagtekening_retour=date(2026, 5, 1), kop_codes=["0001"])
        assert list(retour.inhoud) == ["Header"]
        assert retourcodes(retour) == {"Header": ("0001",)}


def test_op367_a_product_period_lies_in_one_month() -> None:
    assert gebroken("323", {f"{REGELS}/0/ProductPeriode/Begindatum": "2026-02-28"}) == ["CS337"]


def test_iv007_the_use_of_names_fits_the_names() -> None:
    met_partner: dict[str, object] = {"Client/Naam/Partnernaam": {"Achternaam": "Zwart"}}
    assert gebroken("301", {"Client/Naam/NaamGebruik": "2"}) == ["CS050"]
    assert gebroken("301", met_partner | {"Client/Naam/NaamGebruik": "2"}) == []
    assert gebroken("301", met_partner | {"Client/Naam/NaamGebruik": "5"}) == ["CS050"]


def test_iv009_unknown_parts_of_a_birth_date_become_01_or_1900() -> None:
    for nummer in ("301", "305", "307", "315"):
        for gebruik, goed, fout in (
            ("1", "2010-02-01", "2010-02-02"),
            ("2", "2010-01-01", "2010-02-01"),
            ("3", "1900-01-01", "1901-01-01"),
        ):
            wijziging = {f"{GEBOORTE}/DatumGebruik": gebruik}
            assert gebroken(nummer, wijziging | {f"{GEBOORTE}/Datum": goed}) == []
            assert "CS139" in gebroken(nummer, wijziging | {f"{GEBOORTE}/Datum": fout})


def test_iv042_volume_unit_and_frequency_belong_together() -> None:
    assert gebroken("301", {f"{PRODUCT}/Omvang": {"Volume": 1, "Eenheid": "83", "Frequentie": "1"}}) == ["CS338"]
    in_euro = {f"{REGELS}/0/Eenheid": "83", f"{REGELS}/0/ProductTarief": WEG}
    assert gebroken("323", in_euro | {f"{REGELS}/0/GeleverdVolume": 999}) == ["CS339"]


def test_iv045_an_organisation_can_be_a_relation_and_no_client() -> None:
    assert gebroken("301", {f"{RELATIE}/Naam/NaamGebruik": "6"}) == []
    assert gebroken("301", {"Client/Naam/NaamGebruik": "6"}) == ["CS318"]
    met_partner: dict[str, object] = {
        f"{RELATIE}/Naam/Partnernaam": {"Achternaam": "Zwart"},
        f"{RELATIE}/Naam/NaamGebruik": "6",
    }
    assert gebroken("301", met_partner) == ["CS050"]


def test_iv086_debit_and_its_credit_never_stand_in_one_claim() -> None:
    assert gebroken("323", {f"{REGELS}/1/ProductReferentie/VorigReferentieNummer": "P1"}) == ["TR316"]
    naam = "JW323"
    credit = prestatie(naam, "P9", 100, vorig="P8")
    totaal = {"Declaratie/TotaalIngediendBedrag/TotaalBedrag": 600}
    assert regels(met(geldig(naam), totaal | {f"{REGELS}/2": credit})) == []
    assert regels(met(geldig(naam), {f"{REGELS}/2": credit})) == ["TR358"]


def test_iv095_reason_8_and_only_that_names_the_responsible_municipality() -> None:
    gemeente: dict[str, object] = {"Antwoord/Woonplaatsbeginsel": {"Gemeente": "0363"}}
    reden = "Antwoord/RedenAfwijzingVerzoek"
    antwoord = geldig("JW319")
    assert regels(met(antwoord, {reden: "8"})) == ["TR377"]
    assert regels(met(antwoord, gemeente | {reden: "8"})) == []
    assert regels(met(antwoord, gemeente)) == ["TR409"]
    in_onderzoek = {"Antwoord/VerzoekAntwoord": "2", reden: WEG}
    assert regels(met(antwoord, gemeente | in_onderzoek)) == ["TR409"]


def test_rs034_a_time_has_no_zone_and_a_zone_goes_no_further_than_level_1() -> None:
    assert gebroken("301", {f"{PRODUCT}/Toewijzingstijd": "12:00:00-01:00"}) == ["RS034"]
    (fout,) = controleer(met(geldig("JW301"), {f"{PRODUCT}/Toewijzingstijd": "12:00:00-01:00"}))
    assert (fout.plaats, fout.retourcode) == (
        "Client/ToegewezenProducten/ToegewezenProduct[1]/Toewijzingstijd",
        "0001",
    )
