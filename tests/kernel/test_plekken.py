"""A number of places, in hundredths."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.plekken import Plekken


@given(st.integers(0, 10**9))
def test_writing_and_reading_gives_the_same_number(honderdsten: int) -> None:
    assert Plekken.lees(Plekken(honderdsten).als_tekst()) == Plekken(honderdsten)
    assert Fraction(Plekken(honderdsten).als_tekst()) == Plekken(honderdsten).als_breuk()


@pytest.mark.parametrize(
    ("tekst", "kortst"),
    [("12", "12"), ("12.50", "12.5"), ("0.25", "0.25"), ("10.00", "10"), ("0", "0"), ("012", "12")],
)
def test_the_shortest_text_is_written(tekst: str, kortst: str) -> None:
    assert Plekken.lees(tekst).als_tekst() == kortst


@pytest.mark.parametrize("tekst", ["", "-1", "12,5", "1.234", "1.", ".5", "twaalf", "1e2", "12\n"])
def test_what_is_no_number_of_places_is_refused_with_a_way_out(tekst: str) -> None:
    with pytest.raises(ValueError, match=r"bijvoorbeeld 12\.5"):
        Plekken.lees(tekst)


def test_fewer_than_no_places_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of meer"):
        Plekken(-1)
