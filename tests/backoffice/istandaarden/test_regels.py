"""Level 2, one rule at a time: what breaks it, and what is just right."""

from copy import deepcopy
from typing import Any

import pytest

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.regels import controleer, toegepaste_regels
from services.backoffice.istandaarden.regels.client import voldoet_aan_elfproef
from tests.backoffice.istandaarden.overtreding import WEG, met
from tests.backoffice.istandaarden.standaard import Standaard

PRODUCT = "Client/ToegewezenProducten/ToegewezenProduct/0"
CONTACT = "Client/Contactgegevens/Contact/0"
TIJDELIJK = "Client/Contactgegevens/Contact/1"
RELATIE = "Client/Relaties/Relatie/0"
START = "Client/StartProducten/StartProduct"
STOP = "Client/StopProducten/StopProduct"
GEBOORTE = "Client/Geboortedatum"
BUDGET: dict[str, object] = {f"{PRODUCT}/Budget": 100, f"{PRODUCT}/Omvang": WEG}


def _regels(bericht: Bericht) -> list[str]:
    fouten = controleer(bericht)
    assert all(fout.retourcode == "0001" for fout in fouten)
    return sorted({fout.regel for fout in fouten})


Geval = tuple[str, dict[str, object], list[str]]

PERSOON: tuple[Geval, ...] = (
    ("JW305", {"Client/Bsn": "999900007"}, ["CS002"]),
    ("JW307", {"Client/Bsn": "000000000"}, ["CS002"]),
    ("JW301", {"Client/Bsn": "123456782"}, []),
    ("JW305", {f"{GEBOORTE}/Datum": "1906-04-15"}, []),
    ("JW305", {f"{GEBOORTE}/Datum": "1906-04-14"}, ["TR002"]),
    ("JW307", {f"{GEBOORTE}/Datum": "1800-01-01"}, ["TR002"]),
    ("JW305", {f"{GEBOORTE}": {"Datum": "1900-01-01", "DatumGebruik": "3"}}, []),
    ("JW305", {f"{GEBOORTE}": {"Datum": "1900-01-01", "DatumGebruik": "2"}}, ["TR002"]),
    ("JW305", {f"{GEBOORTE}/Datum": "2026-04-15"}, []),
    ("JW305", {f"{GEBOORTE}/Datum": "2026-04-16"}, ["TR134"]),
    ("JW301", {f"{PRODUCT}/Einddatum": "12026-01-01"}, ["TR134"]),
    ("JW305", {f"{START}/0/Begindatum": "-2026-01-01"}, ["TR134"]),
    ("JW305", {f"{GEBOORTE}": {"Datum": "2010-02-02", "DatumGebruik": "1"}}, ["CS139"]),
    ("JW305", {f"{GEBOORTE}": {"Datum": "2010-02-01", "DatumGebruik": "1"}}, []),
    ("JW305", {f"{GEBOORTE}": {"Datum": "2010-02-01", "DatumGebruik": "2"}}, ["CS139"]),
    ("JW305", {f"{GEBOORTE}": {"Datum": "2010-01-01", "DatumGebruik": "2"}}, []),
    ("JW305", {f"{GEBOORTE}": {"Datum": "2010-01-01", "DatumGebruik": "3"}}, ["CS139"]),
    ("JW301", {f"{RELATIE}/Geboortedatum": {"Datum": "1971-04-07", "DatumGebruik": "1"}}, ["CS139"]),
    ("JW301", {f"{RELATIE}/Geboortedatum": WEG}, []),
    ("JW301", {"Client/Naam/NaamGebruik": "2"}, ["CS050"]),
    ("JW301", {"Client/Naam/NaamGebruik": "5"}, ["CS050"]),
    ("JW301", {"Client/Naam/NaamGebruik": "6"}, ["CS318"]),
    ("JW301", {f"{RELATIE}/Naam/NaamGebruik": "6"}, ["CS050"]),
    ("JW301", {f"{RELATIE}/Naam/NaamGebruik": "4"}, []),
    ("JW301", {f"{RELATIE}/Naam/NaamGebruik": "6", f"{RELATIE}/Naam/Partnernaam": WEG}, []),
    ("JW301", {"Client/Communicatie/Taal": WEG}, ["CD007"]),
    ("JW301", {"Client/Communicatie/Vorm": "2"}, ["CD007"]),
    ("JW301", {"Client/Communicatie": WEG}, []),
    ("JW301", {"Client/Communicatie": {"Vorm": "3"}}, []),
)
CONTACTEN: tuple[Geval, ...] = (
    ("JW301", {f"{TIJDELIJK}/Adres": WEG, f"{TIJDELIJK}/Telefoon": WEG}, ["TR006"]),
    ("JW301", {f"{TIJDELIJK}/Adres": WEG}, []),
    ("JW301", {f"{TIJDELIJK}/Telefoon": WEG}, []),
    ("JW301", {f"{RELATIE}/Contact": {"Soort": "02"}}, ["TR006"]),
    ("JW301", {f"{CONTACT}/Soort": "04", f"{TIJDELIJK}/Soort": "02", f"{TIJDELIJK}/Periode": WEG}, []),
    ("JW301", {CONTACT: {"Soort": "04", "Emailadres": "a@b"}}, ["TR006", "TR061", "TR101"]),
    ("JW301", {f"{CONTACT}/Adres/LandCode": WEG}, ["CD005"]),
    ("JW301", {f"{TIJDELIJK}/Adres/Postcode": WEG, f"{TIJDELIJK}/Adres/LandCode": "BE"}, ["CD005"]),
    ("JW301", {f"{TIJDELIJK}/Adres": {"Plaatsnaam": "Gent"}}, []),
    ("JW301", {f"{CONTACT}/Periode": {"Begindatum": "2026-01-01"}}, ["CD009"]),
    ("JW301", {f"{CONTACT}/Adres/Huis": WEG}, ["CD025"]),
    ("JW301", {f"{CONTACT}/Adres/Huis": WEG, f"{CONTACT}/Adres/LandCode": "DE"}, []),
    ("JW301", {f"{CONTACT}/Adres/Postcode": WEG, f"{CONTACT}/Adres/LandCode": WEG}, ["CD034"]),
    ("JW301", {f"{CONTACT}/Adres": WEG}, ["CD034"]),
    ("JW301", {f"{RELATIE}/Contact/Adres": WEG}, ["CD034"]),
    ("JW301", {f"{CONTACT}/Adres/Postcode": "9999xx"}, ["CS089"]),
    ("JW301", {f"{CONTACT}/Adres/Postcode": "0999XX"}, ["CS089"]),
    ("JW301", {f"{CONTACT}/Adres/Postcode": "99999"}, ["CS089"]),
    ("JW301", {f"{CONTACT}/Adres/Postcode": "9999 XX"}, []),
    ("JW301", {f"{CONTACT}/Adres/Postcode": "99999", f"{CONTACT}/Adres/LandCode": "DE"}, []),
    ("JW301", {f"{TIJDELIJK}/Periode/Einddatum": "2018-02-02"}, ["CS003"]),
    ("JW301", {f"{TIJDELIJK}/Periode/Einddatum": "2018-02-03"}, []),
    ("JW301", {f"{TIJDELIJK}/Periode": {"Einddatum": "2018-02-03"}}, []),
)


