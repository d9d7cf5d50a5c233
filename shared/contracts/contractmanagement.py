"""Events of contractmanagement: what is bought, from whom, and what deserves attention."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from msgspec import field

from shared.contracts.envelope import Contract


class SubsegmentVastgesteld(Contract):
    """What a sub-segment is. `productcategorie` and `code` are the product of the messages."""

    TYPE: ClassVar[str] = "nl.plekregie.subsegment.vastgesteld.v1"
    TOPIC: ClassVar[str] = "contractmanagement.subsegment"

    code: str
    versie: int
    naam: str
    segment: str
    wet: Literal["jeugdwet", "wmo"]
    productcategorie: str
    bekostiging: Literal["lumpsum", "inspanning", "output", "taak"]
    met_toewijzing: bool

    def aggregate(self) -> str:
        return self.code

    def version(self) -> int:
        return self.versie


class Aanbieder(Contract):
    """The hoofdaanbieder of a contract (C-9)."""

    agb_code: str
    naam: str


class Drempels(Contract):
    """Thresholds of signals as shares of awarded places, decimal strings (C-2)."""

    bijna_vol: str = "0.90"
    vol: str = "1.00"
    marge: str = "0.05"
    onderbezet: str = "0.70"


class Drempelversie(Drempels):
    """What holds from the first day of a month."""

    vanaf: date


class Instellingen(Contract):
    """Contract settings. Shares and tolerances are decimal strings; null = no bound. `drempels` hold from the first day
    of the contract."""

    tolerantie: str = "0"
    maximum: str | None = None
    minimum: str | None = None
    bijstellingsdrempel: str = "0.05"
    tijdelijke_stop_houdt_plek_dagen: int = 0
    indexeren: bool = False
    drempels: Drempels = Drempels()


class Aanleiding(Contract):
    """Why a version of a line came: `indexatie` with the year as `kenmerk`, or something else in its own words."""

    soort: Literal["indexatie", "overig"]
    kenmerk: str


class Regelversie(Contract):
    """What holds for a line from the first day of a month. `prijs_per_plek` in euros per year, places as decimal
    string; `verdeelsleutel` (gemeente → share, adding up to 1) only on a line awarded for the region."""

    vanaf: date
    plekken: str
    prijs_per_plek: str
    verdeelsleutel: dict[str, str] | None = None
    opgegeven_doorlooptijd_dagen: int | None = None
    aanleiding: Aanleiding | None = None


class Contractregel(Contract):
    """One line: an award for one gemeente, or for the region (`gemeente` null). Versions ascend by date."""

    gemeente: str | None
    subsegment: str
    versies: list[Regelversie]


class OvereenkomstVastgesteld(Contract):
    """The whole contract as it now stands, with every dated version of its lines (state, not a delta)."""

    TYPE: ClassVar[str] = "nl.plekregie.overeenkomst.vastgesteld.v1"
    TOPIC: ClassVar[str] = "contractmanagement.overeenkomst"

    overeenkomst: str
    versie: int
    aanbieder: Aanbieder
    begindatum: date
    einddatum: date
    instellingen: Instellingen
    regels: list[Contractregel]
    drempelwijzigingen: list[Drempelversie] = field(default_factory=list)

    def aggregate(self) -> str:
        return self.overeenkomst

    def version(self) -> int:
        return self.versie


class GemeenteVastgesteld(Contract):
    """What a gemeente is called, for whoever shows one; `code` is the CBS code."""

    TYPE: ClassVar[str] = "nl.plekregie.gemeente.vastgesteld.v1"
    TOPIC: ClassVar[str] = "contractmanagement.gemeente"

    code: str
    versie: int
    naam: str

    def aggregate(self) -> str:
        return self.code

    def version(self) -> int:
        return self.versie


Signaalstatus = Literal["open", "gesloten", "vervallen"]


class SignaalGewijzigd(Contract):
    """An alert was opened, closed, or turned out never to have been (`vervallen`, after a correction of the past)."""

    TYPE: ClassVar[str] = "nl.plekregie.signaal.gewijzigd.v1"
    TOPIC: ClassVar[str] = "contractmanagement.signaal"

    signaal: str
    versie: int
    soort: str
    status: Signaalstatus
    aanbieder: str
    gemeente: str | None
    subsegment: str
    sinds: date
    tot_en_met: date | None
    oorzaak: str | None

    def aggregate(self) -> str:
        return self.signaal

    def version(self) -> int:
        return self.versie
