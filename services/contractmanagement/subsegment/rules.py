"""When a sub-segment fits the messages: code, category and law belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.kernel.refusal import FieldFault

# Product categories that the standards know: JZ020 (iJw 3.2) and WMO020 (iWmo 3.2).
CATEGORIEEN = {
    "jeugdwet": frozenset(str(nummer) for nummer in range(31, 56) if nummer != 39),
    "wmo": frozenset(f"{nummer:02d}" for nummer in range(1, 19)),
}
CODELIJST = {"jeugdwet": "JZ020", "wmo": "WMO020"}


@dataclass(frozen=True, slots=True)
class Subsegment:
    """What a sub-segment is. `code` starts with the two digits of `productcategorie`."""

    code: str
    naam: str
    segment: str
    wet: str
    productcategorie: str
    bekostiging: str
    met_toewijzing: bool


def fouten(subsegment: Subsegment) -> tuple[FieldFault, ...]:
    """Every fault at once."""
    return tuple(_fouten(subsegment))


def _fouten(subsegment: Subsegment) -> Iterator[FieldFault]:
    categorie = subsegment.productcategorie
    if categorie not in CATEGORIEEN[subsegment.wet]:
        lijst = CODELIJST[subsegment.wet]
        melding = f"Productcategorie {categorie} bestaat niet in {lijst}, de codelijst van deze wet."
        yield FieldFault("productcategorie", lijst, melding)
    if not subsegment.code.startswith(categorie):
        melding = f"De code {subsegment.code} begint niet met productcategorie {categorie}. Maak ze gelijk."
        yield FieldFault("productcategorie", "B-6", melding)
