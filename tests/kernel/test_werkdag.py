"""Working days, and the calendar of public holidays against the holidays library."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from shared.kalender import is_feestdag
from shared.kernel.werkdag import is_werkdag, plus_werkdagen
from tests.voorbeelden import voorbeelden


def _dagen(jaar: int) -> list[date]:
    eerste = date(jaar, 1, 1)
    return [eerste + timedelta(days=n) for n in range((date(jaar + 1, 1, 1) - eerste).days)]


def test_the_holidays_of_2026_are_those_of_article_3() -> None:
    verwacht = ["01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"]
    assert [dag.isoformat()[5:] for dag in _dagen(2026) if is_feestdag(dag)] == verwacht


@pytest.mark.parametrize("jaar", range(2014, 2051))
def test_each_year_is_the_library_without_the_two_sundays_and_with_5_may(jaar: int) -> None:
    zondagen = {"Eerste paasdag", "Eerste pinksterdag"}
    bron = country_holidays("NL", years=jaar, language="nl")
    openbaar = {dag for dag in bron if not set(bron.get_list(dag)) <= zondagen}
    assert {dag for dag in _dagen(jaar) if is_feestdag(dag)} == openbaar | {date(jaar, 5, 5)}


@pytest.mark.parametrize("jaar", [2024, 2025, 2026, 2027])
def test_5_may_is_a_holiday_every_year(jaar: int) -> None:
    assert is_feestdag(date(jaar, 5, 5))


def test_koningsdag_moves_to_saturday_when_it_falls_on_sunday() -> None:
    assert is_feestdag(date(2025, 4, 26))
    assert not is_feestdag(date(2025, 4, 27))


def test_a_weekend_and_a_holiday_are_no_working_days() -> None:
    assert not is_werkdag(date(2026, 1, 3), is_feestdag)
    assert not is_werkdag(date(2026, 1, 4), is_feestdag)
    assert not is_werkdag(date(2026, 4, 3), is_feestdag)
    assert is_werkdag(date(2026, 4, 2), is_feestdag)


def test_counting_starts_the_day_after() -> None:
    # Thursday before Easter 2026: Good Friday, weekend and Easter Monday do not count
    assert plus_werkdagen(date(2026, 4, 2), 1, is_feestdag) == date(2026, 4, 7)
    assert plus_werkdagen(date(2026, 4, 2), 0, is_feestdag) == date(2026, 4, 2)


@voorbeelden(60)
@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 60))
def test_n_working_days_later_is_the_nth_working_day_after(dag: date, n: int) -> None:
    uit = plus_werkdagen(dag, n, is_feestdag)
    erna = [dag + timedelta(days=k) for k in range(1, (uit - dag).days + 1)]
    assert sum(is_werkdag(d, is_feestdag) for d in erna) == n
    assert is_werkdag(uit, is_feestdag)


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of meer"):
        plus_werkdagen(date(2026, 1, 1), -1, is_feestdag)
