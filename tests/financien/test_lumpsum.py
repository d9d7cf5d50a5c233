"""Lump sum and advances to the cent, by hand and against the independent calculation (F-1, F-2)."""

from fractions import Fraction

import pytest
from hypothesis import given

from services.financien.lumpsum.rules import Contractlijn, Tarief, lumpsum, voorschotten
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from tests import onafhankelijk
from tests.financien.voorbeelden import contractlijn, lijnen
from tests.onafhankelijk import Lijn
from tests.voorbeelden import voorbeelden


def _jaar(*tarieven: tuple[int, str, str]) -> Contractlijn:
    rij = tuple(Tarief(Maand(2026, m), Fraction(p), Bedrag.van_euro(prijs)) for m, p, prijs in tarieven)
    return Contractlijn(Maand(2026, 1), Maand(2026, 12), rij)


def test_a_year_of_twelve_places_is_places_times_price() -> None:
    assert lumpsum(_jaar((1, "12", "38500.00"))) == Bedrag.van_euro("462000.00")


def test_a_price_that_does_not_divide_by_twelve_is_rounded_on_the_running_total() -> None:
    termijnen = [bedrag.cent for bedrag in voorschotten(_jaar((1, "1", "100.00"))).values()]
    assert termijnen == [833, 834, 833] * 4


def test_places_and_price_may_change_from_the_first_of_a_month() -> None:
    lijn = _jaar((1, "2", "1200.00"), (4, "3", "1200.00"), (10, "3", "2400.00"))
    euros = [bedrag.als_euro() for bedrag in voorschotten(lijn).values()]
    assert euros == ["200.00"] * 3 + ["300.00"] * 6 + ["600.00"] * 3


def test_a_month_before_the_first_value_counts_nothing() -> None:
    termijnen = voorschotten(_jaar((3, "1", "1200.00")))
    assert [termijnen[Maand(2026, m)].cent for m in (1, 2, 3)] == [0, 0, 10_000]
    assert lumpsum(_jaar((3, "1", "1200.00"))) == Bedrag(100_000)


def test_a_period_may_cross_the_calendar_year() -> None:
    tarief = Tarief(Maand(2022, 7), Fraction(1), Bedrag.van_euro("1200.00"))
    lijn = Contractlijn(Maand(2022, 7), Maand(2023, 6), (tarief,))
    assert lumpsum(lijn) == Bedrag(120_000)
    assert [str(maand) for maand in voorschotten(lijn)][::11] == ["2022-07", "2023-06"]


@voorbeelden(200)
@given(lijnen())
def test_the_months_add_up_to_the_lump_sum(lijn: Lijn) -> None:
    product = contractlijn(lijn)
    assert som(voorschotten(product).values()) == lumpsum(product)
    assert tuple(voorschotten(product)) == product.maanden()


@voorbeelden(200)
@given(lijnen())
def test_lump_sum_and_months_equal_the_independent_calculation(lijn: Lijn) -> None:
    product = contractlijn(lijn)
    assert lumpsum(product).cent == onafhankelijk.lumpsum(lijn)
    assert {str(m): b.cent for m, b in voorschotten(product).items()} == onafhankelijk.voorschotten(lijn)


def test_values_out_of_order_and_a_line_that_ends_before_it_begins_are_refused() -> None:
    with pytest.raises(ValueError, match="volgorde"):
        _jaar((4, "1", "1.00"), (1, "1", "1.00"))
    with pytest.raises(ValueError, match="volgorde"):
        _jaar((1, "1", "1.00"), (1, "2", "1.00"))
    with pytest.raises(ValueError, match="ligt voor"):
        Contractlijn(Maand(2026, 2), Maand(2026, 1), ())


def test_no_value_holds_outside_the_line() -> None:
    lijn = _jaar((1, "1", "1200.00"))
    assert lijn.tarief_in(Maand(2025, 12)) is None
    assert lijn.tarief_in(Maand(2027, 1)) is None
    assert lijn.tarief_in(Maand(2026, 12)) == lijn.tarieven[0]
