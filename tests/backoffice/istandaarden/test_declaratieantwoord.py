"""The answer to a claim (IV087): which parts go back, with which codes, and what is granted."""

from datetime import date
from pathlib import Path

import pytest

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.declaratieantwoord import maak_declaratieantwoord
from services.backoffice.istandaarden.knoop import Knoop, deel, getal, tekst
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.regels import controleer
from services.backoffice.istandaarden.retour import retourcodes
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.geldig import geldig, prestatie
from tests.backoffice.istandaarden.overtreding import met
from tests.backoffice.istandaarden.standaard import Standaard

VANDAAG = date(2026, 4, 20)
KERN = "DeclaratieAntwoord"
CLIENT = f"{KERN}/Clienten/Client"


def _declaratie(naam: str = "JW323") -> Bericht:
    """Two clients: lines of 10.00 and -3.00, and one of 20.00."""
    tweede: Knoop = {"Bsn": "123456782", "Prestaties": {"Prestatie": [prestatie(naam, "P3", 2000)]}}
    return met(
        geldig(naam),
        {
            "Declaratie/Clienten/Client/1": tweede,
            "Declaratie/TotaalIngediendBedrag/TotaalBedrag": 2700,
        },
    )


def _antwoord(heen: Bericht, standaard: Standaard, **codes: object) -> Bericht:
    """The answer; valid under the official schema, under our own levels 1 and 2, and stable."""
    antwoord = maak_declaratieantwoord(heen, identificatie="A1", dagtekening=VANDAAG, **codes)  # type: ignore[arg-type]
    data = schrijf(antwoord)
    assert lees(data) == antwoord
    assert controleer(antwoord) == ()
    if Path(standaard.schemapad(antwoord.naam)).exists():
        assert standaard.keurt_goed(antwoord.naam, data)
    return antwoord


def _toegekend(antwoord: Bericht) -> tuple[int | None, str | None]:
    bedrag = deel(antwoord.inhoud, KERN, "TotaalToegekendBedrag")
    return getal(bedrag, "TotaalBedrag"), tekst(bedrag, "DebetCredit")


@pytest.mark.parametrize("naam", ["JW323", "WMO323"])
def test_iv087_a_claim_without_rejections_is_granted_in_full(standaard: Standaard, naam: str) -> None:
    heen = _declaratie(naam)
    antwoord = _antwoord(heen, standaard)
    assert antwoord.naam == naam.replace("323", "325")
    assert retourcodes(antwoord) == {"Header": ("0200",), KERN: ("8001",)}
    assert _toegekend(antwoord) == (2700, "D")
    assert (antwoord.kop["Afzender"], antwoord.kop["Ontvanger"]) == (heen.kop["Ontvanger"], heen.kop["Afzender"])
    assert antwoord.kop["DeclaratieIdentificatie"] == heen.kop["BerichtIdentificatie"]
    assert antwoord.kop["XsdVersieDeclaratie"] == heen.kop["XsdVersie"]
    assert deel(antwoord.kop, "BerichtIdentificatie")["Identificatie"] == "A1"


@pytest.mark.parametrize("codes", [["0001"], ["9056", "9056"]])
def test_iv087_a_rejected_header_goes_back_alone(standaard: Standaard, codes: list[str]) -> None:
    antwoord = _antwoord(_declaratie(), standaard, kop_codes=codes, prestatie_codes={(1, 1): ["9307"]})
    assert list(antwoord.inhoud) == ["Header"]
    assert retourcodes(antwoord) == {"Header": (codes[0],)}


def test_iv087_a_claim_that_is_rejected_as_a_whole_gets_nothing(standaard: Standaard) -> None:
    antwoord = _antwoord(_declaratie(), standaard, declaratie_codes=["9333"], prestatie_codes={(1, 1): ["9307"]})
    assert retourcodes(antwoord) == {"Header": ("0200",), KERN: ("9333",)}
    assert _toegekend(antwoord) == (0, "D")


def test_iv087_only_rejected_lines_go_back_and_are_not_granted(standaard: Standaard) -> None:
    antwoord = _antwoord(_declaratie(), standaard, prestatie_codes={(1, 1): ["9307", "0611"]})
    assert retourcodes(antwoord) == {
        "Header": ("0200",),
        KERN: ("0200",),
        f"{CLIENT}[1]": ("0200",),
        f"{CLIENT}[1]/Prestaties/Prestatie[1]": ("9307", "0611"),
    }
    assert _toegekend(antwoord) == (1700, "D")


def test_iv087_a_rejected_client_takes_its_lines_along_unjudged(standaard: Standaard) -> None:
    antwoord = _antwoord(_declaratie(), standaard, client_codes={1: ["9307"]}, prestatie_codes={(2, 1): ["0611"]})
    assert retourcodes(antwoord) == {
        "Header": ("0200",),
        KERN: ("0200",),
        f"{CLIENT}[1]": ("9307",),
        f"{CLIENT}[1]/Prestaties/Prestatie[1]": ("0233",),
        f"{CLIENT}[1]/Prestaties/Prestatie[2]": ("0233",),
        f"{CLIENT}[2]": ("0200",),
        f"{CLIENT}[2]/Prestaties/Prestatie[1]": ("0611",),
    }
    assert _toegekend(antwoord) == (0, "D")


def test_iv087_what_stays_may_be_a_credit(standaard: Standaard) -> None:
    antwoord = _antwoord(_declaratie(), standaard, prestatie_codes={(1, 1): ["9307"], (2, 1): ["9307"]})
    assert _toegekend(antwoord) == (300, "C")


@pytest.mark.parametrize("codes", [{"client_codes": {3: ["9307"]}}, {"prestatie_codes": {(2, 2): ["9307"]}}])
def test_what_is_not_in_the_claim_cannot_be_rejected(codes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="niet in deze declaratie"):
        maak_declaratieantwoord(_declaratie(), identificatie="A1", dagtekening=VANDAAG, **codes)  # type: ignore[arg-type]


def test_only_a_claim_gets_this_answer() -> None:
    with pytest.raises(ValueError, match="JW305"):
        maak_declaratieantwoord(geldig("JW305"), identificatie="A1", dagtekening=VANDAAG)
