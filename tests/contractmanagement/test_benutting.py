"""Utilisation: four decimals, half up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contractmanagement.benutting.rules import benutting
from shared.kernel.plekken import Plekken
from tests import onafhankelijk


@pytest.mark.parametrize(
    ("bezet", "plekken", "tekst"),
    [
        (9, "12", "0.7500"),
        (0, "12", "0.0000"),
        (1, "3", "0.3333"),
        (2, "3", "0.6667"),
        (1, "20000", "0.0001"),
        (25, "12.5", "2.0000"),
    ],
)
def test_utilisation_has_four_decimals_half_up(bezet: int, plekken: str, tekst: str) -> None:
    assert str(benutting(bezet, Plekken.lees(plekken))) == tekst


def test_nothing_awarded_has_no_utilisation() -> None:
    assert benutting(3, Plekken(0)) is None


@given(st.integers(0, 5000), st.integers(0, 100_000))
def test_utilisation_equals_the_independent_calculation(bezet: int, honderdsten: int) -> None:
    uitkomst: Decimal | None = benutting(bezet, Plekken(honderdsten))
    verwacht = onafhankelijk.benutting(bezet, Plekken(honderdsten).als_tekst())
    assert (None if uitkomst is None else f"{uitkomst:f}") == verwacht
