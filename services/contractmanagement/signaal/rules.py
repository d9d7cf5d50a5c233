"""Signals on occupancy as a function of the occupancy of each calendar day (domain.md, "Signalen"; C-2)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import NamedTuple

from shared.kernel.periode import Kwartaal, Maand, Periode
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)
_GEEN_PLEKKEN = Plekken(0)
# A month of 28, 29, 30 or 31 days divides into these without rest: averages stay exact in whole numbers.
_MAANDDELEN = lcm(28, 29, 30, 31)


class Soort(StrEnum):
    """Kinds of signal on occupancy, as in the API."""

    BIJNA_VOL = "bijna_vol"
    VOL = "vol"
    OVERBEZET = "overbezet"
    ONDERBEZET = "onderbezet"
    GEEN_CONTRACTREGEL = "geen_contractregel"


# At most one of these is open per line.
VOLTE = frozenset({Soort.BIJNA_VOL, Soort.VOL, Soort.OVERBEZET})


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
STANDAARD: Drempelreeks = ((date.min, Drempels()),)


def drempels_op(reeks: Drempelreeks, dag: date) -> Drempels:
    """The thresholds that hold on `dag`."""
    return reeks[max(bisect_right(reeks, dag, key=lambda vanaf: vanaf[0]) - 1, 0)][1]


@dataclass(frozen=True, slots=True)
class Episode:
    """A signal from its first through its last day; `tot_en_met` None means that it is open."""

    soort: Soort
    sinds: date
    tot_en_met: date | None


class _Grenzen(NamedTuple):
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
    def bij(cls, plekken: Plekken, drempels: Drempels) -> "_Grenzen":
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


class _Vlaggen(NamedTuple):
    """Three independent flags with hysteresis: up at a threshold, down `marge` below it."""

    bijna_vol: bool = False
    vol: bool = False
    overbezet: bool = False

    def na(self, bezet: int, grenzen: _Grenzen | None) -> "_Vlaggen":
        """The flags on such a day; without any place (None) occupied raises all, not occupied clears all."""
        if bezet == 0 or grenzen is None:
            return _Vlaggen(bezet > 0, bezet > 0, bezet > 0)
        return _Vlaggen(
            bijna_vol=bezet >= grenzen.bijna_op or (self.bijna_vol and bezet > grenzen.bijna_af),
            vol=bezet >= grenzen.vol_op or (self.vol and bezet > grenzen.vol_af),
            overbezet=bezet > grenzen.over_tot or (self.overbezet and bezet > grenzen.over_af),
        )

    @property
    def hoogste(self) -> Soort | None:
        """The one kind that is visible."""
        if self.overbezet:
            return Soort.OVERBEZET
        if self.vol:
            return Soort.VOL
        return Soort.BIJNA_VOL if self.bijna_vol else None


def volte_episodes(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempelreeks,
) -> tuple[Episode, ...]:
    """Episodes of nearly full, full and over from contract `begin` until today, at most one kind a day.

    `plekken`: awarded places from a date, sorted; none before the first. A flag that is up when other places or
    thresholds begin is judged by these from that day. All flags fall when the contract has
    ended (`eind` is its last day). Source: domain.md, "Signalen on occupancy", and C-2.
    """
    vlaggen, sinds, zichtbaar = _Vlaggen(), begin, None
    episodes = []
    for dag, bezet, grenzen in _stappen(verloop, plekken, begin, min(eind, vandaag), drempels):
        vlaggen = vlaggen.na(bezet, grenzen)
        if vlaggen.hoogste is zichtbaar:
            continue
        if zichtbaar is not None:
            episodes.append(Episode(zichtbaar, sinds, dag - _DAG))
        sinds, zichtbaar = dag, vlaggen.hoogste
    if zichtbaar is not None:
        episodes.append(Episode(zichtbaar, sinds, eind if eind < vandaag else None))
    return tuple(episodes)


def _stappen(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    tot_en_met: date,
    drempels: Drempelreeks,
) -> Iterator[tuple[date, int, _Grenzen | None]]:
    """First day, occupied places and thresholds of every stretch of days on which all stay the same."""
    wisselingen = [dag for dag, _ in plekken if begin < dag <= tot_en_met]
    if len(drempels) > 1:
        wisselingen = sorted({*wisselingen, *(dag for dag, _ in drempels if begin < dag <= tot_en_met)})
    for van, daarna in zip([begin, *wisselingen], [*wisselingen, tot_en_met + _DAG], strict=True):
        toegekend = _plekken_op(plekken, van)
        grenzen = None if toegekend == _GEEN_PLEKKEN else _Grenzen.bij(toegekend, drempels_op(drempels, van))
        for dag, _, bezet in verloop.stappen(van, daarna - _DAG):
            yield dag, bezet, grenzen


def _plekken_op(plekken: Sequence[tuple[date, Plekken]], dag: date) -> Plekken:
    index = bisect_right(plekken, dag, key=lambda vanaf: vanaf[0])
    return plekken[index - 1][1] if index else _GEEN_PLEKKEN


def onderbezet(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempelreeks,
) -> Episode | None:
    """Open signal when the last completed quarter with a whole contract month was under-used.

    That is: average occupied / average awarded places over its whole contract months at most the threshold that held
    on the quarter's last day; nothing awarded: no signal. Open since the day after the quarter. Source: domain.md,
    "Signalen on occupancy", and C-2.
    """
    kwartaal, reeks = _te_beoordelen(begin, eind, vandaag)
    bezet, toegekend = _sommen(verloop, plekken, reeks)
    grens = drempels_op(drempels, kwartaal.laatste).onderbezet
    if toegekend == 0 or bezet * 100 * grens.denominator > grens.numerator * toegekend * _MAANDDELEN:
        return None
    return Episode(Soort.ONDERBEZET, kwartaal.laatste + _DAG, None)


def onderbezet_episodes(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempelreeks,
) -> tuple[Episode, ...]:
    """Under-use as it was on every day until today: one episode per judged quarter, closed when the next is judged.

    What is open is what `onderbezet` gives for today; the past stays to be seen (C-2: status and history).
    """
    episodes: list[Episode] = []
    for dag in _beoordelingsdagen(begin, min(eind, vandaag), vandaag):
        gevonden = onderbezet(verloop, plekken, begin, eind, dag, drempels)
        if episodes and episodes[-1].tot_en_met is None:
            if gevonden == episodes[-1]:
                continue
            episodes[-1] = replace(episodes[-1], tot_en_met=dag - _DAG)
        if gevonden is not None:
            episodes.append(gevonden)
    return tuple(episodes)


@lru_cache(maxsize=1024)  # of dates alone: the same for every event on a line
def _beoordelingsdagen(van: date, tot_en_met: date, vandaag: date) -> tuple[date, ...]:
    """Days until today on which another quarter than the day before is judged: those after a quarter's end."""
    dagen = []
    kwartaal = Kwartaal.van(van)
    while kwartaal.laatste < vandaag and kwartaal.maanden[0].eerste <= tot_en_met:
        dagen.append(kwartaal.laatste + _DAG)
        kwartaal = Kwartaal.van(dagen[-1])
    return tuple(dagen)


