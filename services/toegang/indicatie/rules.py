"""When an indicatie holds together (T-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from shared.kernel.periode import Periode
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


def met_einde(indicatie: Indicatie, einddatum: date | None) -> Indicatie:
    """The same with another end; evaluation moments after it fall away."""
    over = tuple(moment for moment in indicatie.evaluatiemomenten if einddatum is None or moment <= einddatum)
    return replace(indicatie, einddatum=einddatum, evaluatiemomenten=over)


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


def stapelt(indicatie: Indicatie, andere: Iterable[tuple[date, date | None]]) -> bool:
    """Whether one of the other periods of this client, provider and sub-segment has a day in common (OP259)."""
    periode = Periode(indicatie.ingangsdatum, indicatie.einddatum)
    return any(periode.overlapt(Periode(begin, eind)) for begin, eind in andere)
