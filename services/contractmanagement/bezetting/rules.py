"""From deliveries to changes in occupied places, and from those to the course of one contract line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from shared.kernel.periode import Periode
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)
Mutaties = Mapping[date, int]


def houdt_dagen(lijnen: Iterable[Lijn], gemeente: str) -> Callable[[date], int]:
    """Kept days after a temporary stop with that Einddatum: the setting of the contract that covers it, else 0."""
    gedekt = [lijn for lijn in lijnen if gemeente in lijn.dekking and lijn.houdt_dagen]

    def houdt(einddatum: date) -> int:
        return next((lijn.houdt_dagen for lijn in gedekt if lijn.dekt(gemeente, einddatum)), 0)

    return houdt


def binnen(mutaties: Mutaties, periode: Periode) -> dict[date, int]:
    """The changes of an occupancy that is what it was within `periode` and nothing outside it."""
    stand = 0
    knip: dict[date, int] = {}
    eind = periode.eind or date.max
    for dag, aantal in sorted(mutaties.items()):
        if dag > eind:
            break
        eerste = max(dag, periode.begin)
        knip[eerste] = knip.get(eerste, 0) + aantal
        stand += aantal
    if stand and eind < date.max:
        knip[eind + _DAG] = -stand
    return knip


def verloop_van(lijn: Lijn, mutaties: Mapping[str, Mutaties]) -> Verloop:
    """The occupancy that counts for a line: of its gemeente, or of those of its verdeelsleutel while they are in it.

    `mutaties`: gemeente → changes. Outside a contract line occupation counts nowhere (domain.md, "Occupied days").
    """
    geknipt = [
        wijziging
        for gemeente, perioden in lijn.dekking.items()
        if (van_gemeente := mutaties.get(gemeente))
        for periode in perioden
        for wijziging in binnen(van_gemeente, periode).items()
    ]
    return Verloop(geknipt)


class Verlopen:
    """The courses of one offer, of its cells (gemeenten) and its lines; each is worked out once, when it is asked for.

    `mutaties`: gemeente → changes.
    """

    def __init__(self, mutaties: Mapping[str, Mutaties]) -> None:
        self._mutaties = mutaties
        self._per_cel: dict[str, Verloop] = {}

    def van_cel(self, gemeente: str) -> Verloop:
        """Whatever a contract line covers."""
        if gemeente not in self._per_cel:
            self._per_cel[gemeente] = Verloop(self._mutaties.get(gemeente, {}))
        return self._per_cel[gemeente]

    def binnen_lijn(self, lijn: Lijn) -> Verloop:
        """For who looks at no day outside the line: then the course of its cell, uncut, is that of `verloop_van`."""
        gemeente = lijn.regel.gemeente
        return verloop_van(lijn, self._mutaties) if gemeente is None else self.van_cel(gemeente)