def gemiddeld_voor(
    sinds: date, verloop: Verloop, plekken: Sequence[tuple[date, Plekken]], begin: date, eind: date
) -> tuple[Kwartaal, Fraction, Fraction]:
    """The quarter that an under-use since `sinds` judged, with its average occupied and awarded places."""
    kwartaal = Kwartaal.van(sinds - _DAG)
    reeks = _hele_maanden(kwartaal, begin, eind)
    bezet, toegekend = _sommen(verloop, plekken, reeks)
    return kwartaal, Fraction(bezet, _MAANDDELEN * len(reeks)), Fraction(toegekend, 100 * len(reeks))


def _sommen(verloop: Verloop, plekken: Sequence[tuple[date, Plekken]], reeks: Sequence[Maand]) -> tuple[int, int]:
    """Over these months: the sum of average occupied places in `_MAANDDELEN`ths, and of awarded in hundredths."""
    bezet = sum(verloop.bezette_dagen(m.eerste, m.laatste) * (_MAANDDELEN // m.dagen) for m in reeks)
    return bezet, sum(_plekken_op(plekken, maand.eerste).honderdsten for maand in reeks)


@lru_cache(maxsize=4096)
def _te_beoordelen(begin: date, eind: date, vandaag: date) -> tuple[Kwartaal, tuple[Maand, ...]]:
    """The last quarter that is over and has whole contract months, with these; no months: there is none."""
    kwartaal = Kwartaal.van(min(vandaag, eind))
    if kwartaal.laatste >= vandaag:
        kwartaal = kwartaal.vorige()
    reeks = _hele_maanden(kwartaal, begin, eind)
    if reeks:
        return kwartaal, reeks
    # A contract that ends early in a quarter has its last whole month in the quarter before, never further.
    return kwartaal.vorige(), _hele_maanden(kwartaal.vorige(), begin, eind)


@lru_cache(maxsize=4096)
def _hele_maanden(kwartaal: Kwartaal, begin: date, eind: date) -> tuple[Maand, ...]:
    return tuple(maand for maand in kwartaal.maanden if begin <= maand.eerste and maand.laatste <= eind)


def zonder_contractregel(verloop: Verloop, gedekte_perioden: Sequence[Periode], vandaag: date) -> Episode | None:
    """Open signal since the first occupied day, today included, on which no contract line runs, or None.

    Occupation without a contract line counts nowhere (domain.md, "Occupied days"); the signal says so.
    """
    if verloop.eerste_dag is None:
        return None
    gedekt = sorted(gedekte_perioden, key=lambda periode: periode.begin)
    for van, tot_en_met, bezet in verloop.stappen(verloop.eerste_dag, vandaag):
        dag = _eerste_ongedekt(van, gedekt) if bezet else None
        if dag is not None and dag <= tot_en_met:
            return Episode(Soort.GEEN_CONTRACTREGEL, dag, None)
    return None


def _eerste_ongedekt(dag: date, gedekt: Sequence[Periode]) -> date | None:
    """First day from `dag` on that lies in none of the sorted periods; None when they never end."""
    for periode in gedekt:
        if periode.bevat(dag):
            if periode.eind is None or periode.eind == date.max:
                return None
            dag = periode.eind + _DAG
    return dag
