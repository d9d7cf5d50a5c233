"""The route that answers: why this amount?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.financien.herkomst import handlers
from services.financien.herkomst.rules import Herkomst, als_getal
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Euro, Uitvoer

router = APIRouter(tags=["herkomst"])
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER, Rol.AUDITOR))]


class RekenregelUit(Uitvoer):
    """The rule (F-1 … F-9), as a formula and with the numbers filled in."""

    id: str
    formule: str
    ingevuld: str


class BedragdeelUit(Uitvoer):
    """A part of the amount, and where that part is explained."""

    omschrijving: str
    bedrag: Euro
    herkomst: str | None


class MaandcijferUit(Uitvoer):
    """Awarded places, price per place per year, occupied days and the number of leveringen behind them."""

    maand: str
    plekken: str
    prijs_per_plek: Euro
    bezette_dagen: int
    leveringen: int


class BronUit(Uitvoer):
    """What the amount rests on, and where that can be read."""

    soort: str
    id: str
    omschrijving: str
    pad: str | None


class HerkomstUit(Uitvoer):
    """One step back from an amount."""

    soort: str
    id: str
    omschrijving: str
    gemeente: str
    aanbieder: str | None
    subsegment: str | None
    bedrag: Euro
    regel: RekenregelUit
    delen: list[BedragdeelUit]
    maanden: list[MaandcijferUit]
    bronnen: list[BronUit]
    opmerkingen: list[str]


@router.get("/herkomst/{soort}/{id}")
async def verklaar_bedrag(soort: str, id: str, request: Request, caller: Lezer) -> HerkomstUit:
    """Waarom dit bedrag? Van een termijn, bijstelling, afrekening(sregel), journaalpost, betaling, betaalbatch of
    jaareinde een stap terug: de regel met de getallen erin, de delen en wat eronder ligt. Inzage in leveringen wordt
    vastgelegd."""
    edge = request.app.state.edge
    return _uit(
        await edge.carry_out(lambda reader, context: handlers.verklaar(reader, context, soort, id), caller=caller)
    )


def _uit(herkomst: Herkomst) -> HerkomstUit:
    regel = herkomst.regel
    return HerkomstUit(
        soort=herkomst.soort,
        id=herkomst.id,
        omschrijving=herkomst.omschrijving,
        gemeente=herkomst.gemeente,
        aanbieder=herkomst.aanbieder,
        subsegment=herkomst.subsegment,
        bedrag=herkomst.bedrag.als_euro(),
        regel=RekenregelUit(id=regel.id, formule=regel.formule, ingevuld=regel.ingevuld),
        delen=[
            BedragdeelUit(omschrijving=deel.omschrijving, bedrag=deel.bedrag.als_euro(), herkomst=deel.herkomst)
            for deel in herkomst.delen
        ],
        maanden=[
            MaandcijferUit(
                maand=str(cijfer.maand),
                plekken=als_getal(cijfer.plekken),
                prijs_per_plek=cijfer.prijs_per_plek.als_euro(),
                bezette_dagen=cijfer.dagen,
                leveringen=cijfer.leveringen,
            )
            for cijfer in herkomst.maanden
        ],
        bronnen=[
            BronUit(soort=bron.soort, id=bron.id, omschrijving=bron.omschrijving, pad=bron.pad)
            for bron in herkomst.bronnen
        ],
        opmerkingen=list(herkomst.opmerkingen),
    )
