"""Level 2 rules about claims (323), each under its own number."""

import pytest

from services.backoffice.istandaarden.regels import controleer
from tests.backoffice.istandaarden.geldig import geldig, prestatie
from tests.backoffice.istandaarden.overtreding import WEG, gebroken, met, regels, verdubbeld

KERN = "Declaratie"
CLIENT = f"{KERN}/Clienten/Client/0"
DEBET = f"{CLIENT}/Prestaties/Prestatie/0"
CREDIT = f"{CLIENT}/Prestaties/Prestatie/1"
TOTAAL = f"{KERN}/TotaalIngediendBedrag"
ANTWOORDREGEL = "DeclaratieAntwoord/Clienten/Client/0/Prestaties/Prestatie/0"


def _maand(begin: str, einde: str) -> dict[str, object]:
    return {"Begindatum": begin, "Einddatum": einde}


def test_cs002_every_bsn_in_a_claim_and_its_answer_passes_the_eleven_test() -> None:
    assert gebroken("323", {f"{CLIENT}/Bsn": "999900007"}) == ["CS002"]
    assert gebroken("325", {"DeclaratieAntwoord/Clienten/Client/0/Bsn": "999900007"}) == ["CS002"]


def test_tr101_a_client_and_a_line_occur_once() -> None:
    for naam in ("JW323", "WMO323"):
        ander = {"Bsn": "999900006", "Prestaties": {"Prestatie": [prestatie(naam, "P3", 0) | {"ToewijzingNummer": 2}]}}
        assert regels(met(geldig(naam), {f"{KERN}/Clienten/Client/1": ander})) == ["TR101"]
        assert regels(met(geldig(naam), {f"{KERN}/Clienten/Client/1": ander | {"Bsn": "123456782"}})) == []
        nul = {"ToewijzingNummer": 2, "IngediendBedrag": {"Bedrag": 0, "DebetCredit": "D"}}
        assert regels(met(geldig(naam), {f"{CLIENT}/Prestaties/Prestatie/2": prestatie(naam, "P1", 0) | nul})) == [
            "TR101"
        ]


def test_tr101_two_clients_may_have_the_same_reference() -> None:
    for naam in ("JW323", "WMO323"):
        lijn = prestatie(naam, "P1", 0) | {"ToewijzingNummer": 2}
        ander = {"Bsn": "123456782", "Prestaties": {"Prestatie": [lijn]}}
        assert regels(met(geldig(naam), {f"{KERN}/Clienten/Client/1": ander})) == []
        zelfde = {**ander, "Prestaties": {"Prestatie": [lijn, lijn | {"ToewijzingNummer": 3}]}}
        assert regels(met(geldig(naam), {f"{KERN}/Clienten/Client/1": zelfde})) == ["TR101"]


def test_the_place_names_the_client_and_the_line_in_it() -> None:
    goed = [prestatie("JW323", f"G{nummer}", 0) | {"ToewijzingNummer": 10 + nummer} for nummer in range(4)]
    fout = [prestatie("JW323", f"F{nummer}", 0) | {"ToewijzingNummer": 20 + nummer} for nummer in range(3)]
    for lijn in fout:
        del lijn["ProductTarief"]
    clienten = [
        {"Bsn": "999900006", "Prestaties": {"Prestatie": [goed[0], fout[0]]}},
        {"Bsn": "999900007", "Prestaties": {"Prestatie": [fout[1]]}},
        {"Bsn": "123456782", "Prestaties": {"Prestatie": [goed[1], goed[2], fout[2], goed[3]]}},
    ]
    bericht = met(geldig("JW323"), {f"{KERN}/Clienten/Client": clienten, f"{TOTAAL}/TotaalBedrag": 0})
    assert {(fout.regel, fout.plaats.removeprefix("Declaratie/Clienten/")) for fout in controleer(bericht)} == {
        ("CD087", "Client[1]/Prestaties/Prestatie[2]/ProductTarief"),
        ("CD087", "Client[2]/Prestaties/Prestatie[1]/ProductTarief"),
        ("CD087", "Client[3]/Prestaties/Prestatie[3]/ProductTarief"),
        ("CS002", "Client[2]/Bsn"),
    }


