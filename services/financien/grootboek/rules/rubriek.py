"""Where cost goes in the books of a gemeente: Iv3 taakveld and kostenplaats, per sub-segment from a date (F-7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.financien.grootboek.rules.boeking import Boeking, Rekening
from services.financien.grootboek.rules.keten import Geboekt
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import Conflict, FieldFault

OVERIG = "overig"  # every sub-segment that has no rubriek of its own


class RubriekOntbreekt(Conflict):
    """Cost can't be exported: the gemeente did not say where it belongs."""

    title = "Het taakveld ontbreekt"


@dataclass(frozen=True, slots=True)
class Rubriek:
    """What holds for a sub-segment (or OVERIG) from `ingangsdatum`."""

    subsegment: str
    ingangsdatum: date
    taakveld: str
    kostenplaats: str


@dataclass(frozen=True, slots=True)
class Journaalregel:
    """One side of a booking as a financial administration takes it in; only cost has a rubriek."""

    geboekt: Geboekt
    boeking: Boeking
    rekening: Rekening
    debet: Bedrag | None
    credit: Bedrag | None
    rubriek: Rubriek | None


def rubriek_van(rubrieken: Iterable[Rubriek], subsegment: str | None, boekdatum: date) -> Rubriek:
    """What holds in the books of that day: the sub-segment's own, else OVERIG. Refuses RubriekOntbreekt."""
    gelden = [rubriek for rubriek in rubrieken if rubriek.ingangsdatum <= boekdatum]
    for naam in (subsegment, OVERIG):
        eigen = [rubriek for rubriek in gelden if rubriek.subsegment == naam]
        if eigen:
            return max(eigen, key=lambda rubriek: rubriek.ingangsdatum)
    melding = f"Voor {subsegment} is op {boekdatum} geen taakveld bekend. Leg het vast bij de rubrieken."
    raise RubriekOntbreekt(melding, FieldFault("rubriek", "F-7", melding))


def journaalregels(posten: Iterable[Geboekt], rubrieken: Iterable[Rubriek]) -> Iterator[Journaalregel]:
    """Two lines per booking, debet first; together debet equals credit. Refuses RubriekOntbreekt."""
    bekend = tuple(rubrieken)
    for geboekt in posten:
        for boeking in geboekt.post.boekingen:
            for rekening, debet, credit in (
                (boeking.debet, boeking.bedrag, None),
                (boeking.credit, None, boeking.bedrag),
            ):
                rubriek = None
                if rekening is Rekening.LASTEN:
                    rubriek = rubriek_van(bekend, boeking.subsegment, geboekt.post.boekdatum)
                yield Journaalregel(geboekt, boeking, rekening, debet, credit, rubriek)
