"""Bodies and answers of contracts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from services.contractmanagement.overeenkomst.gebeurtenis import regel_als_waarden
from services.contractmanagement.overeenkomst.handlers import Gesloten
from services.contractmanagement.overeenkomst.rules.inhoud import (
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

    def als_regel(self, vanaf: date) -> Contractregel:
        versie = Regelversie(
            vanaf=vanaf,
            plekken=Plekken.lees(self.plekken),
            prijs_per_plek=Bedrag.van_euro(self.prijs_per_plek),
            verdeelsleutel=None if self.verdeelsleutel is None else tuple(self.verdeelsleutel.items()),
            opgegeven_doorlooptijd_dagen=self.opgegeven_doorlooptijd_dagen,
        )
        return Contractregel(self.gemeente, self.subsegment, (versie,))


class InstellingenIn(Invoer):
    """Contract settings; what is left out keeps its default."""

    tolerantie: Aandeel = "0"
    maximum: Aandeel | None = None
    minimum: Aandeel | None = None
    bijstellingsdrempel: Aandeel = "0.05"
    tijdelijke_stop_houdt_plek_dagen: Dagen = 0


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
            instellingen=Instellingen(**self.instellingen.model_dump()),
            regels=tuple(regel.als_regel(self.begindatum) for regel in self.regels),
        )


class WijzigingIn(Invoer):
    """Lines as they are from `ingangsdatum` (first of a month) on; lines not named stay as they are."""

    ingangsdatum: date
    regels: Regels

    def als_regels(self) -> tuple[Contractregel, ...]:
        return tuple(regel.als_regel(self.ingangsdatum) for regel in self.regels)


class AanbiederUit(Uitvoer):
    """As `AanbiederIn`."""

    agb_code: str
    naam: str


class RegelversieUit(Uitvoer):
    """What holds for a line from `vanaf` until the next version."""

    vanaf: date
    plekken: str
    prijs_per_plek: str
    verdeelsleutel: dict[str, str] | None
    opgegeven_doorlooptijd_dagen: int | None


class RegelUit(Uitvoer):
    """A line with all its versions."""

    gemeente: str | None
    subsegment: str
    versies: list[RegelversieUit]


class InstellingenUit(Uitvoer):
    """As `InstellingenIn`."""

    tolerantie: str
    maximum: str | None
    minimum: str | None
    bijstellingsdrempel: str
    tijdelijke_stop_houdt_plek_dagen: int


class OvereenkomstUit(Uitvoer):
    """A contract as it now stands."""

    id: str
    versie: int
    aanbieder: AanbiederUit
    begindatum: date
    einddatum: date
    instellingen: InstellingenUit
    regels: list[RegelUit]


def uit(made: Gesloten) -> OvereenkomstUit:
    """A contract as answered."""
    overeenkomst = made.overeenkomst
    return OvereenkomstUit(
        id=overeenkomst.id,
        versie=made.versie,
        aanbieder=AanbiederUit(agb_code=overeenkomst.aanbieder, naam=overeenkomst.naam),
        begindatum=overeenkomst.begindatum,
        einddatum=overeenkomst.einddatum,
        instellingen=InstellingenUit(**asdict(overeenkomst.instellingen)),
        regels=[RegelUit.model_validate(regel_als_waarden(regel)) for regel in overeenkomst.regels],
    )
