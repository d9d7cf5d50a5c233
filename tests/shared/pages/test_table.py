"""Tables as values: what a person reads and what a spreadsheet gets."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from shared.kernel.bedrag import Bedrag
from shared.kernel.plekken import Plekken
from shared.pages.table import BOM, Cel, Kolom, Tabel, getoond, in_csv, rij


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [
        (None, "–"),
        (Bedrag(3850000), "€\xa038.500,00"),
        (Bedrag(-123450), "€\xa0-1.234,50"),
        (date(2026, 3, 1), "01-03-2026"),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "2 maart 2026 00:30"),
        (Fraction(3, 4), "75\xa0%"),
        (Plekken(750), "7,5"),
        (Decimal("4.70"), "4,7"),
        (1234567, "1.234.567"),
    ],
)
def test_values_read_the_dutch_way(waarde: object, tekst: str) -> None:
    assert getoond(waarde) == tekst  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("waarde", "cel"),
    [
        (None, ""),
        (Bedrag(-123450), "-1234,50"),
        (Plekken(750), "7,5"),
        (Fraction(1, 3), "0,3333"),
        (date(2026, 3, 1), "01-03-2026"),
        (7, "7"),
    ],
)
def test_numbers_stay_numbers_in_a_spreadsheet(waarde: object, cel: str) -> None:
    assert in_csv(waarde) == cel  # type: ignore[arg-type]


@pytest.mark.parametrize("tekst", ["=1+1", "+31612345678", "-3", "@SUM(A1)", "\t=1"])
def test_a_text_never_becomes_a_formula(tekst: str) -> None:
    assert in_csv(tekst) == f"'{tekst}"


def test_csv_has_headings_rows_and_total() -> None:
    tabel = Tabel(
        "t", "T", [Kolom("Naam"), Kolom("Bedrag")], [rij('a;"b"', Bedrag(150))], totaal=rij("Samen", Bedrag(150))
    )

    assert tabel.als_csv().decode() == f'{BOM}Naam;Bedrag\r\n"a;""b""";1,50\r\nSamen;1,50\r\n'


def test_a_cell_with_a_link_is_its_value_in_csv() -> None:
    assert in_csv(Cel("x", "/ergens").waarde) == "x"


def test_a_name_has_its_code_beside_it_for_other_software_and_not_on_the_page() -> None:
    tabel = Tabel(
        "t",
        "T",
        (Kolom("Aanbieder", code="AGB-code"), Kolom("Aantal")),
        [rij(Cel("De Linde", code="00123456"), 3)],
        totaal=rij("Samen", 3),
    )

    assert tabel.als_csv().decode() == f"{BOM}Aanbieder;AGB-code;Aantal\r\nDe Linde;00123456;3\r\nSamen;;3\r\n"
    assert [cel.tekst for cel in tabel.rijen[0]] == ["De Linde", "3"]
