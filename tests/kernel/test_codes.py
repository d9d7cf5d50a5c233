"""Codes: AGB, BSN (against python-stdnum) and gemeente."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn as oracle

from shared.kernel.agb import is_agb
from shared.kernel.bsn import is_test_bsn, voldoet_aan_elfproef
from shared.kernel.gemeente import is_gemeentecode


@given(st.integers(0, 999_999_999).map(lambda n: f"{n:09d}"))
def test_the_eleven_test_agrees_with_stdnum(cijfers: str) -> None:
    assert voldoet_aan_elfproef(cijfers) is bool(oracle.is_valid(cijfers))


@given(st.integers(1, 99_999_999), st.integers(0, 9))
def test_a_number_that_passes_fails_with_another_last_digit(voorste: int, ander: int) -> None:
    geslaagd = [n for n in range(10) if voldoet_aan_elfproef(f"{voorste:08d}{n}")]
    assert len(geslaagd) <= 1
    assert voldoet_aan_elfproef(f"{voorste:08d}{ander}") is (ander in geslaagd)


@pytest.mark.parametrize("tekst", ["", "000000000", "11122233", "1112223330", "11122233a", "111222333\n", "١١١٢٢٢٣٣٣"])
def test_other_forms_are_no_bsn(tekst: str) -> None:
    assert not voldoet_aan_elfproef(tekst)


def test_the_range_of_test_bsns_has_both_its_ends() -> None:
    assert voldoet_aan_elfproef("111222333")
    assert not is_test_bsn("111222333")
    assert is_test_bsn("999900006")
    assert is_test_bsn("999999990")
    assert not is_test_bsn("999900007")


@given(st.integers(999_000_000, 999_999_999).map(str))
def test_a_test_bsn_passes_the_eleven_test_within_the_range(cijfers: str) -> None:
    assert is_test_bsn(cijfers) is (bool(oracle.is_valid(cijfers)) and 999_900_006 <= int(cijfers) <= 999_999_990)


@pytest.mark.parametrize(
    ("tekst", "goed"),
    [
        ("00000001", True),
        ("1234567", False),
        ("123456789", False),
        ("1234567a", False),
        ("12345678\n", False),
    ],
)
def test_an_agb_code_is_exactly_eight_digits(tekst: str, goed: bool) -> None:
    assert is_agb(tekst) is goed


@pytest.mark.parametrize(
    ("tekst", "goed"), [("0294", True), ("294", False), ("02940", False), ("O294", False), ("", False)]
)
def test_a_gemeente_code_is_exactly_four_digits(tekst: str, goed: bool) -> None:
    assert is_gemeentecode(tekst) is goed
