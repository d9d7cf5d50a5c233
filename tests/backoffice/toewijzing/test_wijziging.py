"""What a changed decision does to the assignment that follows from it."""

from datetime import date

import pytest

from services.backoffice.toewijzing.rules import Wijziging, wijziging

BEGIN, EIND, LATER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)


def test_iv066_another_end_changes_the_assignment_itself_and_nothing_else() -> None:
    for nieuw in (LATER, None, date(2026, 2, 1)):
        gewijzigd = wijziging(BEGIN, EIND, nieuw, ingetrokken=False)
        assert gewijzigd is not None
        assert (gewijzigd.einddatum, gewijzigd.verwijderd) == (nieuw, False)


def test_op033x1_a_removal_ends_on_its_first_day_with_reason_13() -> None:
    for huidig in (EIND, None, BEGIN):
        assert wijziging(BEGIN, huidig, huidig, ingetrokken=True) == Wijziging(BEGIN, "13", verwijderd=True)


@pytest.mark.parametrize(
    ("huidig", "nieuw", "reden"),
    [(EIND, LATER, "04"), (EIND, None, "04"), (None, EIND, "05"), (LATER, EIND, "05")],
)
def test_iv099_a_reason_says_what_changed(huidig: date | None, nieuw: date | None, reden: str) -> None:
    assert wijziging(BEGIN, huidig, nieuw, ingetrokken=False) == Wijziging(nieuw, reden)


@pytest.mark.parametrize("einde", [EIND, None])
def test_iv099_without_a_change_there_is_no_reason(einde: date | None) -> None:
    assert wijziging(BEGIN, einde, einde, ingetrokken=False) is None
