"""Signals on occupancy as a function of the occupancy of each calendar day (domain.md, "Signalen"; C-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from services.contractmanagement.signaal.rules.maatstaf import Beoordeling, Grenzen, Maatstaf
from shared.kernel.periode import Periode
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)


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
class Episode:
    """A signal from its first through its last day; `tot_en_met` None means that it is open."""

    soort: Soort
    sinds: date
    tot_en_met: date | None


class Volte(NamedTuple):
    """An episode of nearly full, full or over, with the occupied and awarded places of its first day."""

    episode: Episode
    bezet: int
    plekken: Plekken


class Onderbezetting(NamedTuple):
    """An episode of under-use, with the judgement behind it. `bezet`: the averages of its months, added up, in
    `MAANDDELEN`ths."""

    episode: Episode
    beoordeling: Beoordeling
    bezet: int


class _Vlaggen(NamedTuple):
    """Three independent flags with hysteresis: up at a threshold, down `marge` below it."""

    bijna_vol: bool = False
    vol: bool = False
    overbezet: bool = False

    def na(self, bezet: int, grenzen: Grenzen | None) -> _Vlaggen:
        """The flags on such a day; without any place (None) occupied raises all, not occupied clears all."""
        if bezet == 0 or grenzen is None:
            return _ALLE if bezet else _GEEN
        bijna_op, bijna_af, vol_op, vol_af, over_tot, over_af = grenzen
        bijna_vol, vol, overbezet = self
        return _Vlaggen(
            bezet >= bijna_op or (bijna_vol and bezet > bijna_af),
            bezet >= vol_op or (vol and bezet > vol_af),
            bezet > over_tot or (overbezet and bezet > over_af),
        )

    @property
    def hoogste(self) -> Soort | None:
        """The one kind that is visible."""
        if self.overbezet:
            return Soort.OVERBEZET
        if self.vol:
            return Soort.VOL
        return Soort.BIJNA_VOL if self.bijna_vol else None


_GEEN, _ALLE = _Vlaggen(), _Vlaggen(True, True, True)


def volte_episodes(verloop: Verloop, maatstaf: Maatstaf) -> tuple[Volte, ...]:
    """Nearly full, full and over from the line's first day until today, at most one kind a day.

    A flag that is up when other places or thresholds begin is judged by these from that day. All flags fall when the
    contract has ended. Source: domain.md, "Signalen on occupancy", and C-2.
    """
    vlaggen, zichtbaar = _GEEN, None
    begonnen: list[tuple[date, Soort | None, int, Plekken]] = []
    for van, tot_en_met, plekken, grenzen in maatstaf.stukken:
        for dag, bezet in verloop.standen(van, tot_en_met):
            vlaggen = vlaggen.na(bezet, grenzen)
            if vlaggen.hoogste is not zichtbaar:
                zichtbaar = vlaggen.hoogste
                begonnen.append((date.fromordinal(dag), zichtbaar, bezet, plekken))
    einden = [sinds - _DAG for sinds, *_ in begonnen[1:]]
    return tuple(
        Volte(Episode(soort, sinds, tot), bezet, plekken)
        for (sinds, soort, bezet, plekken), tot in zip(begonnen, [*einden, maatstaf.geeindigd], strict=False)
        if soort is not None
    )


def onderbezet_episodes(verloop: Verloop, maatstaf: Maatstaf) -> tuple[Onderbezetting, ...]:
    """Under-use as it was on every day until today: one episode per judged quarter, closed when the next is judged.

    That is: average occupied / average awarded places over its whole contract months at most the threshold that held
    on the quarter's last day. Open since the day after the quarter; the past stays to be seen (C-2: status and
    history). Source: domain.md, "Signalen on occupancy", and C-2.
    """
    tussenstanden = pairwise(verloop.plekdagen_voor(maatstaf.maandgrenzen))
    per_maand = [(na - voor) * deel for (voor, na), deel in zip(tussenstanden, maatstaf.gewichten, strict=True)]
    gevonden = []
    for beoordeling in maatstaf.beoordelingen:
        bezet = sum(per_maand[beoordeling.maanden])
        if bezet <= beoordeling.hoogstens:
            episode = Episode(Soort.ONDERBEZET, beoordeling.vanaf, beoordeling.tot_en_met)
            gevonden.append(Onderbezetting(episode, beoordeling, bezet))
    return tuple(gevonden)


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
