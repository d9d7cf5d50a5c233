"""Occupancy as changes against a set of days per toewijzing."""

from datetime import date, timedelta
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.periode import Maand, Periode
from shared.kernel.verloop import Leverperiode, Verloop, bezette_perioden, mutaties, verschil
from tests.onafhankelijk import bezette_dagen, dagen_van
from tests.voorbeelden import voorbeelden

NUL = date(2025, 11, 1)
# later than any day that a test below asks about (120 days to a first day, then at most 90)
HORIZON = NUL + timedelta(days=250)
DAG = timedelta(days=1)
Toewijzing = tuple[list[Leverperiode], date | None]

dagen = st.integers(0, 120).map(lambda n: NUL + n * DAG)


@st.composite
def leverperioden(draw: st.DrawFn) -> Leverperiode:
    begin = draw(dagen)
    lengte = draw(st.none() | st.integers(-2, 30))
    if lengte is None:
        return Leverperiode(begin, None)
    eind = begin + lengte * DAG
    definitief = draw(st.none() | st.integers(0, 25))
    tijdelijk = draw(st.booleans())
    return Leverperiode(begin, eind, tijdelijk, None if definitief is None else eind + definitief * DAG)


toewijzingen: st.SearchStrategy[Toewijzing] = st.tuples(st.lists(leverperioden(), max_size=4), st.none() | dagen)
houden = st.sampled_from([0, 1, 7, 20])


def _verwacht(toewijzing: Toewijzing, houdt: int) -> set[date]:
    perioden, einde = toewijzing
    plat = [(p.begindatum, p.einddatum, p.tijdelijk, p.definitief) for p in perioden]
    return bezette_dagen({"perioden": plat, "einddatum_toewijzing": einde}, HORIZON, houdt)


def _perioden(toewijzing: Toewijzing, houdt: int) -> tuple[Periode, ...]:
    return bezette_perioden(toewijzing[0], einddatum_toewijzing=toewijzing[1], houdt_dagen=houdt)


@voorbeelden(250)
@given(toewijzingen, houden)
def test_occupied_periods_hold_exactly_the_days_of_the_union(toewijzing: Toewijzing, houdt: int) -> None:
    perioden = _perioden(toewijzing, houdt)
    assert {dag for dag in dagen_van(NUL, HORIZON) if any(p.bevat(dag) for p in perioden)} == _verwacht(
        toewijzing, houdt
    )


@voorbeelden(200)
@given(toewijzingen, houden, st.randoms(use_true_random=False))
def test_occupied_periods_are_apart_sorted_and_free_of_the_order_of_input(toewijzing, houdt, random) -> None:  # type: ignore[no-untyped-def] # hypothesis draws the types
    perioden = _perioden(toewijzing, houdt)
    for eerder, later in pairwise(perioden):
        assert eerder.eind is not None
        assert eerder.eind + DAG < later.begin
    anders = list(toewijzing[0])
    random.shuffle(anders)
    assert _perioden((anders, toewijzing[1]), houdt) == perioden
    assert all(p.eind is not None for p in perioden) or toewijzing[1] is None


def _een(eind: date | None, **stop: object) -> tuple[Leverperiode, ...]:
    return (Leverperiode(date(2026, 1, 1), eind, **stop),)  # type: ignore[arg-type] # keywords of the dataclass


def test_a_place_is_kept_after_a_temporary_stop_for_the_agreed_days() -> None:
    stop = _een(date(2026, 1, 10), tijdelijk=True)
    assert bezette_perioden(stop, einddatum_toewijzing=None, houdt_dagen=14) == (
        Periode(date(2026, 1, 1), date(2026, 1, 24)),
    )
    assert bezette_perioden(stop, einddatum_toewijzing=None) == (Periode(date(2026, 1, 1), date(2026, 1, 10)),)


def test_a_definitive_stop_keeps_no_place() -> None:
    assert bezette_perioden(_een(date(2026, 1, 10)), einddatum_toewijzing=None, houdt_dagen=14) == (
        Periode(date(2026, 1, 1), date(2026, 1, 10)),
    )


def test_kept_days_end_with_the_definitive_stop_that_followed() -> None:
    stop = _een(date(2026, 1, 10), tijdelijk=True, definitief=date(2026, 1, 12))
    assert bezette_perioden(stop, einddatum_toewijzing=None, houdt_dagen=14) == (
        Periode(date(2026, 1, 1), date(2026, 1, 12)),
    )


def test_kept_days_end_at_a_restart_also_when_that_restart_was_short() -> None:
    perioden = (*_een(date(2026, 1, 10), tijdelijk=True), Leverperiode(date(2026, 1, 13), date(2026, 1, 15)))
    assert bezette_perioden(perioden, einddatum_toewijzing=None, houdt_dagen=14) == (
        Periode(date(2026, 1, 1), date(2026, 1, 15)),
    )