def _eenheid_per_dag(eenheid: str) -> dict[str, object]:
    return {f"{PRODUCT}/Omvang": {"Volume": 1, "Eenheid": eenheid, "Frequentie": "1"}}


TOEGEWEZEN: tuple[Geval, ...] = (
    ("JW301", _eenheid_per_dag("14"), ["CS338"]),
    ("JW301", _eenheid_per_dag("16"), ["CS338"]),
    ("JW301", _eenheid_per_dag("83"), ["CS338"]),
    ("JW301", _eenheid_per_dag("84"), ["CS338"]),
    ("JW301", _eenheid_per_dag("82"), []),
    ("JW301", {f"{PRODUCT}/Einddatum": "2026-03-31"}, ["CS003"]),
    ("JW301", {f"{PRODUCT}/Einddatum": "2026-04-01"}, []),
    ("JW301", {f"{PRODUCT}/Omvang": WEG}, ["CD041"]),
    ("JW301", {f"{PRODUCT}/Omvang": WEG, f"{PRODUCT}/Product": {"Categorie": "54"}}, []),
    ("JW301", BUDGET | {f"{PRODUCT}/Product": WEG, f"{PRODUCT}/Einddatum": WEG}, ["CD075", "TR302"]),
    ("JW301", BUDGET | {f"{PRODUCT}/Product": {"Categorie": "54"}}, []),
    ("JW301", {f"{PRODUCT}/Einddatum": WEG}, ["CD076"]),
    ("JW301", {f"{PRODUCT}/Einddatum": WEG, f"{PRODUCT}/Omvang/Frequentie": "6"}, []),
    ("JW301", {f"{PRODUCT}/Budget": 100}, ["CD077", "CD078"]),
    ("JW301", {f"{PRODUCT}/Omvang": WEG, f"{PRODUCT}/Product": WEG}, ["CD079", "TR302"]),
    ("JW301", {f"{PRODUCT}/Product": {"Categorie": "54"}}, ["CD080"]),
    (
        "JW301",
        {
            f"{PRODUCT}/Product": {"Categorie": "54"},
            f"{PRODUCT}/Ingangsdatum": "2020-01-01",
            f"{PRODUCT}/Einddatum": "2020-12-31",
        },
        [],
    ),
    ("JW301", {f"{PRODUCT}/RedenWijziging": "13"}, ["CS335"]),
    ("JW301", {f"{PRODUCT}/RedenWijziging": "13", f"{PRODUCT}/Einddatum": WEG}, ["CD076", "CS335"]),
    ("JW301", {f"{PRODUCT}/RedenWijziging": "13", f"{PRODUCT}/Einddatum": "2026-04-01"}, []),
    ("JW301", {f"{PRODUCT}/RedenWijziging": "01"}, ["CS336"]),
    ("JW301", {f"{PRODUCT}/RedenWijziging": "14"}, []),
    (
        "JW301",
        {
            f"{PRODUCT}/Omvang": {"Volume": 1, "Eenheid": "14", "Frequentie": "1"},
            f"{PRODUCT}/Ingangsdatum": "2020-01-01",
            f"{PRODUCT}/Einddatum": "2020-12-31",
        },
        [],
    ),
)
LEVERING: tuple[Geval, ...] = (
    ("JW305", {f"{START}/0/StatusAanlevering": "2"}, ["CS058"]),
    ("JW307", {f"{STOP}/0/StatusAanlevering": "9"}, ["CS058"]),
    ("JW305", {f"{START}/0/StatusAanlevering": "3"}, []),
    ("JW307", {f"{STOP}/0/Einddatum": "2026-01-01"}, ["TR018"]),
    ("JW307", {f"{STOP}/0/Einddatum": "2026-01-01", f"{STOP}/0/StatusAanlevering": "3"}, []),
)
SLEUTELS: tuple[Geval, ...] = (
    ("JW301", {"Client/ToegewezenProducten/ToegewezenProduct/1/ToewijzingNummer": 300201}, ["TR101"]),
    ("JW301", {"Client/Relaties/Relatie/1/Nummer": "1"}, ["TR101"]),
    ("JW301", {f"{TIJDELIJK}/Soort": "03", f"{TIJDELIJK}/Periode": WEG}, ["TR101"]),
)


