"""Each cross-message fault: it arises, a message under way cures it, and a refused message leaves the set."""

import pytest

from services.backoffice.levering.feiten import Aanlevering, Fout
from services.backoffice.levering.rules import beoordeel, fouten
from tests.backoffice.levering.simulatie import (
    Bericht,
    Ontvangst,
    bericht,
    eraf,
    erbij,
    ontvangen,
    start,
    stop,
)

START = bericht("start", erbij(start(1)))
STOP = bericht("stop", erbij(stop(1, 20)))
TIJDELIJK = bericht("tijdelijk", erbij(stop(1, 10, "20")))
HERSTART = bericht("herstart", erbij(start(30)))

# rule, messages so far, the message that waits, its retourcode, the message that cures it
GEVALLEN = [
    pytest.param([], bericht("weg", eraf(start(1))), "9063", START, id="tr063_delete_before_its_start"),
    pytest.param([START], bericht("weg", eraf(stop(1, 20))), "9063", STOP, id="tr063_delete_before_its_stop"),
    pytest.param(
        [START, STOP],
        bericht("weg", eraf(start(1))),
        "9071",
        bericht("stop weg", eraf(stop(1, 20))),
        id="tr071_delete_of_a_stopped_start",
    ),
    pytest.param(
        [START],
        bericht("nog eens", erbij(start(1))),
        "9074",
        bericht("weg", eraf(start(1))),
        id="tr074_second_start",
    ),
    pytest.param(
        [START, STOP],
        bericht("nog eens", erbij(stop(1, 20))),
        "9074",
        bericht("weg", eraf(stop(1, 20))),
        id="tr074_second_stop",
    ),
    pytest.param([START], HERSTART, "9326", STOP, id="tr326_start_on_an_open_start"),
    pytest.param([START], HERSTART, "9326", TIJDELIJK, id="tr326_is_cured_by_a_temporary_stop_too"),
    pytest.param([START], HERSTART, "9326", bericht("weg", eraf(start(1))), id="tr326_is_cured_by_deleting_the_start"),
    pytest.param([], STOP, "9069", START, id="tr382_stop_before_its_start"),
    pytest.param([START], bericht("s", erbij(stop(2, 20))), "9069", None, id="tr382_stop_with_another_begindatum"),
    pytest.param(
        [START],
        bericht("s", erbij(stop(1, 20, product="54Z02"))),
        "9069",
        None,
        id="tr382_stop_of_another_product",
    ),
    pytest.param(
        [START, TIJDELIJK],
        bericht("t", erbij(stop(1, 12, "20"))),
        "9413",
        bericht("weg", eraf(stop(1, 10, "20"))),
        id="tr413_second_temporary_stop",
    ),
    pytest.param(
        [START, STOP],
        bericht("d", erbij(stop(1, 20, "32"))),
        "9415",
        bericht("weg", eraf(stop(1, 20))),
        id="tr415_second_definitive_stop",
    ),
    pytest.param(
        [START, TIJDELIJK],
        bericht("d", erbij(stop(1, 9))),
        "9414",
        bericht("weg", eraf(stop(1, 10, "20"))),
        id="tr414_definitive_stop_before_the_temporary_one",
    ),
    pytest.param(
        [START, STOP],
        bericht("t", erbij(stop(1, 21, "20"))),
        "9414",
        bericht("weg", eraf(stop(1, 20))),
        id="tr414_temporary_stop_after_the_definitive_one",
    ),
]
TE_GENEZEN = [geval for geval in GEVALLEN if geval.values[3] is not None]


@pytest.mark.parametrize(("vooraf", "laatste", "retourcode", "genezing"), GEVALLEN)
def test_the_message_waits_with_its_retourcode(
    vooraf: list[Bericht], laatste: Bericht, retourcode: str, genezing: Bericht | None
) -> None:
    backoffice = ontvangen([*vooraf, laatste])
    assert backoffice.aanvaard == [b.id for b in vooraf]
    assert backoffice.wachtend == [laatste.id]
    assert backoffice.codes(laatste.id) == (retourcode,)


@pytest.mark.parametrize(("vooraf", "laatste", "retourcode", "genezing"), TE_GENEZEN)
def test_the_message_under_way_cures_it(
    vooraf: list[Bericht], laatste: Bericht, retourcode: str, genezing: Bericht
) -> None:
    backoffice = ontvangen([*vooraf, laatste, genezing])
    assert backoffice.wachtend == []
    assert sorted(backoffice.aanvaard) == sorted(b.id for b in [*vooraf, laatste, genezing])