def test_tr101_a_rejected_line_occurs_once_in_the_answer() -> None:
    nul = {"IngediendBedrag": {"Bedrag": 0, "DebetCredit": "D"}}
    assert regels(verdubbeld(geldig("JW325"), ANTWOORDREGEL, **nul)) == ["TR101"]


def test_tr134_no_period_begins_and_no_claim_is_made_after_dagtekening() -> None:
    assert gebroken("323", {f"{KERN}/DeclaratieDagtekening": "2026-04-16"}) == ["TR134"]
    assert "TR134" in gebroken("323", {f"{DEBET}/ProductPeriode": _maand("2026-05-01", "2026-05-31")})
    assert "TR134" in gebroken("323", {f"{KERN}/DeclaratiePeriode": _maand("2026-05-01", "2026-05-31")})
    assert "TR134" in gebroken("325", {f"{ANTWOORDREGEL}/ProductPeriode": _maand("2026-05-01", "2026-05-31")})
    assert gebroken("325", {"Header/DeclaratieIdentificatie/Dagtekening": "2026-04-16"}) == ["TR134"]


@pytest.mark.parametrize(("nummer", "regel"), [("323", DEBET), ("325", ANTWOORDREGEL)])
def test_tr137_a_period_ends_after_its_begin_and_before_dagtekening(nummer: str, regel: str) -> None:
    assert gebroken(nummer, {f"{regel}/ProductPeriode": _maand("2026-03-02", "2026-03-01")}) == ["TR137"]
    assert gebroken(nummer, {f"{regel}/ProductPeriode": _maand("2026-04-01", "2026-04-16")}) == ["TR137"]
    assert gebroken(nummer, {f"{regel}/ProductPeriode": _maand("2026-04-01", "2026-04-15")}) == []


def test_tr315_an_earlier_line_is_credited_once() -> None:
    for naam in ("JW323", "WMO323"):
        bij = {f"{TOTAAL}/TotaalBedrag": 400, f"{CLIENT}/Prestaties/Prestatie/2": prestatie(naam, "P4", 300, "P0")}
        assert regels(met(geldig(naam), bij)) == ["TR315"]


def test_tr316_a_line_of_the_same_message_is_not_credited() -> None:
    assert gebroken("323", {f"{CREDIT}/ProductReferentie/VorigReferentieNummer": "P1"}) == ["TR316"]


def test_tr335_care_is_at_most_five_years_old() -> None:
    vijf_jaar: dict[str, object] = {f"{DEBET}/ProductPeriode": _maand("2021-04-01", "2021-04-15")}
    assert gebroken("323", vijf_jaar) == []
    assert gebroken("323", {f"{DEBET}/ProductPeriode": _maand("2021-04-01", "2021-04-14")}) == ["TR335"]
    dag = "2028-02-29"
    schrikkeldag = {"Header/BerichtIdentificatie/Dagtekening": dag, f"{KERN}/DeclaratieDagtekening": dag}
    assert gebroken("323", schrikkeldag | {f"{DEBET}/ProductPeriode": _maand("2023-02-01", "2023-02-28")}) == []
    assert gebroken("323", schrikkeldag | {f"{DEBET}/ProductPeriode": _maand("2023-02-01", "2023-02-27")}) == ["TR335"]


def test_tr358_the_total_is_debit_less_credit() -> None:
    assert gebroken("323", {f"{TOTAAL}/TotaalBedrag": 1300}) == ["TR358"]
    assert gebroken("323", {f"{TOTAAL}/DebetCredit": "C"}) == ["TR358"]
    meer_credit = {f"{CREDIT}/IngediendBedrag/Bedrag": 1500, TOTAAL: {"TotaalBedrag": 500, "DebetCredit": "C"}}
    assert gebroken("323", meer_credit) == []


def test_tr416_one_debit_line_per_assignment_product_and_period() -> None:
    for naam in ("JW323", "WMO323"):
        bij = f"{CLIENT}/Prestaties/Prestatie/2"
        nul = prestatie(naam, "P3", 0)
        assert regels(met(geldig(naam), {bij: nul})) == ["TR416"]
        assert regels(met(geldig(naam), {bij: nul | {"ToewijzingNummer": 2}})) == []
        assert regels(met(geldig(naam), {bij: nul | {"ProductCode": "99X99"}})) == []
        for begin, einde in (("2026-02-01", "2026-02-28"), ("2026-03-02", "2026-03-31"), ("2026-03-01", "2026-03-30")):
            ander = nul | {"ProductPeriode": _maand(begin, einde)}
            assert regels(met(geldig(naam), {bij: ander})) == []