def test_a_delivery_within_a_temporarily_stopped_one_takes_no_day_away() -> None:
    perioden = (*_een(date(2026, 1, 10), tijdelijk=True), Leverperiode(date(2026, 1, 5), date(2026, 1, 6)))
    assert bezette_perioden(perioden, einddatum_toewijzing=None, houdt_dagen=14) == (
        Periode(date(2026, 1, 1), date(2026, 1, 10)),
    )


def test_the_end_of_the_toewijzing_cuts_open_stopped_and_kept_days() -> None:
    einde = date(2026, 1, 8)
    for stop in (_een(None), _een(date(2026, 3, 1)), _een(date(2026, 1, 7), tijdelijk=True)):
        assert bezette_perioden(stop, einddatum_toewijzing=einde, houdt_dagen=9) == (Periode(date(2026, 1, 1), einde),)
    assert bezette_perioden(_een(None), einddatum_toewijzing=date(2025, 12, 31)) == ()


def test_a_toewijzing_without_end_in_the_calendar_does_not_overflow() -> None:
    perioden = bezette_perioden(_een(date.max, tijdelijk=True), einddatum_toewijzing=date.max, houdt_dagen=9)
    assert mutaties(perioden) == {date(2026, 1, 1): 1}
    assert Verloop(mutaties(perioden)).bezette_dagen(date.max - DAG, date.max) == 2


def test_a_negative_number_of_kept_days_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of meer"):
        bezette_perioden((), einddatum_toewijzing=None, houdt_dagen=-1)


veel = st.lists(toewijzingen, max_size=5)


@voorbeelden(150)
@given(veel, houden, dagen, st.integers(-1, 90))
def test_every_question_to_the_course_equals_a_count_of_days(
    alle: list[Toewijzing], houdt: int, van: date, n: int
) -> None:
    verloop = Verloop(mutaties(chain.from_iterable(_perioden(t, houdt) for t in alle)))
    sets = [_verwacht(t, houdt) for t in alle]
    tot = van + n * DAG
    per_dag = {dag: sum(dag in s for s in sets) for dag in dagen_van(van, tot)}

    assert {dag: verloop.bezet_op(dag) for dag in per_dag} == per_dag
    assert verloop.bezette_dagen(van, tot) == sum(per_dag.values())
    per_maand: dict[Maand, int] = {}
    for dag, bezet in per_dag.items():
        per_maand[Maand.van(dag)] = per_maand.get(Maand.van(dag), 0) + bezet
    assert verloop.dagen_per_maand(van, tot) == per_maand
    assert verloop.eerste_dag == min((min(s) for s in sets if s), default=None)

    uitgeschreven: dict[date, int] = {}
    for eerste, laatste, bezet in verloop.stappen(van, tot):
        assert eerste <= laatste
        assert not (set(dagen_van(eerste, laatste)) & uitgeschreven.keys())
        uitgeschreven |= dict.fromkeys(dagen_van(eerste, laatste), bezet)
    assert uitgeschreven == per_dag
    assert list(uitgeschreven) == sorted(uitgeschreven)
    standen = [(eerste.toordinal(), bezet) for eerste, _, bezet in verloop.stappen(van, tot)]
    assert verloop.standen(van.toordinal(), tot.toordinal()) == standen


@voorbeelden(100)
@given(veel, dagen, st.integers(0, 90))
def test_steps_only_break_where_the_occupancy_changes(alle: list[Toewijzing], van: date, n: int) -> None:
    verloop = Verloop(mutaties(chain.from_iterable(_perioden(t, 0) for t in alle)))
    stappen = list(verloop.stappen(van, van + n * DAG))
    assert all(voor[2] != na[2] for voor, na in pairwise(stappen))


@voorbeelden(100)
@given(toewijzingen, toewijzingen, veel)
def test_adding_the_difference_leads_from_the_old_to_the_new_occupancy(
    oud: Toewijzing, nieuw: Toewijzing, rest: list[Toewijzing]
) -> None:
    stand_oud, stand_nieuw = mutaties(_perioden(oud, 7)), mutaties(_perioden(nieuw, 7))
    overige = [paar for t in rest for paar in mutaties(_perioden(t, 7)).items()]
    bijgewerkt = Verloop([*overige, *stand_oud.items(), *verschil(stand_oud, stand_nieuw).items()])
    vers = Verloop([*stand_nieuw.items(), *overige])
    assert list(bijgewerkt.stappen(NUL, HORIZON)) == list(vers.stappen(NUL, HORIZON))
    assert verschil(stand_oud, stand_oud) == {}
    assert 0 not in verschil(stand_oud, stand_nieuw).values()


def test_changes_that_cancel_out_are_left_out() -> None:
    aansluitend = [Periode(date(2026, 1, 1), date(2026, 1, 5)), Periode(date(2026, 1, 6), None)]
    assert mutaties(aansluitend) == {date(2026, 1, 1): 1}


def test_a_course_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="onder nul"):
        Verloop({date(2026, 1, 1): -1})
