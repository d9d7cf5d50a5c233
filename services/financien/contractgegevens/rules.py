"""Length of stay: as stated in a contract, and as it really was (F-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.kernel.verloop import Leverperiode


@dataclass(frozen=True, slots=True)
class Opgave:
    """What the aanbieder stated from a date on, for one gemeente or (None) for the region; `dagen` None: nothing."""

    gemeente: str | None
    subsegment: str
    vanaf: date
    dagen: int | None


@dataclass(frozen=True, slots=True)
class Werkelijk:
    """How many stays ended in a period, and how many days they took together, first and last day included."""

    aantal: int
    dagen: int

    @property
    def gemiddeld(self) -> Fraction | None:
        """Average length; None when none ended."""
        return Fraction(self.dagen, self.aantal) if self.aantal else None


def opgegeven(opgaven: Iterable[Opgave], gemeente: str, subsegment: str, dag: date) -> int | None:
    """The stated length of stay in days that holds on a day."""
    geldend = [
        opgave
        for opgave in opgaven
        if opgave.subsegment == subsegment and opgave.gemeente in (None, gemeente) and opgave.vanaf <= dag
    ]
    return max(geldend, key=lambda opgave: opgave.vanaf).dagen if geldend else None


def verblijf(perioden: Iterable[Leverperiode], einddatum_toewijzing: date | None) -> tuple[date, date | None] | None:
    """First and last day of a stay; no last day while it lasts. A temporary stop does not end it, the definitive stop
    does (that of a last period, or one that followed a temporary stop), and at latest its toewijzing's Einddatum. A
    period that ends before it begins is none."""
    geldig = sorted(
        (p for p in perioden if p.einddatum is None or p.begindatum <= p.einddatum), key=lambda p: p.begindatum
    )
    if not geldig:
        return None
    laatste = geldig[-1]
    stop = laatste.definitief if laatste.tijdelijk else laatste.einddatum
    einden = [dag for dag in (stop, einddatum_toewijzing) if dag is not None]
    eind = min(einden, default=None)
    begin = geldig[0].begindatum
    return None if eind is not None and eind < begin else (begin, eind)


def werkelijk(verblijven: Iterable[tuple[date, date | None]], begin: date, eind: date) -> Werkelijk:
    """Of the stays that ended from `begin` through `eind`."""
    lengten = [(tot - van).days + 1 for van, tot in verblijven if tot is not None and begin <= tot <= eind]
    return Werkelijk(len(lengten), sum(lengten))
