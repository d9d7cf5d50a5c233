"""Which days a contract line covers for which gemeente, and when two lines overlap.

One contract line per aanbieder, gemeente, sub-segment and day (domain.md, "How the amounts are computed"); a line for
the region covers the gemeenten of its verdeelsleutel, which may change per date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from services.contractmanagement.overeenkomst.rules.drempels import Drempelversie
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Regelversie
from shared.kernel.periode import Periode

_DAG = timedelta(days=1)
Dekking = dict[str, tuple[Periode, ...]]


@dataclass(frozen=True, slots=True)
class Lijn:
    """A contract line within its contract. `houdt_dagen`: kept days after a temporary stop, a contract setting;
    `drempels`: its thresholds for signals, none when these are and stay the defaults."""

    id: str
    aanbieder: str
    regel: Contractregel
    tot_en_met: date
    houdt_dagen: int
    drempels: tuple[Drempelversie, ...]
    dekking: Dekking

    @property
    def vanaf(self) -> date:
        """First day of the line."""
        return self.regel.versies[0].vanaf

    def dekt(self, gemeente: str, dag: date) -> bool:
        """Whether this line covers care for `gemeente` on `dag`."""
        return any(periode.bevat(dag) for periode in self.dekking.get(gemeente, ()))


def maak_lijn(
    id: str,
    aanbieder: str,
    regel: Contractregel,
    tot_en_met: date,
    houdt_dagen: int,
    drempels: tuple[Drempelversie, ...] = (),
) -> Lijn:
    """The line with the days it covers."""
    return Lijn(id, aanbieder, regel, tot_en_met, houdt_dagen, drempels, dekking(regel, tot_en_met))


def dekking(regel: Contractregel, tot_en_met: date) -> Dekking:
    """Gemeente → the separate, sorted periods on which this line covers it."""
    if regel.gemeente is not None:
        return {regel.gemeente: (Periode(regel.versies[0].vanaf, tot_en_met),)}
    gedekt: dict[str, list[Periode]] = {}
    for versie, eind in _spannes(regel.versies, tot_en_met):
        for gemeente, _ in versie.verdeelsleutel or ():
            perioden = gedekt.setdefault(gemeente, [])
            if perioden and perioden[-1].eind == versie.vanaf - _DAG:
                perioden[-1] = Periode(perioden[-1].begin, eind)
            else:
                perioden.append(Periode(versie.vanaf, eind))
    return {gemeente: tuple(perioden) for gemeente, perioden in gedekt.items()}


def _spannes(versies: tuple[Regelversie, ...], tot_en_met: date) -> Iterator[tuple[Regelversie, date]]:
    for versie, volgende in pairwise(versies):
        yield versie, volgende.vanaf - _DAG
    yield versies[-1], tot_en_met


class Overlap(NamedTuple):
    """Two lines that both cover `gemeente` in `periode`."""

    een: Lijn
    ander: Lijn
    gemeente: str
    periode: Periode


def overlappingen(nieuw: Iterable[Lijn], bestaand: Iterable[Lijn]) -> Iterator[Overlap]:
    """Every overlap of a new line with an existing one or with an earlier new one of the same offer."""
    staand = list(bestaand)
    for lijn in nieuw:
        for ander in staand:
            if lijn.aanbieder == ander.aanbieder and lijn.regel.subsegment == ander.regel.subsegment:
                yield from _overlap(lijn, ander)
        staand.append(lijn)


def _overlap(een: Lijn, ander: Lijn) -> Iterator[Overlap]:
    for gemeente, perioden in een.dekking.items():
        for eigen in perioden:
            for andere in ander.dekking.get(gemeente, ()):
                samen = eigen.doorsnede(andere)
                if samen is not None:
                    yield Overlap(een, ander, gemeente, samen)
