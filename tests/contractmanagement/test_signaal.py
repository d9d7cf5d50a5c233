"""Signals against a walk over every day, and the borders by hand (C-2)."""

from dataclasses import astuple
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contractmanagement.bezetting.rules import Verlopen, verloop_van
from services.contractmanagement.overeenkomst.rules.dekking import maak_lijn
from services.contractmanagement.overeenkomst.rules.drempels import Drempelversie, Drempelwaarden
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Regelversie
from services.contractmanagement.signaal.berekening import getal, van_lijn
from services.contractmanagement.signaal.rules.episodes import (
    Episode,
    Soort,
    onderbezet_episodes,
    volte_episodes,
    zonder_contractregel,
)
from services.contractmanagement.signaal.rules.maatstaf import (
    MAANDDELEN,
    STANDAARD,
    Drempels,
    maatstaf,
)
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Periode
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop, mutaties
from tests import onafhankelijk_signalen as dag_voor_dag
from tests.contractmanagement.episodes import onderbezet, volte
from tests.onafhankelijk_signalen import Signaal
from tests.voorbeelden import voorbeelden

NUL = date(2026, 1, 1)
DAG = timedelta(days=1)
JAAREINDE = date(2026, 12, 31)


def _verloop(standen: dict[date, int]) -> Verloop:
    """A course from absolute occupancy per day of change."""
    vorige, wijzigingen = 0, {}
    for dag in sorted(standen):
        wijzigingen[dag] = standen[dag] - vorige
        vorige = standen[dag]
    return Verloop(wijzigingen)


def _volte(standen: list[int], plekken: str = "20", eind: date = JAAREINDE) -> list[tuple[str, int, int | None]]:
    """Episodes as day numbers, for one occupancy per day from the first day on, the last being today."""
    verloop = _verloop({NUL + n * DAG: stand for n, stand in enumerate(standen)})
    vandaag = NUL + (len(standen) - 1) * DAG
    episodes = volte(verloop, [(NUL, Plekken.lees(plekken))], NUL, eind, vandaag)
    return [
        (e.soort.value, (e.sinds - NUL).days, None if e.tot_en_met is None else (e.tot_en_met - NUL).days)
        for e in episodes
    ]


def test_nearly_full_rises_at_ninety_percent_and_clears_five_below() -> None:
    assert _volte([17]) == []
    assert _volte([17, 18]) == [("bijna_vol", 1, None)]
    assert _volte([18, 17]) == [("bijna_vol", 0, 0)]


def test_full_rises_at_all_places_and_stays_until_five_below() -> None:
    assert _volte([20]) == [("vol", 0, None)]
    assert _volte([20, 19]) == [("vol", 0, 0), ("bijna_vol", 1, None)]
    assert _volte([100, 96], "100") == [("vol", 0, None)]
    assert _volte([100, 95], "100") == [("vol", 0, 0), ("bijna_vol", 1, None)]


def test_over_rises_above_all_places_and_does_not_flap_to_full() -> None:
    assert _volte([20, 21, 20]) == [("vol", 0, 0), ("overbezet", 1, None)]
    assert _volte([21, 19]) == [("overbezet", 0, 0), ("bijna_vol", 1, None)]


def test_hysteresis_keeps_nearly_full_between_its_two_borders() -> None:
    assert _volte([90, 86, 89, 86], "100") == [("bijna_vol", 0, None)]
    assert _volte([86, 89, 86], "100") == []


def test_without_places_anything_occupied_is_over_and_nothing_occupied_is_silent() -> None:
    assert _volte([0, 1, 0], "0") == [("overbezet", 1, 1)]


def test_all_flags_fall_when_the_contract_has_ended() -> None:
    assert _volte([20, 20, 20], eind=NUL + DAG) == [("vol", 0, 1)]
    assert _volte([20, 20], eind=NUL + DAG) == [("vol", 0, None)]


def test_more_places_clear_a_signal_without_any_message() -> None:
    plekken = [(NUL, Plekken.lees("10")), (date(2026, 3, 1), Plekken.lees("20"))]
    episodes = volte(_verloop({NUL: 10}), plekken, NUL, JAAREINDE, date(2026, 4, 1))
    assert episodes == (Episode(Soort.VOL, NUL, date(2026, 2, 28)),)


def test_a_change_of_places_counts_on_its_own_day() -> None:
    plekken = [(NUL, Plekken.lees("20")), (date(2026, 3, 1), Plekken.lees("10"))]
    episodes = volte(_verloop({NUL: 10}), plekken, NUL, JAAREINDE, date(2026, 3, 1))
    assert episodes == (Episode(Soort.VOL, date(2026, 3, 1), None),)


def test_a_contract_that_has_not_begun_has_no_signal() -> None:
    assert volte(_verloop({NUL: 9}), [(NUL, Plekken(100))], NUL + DAG, JAAREINDE, NUL) == ()


