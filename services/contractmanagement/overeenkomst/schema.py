"""Bodies and answers of contracts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.contractmanagement.overeenkomst.gebeurtenis import (
    drempelwijzigingen_als_waarden,
    instellingen_als_waarden,
    regel_als_waarden,
)
from services.contractmanagement.overeenkomst.handlers import Gesloten
from services.contractmanagement.overeenkomst.rules.drempels import Drempelversie, Drempelwaarden
from services.contractmanagement.overeenkomst.rules.inhoud import (
    Aanleiding,
    Contractregel,
    Instellingen,
    Overeenkomst,
    Regelversie,
)
from shared.kernel.bedrag import Bedrag
from shared.kernel.plekken import Plekken
from shared.web.schema import Aandeel, Aantal, Agb, EuroIn, Gemeentecode, Invoer, Subsegmentcode, Uitvoer

Dagen = Annotated[int, Field(ge=0, le=3650)]
Verdeelsleutel = Annotated[dict[Gemeentecode, Aandeel], Field(min_length=1, max_length=400)]


class AanbiederIn(Invoer):
    """The hoofdaanbieder."""

    agb_code: Agb
    naam: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RegelIn(Invoer):
    """An award for a gemeente, or for the region with a `verdeelsleutel`; `prijsPerPlek` in euros per year."""

    gemeente: Gemeentecode | None = None
    subsegment: Subsegmentcode
    plekken: Aantal
    prijs_per_plek: EuroIn
    opgegeven_doorlooptijd_dagen: Annotated[int, Field(ge=1, le=36500)] | None = None
    verdeelsleutel: Verdeelsleutel | None = None

    def als_regel(self, vanaf: date, aanleiding: Aanleiding | None = None) -> Contractregel:
        versie = Regelversie(
            vanaf=vanaf,
            plekken=Plekken.lees(self.plekken),
            prijs_per_plek=Bedrag.van_euro(self.prijs_per_plek),
            verdeelsleutel=None if self.verdeelsleutel is None else tuple(self.verdeelsleutel.items()),
            opgegeven_doorlooptijd_dagen=self.opgegeven_doorlooptijd_dagen,
            aanleiding=aanleiding,
        )
        return Contractregel(self.gemeente, self.subsegment, (versie,))


# Up to twice the awarded places: a percentage written here by mistake is refused.
Drempel = Annotated[str, StringConstraints(pattern=r"^[01](\.[0-9]{1,4})?$")]


class DrempelsIn(Invoer):
    """Thresholds of signals as shares of awarded places (C-2); what is left out keeps what it was."""

    bijna_vol: Drempel | None = None
    vol: Drempel | None = None
    marge: Drempel | None = None
    onderbezet: Drempel | None = None

    def genoemd(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


class InstellingenIn(Invoer):
    """Contract settings; what is left out keeps its default."""

    tolerantie: Aandeel = "0"
    maximum: Aandeel | None = None
    minimum: Aandeel | None = None
    bijstellingsdrempel: Aandeel = "0.05"
    tijdelijke_stop_houdt_plek_dagen: Dagen = 0
    indexeren: bool = False
    drempels: DrempelsIn = Field(default_factory=DrempelsIn)


Regels = Annotated[list[RegelIn], Field(min_length=1, max_length=500)]


class OvereenkomstIn(Invoer):
    """A contract of whole months. Dates may lie in the past."""

    aanbieder: AanbiederIn
    begindatum: date
    einddatum: date
    regels: Regels
    instellingen: InstellingenIn = Field(default_factory=InstellingenIn)

    def als_overeenkomst(self) -> Overeenkomst:
        return Overeenkomst(
            id="",
            aanbieder=self.aanbieder.agb_code,
            naam=self.aanbieder.naam,
            begindatum=self.begindatum,
            einddatum=self.einddatum,
            instellingen=Instellingen(**self.instellingen.model_dump(exclude={"drempels"})),
            regels=tuple(regel.als_regel(self.begindatum) for regel in self.regels),
            drempels=(Drempelversie(self.begindatum, Drempelwaarden(**self.instellingen.drempels.genoemd())),),
        )


class AanleidingIn(Invoer):
    """Why the lines change: `indexatie` with the year as `kenmerk`, or `overig` in a few words. It follows the change
    into the payment schedule."""

    soort: Literal["indexatie", "overig"]
    kenmerk: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class WijzigingIn(Invoer):
    """Lines and thresholds as they are from `ingangsdatum` (first of a month) on; what is not named stays as it is."""

    ingangsdatum: date
    regels: Annotated[list[RegelIn], Field(max_length=500)] = Field(default_factory=list)
    drempels: DrempelsIn = Field(default_factory=DrempelsIn)
    aanleiding: AanleidingIn | None = None

    def als_regels(self) -> tuple[Contractregel, ...]:
        aanleiding = None if self.aanleiding is None else Aanleiding(self.aanleiding.soort, self.aanleiding.kenmerk)
        return tuple(regel.als_regel(self.ingangsdatum, aanleiding) for regel in self.regels)

    def genoemde_drempels(self) -> dict[str, str]:
        return self.drempels.genoemd()


class EinddatumIn(Invoer):
    """Another last day of a contract: the last of a month."""

    einddatum: date


class AanbiederUit(Uitvoer):
    """As `AanbiederIn`."""

    agb_code: str
    naam: str


class AanleidingUit(Uitvoer):
    """As `AanleidingIn`."""

    soort: str
    kenmerk: str


class RegelversieUit(Uitvoer):
    """What holds for a line from `vanaf` until the next version."""

    vanaf: date
    plekken: str
    prijs_per_plek: str
    verdeelsleutel: dict[str, str] | None
    opgegeven_doorlooptijd_dagen: int | None
    aanleiding: AanleidingUit | None


class RegelUit(Uitvoer):
    """A line with all its versions."""

    gemeente: str | None
    subsegment: str
    versies: list[RegelversieUit]


class DrempelsUit(Uitvoer):
    """As `DrempelsIn`, complete."""

    bijna_vol: str
    vol: str
    marge: str
    onderbezet: str


class DrempelversieUit(DrempelsUit):
    """Thresholds from a later date on."""

    vanaf: date


class InstellingenUit(Uitvoer):
    """As `InstellingenIn`; `drempels` are those from the first day of the contract."""

    tolerantie: str
    maximum: str | None
    minimum: str | None
    bijstellingsdrempel: str
    tijdelijke_stop_houdt_plek_dagen: int
    indexeren: bool
    drempels: DrempelsUit


class OvereenkomstUit(Uitvoer):
    """A contract as it now stands."""

    id: str
    versie: int
    aanbieder: AanbiederUit
    begindatum: date
    einddatum: date
    instellingen: InstellingenUit
    regels: list[RegelUit]
    drempelwijzigingen: list[DrempelversieUit]


def uit(made: Gesloten) -> OvereenkomstUit:
    """A contract as answered."""
    overeenkomst = made.overeenkomst
    return OvereenkomstUit(
        id=overeenkomst.id,
        versie=made.versie,
        aanbieder=AanbiederUit(agb_code=overeenkomst.aanbieder, naam=overeenkomst.naam),
        begindatum=overeenkomst.begindatum,
        einddatum=overeenkomst.einddatum,
        instellingen=InstellingenUit.model_validate(instellingen_als_waarden(overeenkomst)),
        regels=[RegelUit.model_validate(regel_als_waarden(regel)) for regel in overeenkomst.regels],
        drempelwijzigingen=[
            DrempelversieUit.model_validate(versie) for versie in drempelwijzigingen_als_waarden(overeenkomst)
        ],
    )
