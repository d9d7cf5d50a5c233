"""Events of financien: what is paid, expected and settled. Amounts are euros with two decimals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from msgspec import field

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


class Schemaoorzaak(Contract):
    """What made a version of a betaalschema, and its id there."""

    soort: Literal["overeenkomst", "wijziging", "indexatie", "bijstelling"]
    id: str


class BetaalschemaGepubliceerd(Contract):
    """The betaalschema of one contract year, told to the provider by a controller (F-2): `begin` is its first month,
    `opbouw` sub-segment → month (`2026-01`) → euros."""

    TYPE: ClassVar[str] = "nl.plekregie.betaalschema.gepubliceerd.v1"
    TOPIC: ClassVar[str] = "financien.publicatie"

    betaalschema: str
    versie: int
    overeenkomst: str
    aanbieder: str
    gemeente: str
    begin: str
    oorzaak: Schemaoorzaak
    gepubliceerd_op: date
    opbouw: dict[str, dict[str, str]]

    def aggregate(self) -> str:
        return self.betaalschema

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
    """A step of an adjustment of the advance (F-4). `reactie` is what the aanbieder said: akkoord, niet_akkoord,
    geen_antwoord (by the date) or niet_afgewacht (decided before it); null while nothing is recorded."""

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
    lumpsum: str | None = None
    gerealiseerd: str | None = None
    verwacht: str
    oude_termijnen: dict[str, str] = field(default_factory=dict)
    termijnen: dict[str, str]
    reactie: Literal["akkoord", "niet_akkoord", "geen_antwoord", "niet_afgewacht"] | None = None
    reactie_uiterlijk: date | None = None

    def aggregate(self) -> str:
        return self.bijstelling

    def version(self) -> int:
        return self.versie


class Afrekeningsregel(Contract):
    """One contract line: `afrekening` = gerealiseerd − betaald − eerderAfgerekend (zero within tolerance); positive: to
    the aanbieder. `eerderAfgerekend` is what settlements of these months before it came to."""

    overeenkomst: str
    subsegment: str
    plekken: str
    gemiddeld_bezet: str
    gerealiseerd: str
    betaald: str
    eerder_afgerekend: str
    afrekening: str


class Boekjaardeel(Contract):
    """What a settlement books in one financial year: `afrekening` = kosten − voorschot."""

    jaar: int
    kosten: str
    voorschot: str
    afrekening: str


class AfrekeningGewijzigd(Contract):
    """A settlement with all its figures and where it stands (F-5). `soort` correctie: the difference with the first
    settlement of the same months, named in `corrigeert`. `verrekening`: how a fixed outcome is paid."""

    TYPE: ClassVar[str] = "nl.plekregie.afrekening.gewijzigd.v1"
    TOPIC: ClassVar[str] = "financien.afrekening"

    afrekening: str
    versie: int
    soort: Literal["afrekening", "correctie"]
    corrigeert: str | None
    gemeente: str
    aanbieder: str
    begindatum: date
    einddatum: date
    status: Literal["concept", "verzonden", "vastgesteld", "ingetrokken", "vervangen"]
    reactie: Literal["akkoord", "bezwaar", "geen_antwoord", "niet_afgewacht"] | None
    reactie_uiterlijk: date | None
    verrekening: Literal["uitbetalen", "verrekenen", "terugvorderen"] | None
    totaal: str
    regels: list[Afrekeningsregel]
    boekjaren: list[Boekjaardeel]

    def aggregate(self) -> str:
        return self.afrekening

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
