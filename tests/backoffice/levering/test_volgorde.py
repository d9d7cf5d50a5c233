"""OP080: the order in which messages come in means nothing."""

from itertools import permutations
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.backoffice.levering.feiten import Aanlevering, Sleutel
from services.backoffice.levering.rules import aanvaardbaar, beoordeel, bezwaren, fouten, perioden
from shared.kernel.verloop import Leverperiode
from tests.backoffice.levering.naief import naieve_fouten
from tests.backoffice.levering.op_volgorde import eerste_bezwaar
from tests.backoffice.levering.simulatie import (
    Bericht,
    Klasse,
    Ontvangst,
    bericht,
    dag,
    eraf,
    erbij,
    ontvangen,
    start,
    stop,
)
from tests.backoffice.levering.verhalen import Verhaal, briefwisselingen
from tests.voorbeelden import voorbeelden

STARTS: list[Sleutel] = [start(begin, product) for begin in (1, 3) for product in ("54Z01", "54Z02")]
STOPS: list[Sleutel] = [stop(begin, eind, reden) for begin in (1, 3) for eind in (3, 4) for reden in ("20", "31", "32")]
STATUSSEN: st.SearchStrategy[Literal[1, 3]] = st.sampled_from([1, 1, 3])


def een_bericht(sleutels: list[Sleutel]) -> st.SearchStrategy[list[Klasse]]:
    klasse = st.builds(Klasse, st.sampled_from(sleutels), STATUSSEN, st.sampled_from(["toewijzing 1", "toewijzing 2"]))
    return st.lists(klasse, min_size=1, max_size=3)


WILLEKEURIG = st.lists(een_bericht(STARTS) | een_bericht(STOPS), max_size=8).map(
    lambda berichten: [Bericht(f"m{i}", tuple(klassen)) for i, klassen in enumerate(berichten)]
)
VERZAMELINGEN = st.lists(st.tuples(st.sampled_from(STARTS + STOPS), STATUSSEN), max_size=9).map(
    lambda paren: [Aanlevering(f"m{i}", i % 2, sleutel, status) for i, (sleutel, status) in enumerate(paren)]
)
STEVIG = voorbeelden(200)


@STEVIG
@given(briefwisselingen(), st.randoms(use_true_random=False))
def test_a_valid_history_ends_accepted_and_the_same_in_any_order(
    briefwisseling: tuple[list[Verhaal], list[Bericht]], toeval: Random
) -> None:
    verhalen, berichten = briefwisseling
    assert eerste_bezwaar(berichten) is None
    geschud = list(berichten)
    toeval.shuffle(geschud)
    for volgorde in (berichten, geschud, berichten[::-1]):
        backoffice = ontvangen(volgorde)
        assert backoffice.wachtend == []
        assert sorted(backoffice.aanvaard) == [b.id for b in berichten]
        for verhaal in verhalen:
            assert backoffice.perioden(verhaal.levering) == verhaal.perioden()


@pytest.mark.slow
def test_every_one_of_5040_orders_of_one_history_gives_the_same() -> None:
    """Start, temporary and definitive stop; restart and its stop, each of these two corrected once."""
    verhaal = [
        bericht("start", erbij(start(1))),
        bericht("tijdelijk", erbij(stop(1, 10, "20"))),
        bericht("definitief", erbij(stop(1, 15))),
        bericht("herstart", erbij(start(30))),
        bericht("herstart beter", eraf(start(30)), erbij(start(28))),
        bericht("stop", erbij(stop(28, 60, "33"))),
        bericht("stop beter", eraf(stop(28, 60, "33")), erbij(stop(28, 61, "33"))),
    ]
    assert eerste_bezwaar(verhaal) is None
    for volgorde in permutations(verhaal):
        backoffice = ontvangen(volgorde)
        assert backoffice.wachtend == []
        assert backoffice.perioden() == (
            Leverperiode(dag(1), dag(10), tijdelijk=True, definitief=dag(15)),
            Leverperiode(dag(28), dag(61)),
        )


@STEVIG
@given(VERZAMELINGEN)
def test_faults_are_what_their_definitions_say(verzameling: list[Aanlevering]) -> None:
    assert {(f.bericht, f.index, f.retourcode) for f in fouten(verzameling)} == naieve_fouten(verzameling)


