"""When an indicatie holds together (T-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.kernel.refusal import FieldFault


@dataclass(frozen=True, slots=True)
class Indicatie:
    """What the consulent decided. `einddatum` None: for an open time."""

    wet: str
    gemeente: str
    subsegment: str
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None
    resultaatafspraken: tuple[str, ...]
    evaluatiemomenten: tuple[date, ...]


def fouten(indicatie: Indicatie, wet_van_subsegment: str | None) -> tuple[FieldFault, ...]:
    """Every fault at once. `wet_van_subsegment` is None while the sub-segment is not known here."""
    return tuple(_fouten(indicatie, wet_van_subsegment))


def _fouten(indicatie: Indicatie, wet_van_subsegment: str | None) -> Iterator[FieldFault]:
    einde = indicatie.einddatum
    if einde is not None and einde < indicatie.ingangsdatum:
        yield FieldFault("einddatum", "CS003", "De einddatum ligt vóór de ingangsdatum.")
    for nummer, moment in enumerate(indicatie.evaluatiemomenten):
        if moment < indicatie.ingangsdatum or (einde is not None and moment > einde):
            melding = "Een evaluatiemoment ligt binnen de indicatie: van ingangsdatum tot en met einddatum."
            yield FieldFault(f"evaluatiemomenten[{nummer}]", "T-1", melding)
    if wet_van_subsegment is not None and wet_van_subsegment != indicatie.wet:
        yield FieldFault("subsegment", "T-1", f"Dit sub-segment hoort bij de wet {wet_van_subsegment}.")