def test_thresholds_that_contradict_are_refused() -> None:
    with pytest.raises(ValueError, match="Drempels"):
        Drempels(bijna_vol=Drempels().marge)


standen = st.dictionaries(st.integers(0, 400).map(lambda n: NUL + n * DAG), st.integers(0, 23), max_size=25)
plekkenrijen = st.dictionaries(
    st.integers(-40, 400).map(lambda n: NUL + n * DAG),
    st.sampled_from(["0", "10", "20", "19.5", "21"]),
    max_size=4,
).map(lambda rij: sorted(rij.items()))
perioden = st.tuples(st.integers(0, 200), st.integers(0, 250)).map(
    lambda paar: (NUL + paar[0] * DAG, NUL + (paar[0] + paar[1]) * DAG)
)
vandaag_dagen = st.integers(0, 480).map(lambda n: NUL + n * DAG)


def _plat(episode: Episode | None) -> Signaal | None:
    return None if episode is None else (episode.soort.value, episode.sinds, episode.tot_en_met)


@voorbeelden(250)
@given(standen, plekkenrijen, perioden, vandaag_dagen)
def test_episodes_equal_a_walk_over_every_day(
    stand: dict[date, int], plekken: list[tuple[date, str]], periode: tuple[date, date], vandaag: date
) -> None:
    verloop = _verloop(stand)
    gelezen = [(dag, Plekken.lees(aantal)) for dag, aantal in plekken]
    episodes = volte(verloop, gelezen, *periode, vandaag)
    assert [_plat(e) for e in episodes] == dag_voor_dag.volte(verloop.bezet_op, plekken, *periode, vandaag)
    assert sum(e.tot_en_met is None for e in episodes) <= 1


