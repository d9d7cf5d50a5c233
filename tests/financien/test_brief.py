"""Letters and spreadsheets: how amounts are written, that texts stay texts, that the same gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.brief.opmaak import als_pdf
from services.financien.brief.rules import (
    Afzender,
    Alinea,
    Document,
    Kop,
    Tabel,
    als_tekst,
    in_decimalen,
    in_euro,
    in_procenten,
    in_woorden,
    maand_in_woorden,
    opsomming,
    rechts,
)
from services.financien.brief.werkblad import als_xlsx
from services.financien.contractgegevens.rules import Opgave, Werkelijk, opgegeven, verblijf, werkelijk
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.verloop import Leverperiode
from tests.voorbeelden import voorbeelden

MOMENT = datetime(2026, 5, 15, 10, tzinfo=UTC)
CEL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GEVAARLIJK = ('=HYPERLINK("x")', "+1", "@SUM(A1)", "#set text(red)", "https://voorbeeld.example", "*vet* $x$ <b>", "'a")


@pytest.mark.parametrize(
    ("cent", "tekst"),
    [(0, "€ 0,00"), (5, "€ 0,05"), (-5, "€ −0,05"), (123456, "€ 1.234,56"), (-100000000, "€ −1.000.000,00")],
)
def test_amounts_are_written_as_dutch_people_do(cent: int, tekst: str) -> None:
    assert in_euro(Bedrag(cent)) == tekst


def test_numbers_and_days_are_written_as_dutch_people_do() -> None:
    assert [in_decimalen(Fraction(n)) for n in ("3.5", "12", "1/3", "2/3", "-1/3", "0.00004", "12345")] == [
        *("3,5", "12", "0,3333", "0,6667", "−0,3333", "0", "12.345"),
    ]
    assert (in_procenten(Fraction(1, 20)), in_procenten(Fraction(1, 8))) == ("5%", "12,5%")
    assert (in_woorden(date(2026, 7, 1)), maand_in_woorden(Maand(2026, 12))) == ("1 juli 2026", "december 2026")
    assert als_tekst(date(2026, 7, 1)) == "01-07-2026"
    assert [opsomming(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a en b", "a, b en c"]


def _document(tekst: str, naam: str = "Gemeente") -> Document:
    tabel = Tabel("Bedragen", (tekst, "Bedrag"), ((tekst, Bedrag(5)),), ("Totaal", Bedrag(5)))
    afzender = Afzender("0294", naam, (tekst,), tekst)
    blokken = (Alinea(tekst), Kop(tekst), tabel)
    return Document(afzender, "42420001", tekst, date(2026, 5, 15), tekst, tekst, blokken)


@pytest.mark.parametrize("tekst", GEVAARLIJK)
def test_what_a_person_wrote_stays_text_in_a_letter(tekst: str) -> None:
    """Markup in the text would change or stop the letter: an unknown command is an error of the template."""
    gewoon = als_pdf(_document("x" * len(tekst)), MOMENT)
    assert als_pdf(_document(tekst), MOMENT).startswith(b"%PDF-1.7")
    assert als_pdf(_document('#panic(1) #read("/etc/passwd")'), MOMENT) != gewoon


def test_the_same_document_gives_the_same_bytes() -> None:
    assert als_pdf(_document("a"), MOMENT) == als_pdf(_document("a"), MOMENT)
    assert als_pdf(_document("a"), MOMENT) != als_pdf(_document("b"), MOMENT)
    tabellen = _document("a").tabellen()
    assert als_xlsx("a", tabellen, MOMENT) == als_xlsx("a", tabellen, MOMENT)


def test_a_letter_is_made_for_screen_readers() -> None:
    pdf = als_pdf(_document("a"), MOMENT)
    assert b"pdfuaid:part" in pdf
    assert b"/Lang(nl-NL)" in pdf
    assert b"/StructTreeRoot" in pdf


def _bladen(xlsx: bytes) -> list[list[tuple[str, str]]]:
    """Per sheet its cells: kind and value."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as bestand:
        gedeeld = ElementTree.fromstring(bestand.read("xl/sharedStrings.xml"))
        teksten = ["".join(deel.itertext()) for deel in gedeeld]
        namen = sorted(naam for naam in bestand.namelist() if naam.startswith("xl/worksheets/sheet"))
        bladen = []
        for naam in namen:
            blad = ElementTree.fromstring(bestand.read(naam))
            assert blad.find(f".//{CEL}pane").get("state") == "frozen"  # type: ignore[union-attr]
            assert blad.find(f".//{CEL}f") is None, "no formulas"
            assert blad.find(f".//{CEL}hyperlink") is None
            cellen = []
            for cel in blad.iter(f"{CEL}c"):
                waarde = cel.findtext(f"{CEL}v") or ""
                tekst = cel.get("t") == "s"
                cellen.append(("tekst", teksten[int(waarde)]) if tekst else ("getal", waarde))
            bladen.append(cellen)
        return bladen


