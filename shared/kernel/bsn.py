"""BSN: identifies a resident. Nothing here repeats the number in an error, log or answer."""

import re

_BSN = re.compile(r"[0-9]{9}")
_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_EERSTE_TEST, _LAATSTE_TEST = 999_900_006, 999_999_990


def voldoet_aan_elfproef(s: str) -> bool:
    """Whether `s` is 9 digits, not all zero, that pass the eleven test of a BSN (last digit weighs -1)."""
    if _BSN.fullmatch(s) is None or int(s) == 0:
        return False
    return sum(gewicht * int(cijfer) for gewicht, cijfer in zip(_GEWICHTEN, s, strict=True)) % 11 == 0


def is_test_bsn(s: str) -> bool:
    """Whether `s` is a BSN for tests: in 999900006 through 999999990 and passing the eleven test."""
    return voldoet_aan_elfproef(s) and _EERSTE_TEST <= int(s) <= _LAATSTE_TEST