maandplekken = st.dictionaries(
    st.integers(0, 14).map(lambda n: date(2026 + n // 12, n % 12 + 1, 1)),
    st.sampled_from(["0", "10", "20"]),
    max_size=4,
).map(lambda rij: sorted(rij.items()))


@voorbeelden(200)
@given(standen, maandplekken, perioden, vandaag_dagen)
def test_under_use_equals_a_walk_over_every_day(
    stand: dict[date, int], plekken: list[tuple[date, str]], periode: tuple[date, date], vandaag: date
) -> None:
    verloop = _verloop(stand)
    gelezen = [(dag, Plekken.lees(aantal)) for dag, aantal in plekken]
    assert _plat(onderbezet(verloop, gelezen, *periode, vandaag)) == dag_voor_dag.onderbezet(
        verloop.bezet_op, plekken, *periode, vandaag
    )


@voorbeelden(150)
@given(standen, maandplekken, perioden, vandaag_dagen)
def test_the_figures_of_an_episode_are_those_of_its_first_day_or_its_quarter(
    stand: dict[date, int], plekken: list[tuple[date, str]], periode: tuple[date, date], vandaag: date
) -> None:
    verloop = _verloop(stand)
    maat = maatstaf([(dag, Plekken.lees(aantal)) for dag, aantal in plekken], *periode, vandaag, STANDAARD)
    for episode, bezet, toegekend in volte_episodes(verloop, maat):
        assert bezet == verloop.bezet_op(episode.sinds)
        assert toegekend.als_breuk() == dag_voor_dag.plekken_op(plekken, episode.sinds)
    for episode, beoordeling, delen in onderbezet_episodes(verloop, maat):
        assert beoordeling.kwartaal.laatste == episode.sinds - DAG
        hele = [m for m in beoordeling.kwartaal.maanden if periode[0] <= m.eerste and m.laatste <= periode[1]]
        assert beoordeling.aantal_maanden == len(hele)
        assert Fraction(delen, MAANDDELEN) == sum(
            Fraction(sum(verloop.bezet_op(m.eerste + n * DAG) for n in range(m.dagen)), m.dagen) for m in hele
        )
        toegekend_in = [dag_voor_dag.plekken_op(plekken, m.eerste) for m in hele]
        assert Fraction(beoordeling.toegekend, 100) == sum(toegekend_in)


drempelwaarden = st.tuples(st.integers(71, 100), st.integers(0, 30), st.integers(0, 10), st.integers(0, 120)).map(
    lambda vier: Drempelwaarden(
        *(f"{deel // 100}.{deel % 100:02d}" for deel in (vier[0], vier[0] + vier[1], *vier[2:]))
    )
)


@voorbeelden(150)
@given(
    st.lists(perioden, max_size=12),
    st.dictionaries(st.integers(0, 14), st.sampled_from([0, 100, 300, 450]), min_size=1, max_size=3),
    st.integers(0, 500),
    vandaag_dagen,
    st.dictionaries(st.integers(-60, 400), drempelwaarden, max_size=3),
)
def test_a_line_has_the_signals_of_its_own_days_whatever_its_cell_did_outside_them(
    bezet: list[tuple[date, date]],
    plekken: dict[int, int],
    duur: int,
    vandaag: date,
    drempels: dict[int, Drempelwaarden],
) -> None:
    versies = tuple(
        Regelversie(date(2026 + maand // 12, maand % 12 + 1, 1), Plekken(aantal), Bedrag(0))
        for maand, aantal in sorted(plekken.items())
    )
    eind = versies[-1].vanaf + duur * DAG
    reeks = tuple(Drempelversie(NUL + nummer * DAG, waarden) for nummer, waarden in sorted(drempels.items()))
    lijn = maak_lijn("lijn", "43430001", Contractregel("0294", "44Z01", versies), eind, 0, reeks)
    per_dag = {"0294": mutaties([Periode(*paar) for paar in bezet])}
    geknipt = verloop_van(lijn, per_dag)
    gekregen = van_lijn(lijn, Verlopen(per_dag).binnen_lijn(lijn), vandaag)
    assert gekregen == van_lijn(lijn, geknipt, vandaag)
    los = (
        geknipt.bezet_op,
        [(versie.vanaf, versie.plekken.als_tekst()) for versie in versies],
        versies[0].vanaf,
        eind,
        vandaag,
        [(versie.vanaf, astuple(versie.waarden)) for versie in reeks] or dag_voor_dag.GEWOON,
    )
    onder = dag_voor_dag.onderbezet(*los)
    assert [
        _plat(item.episode)
        for item in gekregen
        if item.episode.soort is not Soort.ONDERBEZET or item.episode.tot_en_met is None
    ] == [*dag_voor_dag.volte(*los), *([] if onder is None else [onder])]


@voorbeelden(200)
@given(st.integers(0, 10**7), st.integers(1, 10**6))
def test_a_number_has_at_most_two_decimals_rounded_half_up(teller: int, noemer: int) -> None:
    afgerond = (Decimal(teller) / noemer).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    assert getal(teller, noemer) == f"{afgerond:f}".replace(".", ",")


def _onderbezet(
    bezet: int, vandaag: date, begin: date = NUL, eind: date = JAAREINDE, plekken: str = "10"
) -> date | None:
    episode = onderbezet(_verloop({NUL: bezet}), [(begin, Plekken.lees(plekken))], begin, eind, vandaag)
    return None if episode is None else episode.sinds


def test_under_use_waits_until_the_quarter_is_over() -> None:
    assert _onderbezet(7, date(2026, 3, 31)) is None
    assert _onderbezet(7, date(2026, 4, 1)) == date(2026, 4, 1)
    assert _onderbezet(7, date(2026, 6, 30)) == date(2026, 4, 1)
    assert _onderbezet(7, date(2026, 7, 1)) == date(2026, 7, 1)


def test_above_seventy_percent_or_without_places_there_is_no_under_use() -> None:
    assert _onderbezet(8, date(2026, 4, 1)) is None
    assert _onderbezet(0, date(2026, 4, 1), plekken="0") is None


def test_a_quarter_without_a_whole_contract_month_is_not_judged() -> None:
    assert _onderbezet(1, date(2026, 4, 1), begin=date(2026, 3, 2)) is None
    assert _onderbezet(1, date(2026, 4, 1), begin=date(2026, 3, 1)) == date(2026, 4, 1)
    # the contract ends on 15 April: in July the first quarter is still the last one with a whole month
    assert _onderbezet(1, date(2026, 7, 1), eind=date(2026, 4, 15)) == date(2026, 4, 1)


gedekten = st.lists(
    st.tuples(st.integers(0, 300), st.none() | st.integers(0, 200)).map(
        lambda paar: (NUL + paar[0] * DAG, None if paar[1] is None else NUL + (paar[0] + paar[1]) * DAG)
    ),
    max_size=4,
)


@voorbeelden(250)
@given(standen, gedekten, vandaag_dagen)
def test_occupation_without_a_contract_line_equals_a_walk_over_every_day(
    stand: dict[date, int], gedekt: list[tuple[date, date | None]], vandaag: date
) -> None:
    verloop = _verloop(stand)
    gevonden = zonder_contractregel(verloop, [Periode(*paar) for paar in gedekt], vandaag)
    assert _plat(gevonden) == dag_voor_dag.zonder_contractregel(verloop.bezet_op, gedekt, NUL, vandaag)


def test_occupation_is_uncovered_from_the_day_after_the_contract_line() -> None:
    verloop = _verloop({NUL: 1})
    gedekt = [Periode(date(2026, 4, 1), date(2026, 6, 30)), Periode(NUL, date(2026, 3, 31))]
    assert zonder_contractregel(verloop, gedekt, date(2026, 6, 30)) is None
    assert zonder_contractregel(verloop, gedekt, date(2026, 7, 1)) == Episode(
        Soort.GEEN_CONTRACTREGEL, date(2026, 7, 1), None
    )
    assert zonder_contractregel(Verloop({}), [], JAAREINDE) is None
