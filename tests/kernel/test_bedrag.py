"""Money: reading, writing and the one rounding rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.bedrag import Bedrag, rond_af, som


@pytest.mark.parametrize(
    ("tekst", "cent"),
    [("38500.00", 3_850_000), ("0.5", 50), ("7", 700), ("-0.05", -5), ("-0.00", 0), ("007.10", 710)],
)
def test_euros_are_read_as_whole_cents(tekst: str, cent: int) -> None:
    assert Bedrag.van_euro(tekst) == Bedrag(cent)


@pytest.mark.parametrize(
    "tekst", ["", "1,50", "1.005", "1.", ".5", "+1.00", " 1.00", "1.00\n", "1e3", "NaN", "--1", "١"]
)
def test_what_is_no_amount_is_refused_with_a_way_out(tekst: str) -> None:
    with pytest.raises(ValueError, match=r"bijvoorbeeld 38500\.00"):
        Bedrag.van_euro(tekst)


@given(st.integers(-(10**15), 10**15))
def test_writing_and_reading_gives_the_same_amount(cent: int) -> None:
    assert Bedrag.van_euro(Bedrag(cent).als_euro()) == Bedrag(cent)


def test_a_negative_amount_below_one_euro_keeps_its_sign() -> None:
    assert Bedrag(-5).als_euro() == "-0.05"


@pytest.mark.parametrize(
    ("exact", "cent"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
        (Fraction(10**30 + 1, 2), (10**30 + 2) // 2),
    ],
)
def test_half_a_cent_goes_away_from_zero(exact: Fraction, cent: int) -> None:
    assert rond_af(exact) == Bedrag(cent)


@given(st.fractions())
def test_rounding_moves_at_most_half_a_cent_and_is_symmetric(exact: Fraction) -> None:
    assert abs(rond_af(exact).cent - exact) <= Fraction(1, 2)
    assert rond_af(-exact) == -rond_af(exact)


def test_amounts_add_subtract_and_sort() -> None:
    assert Bedrag(5) + Bedrag(-7) == Bedrag(-2)
    assert Bedrag(5) - Bedrag(7) == Bedrag(-2)
    assert sorted([Bedrag(3), Bedrag(-1)]) == [Bedrag(-1), Bedrag(3)]
    assert som([]) == Bedrag(0)
    assert som(Bedrag(n) for n in range(4)) == Bedrag(6)
