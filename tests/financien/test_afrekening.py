"""Settlement to the cent (F-5)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.afrekening.rules import Afrekeningsregel, Instellingen, afrekening
from services.financien.lumpsum.rules import Contractlijn, MaandBuitenContract, Tarief
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from tests import onafhankelijk
from tests.financien.voorbeelden import Geval, gevallen
from tests.onafhankelijk import Levering
from tests.voorbeelden import voorbeelden

JANUARI, FEBRUARI = Maand(2026, 1), Maand(2026, 2)
LIJN = Contractlijn(JANUARI, Maand(2026, 12), (Tarief(JANUARI, Fraction(10), Bedrag.van_euro("1200.00")),))
BETAALD = Bedrag(100_000)


def _januari(plekdagen: int, **instellingen: Fraction) -> Afrekeningsregel:
    return afrekening(LIJN, {JANUARI: plekdagen}, (JANUARI,), BETAALD, Instellingen(**instellingen))


def test_settlement_is_realised_minus_paid() -> None:
    regel = _januari(31 * 9)
    assert (regel.plekken, regel.gemiddeld_bezet) == (Fraction(10), Fraction(9))
    assert (regel.gerealiseerd, regel.betaald, regel.afrekening) == (Bedrag(90_000), BETAALD, Bedrag(-10_000))


def test_without_tolerance_a_single_day_is_settled() -> None:
    assert _januari(31 * 10 + 1).afrekening == Bedrag(323)


def test_exactly_at_the_tolerance_nothing_is_settled_and_one_day_further_everything() -> None:
    aan_de_grens = 31 * 10 - 31
    assert _januari(aan_de_grens, tolerantie=Fraction("0.1")).afrekening == Bedrag(0)
    assert _januari(aan_de_grens - 1, tolerantie=Fraction("0.1")).afrekening == Bedrag(-10_323)
    assert _januari(31 * 11, tolerantie=Fraction("0.1")).afrekening == Bedrag(0)
    assert _januari(31 * 11 + 1, tolerantie=Fraction("0.1")).afrekening == Bedrag(10_323)


def test_within_the_tolerance_realised_is_still_shown() -> None:
    assert _januari(31 * 9, tolerantie=Fraction("0.1")).gerealiseerd == Bedrag(90_000)


def test_the_shown_realised_amount_is_after_cut_off() -> None:
    regel = _januari(31 * 15, maximum=Fraction("1.1"))
    assert (regel.gerealiseerd, regel.afrekening) == (Bedrag(110_000), Bedrag(10_000))
    assert regel.gemiddeld_bezet == 15
    regel = _januari(0, minimum=Fraction("0.9"))
    assert (regel.gerealiseerd, regel.afrekening) == (Bedrag(90_000), Bedrag(-10_000))


def test_the_cut_off_looks_at_the_settled_months_only() -> None:
    regel = afrekening(LIJN, {JANUARI: 31 * 30}, (JANUARI, FEBRUARI), Bedrag(0), Instellingen(maximum=Fraction(1)))
    assert regel.gerealiseerd == Bedrag(200_000)


def test_the_tolerance_compares_occupancy_before_cut_off() -> None:
    regel = _januari(31 * 15, maximum=Fraction(1), tolerantie=Fraction("0.2"))
    assert (regel.gerealiseerd, regel.afrekening) == (Bedrag(100_000), Bedrag(0))
    regel = afrekening(
        LIJN, {JANUARI: 31 * 15}, (JANUARI,), Bedrag(1), Instellingen(Fraction("0.2"), Fraction(1), None)
    )
    assert regel.afrekening == Bedrag(99_999)


@pytest.mark.parametrize("reeks", [(), (Maand(2025, 12), JANUARI), (Maand(2027, 1),)])
def test_months_outside_the_line_are_refused_by_name(reeks: tuple[Maand, ...]) -> None:
    with pytest.raises(MaandBuitenContract, match="2026-01 tot en met 2026-12"):
        afrekening(LIJN, {}, reeks, BETAALD, Instellingen())


def test_settings_that_contradict_are_refused() -> None:
    with pytest.raises(ValueError, match="hoogstens het maximum"):
        Instellingen(maximum=Fraction("0.9"), minimum=Fraction(1))
    with pytest.raises(ValueError, match="0 of meer"):
        Instellingen(tolerantie=Fraction(-1))


aandelen = st.sampled_from(["0", "0.05", "0.1", "0.5", "1"])
grenzen = st.sampled_from([(None, None), ("1.05", None), (None, "0.9"), ("1.1", "0.333"), ("1", "1")])


@voorbeelden(200)
@given(gevallen(), st.data(), st.integers(0, 10**8), aandelen, grenzen)
def test_settlement_equals_the_independent_calculation(
    geval: Geval, data: st.DataObject, betaald: int, tolerantie: str, grens: tuple[str | None, str | None]
) -> None:
    van = data.draw(st.integers(0, len(geval.maanden) - 1))
    reeks = geval.maanden[van : data.draw(st.integers(van + 1, len(geval.maanden)))]
    maximum, minimum = grens
    regel = afrekening(
        geval.contractlijn,
        geval.dagen,
        reeks,
        Bedrag(betaald),
        Instellingen(Fraction(tolerantie), maximum and Fraction(maximum), minimum and Fraction(minimum)),  # type: ignore[arg-type] # "" never occurs
    )
    verwacht = onafhankelijk.afrekening(
        geval.lijn,
        geval.leveringen,
        [str(maand) for maand in reeks],
        betaald,
        geval.vandaag,
        {
            "tolerantie": tolerantie,
            "maximum": maximum,
            "minimum": minimum,
            "tijdelijkeStopHoudtPlekDagen": geval.houdt,
        },
    )
    assert {
        "plekken": regel.plekken,
        "gemiddeldBezet": regel.gemiddeld_bezet,
        "gerealiseerd": regel.gerealiseerd.cent,
        "betaald": regel.betaald.cent,
        "afrekening": regel.afrekening.cent,
    } == verwacht


def test_the_independent_calculation_agrees_with_a_settlement_worked_by_hand() -> None:
    # two places at 1200.00 a year; one client all of January, one from 17 January through 14 February
    lijn = {
        "begindatum": date(2026, 1, 1),
        "einddatum": date(2026, 12, 31),
        "tarieven": [{"vanaf": date(2026, 1, 1), "plekken": "2", "prijs_per_plek": "1200.00"}],
    }
    leveringen: list[Levering] = [
        {"perioden": [(date(2025, 12, 1), date(2026, 1, 31), False, None)], "einddatum_toewijzing": None},
        {"perioden": [(date(2026, 1, 17), None, False, None)], "einddatum_toewijzing": date(2026, 2, 14)},
    ]
    regel = onafhankelijk.afrekening(lijn, leveringen, ["2026-01", "2026-02"], 40_000, date(2026, 6, 1), {})
    # 100.00 x (46/31 + 14/28) = 198.387 euro
    assert regel["gerealiseerd"] == 19_839
    assert regel["afrekening"] == -20_161
    assert regel["gemiddeldBezet"] == (Fraction(46, 31) + Fraction(1, 2)) / 2
