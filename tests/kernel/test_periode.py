"""Periods, months and quarters against plain sets of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.periode import Kwartaal, Maand, Periode, maanden

NUL = date(2024, 1, 1)
TOT = 60


def _dag(n: int) -> date:
    return NUL + timedelta(days=n)


def _dagen(periode: Periode) -> set[date]:
    return {_dag(n) for n in range(TOT) if periode.bevat(_dag(n))}


@st.composite
def perioden(draw: st.DrawFn) -> Periode:
    begin = draw(st.integers(0, 40))
    lengte = draw(st.none() | st.integers(0, 15))
    return Periode(_dag(begin), None if lengte is None else _dag(begin + lengte))


@given(perioden(), perioden())
def test_the_intersection_holds_exactly_the_days_of_both(een: Periode, ander: Periode) -> None:
    samen = een.doorsnede(ander)
    assert (set() if samen is None else _dagen(samen)) == _dagen(een) & _dagen(ander)
    assert een.overlapt(ander) is bool(_dagen(een) & _dagen(ander))


def test_both_ends_belong_to_the_period() -> None:
    periode = Periode(date(2026, 1, 1), date(2026, 1, 31))
    assert periode.bevat(periode.begin)
    assert periode.bevat(date(2026, 1, 31))
    assert not periode.bevat(date(2026, 2, 1))
    assert not periode.bevat(date(2025, 12, 31))
    assert periode.dagen == 31


def test_an_end_before_the_begin_is_refused() -> None:
    with pytest.raises(ValueError, match="einddatum"):
        Periode(date(2026, 1, 2), date(2026, 1, 1))


def test_an_open_period_has_no_number_of_days() -> None:
    with pytest.raises(ValueError, match="geen einddatum"):
        _ = Periode(NUL, None).dagen


@given(st.dates(date(1999, 12, 1), date(2101, 1, 31)))
def test_month_and_quarter_of_a_day_contain_that_day(dag: date) -> None:
    maand, kwartaal = Maand.van(dag), Kwartaal.van(dag)
    assert maand.eerste <= dag <= maand.laatste
    assert (maand.laatste - maand.eerste).days + 1 == maand.dagen
    assert maand in kwartaal.maanden
    assert kwartaal.maanden[0].eerste <= dag <= kwartaal.laatste
    assert maand.volgende().eerste == maand.laatste + timedelta(days=1)
    assert Kwartaal.van(kwartaal.maanden[0].eerste - timedelta(days=1)) == kwartaal.vorige()


@given(st.dates())
def test_month_and_quarter_survive_writing_and_reading(dag: date) -> None:
    assert Maand.lees(str(Maand.van(dag))) == Maand.van(dag)
    assert Kwartaal.lees(str(Kwartaal.van(dag))) == Kwartaal.van(dag)


@pytest.mark.parametrize("tekst", ["2026-13", "2026-00", "2026-1", "202601", "2026-01-01", "2026-01\n", "", "januari"])
def test_what_is_no_month_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match="geen maand"):
        Maand.lees(tekst)


@pytest.mark.parametrize("tekst", ["2026-Q5", "2026-Q0", "2026Q1", "2026-q1", "Q1-2026", ""])
def test_what_is_no_quarter_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match="geen kwartaal"):
        Kwartaal.lees(tekst)


def test_a_month_or_quarter_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="geen maand"):
        Maand(2026, 13)
    with pytest.raises(ValueError, match="geen kwartaal"):
        Kwartaal(2026, 0)


def test_a_row_of_months_crosses_the_year_and_may_be_empty() -> None:
    reeks = maanden(Maand(2025, 11), Maand(2026, 2))
    assert [str(maand) for maand in reeks] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(reeks) == sorted(reeks)
    assert maanden(Maand(2026, 2), Maand(2026, 1)) == ()


def test_february_follows_the_leap_year() -> None:
    assert [Maand(jaar, 2).dagen for jaar in (2024, 2025, 2100)] == [29, 28, 28]
