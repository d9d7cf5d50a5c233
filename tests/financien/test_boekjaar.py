"""The months of a financial year (F-7): settled as booked, others as a settlement would have it, later as expected."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.financien.afrekening.rules import Instellingen
from services.financien.bijstelling.rules import prognose_tot
from services.financien.boekjaar.rules import Maandcijfer, lumpsum_in, maandcijfers, verwacht_in
from services.financien.lumpsum.rules import Contractlijn, Tarief, lumpsum
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, maanden
from tests.voorbeelden import voorbeelden

JAN, DEC = Maand(2026, 1), Maand(2026, 12)
JAAR = maanden(JAN, DEC)
MEI = date(2026, 5, 15)


def lijn(prijs: int = 1_200_000, plekken: int = 2, eind: Maand = DEC) -> Contractlijn:
    return Contractlijn(JAN, eind, (Tarief(JAN, Fraction(plekken), Bedrag(prijs)),))


def cijfers(
    contract: Contractlijn,
    dagen: dict[Maand, int],
    vandaag: date = MEI,
    vastgesteld: dict[Maand, Bedrag] | None = None,
    instellingen: Instellingen | None = None,
) -> tuple[Maandcijfer, ...]:
    termijnen = dict.fromkeys(JAAR, Bedrag(200_000))
    return maandcijfers(contract, JAAR, vandaag, dagen, termijnen, vastgesteld or {}, instellingen or Instellingen())


def test_months_that_are_over_cost_what_they_realised_and_later_ones_nothing_yet() -> None:
    gevonden = cijfers(lijn(), {Maand(2026, m): 31 for m in (1, 3, 5)})
    assert [c.kosten for c in gevonden[:6]] == [Bedrag(100_000), Bedrag(0), Bedrag(100_000), Bedrag(0), None, None]
    assert [c.voorschot.cent for c in gevonden] == [200_000] * 5 + [0] * 7
    assert not any(c.afgerekend for c in gevonden)


def test_a_settled_month_costs_what_was_settled_and_is_left_out_of_the_estimate() -> None:
    """The minimum is that of the months which are not settled: each month counts in one of both."""
    minimum = Instellingen(minimum=Fraction(1, 2))
    gevonden = cijfers(lijn(), {}, vastgesteld={JAN: Bedrag(7)}, instellingen=minimum)
    assert [c.kosten for c in gevonden[:5]] == [Bedrag(7), *[Bedrag(100_000)] * 3, None]
    assert [c.afgerekend for c in gevonden[:2]] == [True, False]


def test_a_month_that_the_contract_no_longer_has_keeps_its_term_and_costs_nothing() -> None:
    gevonden = cijfers(lijn(eind=Maand(2026, 2)), {Maand(2026, m): 31 for m in (1, 3)})
    assert [(c.voorschot.cent, c.kosten) for c in gevonden[:4]] == [
        (200_000, Bedrag(100_000)),
        (200_000, Bedrag(0)),
        (200_000, Bedrag(0)),
        (200_000, Bedrag(0)),
    ]


@voorbeelden(100)
@given(
    st.integers(0, 9_999_999),
    st.lists(st.integers(0, 300), min_size=12, max_size=12),
    st.integers(0, 12),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_what_a_calendar_year_is_expected_to_cost_is_the_running_forecast(
    prijs: int, aantallen: list[int], bezet: int, vandaag: date
) -> None:
    """Only where rounding happens differs: per month that is over here, once for all of them there."""
    contract = lijn(prijs)
    dagen = {maand: n for maand, n in zip(JAAR, aantallen, strict=True) if maand <= Maand.van(vandaag)}
    verwacht = verwacht_in(contract, cijfers(contract, dagen, vandaag), vandaag, bezet)
    assert abs(verwacht.cent - prognose_tot(contract, dagen, vandaag, bezet).verwacht.cent) <= 1


def test_the_parts_of_a_lump_sum_over_years_are_rounded_by_themselves() -> None:
    contract = lijn(100, 1)
    assert lumpsum_in(contract, JAAR) == lumpsum(contract) == Bedrag(100)
    assert [lumpsum_in(contract, deel).cent for deel in (JAAR[:1], JAAR[1:])] == [8, 92]
