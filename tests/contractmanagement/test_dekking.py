"""Which days a line covers, when lines overlap, and what of the occupancy counts: against a walk over the days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.contractmanagement.bezetting.rules import binnen, verloop_van
from services.contractmanagement.overeenkomst.rules.dekking import Lijn, maak_lijn, overlappingen
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Regelversie
from services.contractmanagement.signaal.rules.episodes import Episode, onderbezet_episodes
from services.contractmanagement.signaal.rules.maatstaf import STANDAARD, maatstaf
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Periode
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop, mutaties
from tests.contractmanagement.episodes import onderbezet
from tests.voorbeelden import voorbeelden

NUL = date(2026, 1, 1)
DAG = timedelta(days=1)
EINDE = date(2026, 12, 31)
DAGEN = [NUL + n * DAG for n in range(-20, 400)]
GEMEENTEN = ("0001", "0002", "0003")

spannes = st.tuples(st.integers(-15, 380), st.integers(0, 200)).map(
    lambda paar: Periode(NUL + paar[0] * DAG, NUL + (paar[0] + paar[1]) * DAG)
)
sleutels = st.lists(st.sampled_from(GEMEENTEN), min_size=1, max_size=3, unique=True)
versies = st.dictionaries(st.integers(1, 12), sleutels, min_size=1, max_size=4)


def regionale_lijn(naam: str, per_maand: dict[int, list[str]]) -> Lijn:
    rij = tuple(
        Regelversie(date(2026, maand, 1), Plekken(100), Bedrag(0), tuple((g, "1") for g in gemeenten))
        for maand, gemeenten in sorted(per_maand.items())
    )
    return maak_lijn(naam, "42420001", Contractregel(None, "54Z01", rij), EINDE, 0)


def gedekt(per_maand: dict[int, list[str]], gemeente: str, dag: date) -> bool:
    """A walk: the newest version at or before the day names the gemeente."""
    lopend = [gemeenten for maand, gemeenten in sorted(per_maand.items()) if date(2026, maand, 1) <= dag]
    return bool(lopend) and dag <= EINDE and gemeente in lopend[-1]


@voorbeelden(60)
@given(versies)
def test_a_line_covers_the_days_on_which_its_key_names_the_gemeente(per_maand: dict[int, list[str]]) -> None:
    lijn = regionale_lijn("een", per_maand)
    for gemeente in GEMEENTEN:
        for dag in DAGEN:
            assert lijn.dekt(gemeente, dag) == gedekt(per_maand, gemeente, dag)


@voorbeelden(60)
@given(versies, versies)
def test_lines_overlap_when_some_day_of_some_gemeente_lies_in_both(
    een: dict[int, list[str]], ander: dict[int, list[str]]
) -> None:
    samen = {(g, dag) for g in GEMEENTEN for dag in DAGEN if gedekt(een, g, dag) and gedekt(ander, g, dag)}
    found = list(overlappingen([regionale_lijn("een", een)], [regionale_lijn("ander", ander)]))
    days = {(o.gemeente, dag) for o in found for dag in DAGEN if o.periode.bevat(dag)}
    assert days == samen


@voorbeelden(60)
@given(st.lists(spannes, max_size=6), spannes)
def test_within_a_period_the_occupancy_is_what_it_was_and_outside_it_nothing(
    bezet: list[Periode], periode: Periode
) -> None:
    verloop = Verloop(binnen(mutaties(bezet), periode))
    for dag in DAGEN:
        verwacht = sum(p.bevat(dag) for p in bezet) if periode.bevat(dag) else 0
        assert verloop.bezet_op(dag) == verwacht


@voorbeelden(40)
@given(versies, st.fixed_dictionaries({g: st.lists(spannes, max_size=4) for g in GEMEENTEN}))
def test_for_the_region_count_the_gemeenten_in_the_key(
    per_maand: dict[int, list[str]], bezet: dict[str, list[Periode]]
) -> None:
    lijn = regionale_lijn("een", per_maand)
    verloop = verloop_van(lijn, {g: mutaties(perioden) for g, perioden in bezet.items()})
    for dag in DAGEN[::3]:
        verwacht = sum(p.bevat(dag) for g, perioden in bezet.items() if gedekt(per_maand, g, dag) for p in perioden)
        assert verloop.bezet_op(dag) == verwacht


@voorbeelden(60)
@given(st.lists(spannes, max_size=6), st.integers(0, 9), st.integers(1, 18), st.integers(0, 800))
def test_the_history_of_under_use_is_what_each_day_showed(
    bezet: list[Periode], begin: int, maanden: int, verder: int
) -> None:
    eerste = date(2026, begin + 1, 1)
    laatste = date(2026 + (begin + maanden) // 12, (begin + maanden) % 12 + 1, 1) - DAG
    vandaag = NUL + verder * DAG
    gegevens = Verloop(mutaties(bezet)), [(eerste, Plekken(300))], eerste, laatste
    gezien: list[Episode] = []
    for nummer in range(verder + 1):
        dag = NUL + nummer * DAG
        nu = onderbezet(*gegevens, dag)
        if gezien and gezien[-1].tot_en_met is None and gezien[-1] != nu:
            gezien[-1] = Episode(gezien[-1].soort, gezien[-1].sinds, dag - DAG)
        if nu is not None and nu not in gezien[-1:]:
            gezien.append(nu)
    verloop, plekken, *_ = gegevens
    geschiedenis = onderbezet_episodes(verloop, maatstaf(plekken, eerste, laatste, vandaag, STANDAARD))
    assert [een.episode for een in geschiedenis] == gezien
