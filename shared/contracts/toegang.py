"""Events of toegang: the decision that a resident gets care in a sub-segment."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.envelope import Contract


class IndicatieVastgesteld(Contract):
    """An indicatie as it now stands. The client is a pseudonym: name and BSN never travel in an event; who needs them
    and may see them asks toegang. `ingetrokken`: the care turned out never to have been meant (301 reden 13)."""

    TYPE: ClassVar[str] = "nl.plekregie.indicatie.vastgesteld.v1"
    TOPIC: ClassVar[str] = "toegang.indicatie"

    indicatie: str
    versie: int
    client: str
    wet: Literal["jeugdwet", "wmo"]
    gemeente: str
    subsegment: str
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None
    ingetrokken: bool = False

    def aggregate(self) -> str:
        return self.indicatie

    def version(self) -> int:
        return self.versie
