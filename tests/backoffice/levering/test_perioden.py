"""The periods that the present starts and stops of one levering give (B-5, "Occupied days")."""

from services.backoffice.levering.feiten import Aanlevering, Sleutel
from services.backoffice.levering.rules import perioden
from shared.kernel.verloop import Leverperiode
from tests.backoffice.levering.simulatie import bericht, dag, eraf, erbij, ontvangen, start, stop


def perioden_van(*sleutels: Sleutel) -> tuple[Leverperiode, ...]:
    return ontvangen(bericht(f"m{i}", erbij(sleutel)) for i, sleutel in enumerate(sleutels)).perioden()


def test_nothing_received_gives_no_periods() -> None:
    assert perioden_van() == ()


def test_a_start_without_a_stop_is_open() -> None:
    assert perioden_van(start(1)) == (Leverperiode(dag(1), None),)


def test_a_definitive_stop_ends_its_period() -> None:
    assert perioden_van(start(1), stop(1, 20)) == (Leverperiode(dag(1), dag(20)),)


def test_a_temporary_stop_is_marked_as_such() -> None:
    assert perioden_van(start(1), stop(1, 10, "20")) == (Leverperiode(dag(1), dag(10), tijdelijk=True),)


def test_a_definitive_stop_after_a_temporary_one_is_kept_beside_it() -> None:
    assert perioden_van(start(1), stop(1, 10, "20"), stop(1, 25)) == (
        Leverperiode(dag(1), dag(10), tijdelijk=True, definitief=dag(25)),
    )


def test_on_the_same_einddatum_the_definitive_stop_wins() -> None:
    assert perioden_van(start(1), stop(1, 10, "20"), stop(1, 10)) == (Leverperiode(dag(1), dag(10)),)


def test_of_contradicting_stops_the_earliest_ends_the_period() -> None:
    assert perioden_van(start(1), stop(1, 12), stop(1, 9), stop(1, 10, "20")) == (Leverperiode(dag(1), dag(9)),)


def test_a_restart_gives_a_second_period_in_order_of_begindatum() -> None:
    assert perioden_van(start(30), start(1), stop(1, 10, "20")) == (
        Leverperiode(dag(1), dag(10), tijdelijk=True),
        Leverperiode(dag(30), None),
    )


def test_a_stop_without_a_present_start_gives_nothing() -> None:
    assert perioden_van(stop(1, 20)) == ()
    assert perioden_van(start(2), stop(1, 20)) == (Leverperiode(dag(2), None),)


def test_a_deleted_stop_opens_its_period_again() -> None:
    berichten = [
        bericht("a", erbij(start(1))),
        bericht("b", erbij(stop(1, 9))),
        bericht("c", eraf(stop(1, 9))),
    ]
    assert ontvangen(berichten).perioden() == (Leverperiode(dag(1), None),)


def test_the_same_delivery_given_twice_counts_once() -> None:
    erin, eruit = Aanlevering("a", 0, start(1), 1), Aanlevering("b", 0, start(1), 3)
    assert perioden([erin, erin, eruit]) == ()


def test_a_deleted_start_leaves_no_period() -> None:
    assert ontvangen([bericht("a", erbij(start(1))), bericht("b", eraf(start(1)))]).perioden() == ()