@STEVIG
@given(VERZAMELINGEN.flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))))
def test_faults_and_periods_do_not_depend_on_the_order(
    paar: tuple[list[Aanlevering], list[Aanlevering]],
) -> None:
    eerst, geschud = paar
    assert fouten(eerst) == fouten(geschud)
    assert perioden(eerst) == perioden(geschud)


@STEVIG
@given(WILLEKEURIG)
def test_everything_received_is_decided_in_the_end(berichten: list[Bericht]) -> None:
    backoffice = ontvangen(berichten)
    backoffice.tijd_om()
    assert backoffice.wachtend == []
    assert sorted([*backoffice.aanvaard, *backoffice.geweigerd]) == [b.id for b in berichten]
    assert all(backoffice.geweigerd.values())
    over = {a.bericht for levering in backoffice.leveringen.values() for a in levering}
    assert over == set(backoffice.aanvaard)


@STEVIG
@given(WILLEKEURIG.flatmap(lambda b: st.tuples(st.just(b), st.permutations(b))))
def test_until_a_refusal_any_messages_give_the_same_periods_in_any_order(
    paar: tuple[list[Bericht], list[Bericht]],
) -> None:
    eerst, geschud = (ontvangen(berichten) for berichten in paar)
    for levering in ("toewijzing 1", "toewijzing 2"):
        assert eerst.perioden(levering) == geschud.perioden(levering)


@STEVIG
@given(WILLEKEURIG)
def test_judging_again_accepts_nothing_more_because_accepting_changes_no_set(berichten: list[Bericht]) -> None:
    backoffice = ontvangen(berichten)
    wachtend = set(backoffice.wachtend)
    assert aanvaardbaar(backoffice.leveringen.values(), wachtend) == frozenset()
    assert all(bezwaren(backoffice.leveringen.values(), wachtend, naam) for naam in wachtend)


@STEVIG
@given(WILLEKEURIG)
def test_refusing_everything_that_waits_leaves_no_faults_that_acceptance_could_have_seen(
    berichten: list[Bericht],
) -> None:
    """What was accepted did not lean on what waited: thinking the waiting away gives it no fault at that moment."""
    backoffice = Ontvangst()
    for nieuw in berichten:
        eerder = set(backoffice.aanvaard)
        backoffice.ontvang(nieuw)
        erbij_gekomen = set(backoffice.aanvaard) - eerder
        over = [[a for a in lev if a.bericht not in backoffice.wachtend] for lev in backoffice.leveringen.values()]
        if erbij_gekomen:
            assert not any(beoordeel(over, erbij_gekomen).values())


def test_tr326_an_earlier_start_left_open_waits_in_every_order() -> None:
    """In order the standard takes B, its stop, then A; on the set, A misses the stop that precedes B."""
    berichten = [
        bericht("start B", erbij(start(30))),
        bericht("stop B", erbij(stop(30, 40))),
        bericht("start A", erbij(start(1))),
    ]
    assert eerste_bezwaar(berichten) is None
    for volgorde in permutations(berichten):
        backoffice = ontvangen(volgorde)
        assert backoffice.wachtend
        # The stop of B leans on its start: it is not answered while that start itself still waits.
        assert set(backoffice.wachtend) in ({"start A"}, {"start B"}, {"start B", "stop B"})


def test_tr326_deleting_a_stop_between_two_starts_is_taken_but_holds_up_a_start_that_comes_later() -> None:
    """No rule looks at a deletion (TR063), so in order of sending this ends with two open starts."""
    berichten = [
        bericht("start A", erbij(start(1))),
        bericht("stop A", erbij(stop(1, 10, "20"))),
        bericht("start B", erbij(start(30))),
        bericht("stop A weg", eraf(stop(1, 10, "20"))),
    ]
    assert eerste_bezwaar(berichten) is None
    assert Ontvangst().ontvang(*berichten).wachtend == []
    andersom = Ontvangst().ontvang(*berichten[:2], berichten[3], berichten[2])
    assert andersom.wachtend == ["start B"]
