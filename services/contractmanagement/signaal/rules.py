"""Signals on occupancy as a function of the occupancy of each calendar day (domain.md, "Signalen"; C-2)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from shared.kernel.periode import Kwartaal, Maand, Periode
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)
_GEEN_PLEKKEN = Plekken(0)


class Soort(StrEnum):
    """Kinds of signal on occupancy, as in the API."""

    BIJNA_VOL = "bijna_vol"
    VOL = "vol"
    OVERBEZET = "overbezet"
    ONDERBEZET = "onderbezet"
    GEEN_CONTRACTREGEL = "geen_contractregel"


@dataclass(frozen=True, slots=True)
class Drempels:
    """Thresholds of one contract as shares of awarded places; a flag clears `marge` below its threshold."""

    bijna_vol: Fraction = Fraction(9, 10)
    vol: Fraction = Fraction(1)
    marge: Fraction = Fraction(1, 20)
    onderbezet: Fraction = Fraction(7, 10)

    def __post_init__(self) -> None:
        if not 0 <= self.marge < self.bijna_vol <= self.vol or self.onderbezet < 0:
            raise ValueError("Drempels: marge is 0 of meer en kleiner dan bijna_vol; bijna_vol is hoogstens vol.")


@dataclass(frozen=True, slots=True)
class Episode:
    """A signal from its first through its last day; `tot_en_met` None means that it is open."""

    soort: Soort
    sinds: date
    tot_en_met: date | None


@dataclass(frozen=True, slots=True)
class _Vlaggen:
    """Three independent flags with hysteresis: up at a threshold, down `marge` below it."""

    bijna_vol: bool = False
    vol: bool = False
    overbezet: bool = False

    def na(self, bezet: int, plekken: Plekken, drempels: Drempels) -> "_Vlaggen":
        """The flags on such a day; occupied without any place raises all, not occupied clears all."""
        if bezet == 0 or plekken == _GEEN_PLEKKEN:
            return _Vlaggen(bezet > 0, bezet > 0, bezet > 0)
        benut = Fraction(bezet * 100, plekken.honderdsten)
        onder_vol = benut <= drempels.vol - drempels.marge
        return _Vlaggen(
            bijna_vol=benut >= drempels.bijna_vol or (self.bijna_vol and benut > drempels.bijna_vol - drempels.marge),
            vol=benut >= drempels.vol or (self.vol and not onder_vol),
            overbezet=benut > drempels.vol or (self.overbezet and not onder_vol),
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
    drempels: Drempels,
) -> tuple[Episode, ...]:
    """Episodes of nearly full, full and over from contract `begin` until today, at most one kind a day.

    `plekken`: awarded places from a date, sorted; none before the first. All flags fall when the contract has
    ended (`eind` is its last day). Source: domain.md, "Signalen on occupancy", and C-2.
    """
    vlaggen, sinds, zichtbaar = _Vlaggen(), begin, None
    episodes = []
    for dag, bezet, toegekend in _stappen(verloop, plekken, begin, min(eind, vandaag)):
        vlaggen = vlaggen.na(bezet, toegekend, drempels)
        if vlaggen.hoogste is zichtbaar:
            continue
        if zichtbaar is not None:
            episodes.append(Episode(zichtbaar, sinds, dag - _DAG))
        sinds, zichtbaar = dag, vlaggen.hoogste
    if zichtbaar is not None:
        episodes.append(Episode(zichtbaar, sinds, eind if eind < vandaag else None))
    return tuple(episodes)


def _stappen(
    verloop: Verloop, plekken: Sequence[tuple[date, Plekken]], begin: date, tot_en_met: date
) -> Iterator[tuple[date, int, Plekken]]:
    """First day, occupied and awarded places of every stretch of days on which both stay the same."""
    wisselingen = [dag for dag, _ in plekken if begin < dag <= tot_en_met]
    for van, daarna in zip([begin, *wisselingen], [*wisselingen, tot_en_met + _DAG], strict=True):
        toegekend = _plekken_op(plekken, van)
        for dag, _, bezet in verloop.stappen(van, daarna - _DAG):
            yield dag, bezet, toegekend


def _plekken_op(plekken: Sequence[tuple[date, Plekken]], dag: date) -> Plekken:
    index = bisect_right(plekken, dag, key=lambda vanaf: vanaf[0])
    return plekken[index - 1][1] if index else _GEEN_PLEKKEN


def onderbezet(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempels,
) -> Episode | None:
    """Open signal when the last completed quarter with a whole contract month was under-used.

    That is: average occupied / average awarded places over its whole contract months at most the threshold;
    nothing awarded: no signal. Open since the day after the quarter. Source: domain.md, "Signalen on
    occupancy", and C-2.
    """
    kwartaal, reeks = _te_beoordelen(begin, eind, vandaag)
    bezet, toegekend = _sommen(verloop, plekken, reeks)
    if toegekend == 0 or bezet > drempels.onderbezet * toegekend:
        return None
    return Episode(Soort.ONDERBEZET, kwartaal.laatste + _DAG, None)


def onderbezet_episodes(
    verloop: Verloop,
    plekken: Sequence[tuple[date, Plekken]],
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempels,
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


def _beoordelingsdagen(van: date, tot_en_met: date, vandaag: date) -> Iterator[date]:
    """Days until today on which another quarter than the day before is judged: those after a quarter's end."""
    kwartaal = Kwartaal.van(van)
    while kwartaal.laatste < vandaag and kwartaal.maanden[0].eerste <= tot_en_met:
        yield kwartaal.laatste + _DAG
        kwartaal = Kwartaal.van(kwartaal.laatste + _DAG)


def gemiddeld_voor(
    sinds: date, verloop: Verloop, plekken: Sequence[tuple[date, Plekken]], begin: date, eind: date
) -> tuple[Kwartaal, Fraction, Fraction]:
    """The quarter that an under-use since `sinds` judged, with its average occupied and awarded places."""
    kwartaal = Kwartaal.van(sinds - _DAG)
    reeks = _hele_maanden(kwartaal, begin, eind)
    bezet, toegekend = _sommen(verloop, plekken, reeks)
    return kwartaal, bezet / len(reeks), toegekend / len(reeks)


def _sommen(
    verloop: Verloop, plekken: Sequence[tuple[date, Plekken]], reeks: Sequence[Maand]
) -> tuple[Fraction, Fraction]:
    """Over these months: the sum of average occupied places and the sum of awarded places."""
    bezet = sum((Fraction(verloop.bezette_dagen(m.eerste, m.laatste), m.dagen) for m in reeks), Fraction(0))
    toegekend = sum((_plekken_op(plekken, maand.eerste).als_breuk() for maand in reeks), Fraction(0))
    return bezet, toegekend


def _te_beoordelen(begin: date, eind: date, vandaag: date) -> tuple[Kwartaal, list[Maand]]:
    """The last quarter that is over and has whole contract months, with these; no months: there is none."""
    kwartaal = Kwartaal.van(min(vandaag, eind))
    if kwartaal.laatste >= vandaag:
        kwartaal = kwartaal.vorige()
    reeks = _hele_maanden(kwartaal, begin, eind)
    if reeks:
        return kwartaal, reeks
    # A contract that ends early in a quarter has its last whole month in the quarter before, never further.
    return kwartaal.vorige(), _hele_maanden(kwartaal.vorige(), begin, eind)


def _hele_maanden(kwartaal: Kwartaal, begin: date, eind: date) -> list[Maand]:
    return [maand for maand in kwartaal.maanden if begin <= maand.eerste and maand.laatste <= eind]


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