@pytest.mark.parametrize(("naam", "wijzigingen", "regels"), [*PERSOON, *CONTACTEN, *TOEGEWEZEN, *LEVERING, *SLEUTELS])
def test_exactly_the_rules_that_the_change_breaks_are_named(
    standaard: Standaard, naam: str, wijzigingen: dict[str, object], regels: list[str]
) -> None:
    assert _regels(met(standaard.bericht(naam), wijzigingen)) == regels


def test_every_applied_rule_has_a_case_that_breaks_it_and_all_asked_for_are_applied() -> None:
    gebroken = {regel for _, _, regels in (*PERSOON, *CONTACTEN, *TOEGEWEZEN, *LEVERING, *SLEUTELS) for regel in regels}
    toegepast = toegepaste_regels("301") | toegepaste_regels("305") | toegepaste_regels("307")
    assert gebroken == toegepast
    assert toegepast >= {"CS002", "CS058", "TR018", "TR101", "TR134", "TR002", "CS139", "TR061", "TR006", "TR302"}
    assert toegepast >= {"CD005", "CD007", "CD009", "CD025", "CD034", "CD041", *(f"CD0{n}" for n in range(75, 81))}
    assert toegepast >= {"CS003", "CS050", "CS089", "CS318", "CS335", "CS336", "CS338"}


def test_tr101_a_key_holds_every_key_element_and_no_other(standaard: Standaard) -> None:
    bericht = standaard.bericht("JW305")
    eerste: Any = deepcopy(bericht.inhoud)["Client"]
    product = eerste["StartProducten"]["StartProduct"][0]

    def naast(**anders: object) -> list[str]:
        return _regels(met(bericht, {f"{START}/1": product | anders}))

    assert naast() == ["TR101"]
    assert naast(StatusAanlevering="3") == ["TR101"]
    assert naast(ToewijzingIngangsdatum="2025-01-01") == ["TR101"]
    assert naast(Begindatum="2026-04-04") == []
    assert naast(ToewijzingNummer=1) == []
    assert naast(Product={"Categorie": "55"}) == []


def test_tr101_a_stop_may_repeat_with_another_reason_or_end(standaard: Standaard) -> None:
    bericht = standaard.bericht("JW307")
    eerste: Any = deepcopy(bericht.inhoud)["Client"]
    product = eerste["StopProducten"]["StopProduct"][0]
    assert _regels(met(bericht, {f"{STOP}/1": product})) == ["TR101"]
    assert _regels(met(bericht, {f"{STOP}/1": product | {"RedenBeeindiging": "20"}})) == []
    assert _regels(met(bericht, {f"{STOP}/1": product | {"Einddatum": "2026-07-15"}})) == []


