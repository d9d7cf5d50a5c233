"""Events of financien: what is paid, expected and settled. Amounts are euros with two decimals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.envelope import Contract


class BetaalschemaGewijzigd(Contract):
    """The terms of one contract line (overeenkomst, gemeente, sub-segment): month (`2026-01`) → euros."""

    TYPE: ClassVar[str] = "nl.plekregie.betaalschema.gewijzigd.v1"
    TOPIC: ClassVar[str] = "financien.betaalschema"

    lijn: str
    versie: int
    overeenkomst: str
    aanbieder: str
    gemeente: str
    subsegment: str
    termijnen: dict[str, str]

    def aggregate(self) -> str:
        return self.lijn

    def version(self) -> int:
        return self.versie


class PrognoseGewijzigd(Contract):
    """Realised to date and forecast of one line, after an occupancy event (F-4); `causationid` of the envelope is that
    event. `stand` is the day up to which it counts."""

    TYPE: ClassVar[str] = "nl.plekregie.prognose.gewijzigd.v1"
    TOPIC: ClassVar[str] = "financien.prognose"

    lijn: str
    versie: int
    overeenkomst: str
    aanbieder: str
    gemeente: str
    subsegment: str
    stand: date
    lumpsum: str
    gerealiseerd: str
    verwacht: str

    def aggregate(self) -> str:
        return self.lijn

    def version(self) -> int:
        return self.versie


class BijstellingGewijzigd(Contract):
    """A step of an adjustment of the advance (F-4)."""

    TYPE: ClassVar[str] = "nl.plekregie.bijstelling.gewijzigd.v1"
    TOPIC: ClassVar[str] = "financien.bijstelling"

    bijstelling: str
    versie: int
    lijn: str
    aanbieder: str
    gemeente: str
    subsegment: str
    kwartaal: str
    status: Literal["voorgesteld", "gemeld", "vastgesteld", "ingetrokken"]
    verwacht: str
    termijnen: dict[str, str]

    def aggregate(self) -> str:
        return self.bijstelling

    def version(self) -> int:
        return self.versie


class BetalingOnderdeel(Contract):
    """Part of a payment: advances or what a settlement left, per sub-segment. Below zero: taken back."""

    doel: Literal["betaling", "afrekening"]
    segment: str | None
    subsegment: str | None
    bedrag: str


class BetalingGewijzigd(Contract):
    """Where a payment stands: `betaler` pays what `gemeente` owes (F-3, F-8). `reden` is the bank's code when it did
    not pay. Never an account number."""

    TYPE: ClassVar[str] = "nl.plekregie.betaling.gewijzigd.v1"
    TOPIC: ClassVar[str] = "financien.betaling"

    betaling: str
    versie: int
    batch: str
    betaler: str
    gemeente: str
    aanbieder: str
    uitvoerdatum: date
    bedrag: str
    status: Literal["aangeboden", "geaccepteerd", "uitgevoerd", "afgewezen", "teruggeboekt"]
    reden: str | None
    uitgevoerd_op: date | None
    opbouw: list[BetalingOnderdeel]

    def aggregate(self) -> str:
        return self.betaling

    def version(self) -> int:
        return self.versie
