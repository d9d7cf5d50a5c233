"""Turns a value type into a function that judges one text: the value as we keep it, or None when it is refused.

The verdicts are those of the official schema, corners included: years may be negative or long but never 0000,
24:00:00 is a time, +5 and 007 are whole numbers, text is judged with its spaces.
"""

import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache

from services.backoffice.istandaarden.typen import Datum, Enkelvoudig, Geheel, Tekst, Tijd

Toets = Callable[[str], str | int | None]

WIT = " \t\r\n"
_DATUM = re.compile(r"(-?)(\d{4}|[1-9]\d{4,})-(\d\d)-(\d\d)", re.ASCII)
# A zone west of Greenwich passes: libxml2 lets a minus through in the standard's pattern "[^Z+-]+". Level 2 refuses it.
_TIJD = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:-(?:0\d|1[0-3]):[0-5]\d|-14:00)?", re.ASCII)
_GEHEEL = re.compile(r"([+-]?)(\d+)", re.ASCII)
_GROOTSTE_JAAR = 2**63 - 1
_DAGEN = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def dagen_in_maand(jaar: int, maand: int) -> int:
    """Days of a month in the Gregorian calendar, also before it existed and for negative years."""
    if maand == 2 and jaar % 4 == 0 and (jaar % 100 != 0 or jaar % 400 == 0):
        return 29
    return _DAGEN[maand - 1]


def _datum(tekst: str) -> str | None:
    kaal = tekst.strip(WIT)
    delen = _DATUM.fullmatch(kaal)
    if delen is None or len(delen[2]) > 19:
        return None
    jaar, maand, dag = int(delen[2]), int(delen[3]), int(delen[4])
    if not 0 < jaar <= _GROOTSTE_JAAR or not 1 <= maand <= 12:
        return None
    return kaal if 1 <= dag <= dagen_in_maand(jaar, maand) else None


_vaak_gezien = lru_cache(maxsize=4096)(_datum)


def datum(tekst: str) -> str | None:
    """A date as written, without the white space around it; None when there is no such day."""
    # Messages repeat the same few days; odd long texts must not fill the memory.
    return _vaak_gezien(tekst) if len(tekst) == 10 else _datum(tekst)


def tijd(tekst: str) -> str | None:
    """A time as written, without the white space around it; None when the clock never shows it."""
    kaal = tekst.strip(WIT)
    delen = _TIJD.fullmatch(kaal)
    if delen is None:
        return None
    uur, minuut, seconde = int(delen[1]), int(delen[2]), float(delen[3])
    # Schema processors keep seconds in floating point: a long enough 59.999... rounds up to 60 and is refused there.
    stap = 1.0
    for cijfer in delen[4] or "":
        stap /= 10
        seconde += int(cijfer) * stap
    if uur == 24:
        return kaal if minuut == 0 and seconde == 0 else None
    return kaal if uur < 24 and minuut < 60 and seconde < 60 else None


def _toets_geheel(soort: Geheel) -> Toets:
    laagste, hoogste, precies = soort.laagste, soort.hoogste, soort.precies
    ruim = len(str(hoogste))

    if precies is not None:
        zoals_altijd = {precies: int(precies)}.get
        return lambda tekst: zoals_altijd(tekst.strip(WIT))

    def toets(tekst: str) -> int | None:
        if len(tekst) < ruim and tekst.isascii() and tekst.isdigit() and laagste == 0:
            return int(tekst)
        delen = _GEHEEL.fullmatch(tekst.strip(WIT))
        if delen is None:
            return None
        betekenend = delen[2].lstrip("0")
        if len(betekenend) > ruim:
            return None
        waarde = int(betekenend or "0") * (-1 if delen[1] == "-" else 1)
        return waarde if laagste <= waarde <= hoogste else None

    return toets


def _toets_tekst(soort: Tekst) -> Toets:
    if soort.waarden:
        # A plain look-up is the fastest check there is; lengths follow from the listed values.
        return {waarde: waarde for waarde in soort.waarden}.get
    past = re.compile(soort.patroon or r"(?s:.*)").fullmatch
    # A pattern that needs one character already holds the lower bound: one comparison less on the quick way.
    minimaal = 0 if soort.minimaal == 1 and not past("") else soort.minimaal
    bovengrens = sys.maxsize if soort.maximaal is None else soort.maximaal

    def tot(tekst: str) -> str | None:
        return tekst if len(tekst) <= bovengrens and past(tekst) else None

    def van_tot(tekst: str) -> str | None:
        return tekst if minimaal <= len(tekst) <= bovengrens and past(tekst) else None

    return tot if minimaal == 0 else van_tot


@cache
def maak_toets(soort: Enkelvoudig) -> Toets:
    """The judge for one value type."""
    match soort:
        case Tekst():
            return _toets_tekst(soort)
        case Geheel():
            return _toets_geheel(soort)
        case Datum():
            return datum
        case Tijd():
            return tijd


def uitleg(soort: Enkelvoudig) -> str:
    """Dutch half sentence after 'vul in:' that tells which values this type takes."""
    match soort:
        case Tekst():
            return soort.vorm
        case Geheel(precies=None):
            return f"een geheel getal van {soort.laagste} tot en met {soort.hoogste}"
        case Geheel():
            return f"{soort.precies}"
        case Datum():
            return "een bestaande datum zonder tijdzone, zoals 2026-01-31"
        case Tijd():
            return "een tijd zonder tijdzone, zoals 09:30:00"
