"""What the occupancy of a contract line is held against until today: thresholds as whole numbers, and judged quarters.

It follows from the contract and the calendar alone, so it is worked out once and not with every levering.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm
from typing import NamedTuple

from shared.kernel.periode import Kwartaal, Maand
from shared.kernel.plekken import Plekken

_DAG = timedelta(days=1)
_GEEN_PLEKKEN = Plekken(0)
# A month of 28, 29, 30 or 31 days divides into these without rest: averages stay exact in whole numbers.
MAANDDELEN = lcm(28, 29, 30, 31)


@dataclass(frozen=True, slots=True)
class Drempels:
    """Thresholds of one contract as shares of awarded places; a flag clears `marge` below its threshold. Over is above
    `vol`, but never below what was awarded: a contract that calls 95% full is not over at 96%."""

    bijna_vol: Fraction = Fraction(9, 10)
    vol: Fraction = Fraction(1)
    marge: Fraction = Fraction(1, 20)
    onderbezet: Fraction = Fraction(7, 10)

    def __post_init__(self) -> None:
        if not 0 <= self.marge < self.bijna_vol <= self.vol or self.onderbezet < 0:
            raise ValueError("Drempels: marge is 0 of meer en kleiner dan bijna_vol; bijna_vol is hoogstens vol.")


# Thresholds from a date, sorted; the first hold before their date as well. Never empty.
Drempelreeks = Sequence[tuple[date, Drempels]]
# Awarded places from a date, sorted; none before the first.
Plekkenreeks = Sequence[tuple[date, Plekken]]
STANDAARD: Drempelreeks = ((date.min, Drempels()),)


def drempels_op(reeks: Drempelreeks, dag: date) -> Drempels:
    """The thresholds that hold on `dag`."""
    return reeks[max(bisect_right(reeks, dag, key=lambda vanaf: vanaf[0]) - 1, 0)][1]


class Grenzen(NamedTuple):
    """The thresholds for one number of awarded places, as whole numbers of occupied places.

    Up at `bijna_op` and `vol_op` and above; over above `over_tot`; down at `bijna_af`, `vol_af`, `over_af` and below.
    """

    bijna_op: int
    bijna_af: int
    vol_op: int
    vol_af: int
    over_tot: int
    over_af: int

    @classmethod
    def bij(cls, plekken: Plekken, drempels: Drempels) -> Grenzen:
        """Whole numbers, so that a day costs no fractions; exact, because occupied places are whole."""
        toegekend = plekken.als_breuk()
        over = max(drempels.vol, Fraction(1))
        return cls(
            bijna_op=ceil(drempels.bijna_vol * toegekend),
            bijna_af=floor((drempels.bijna_vol - drempels.marge) * toegekend),
            vol_op=ceil(drempels.vol * toegekend),
            vol_af=floor((drempels.vol - drempels.marge) * toegekend),
            over_tot=floor(over * toegekend),
            over_af=floor((over - drempels.marge) * toegekend),
        )


class Stuk(NamedTuple):
    """First and last day (ordinals) of a stretch with the same awarded places and thresholds; `grenzen` None: there are
    no places."""

    van: int
    tot_en_met: int
    plekken: Plekken
    grenzen: Grenzen | None


class Beoordeling(NamedTuple):
    """A quarter, judged from the day after it through `tot_en_met` (None: still). `maanden`: which of the judged months
    are its own; `toegekend`: the sum of their awarded places in hundredths. Under-used when their average occupied
    places, in `MAANDDELEN`ths, add up to `hoogstens` or less."""

    kwartaal: Kwartaal
    vanaf: date
    tot_en_met: date | None
    maanden: slice
    aantal_maanden: int
    toegekend: int
    hoogstens: int


class Maatstaf(NamedTuple):
    """Of one line. `geeindigd`: its last day, when that is past. `maandgrenzen`: the first days (ordinals) of the
    judged months, which follow one another, and the day after the last; `gewichten`: what a place-day in each of them
    counts for, in `MAANDDELEN`ths of a place."""

    stukken: tuple[Stuk, ...]
    geeindigd: date | None
    maandgrenzen: tuple[int, ...]
    gewichten: tuple[int, ...]
    beoordelingen: tuple[Beoordeling, ...]


def maatstaf(plekken: Plekkenreeks, begin: date, eind: date, vandaag: date, drempels: Drempelreeks) -> Maatstaf:
    """Of a line from `begin` through `eind`, until today. Source: domain.md, "Signalen on occupancy", and C-2."""
    kwartalen = tuple(_beoordeeld(begin, eind, vandaag))
    maanden = [maand for _, hele in kwartalen for maand in hele]
    return Maatstaf(
        tuple(_stukken(plekken, begin, min(eind, vandaag), drempels)),
        eind if eind < vandaag else None,
        tuple(maand.eerste.toordinal() for maand in maanden) + tuple(m.laatste.toordinal() + 1 for m in maanden[-1:]),
        tuple(MAANDDELEN // maand.dagen for maand in maanden),
        tuple(_beoordelingen(kwartalen, plekken, drempels)),
    )


def _stukken(plekken: Plekkenreeks, begin: date, tot_en_met: date, drempels: Drempelreeks) -> Iterator[Stuk]:
    """From `begin`, every stretch until the places or the thresholds become others."""
    wisselingen = {dag for dag, _ in (*plekken, *drempels) if begin < dag <= tot_en_met}
    eerste_dagen = [begin, *sorted(wisselingen)] if begin <= tot_en_met else []
    for van, daarna in pairwise([*(dag.toordinal() for dag in eerste_dagen), tot_en_met.toordinal() + 1]):
        dag = date.fromordinal(van)
        toegekend = _plekken_op(plekken, dag)
        grenzen = None if toegekend == _GEEN_PLEKKEN else Grenzen.bij(toegekend, drempels_op(drempels, dag))
        yield Stuk(van, daarna - 1, toegekend, grenzen)


def _plekken_op(plekken: Plekkenreeks, dag: date) -> Plekken:
    index = bisect_right(plekken, dag, key=lambda vanaf: vanaf[0])
    return plekken[index - 1][1] if index else _GEEN_PLEKKEN


def _beoordeeld(begin: date, eind: date, vandaag: date) -> Iterator[tuple[Kwartaal, tuple[Maand, ...]]]:
    """The quarters that are over and have whole contract months, with these. A quarter without any is never judged: the
    one before it stays the last."""
    kwartaal = Kwartaal.van(begin)
    while kwartaal.laatste < vandaag and kwartaal.maanden[0].eerste <= eind:
        hele = tuple(maand for maand in kwartaal.maanden if begin <= maand.eerste and maand.laatste <= eind)
        if hele:
            yield kwartaal, hele
        kwartaal = Kwartaal.van(kwartaal.laatste + _DAG)


def _beoordelingen(
    kwartalen: Sequence[tuple[Kwartaal, tuple[Maand, ...]]], plekken: Plekkenreeks, drempels: Drempelreeks
) -> Iterator[Beoordeling]:
    """By the threshold that held on the quarter's last day; where nothing is awarded, nothing can be under-used."""
    tot: list[date | None] = [*(kwartaal.laatste for kwartaal, _ in kwartalen[1:]), None]
    eerste = 0
    for (kwartaal, hele), tot_en_met in zip(kwartalen, tot, strict=False):
        maanden = slice(eerste, eerste + len(hele))
        eerste = maanden.stop
        toegekend = sum(_plekken_op(plekken, maand.eerste).honderdsten for maand in hele)
        if toegekend:
            hoogstens = floor(drempels_op(drempels, kwartaal.laatste).onderbezet * toegekend * MAANDDELEN / 100)
            vanaf = kwartaal.laatste + _DAG
            yield Beoordeling(kwartaal, vanaf, tot_en_met, maanden, len(hele), toegekend, hoogstens)
