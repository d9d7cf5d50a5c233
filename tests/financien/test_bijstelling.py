"""Forecast and proposal to the cent (F-4)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.bijstelling.rules import (
    KwartaalBuitenContract,
    Prognose,
    overschrijdt_drempel,
    prognose,
    prognose_tot,
    voorstel,
)
from services.financien.lumpsum.rules import Contractlijn, Tarief, lumpsum
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Kwartaal, Maand, maanden
from tests import onafhankelijk
from tests.financien.voorbeelden import REEKS, Geval, gevallen
from tests.voorbeelden import voorbeelden


def _lijn(begin: Maand, eind: Maand) -> Contractlijn:
    return Contractlijn(begin, eind, (Tarief(begin, Fraction(10), Bedrag.van_euro("1200.00")),))


JAAR = _lijn(Maand(2026, 1), Maand(2026, 12))


def test_a_quarter_at_eight_of_ten_places_forecasts_eight_tenths() -> None:
    dagen = {maand: 8 * maand.dagen for maand in Kwartaal(2026, 1).maanden}
    uitkomst = prognose(JAAR, dagen, Kwartaal(2026, 1))
    assert uitkomst == Prognose(Bedrag(1_200_000), Bedrag(240_000), Bedrag(960_000), Fraction(8), Bedrag(-240_000))


def test_only_the_contract_months_of_the_quarter_make_its_average() -> None:
    lijn = _lijn(Maand(2026, 2), Maand(2026, 6))
    uitkomst = prognose(lijn, {Maand(2026, 1): 31 * 9, Maand(2026, 2): 28 * 4}, Kwartaal(2026, 1))
    assert uitkomst.gemiddeld_bezet == 2
    assert uitkomst.gerealiseerd == Bedrag(40_000)
    assert uitkomst.verwacht == Bedrag(40_000 + 3 * 20_000)


@pytest.mark.parametrize("kwartaal", ["2025-Q4", "2027-Q1"])
def test_a_quarter_without_a_contract_month_is_refused_by_name(kwartaal: str) -> None:
    with pytest.raises(KwartaalBuitenContract, match="2026-01 tot en met 2026-12") as geweigerd:
        prognose(JAAR, {}, Kwartaal.lees(kwartaal))
    assert [fout.veld for fout in geweigerd.value.faults] == ["kwartaal"]


@voorbeelden(100)
@given(gevallen(), st.sampled_from(REEKS))
def test_the_quarterly_forecast_equals_the_independent_calculation(geval: Geval, maand: Maand) -> None:
    kwartaal = Kwartaal.van(maand.eerste)
    verwacht = onafhankelijk.prognose(geval.lijn, geval.leveringen, str(kwartaal), geval.vandaag, geval.houdt)
    if verwacht is None:
        with pytest.raises(KwartaalBuitenContract):
            prognose(geval.contractlijn, geval.dagen, kwartaal)
        return
    uitkomst = prognose(geval.contractlijn, geval.dagen, kwartaal)
    assert {
        "lumpsum": uitkomst.lumpsum.cent,
        "gerealiseerd": uitkomst.gerealiseerd.cent,
        "verwacht": uitkomst.verwacht.cent,
        "gemiddeld_bezet": uitkomst.gemiddeld_bezet,
        "afwijking": uitkomst.afwijking.cent,
    } == verwacht


@voorbeelden(100)
@given(gevallen())
def test_the_running_forecast_equals_a_count_of_days(geval: Geval) -> None:
    bezet = geval.verloop.bezet_op(geval.vandaag)
    uitkomst = prognose_tot(geval.contractlijn, geval.dagen, geval.vandaag, bezet)
    verwacht = onafhankelijk.prognose_tot(geval.lijn, geval.leveringen, geval.vandaag, geval.houdt)
    assert uitkomst.gerealiseerd.cent == verwacht["gerealiseerd"]
    assert uitkomst.verwacht.cent == verwacht["verwacht"]
    assert uitkomst.gemiddeld_bezet == verwacht["bezet"]
    assert uitkomst.afwijking == uitkomst.verwacht - lumpsum(geval.contractlijn)


def test_the_running_forecast_of_full_places_all_year_is_the_lump_sum_on_every_day() -> None:
    for vandaag in (date(2026, 1, 1), date(2026, 2, 14), date(2026, 12, 31)):
        tot = {m: 10 * m.dagen for m in maanden(Maand(2026, 1), Maand.van(vandaag))}
        tot[Maand.van(vandaag)] = 10 * vandaag.day
        assert prognose_tot(JAAR, tot, vandaag, 10).verwacht == lumpsum(JAAR)


def _afwijkend(lumpsum_cent: int, verwacht_cent: int) -> Prognose:
    verwacht, afgesproken = Bedrag(verwacht_cent), Bedrag(lumpsum_cent)
    return Prognose(afgesproken, Bedrag(0), verwacht, Fraction(0), verwacht - afgesproken)


def test_exactly_at_the_threshold_nothing_is_proposed() -> None:
    grens = Fraction("0.05")
    assert not overschrijdt_drempel(_afwijkend(10_000, 10_500), grens)
    assert overschrijdt_drempel(_afwijkend(10_000, 10_501), grens)
    assert not overschrijdt_drempel(_afwijkend(10_000, 9_500), grens)
    assert overschrijdt_drempel(_afwijkend(10_000, 9_499), grens)


def test_without_lump_sum_no_threshold_is_ever_exceeded() -> None:
    assert not overschrijdt_drempel(_afwijkend(0, 10_000), Fraction(0))


@voorbeelden(200)
@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(0, 14))
def test_the_proposal_pays_what_is_left_spread_evenly(verwacht: int, betaald: int, aantal: int) -> None:
    reeks = REEKS[:aantal]
    termijnen = voorstel(Bedrag(verwacht), Bedrag(betaald), reeks)
    assert {str(m): b.cent for m, b in termijnen.items()} == onafhankelijk.voorstel(
        verwacht, betaald, [str(maand) for maand in reeks]
    )
    centen = [bedrag.cent for bedrag in termijnen.values()]
    if aantal:
        assert som(termijnen.values()).cent == max(0, verwacht - betaald)
        assert max(centen) - min(centen) <= 1
        assert min(centen) >= 0


def test_a_negative_rest_gives_terms_of_zero() -> None:
    assert set(voorstel(Bedrag(100), Bedrag(101), REEKS[:3]).values()) == {Bedrag(0)}
