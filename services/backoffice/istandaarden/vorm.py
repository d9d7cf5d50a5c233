"""How a single value looks in the plain form of a message: a pattern for its text, and what makes the value of it.

A pattern may let too much pass when the maker then refuses, and refuse what is right but rare: the slow way decides.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from services.backoffice.istandaarden.toetsen import Toets, datum, maak_toets, tijd
from services.backoffice.istandaarden.typen import NIET_LEEG, OP_EEN_REGEL, Datum, Enkelvoudig, Geheel, Tekst, Tijd

Maker = Callable[[str], str | int]


class Afwijking(Exception):
    """Something that the quick way does not handle."""


@dataclass(frozen=True, slots=True)
class Vorm:
    """A pattern without groups, and a maker (None: the text is the value) that refuses with Afwijking or KeyError."""

    patroon: str
    maak: Maker | None = None


# What XML lets stand as it is, without the signs that may begin or end something else.
_GEWOON = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]"
_OP_REGEL = r"[^<>&\x00-\x08\n-\x1f\ufffe\uffff]"
_VERWIJZINGEN = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_VERWIJZING = re.compile(f"(?:{'|'.join(_VERWIJZINGEN)})")
# Longer texts and more references than these are for the slow way: the parser there has limits of its own.
_LANG, _VEEL = 1_000_000, 100


def _zonder_verwijzingen(toets: Toets) -> Maker:
    """The text itself; references in it are replaced first, and then it is judged anew."""

    def maak(tekst: str) -> str | int:
        if "&" not in tekst:
            return tekst
        waarde = toets(_VERWIJZING.sub(lambda gevonden: _VERWIJZINGEN[gevonden[0]], tekst))
        if waarde is None:
            raise Afwijking
        return waarde

    return maak


def _vrij(soort: Tekst, verwijzingen: bool) -> Vorm:
    """Text in which any sign may stand."""
    op_regel = soort.patroon == OP_EEN_REGEL
    zichtbaar = "" if soort.patroon is None else rf"(?=[ \t{'' if op_regel else chr(10)}]*[^ \t\n<])"
    zonder = f"{zichtbaar}{_OP_REGEL if op_regel else _GEWOON}{{{soort.minimaal},{soort.maximaal or _LANG}}}"
    if not verwijzingen:
        return Vorm(zonder)
    met = f"{_GEWOON}*(?:{_VERWIJZING.pattern}{_GEWOON}*){{1,{_VEEL}}}"
    return Vorm(f"{zonder}(?=<)|{met}", _zonder_verwijzingen(maak_toets(soort)))


def _tekst(soort: Tekst, verwijzingen: bool) -> Vorm:
    if soort.waarden:
        lengten = [len(waarde) for waarde in soort.waarden]
        return Vorm(
            f"[0-9A-Za-z]{{{min(lengten)},{max(lengten)}}}", {waarde: waarde for waarde in soort.waarden}.__getitem__
        )
    if soort.patroon in (None, OP_EEN_REGEL, NIET_LEEG):
        return _vrij(soort, verwijzingen)
    lengte = "" if soort.maximaal is None else f"(?=[^<]{{{soort.minimaal},{soort.maximaal}}}<)"
    return Vorm(f"{lengte}{soort.patroon}")


def _streng(toets: Callable[[str], str | None]) -> Maker:
    """A judge that refuses by exception and remembers: messages repeat the same few days, and then share one text."""

    @lru_cache(maxsize=4096)
    def maak(tekst: str) -> str:
        waarde = toets(tekst)
        if waarde is None:
            raise Afwijking
        return waarde

    return maak


_DATUM = Vorm("[0-9]{4}-[0-9]{2}-[0-9]{2}", _streng(datum))
_TIJD = Vorm("[0-9]{2}:[0-9]{2}:[0-9]{2}", _streng(tijd))


def vorm(soort: Enkelvoudig, verwijzingen: bool) -> Vorm:
    """The plain form of one value type, in a message with or without references such as &amp;."""
    match soort:
        case Tekst():
            return _tekst(soort, verwijzingen)
        case Geheel(precies=str(precies)):
            return Vorm(precies, int)
        case Geheel():
            # Every bound of the standard is a row of nines: so many digits and no more.
            return Vorm(f"[0-9]{{1,{len(str(soort.hoogste))}}}", int)
        case Datum():
            return _DATUM
        case Tijd():
            return _TIJD