@voorbeelden(25)
@given(st.integers(-(10**11), 10**11), st.sampled_from(GEVAARLIJK))
def test_amounts_in_a_spreadsheet_are_numbers_and_texts_are_texts(cent: int, tekst: str) -> None:
    tabel = Tabel("Blad", ("Tekst", "Bedrag", "Dag"), ((tekst, Bedrag(cent), date(2026, 1, 1)),))
    ((*_, eerste, bedrag, dag),) = _bladen(als_xlsx("t", (tabel,), MOMENT))
    assert eerste == ("tekst", tekst)
    assert bedrag[0] == "getal"
    assert Fraction(bedrag[1]) == Fraction(cent, 100)
    assert dag == ("getal", "46023")


def test_sheets_get_names_that_a_spreadsheet_takes() -> None:
    tabellen = [Tabel("Een lange naam: met [haken] / en meer", ("A",), ()), *[Tabel("Zelfde", ("A",), ())] * 2]
    with zipfile.ZipFile(io.BytesIO(als_xlsx("t", tabellen, MOMENT))) as bestand:
        namen = [
            blad.get("name") for blad in ElementTree.fromstring(bestand.read("xl/workbook.xml")).iter(f"{CEL}sheet")
        ]
    assert namen == ["Een lange naam  met  haken    e", "Zelfde", "Zelfde 2"]


def test_numbers_stand_to_the_right_and_an_empty_table_does_not_mind() -> None:
    assert rechts(Tabel("T", ("a", "b", "c"), (("x", Bedrag(1), None), ("y", None, None)))) == (False, True, False)
    assert rechts(Tabel("T", ("a",), ())) == (False,)


EERSTE, LAATSTE = date(2026, 1, 1), date(2026, 1, 31)


@pytest.mark.parametrize(
    ("perioden", "einde", "gevonden"),
    [
        ([], None, None),
        ([Leverperiode(EERSTE, None)], None, (EERSTE, None)),
        ([Leverperiode(EERSTE, LAATSTE)], None, (EERSTE, LAATSTE)),
        ([Leverperiode(EERSTE, LAATSTE, tijdelijk=True)], None, (EERSTE, None)),
        ([Leverperiode(EERSTE, LAATSTE, True, date(2026, 2, 9))], None, (EERSTE, date(2026, 2, 9))),
        ([Leverperiode(EERSTE, LAATSTE, True), Leverperiode(date(2026, 3, 1), None)], None, (EERSTE, None)),
        ([Leverperiode(EERSTE, None)], LAATSTE, (EERSTE, LAATSTE)),
        ([Leverperiode(EERSTE, date(2026, 3, 1))], LAATSTE, (EERSTE, LAATSTE)),
        ([Leverperiode(LAATSTE, EERSTE)], None, None),
        ([Leverperiode(LAATSTE, None)], EERSTE, None),
    ],
)
def test_a_stay_goes_from_its_first_start_to_its_definitive_end(
    perioden: list[Leverperiode], einde: date | None, gevonden: tuple[date, date | None] | None
) -> None:
    assert verblijf(perioden, einde) == gevonden


def test_the_length_of_stay_counts_stays_that_ended_both_days_included() -> None:
    verblijven = [(EERSTE, LAATSTE), (EERSTE, None), (EERSTE, date(2026, 2, 1)), (LAATSTE, LAATSTE)]
    assert werkelijk(verblijven, EERSTE, LAATSTE) == Werkelijk(2, 32)
    assert werkelijk(verblijven, EERSTE, LAATSTE).gemiddeld == 16
    assert werkelijk([], EERSTE, LAATSTE).gemiddeld is None


def test_the_stated_length_of_stay_is_that_of_the_last_version_of_gemeente_or_region() -> None:
    opgaven = [
        Opgave(None, "54Z01", EERSTE, 90),
        Opgave(None, "54Z01", date(2026, 3, 1), 120),
        Opgave("0294", "54Z02", EERSTE, None),
    ]
    assert [opgegeven(opgaven, "0294", "54Z01", dag) for dag in (date(2025, 12, 31), LAATSTE, date(2026, 3, 1))] == [
        *(None, 90, 120),
    ]
    assert opgegeven(opgaven, "0294", "54Z02", LAATSTE) is None
    assert opgegeven(opgaven, "1955", "54Z02", LAATSTE) is None
