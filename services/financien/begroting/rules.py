"""A budget held against what the year brings (F-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.kernel.bedrag import Bedrag, som

NIETS = Bedrag(0)
WETTEN = ("jeugdwet", "wmo")


@dataclass(frozen=True, slots=True)
class Jaarstand:
    """What a year brings for a sub-segment: agreed, paid in advance so far, realised in months that are over, of which
    settled, and expected for the whole year."""

    lumpsum: Bedrag = NIETS
    bevoorschot: Bedrag = NIETS
    gerealiseerd: Bedrag = NIETS
    afgerekend: Bedrag = NIETS
    verwacht: Bedrag = NIETS

    def __add__(self, ander: Jaarstand) -> Jaarstand:
        return Jaarstand(
            self.lumpsum + ander.lumpsum,
            self.bevoorschot + ander.bevoorschot,
            self.gerealiseerd + ander.gerealiseerd,
            self.afgerekend + ander.afgerekend,
            self.verwacht + ander.verwacht,
        )


@dataclass(frozen=True, slots=True)
class Begrotingsregel:
    """A sub-segment, or a law over all its sub-segments. `begroot` None: nothing was budgeted for it by itself."""

    onderdeel: str
    wet: str | None
    begroot: Bedrag | None
    stand: Jaarstand

    @property
    def ruimte(self) -> Bedrag | None:
        """Budget minus what is expected: below zero is too much."""
        return None if self.begroot is None else self.begroot - self.stand.verwacht


def begrotingsregels(
    begroot: Mapping[str, Bedrag], standen: Mapping[str, Jaarstand], wet_van: Mapping[str, str]
) -> tuple[Begrotingsregel, ...]:
    """First the laws, then the sub-segments. `begroot`: part → amount; `standen`: sub-segment → what the year brings.
    Where a law has no budget of its own, those of its sub-segments together are its budget."""
    regels = []
    for wet in WETTEN:
        eigen = [code for code in sorted(standen.keys() | begroot.keys()) if wet_van.get(code) == wet]
        if wet in begroot or eigen:
            regels.append(Begrotingsregel(wet, wet, _van_wet(begroot, wet, eigen), _samen(standen, eigen)))
    codes = sorted((standen.keys() | begroot.keys()) - set(WETTEN))
    regels += [
        Begrotingsregel(code, wet_van.get(code), begroot.get(code), standen.get(code, Jaarstand())) for code in codes
    ]
    return tuple(regels)


def _van_wet(begroot: Mapping[str, Bedrag], wet: str, codes: Iterable[str]) -> Bedrag | None:
    if wet in begroot:
        return begroot[wet]
    delen = [begroot[code] for code in codes if code in begroot]
    return som(delen) if delen else None


def _samen(standen: Mapping[str, Jaarstand], codes: Iterable[str]) -> Jaarstand:
    totaal = Jaarstand()
    for code in codes:
        totaal += standen.get(code, Jaarstand())
    return totaal
