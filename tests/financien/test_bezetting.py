"""Average occupied places and realised amount to the cent (F-4, F-5)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from services.financien.bezetting.rules import gemiddeld_bezet, gerealiseerd
from services.financien.lumpsum.rules import Contractlijn, Tarief
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from tests import onafhankelijk
from tests.financien.voorbeelden import Geval, gevallen
from tests.voorbeelden import voorbeelden

JANUARI, FEBRUARI, MAART = Maand(2026, 1), Maand(2026, 2), Maand(2026, 3)
LIJN = Contractlijn(JANUARI, Maand(2026, 12), (Tarief(JANUARI, Fraction(2), Bedrag.van_euro("1200.00")),))


def test_each_month_weighs_the_same_whatever_its_number_of_days() -> None:
    dagen = {JANUARI: 31, FEBRUARI: 14}
    assert gemiddeld_bezet(dagen, (JANUARI, FEBRUARI)) == Fraction(3, 4)
    assert gemiddeld_bezet(dagen, (JANUARI, FEBRUARI, MAART)) == Fraction(1, 2)


def test_a_broken_month_is_paid_per_day_of_that_month() -> None:
    assert gerealiseerd(LIJN, {JANUARI: 31, FEBRUARI: 14}, (JANUARI, FEBRUARI)) == Bedrag(15_000)


def test_the_line_is_rounded_once_and_not_per_month() -> None:
    # 100.00 / 31 = 3.2258 a month: three months of one day give 9.68, not 3 x 3.23 = 9.69
    dagen = {JANUARI: 1, MAART: 1, Maand(2026, 5): 1}
    assert gerealiseerd(LIJN, dagen, dagen) == Bedrag(968)


def test_occupied_days_outside_the_line_count_nowhere() -> None:
    assert gerealiseerd(LIJN, {Maand(2025, 12): 31}, (Maand(2025, 12), JANUARI)) == Bedrag(0)


def test_an_average_over_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="ten minste een maand"):
        gemiddeld_bezet({}, ())


@voorbeelden(150)
@given(gevallen())
def test_days_average_and_realised_equal_the_independent_calculation(geval: Geval) -> None:
    teksten = [str(maand) for maand in geval.maanden]
    naar_dagen = onafhankelijk.dagen_per_maand(geval.leveringen, geval.vandaag, geval.houdt)
    vraag = geval.leveringen, teksten, geval.vandaag, geval.houdt

    assert all(geval.dagen.get(m, 0) == naar_dagen.get(str(m), 0) for m in geval.maanden)
    assert gemiddeld_bezet(geval.dagen, geval.maanden) == onafhankelijk.gemiddeld_bezet(geval.lijn, *vraag)
    assert gerealiseerd(geval.contractlijn, geval.dagen, geval.maanden).cent == onafhankelijk.gerealiseerd(
        geval.lijn, *vraag
    )


def test_days_after_today_never_count_in_money() -> None:
    open_levering = {"perioden": [(date(2026, 1, 1), None, False, None)], "einddatum_toewijzing": None}
    lijn = {"begindatum": date(2026, 1, 1), "einddatum": date(2026, 12, 31), "tarieven": []}
    geval = Geval(lijn, [open_levering], date(2026, 2, 14), 0)
    assert geval.dagen == {JANUARI: 31, FEBRUARI: 14}
    assert onafhankelijk.dagen_per_maand([open_levering], date(2026, 2, 14)) == {"2026-01": 31, "2026-02": 14}