@pytest.mark.parametrize(("vooraf", "laatste", "retourcode", "genezing"), GEVALLEN)
def test_a_refused_message_leaves_the_set(
    vooraf: list[Bericht], laatste: Bericht, retourcode: str, genezing: Bericht | None
) -> None:
    zonder = ontvangen(vooraf)
    backoffice = ontvangen([*vooraf, laatste]).tijd_om()
    assert [fout.retourcode for fout in backoffice.geweigerd[laatste.id]] == [retourcode]
    assert backoffice.leveringen.get("toewijzing 1", []) == zonder.leveringen.get("toewijzing 1", [])
    assert backoffice.perioden() == zonder.perioden()


def test_tr326_two_products_on_one_day_clash_only_when_both_are_open() -> None:
    een, ander = bericht("een", erbij(start(1))), bericht("ander", erbij(start(1, "54Z02")))
    assert ontvangen([een, ander]).codes("ander") == ("9326",)
    assert ontvangen([een, ander, STOP]).wachtend == []


def test_tr326_the_last_start_may_stay_open() -> None:
    assert ontvangen([START, STOP, HERSTART]).wachtend == []


def test_tr414_the_same_einddatum_is_not_too_early() -> None:
    assert ontvangen([START, TIJDELIJK, bericht("d", erbij(stop(1, 10)))]).wachtend == []


def test_tr063_a_deletion_is_not_judged_on_anything_but_its_key() -> None:
    backoffice = ontvangen([bericht("los", erbij(stop(1, 20))), bericht("weg", eraf(stop(1, 20)))])
    assert backoffice.wachtend == []
    assert backoffice.perioden() == ()


def test_a_correction_in_one_message_has_no_fault() -> None:
    """IV008: delete and replace in one message when the keys differ."""
    correctie = bericht("correctie", eraf(stop(1, 20)), erbij(stop(1, 18, "33")))
    assert ontvangen([START, STOP, correctie]).wachtend == []
    assert ontvangen([correctie, STOP, START]).wachtend == []


def test_a_correction_outside_the_key_is_deleted_and_sent_again() -> None:
    """IV008: ToewijzingIngangsdatum is no key, so the same key is deleted and comes back in a new message."""
    weg, opnieuw = bericht("weg", eraf(start(1))), bericht("opnieuw", erbij(start(1)))
    assert ontvangen([START, weg, opnieuw]).wachtend == []
    assert ontvangen([opnieuw, START, weg]).wachtend == []


def test_faults_name_message_class_and_retourcode_in_sorted_order() -> None:
    verzameling = [
        Aanlevering("m2", 1, stop(1, 9), 1),
        Aanlevering("m2", 0, start(5), 3),
        Aanlevering("m1", 7, stop(1, 10, "20"), 1),
    ]
    assert fouten(verzameling) == (
        Fout("m1", 7, "9069"),
        Fout("m1", 7, "9414"),
        Fout("m2", 0, "9063"),
        Fout("m2", 1, "9069"),
        Fout("m2", 1, "9414"),
    )


def test_the_same_delivery_given_twice_counts_once() -> None:
    eenmaal = Aanlevering("m1", 0, start(1), 1)
    assert fouten([eenmaal, eenmaal]) == ()


def test_a_message_waits_as_a_whole_when_one_of_its_leveringen_is_at_fault() -> None:
    goed, los = Aanlevering("m", 0, start(1), 1), Aanlevering("m", 1, stop(1, 9), 1)
    assert beoordeel([[goed], [los]], {"m"}) == {"m": (Fout("m", 1, "9069"),)}
    assert beoordeel([[goed], [los, Aanlevering("n", 0, start(1), 1)]], {"m", "n"}) == {"m": (), "n": ()}


def test_only_the_waiting_messages_are_judged() -> None:
    verzameling = [Aanlevering("oud", 0, start(1), 1), Aanlevering("nieuw", 0, start(9), 1)]
    assert beoordeel([verzameling], {"nieuw"}) == {"nieuw": (Fout("nieuw", 0, "9326"),)}


def test_a_waiting_message_without_deliveries_is_never_taken_for_faultless() -> None:
    with pytest.raises(ValueError, match="kwijt"):
        beoordeel([[Aanlevering("m", 0, start(1), 1)]], {"m", "kwijt"})


def test_of_two_that_only_contradict_each_other_one_is_accepted_in_the_end() -> None:
    dubbel = [bericht("t1", erbij(stop(1, 10, "20"))), bericht("t2", erbij(stop(1, 12, "20"))), START]
    backoffice = ontvangen(dubbel)
    assert backoffice.wachtend == ["t1", "t2"]
    backoffice.tijd_om()
    assert (list(backoffice.geweigerd), backoffice.aanvaard) == (["t1"], ["start", "t2"])


def test_what_was_accepted_is_never_at_fault_in_the_end() -> None:
    """B waits for a stop of A that never comes; its own stop is accepted meanwhile, then hangs loose."""
    backoffice = Ontvangst().ontvang(START, HERSTART, bericht("stop B", erbij(stop(30, 40)))).tijd_om()
    assert fouten(backoffice.leveringen["toewijzing 1"]) == ()