@pytest.mark.parametrize(("nummer", "regel"), [("323", DEBET), ("325", ANTWOORDREGEL)])
def test_cd060_a_previous_reference_goes_with_credit_only(nummer: str, regel: str) -> None:
    assert gebroken(nummer, {f"{regel}/ProductReferentie/VorigReferentieNummer": "X"}) == ["CD060"]
    if nummer == "323":
        assert gebroken(nummer, {f"{CREDIT}/ProductReferentie/VorigReferentieNummer": WEG}) == ["CD060"]


def test_cd087_a_tariff_goes_with_every_unit_but_83() -> None:
    in_euro = {f"{DEBET}/Eenheid": "83", f"{DEBET}/GeleverdVolume": 1000}
    assert gebroken("323", {f"{DEBET}/ProductTarief": WEG}) == ["CD087"]
    assert gebroken("323", in_euro) == ["CD087"]
    assert gebroken("323", in_euro | {f"{DEBET}/ProductTarief": WEG}) == []


def test_cs100_periods_lie_after_2020() -> None:
    vroeg: dict[str, object] = {
        "Header/BerichtIdentificatie/Dagtekening": "2021-02-15",
        f"{KERN}/DeclaratieDagtekening": "2021-02-15",
        f"{KERN}/DeclaratiePeriode": _maand("2021-01-01", "2021-01-31"),
        f"{DEBET}/ProductPeriode": _maand("2021-01-01", "2021-01-31"),
        f"{CREDIT}/ProductPeriode": _maand("2021-01-01", "2021-01-31"),
    }
    december = _maand("2020-12-01", "2020-12-31")
    assert gebroken("323", vroeg) == []
    assert gebroken("323", {f"{KERN}/DeclaratiePeriode": december}, vroeg) == ["CS100"]
    assert gebroken("323", {f"{DEBET}/ProductPeriode": december}, vroeg) == ["CS100"]


@pytest.mark.parametrize(("nummer", "plek"), [("323", TOTAAL), ("325", "DeclaratieAntwoord/TotaalToegekendBedrag")])
def test_cs325_nothing_is_debit(nummer: str, plek: str) -> None:
    nul: dict[str, object] = {plek: {"TotaalBedrag": 0, "DebetCredit": "C"}}
    assert "CS325" in gebroken(nummer, nul)
    regel = DEBET if nummer == "323" else ANTWOORDREGEL
    assert "CS325" in gebroken(nummer, {f"{regel}/IngediendBedrag": {"Bedrag": 0, "DebetCredit": "C"}})


def test_cs337_a_line_lies_in_one_month() -> None:
    assert gebroken("323", {f"{DEBET}/ProductPeriode": _maand("2026-02-28", "2026-03-01")}) == ["CS337"]
    assert gebroken("323", {f"{DEBET}/ProductPeriode": _maand("2025-03-01", "2026-03-01")}) == ["CS337"]


def test_cs339_in_euro_cents_amount_and_volume_are_the_same() -> None:
    in_euro = {f"{DEBET}/Eenheid": "83", f"{DEBET}/ProductTarief": WEG}
    assert gebroken("323", in_euro) == ["CS339"]
    assert gebroken("323", in_euro | {f"{DEBET}/GeleverdVolume": 1000}) == []


@pytest.mark.parametrize(
    ("begin", "einde", "goed"),
    [
        ("2026-03-02", "2026-03-31", False),
        ("2026-03-01", "2026-03-30", False),
        ("2026-02-01", "2026-03-31", False),
        ("2026-02-01", "2026-02-28", True),
        ("2024-02-01", "2024-02-28", False),
        ("2024-02-01", "2024-02-29", True),
    ],
)
def test_cs340_a_claim_is_about_one_whole_month(begin: str, einde: str, goed: bool) -> None:
    assert gebroken("323", {f"{KERN}/DeclaratiePeriode": _maand(begin, einde)}) == ([] if goed else ["CS340"])
