"""Events of backoffice: what was assigned and what was really delivered."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.envelope import Contract


class ToewijzingGewijzigd(Contract):
    """A toewijzing as it now stands, and whether its 301 has left."""

    TYPE: ClassVar[str] = "nl.plekregie.toewijzing.gewijzigd.v1"
    TOPIC: ClassVar[str] = "backoffice.toewijzing"

    toewijzing: str
    versie: int
    toewijzing_nummer: str
    indicatie: str
    client: str
    wet: Literal["jeugdwet", "wmo"]
    gemeente: str
    aanbieder: str
    subsegment: str
    ingangsdatum: date
    einddatum: date | None
    status: str

    def aggregate(self) -> str:
        return self.toewijzing

    def version(self) -> int:
        return self.versie


class Leveringsperiode(Contract):
    """One start with the stop that ended it. `einddatum` is the last day of delivery, null while it runs;
    `tijdelijk` when that stop has reden 20; `definitief` the Einddatum of a definitive stop that followed it."""

    begindatum: date
    einddatum: date | None = None
    tijdelijk: bool = False
    definitief: date | None = None


class LeveringGewijzigd(Contract):
    """A levering's whole list of periods (B-5). `einddatum_toewijzing` bounds it, `vervallen` = removed (reden 13): it
    never occupied a place. A reader keeps the highest version and works out the difference itself."""

    TYPE: ClassVar[str] = "nl.plekregie.levering.gewijzigd.v1"
    TOPIC: ClassVar[str] = "backoffice.levering"

    levering: str
    versie: int
    toewijzing_nummer: str | None
    client: str
    wet: Literal["jeugdwet", "wmo"]
    gemeente: str
    aanbieder: str
    subsegment: str
    ingangsdatum: date | None
    einddatum_toewijzing: date | None
    vervallen: bool = False
    perioden: list[Leveringsperiode]

    def aggregate(self) -> str:
        return self.levering

    def version(self) -> int:
        return self.versie