def _stapel(bericht: Bericht, *producten: tuple[str | None, str | None, str, str | None]) -> bool:
    """Whether products (category, code, start, end) in one 301 break TR302."""
    rij = []
    for nummer, (categorie, code, begin, einde) in enumerate(producten):
        product: dict[str, Any] = {"ToewijzingNummer": nummer, "Ingangsdatum": begin}
        product |= {"Product": {"Categorie": categorie} | ({"Code": code} if code else {})} if categorie else {}
        rij.append(product | ({"Einddatum": einde} if einde else {}))
    return "TR302" in _regels(met(bericht, {"Client/ToegewezenProducten/ToegewezenProduct": rij}))


@pytest.mark.parametrize(
    ("ander", "botst"),
    [
        (("54", "54Z01", "2026-03-31", "2026-12-31"), True),
        (("54", "54Z01", "2026-04-01", None), False),
        (("54", "54Z01", "2025-01-01", "2025-12-31"), False),
        (("54", "54Z01", "2025-01-01", None), True),
        (("54", "54Z02", "2026-01-01", "2026-12-31"), False),
        (("54", None, "2026-03-31", None), True),
        (("54", None, "2026-04-01", None), False),
        (("55", None, "2026-01-01", None), False),
        ((None, None, "2026-03-31", None), True),
        ((None, None, "2026-04-01", None), False),
    ],
)
def test_tr302_compares_on_code_else_category_else_everything(
    standaard: Standaard, ander: tuple[str | None, str | None, str, str | None], botst: bool
) -> None:
    eerste = ("54", "54Z01", "2026-01-01", "2026-03-31")
    bericht = standaard.bericht("JW301")
    assert _stapel(bericht, eerste, ander) is botst
    assert _stapel(bericht, ander, eerste) is botst


def test_tr302_a_long_one_is_remembered_behind_a_short_one(standaard: Standaard) -> None:
    lang, kort = ("54", "54Z01", "2026-01-01", "2026-12-31"), ("54", None, "2025-01-01", "2025-01-02")
    laat = ("54", "54Z01", "2026-12-31", None)
    assert _stapel(standaard.bericht("JW301"), lang, kort, laat)
    assert not _stapel(standaard.bericht("JW301"), kort, ("54", "54Z01", "2025-01-03", None))


@pytest.mark.parametrize("reden", ["13", "01"])
def test_tr302_removed_assignments_do_not_count(standaard: Standaard, reden: str) -> None:
    bericht = met(
        standaard.bericht("JW301"),
        {
            "Client/ToegewezenProducten/ToegewezenProduct/1/Product/Code": "55A11",
            f"{PRODUCT}/Einddatum": "2026-04-01",
        },
    )
    assert _regels(bericht) == ["TR302"]
    assert "TR302" not in _regels(met(bericht, {f"{PRODUCT}/RedenWijziging": reden}))


def test_tr302_aids_under_the_wmo_may_overlap_with_anything(standaard: Standaard) -> None:
    bericht = standaard.bericht("WMO301")
    hulpmiddel = ("11", "11X00", "2026-01-01", None)
    assert not _stapel(bericht, hulpmiddel, hulpmiddel)
    assert not _stapel(bericht, hulpmiddel, (None, None, "2026-01-01", None))
    assert _stapel(bericht, ("02", "02A03", "2026-01-01", None), (None, None, "2026-01-01", None))


def test_tr302_takes_a_message_with_thousands_of_products(standaard: Standaard) -> None:
    rij = [("54", "54Z01", f"{jaar:04}-01-01", f"{jaar:04}-12-31") for jaar in range(1, 9000)]
    assert not _stapel(standaard.bericht("JW301"), *rij)


def test_the_official_examples_pass_level_2(standaard: Standaard) -> None:
    for naam in ("JW301", "JW305", "JW307", "JW319", "WMO301", "WMO305", "WMO315"):
        assert controleer(standaard.bericht(naam)) == ()


def test_cs003_the_official_example_317_ends_before_it_begins(standaard: Standaard) -> None:
    assert [(fout.regel, fout.plaats) for fout in controleer(standaard.bericht("JW317"))] == [
        ("CS003", "Client/Verzoek/NieuweProducten/NieuwProduct[1]/Einddatum")
    ]


def test_cs002_each_changed_digit_of_a_bsn_is_noticed() -> None:
    for plek in range(9):
        for cijfer in "0123456789":
            bsn = "123456782"[:plek] + cijfer + "123456782"[plek + 1 :]
            assert voldoet_aan_elfproef(bsn) is (bsn == "123456782")
