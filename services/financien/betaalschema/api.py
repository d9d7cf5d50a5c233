"""The betaalschema as shown: one row per gemeente and aanbieder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Select

from services.financien.bereik import begrens
from services.financien.betaalschema.handlers import Betaling, Contractjaar, betalingen
from services.financien.betaalschema.rules import (
    Publicatiestatus,
    Status,
    publicatiestatus,
    publicatiewaarschuwing,
    status,
)
from services.financien.betaalschema.store import TERMIJN, paren, termijnen
from services.financien.betaalschema.versies import Stand, standen
from services.financien.namen import alle_namen
from services.financien.overeenkomst.store import LIJN
from services.financien.subsegment.handlers import segmenten
from shared.kernel.bedrag import som
from shared.kernel.namen import Namen
from shared.kernel.periode import Maand
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Uitvoer

router = APIRouter(tags=["betaalschema's"])


class DeelUit(Uitvoer):
    """Part of a term that belongs to one sub-segment; segment and name are null until contractmanagement told them."""

    segment: str | None
    subsegment: str
    subsegment_naam: str | None
    bedrag: Euro


class TermijnUit(Uitvoer):
    """One monthly payment, built up per sub-segment. Definitief once its month has begun."""

    maand: str
    bedrag: Euro
    status: Status
    opbouw: list[DeelUit]


class ContractjaarUit(Uitvoer):
    """A contract year whose terms are among those shown: published as one under this id."""

    id: str
    overeenkomst: str
    begin: str
    versie: int
    gepubliceerde_versie: int | None
    status: Publicatiestatus
    waarschuwing: str | None


class BetaalschemaUit(Uitvoer):
    """What a gemeente pays an aanbieder; `totaal` adds up the terms shown. A name is null until it was heard."""

    gemeente: str
    gemeente_naam: str | None
    aanbieder: str
    aanbieder_naam: str | None
    termijnen: list[TermijnUit]
    totaal: Euro
    contractjaren: list[ContractjaarUit]


@router.get("/betaalschemas")
async def lijst_betaalschemas(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER))],
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[BetaalschemaUit]:
    """De maandelijkse voorschotten: een rij per gemeente en aanbieder, met de opbouw per sub-segment."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    edge = request.app.state.edge

    def gefilterd(statement: Select[Any]) -> Select[Any]:
        if gemeente is not None:
            statement = statement.where(LIJN.c.gemeente == gemeente)
        if aanbieder is not None:
            statement = statement.where(LIJN.c.aanbieder == aanbieder)
        return statement if jaar is None else statement.where(TERMIJN.c.maand.between(f"{jaar}-01", f"{jaar}-12"))

    async with edge.database.reading() as reader:
        gevonden = await reader.select(after(gefilterd(paren()), [LIJN.c.gemeente, LIJN.c.aanbieder], na, aantal))
        # The caller is one gemeente or one aanbieder, so both lists together name exactly the pairs of this page.
        rijen = await reader.select(
            gefilterd(termijnen()).where(
                LIJN.c.gemeente.in_({paar.gemeente for paar in gevonden[:aantal]}),
                LIJN.c.aanbieder.in_({paar.aanbieder for paar in gevonden[:aantal]}),
            )
        )
        gevonden_betalingen = betalingen(rijen)
        jaren = sorted({identity for betaling in gevonden_betalingen for identity in betaling.contractjaren})
        stand = await standen(reader, jaren)
        segment, namen = await segmenten(reader), await alle_namen(reader)
    laatste = gevonden[aantal - 1] if len(gevonden) > aantal else None
    return Lijst(
        resultaten=[_uit(betaling, edge.clock.today(), segment, stand, namen) for betaling in gevonden_betalingen],
        volgende=None if laatste is None else next_page(request, [laatste.gemeente, laatste.aanbieder]),
    )


def _uit(
    betaling: Betaling, vandaag: date, segment: Mapping[str, str], stand: Mapping[str, Stand], namen: Namen
) -> BetaalschemaUit:
    return BetaalschemaUit(
        gemeente=betaling.gemeente,
        gemeente_naam=namen.gemeenten.get(betaling.gemeente),
        aanbieder=betaling.aanbieder,
        aanbieder_naam=namen.aanbieders.get(betaling.aanbieder),
        termijnen=[
            TermijnUit(
                maand=str(maand),
                bedrag=som(delen.values()).als_euro(),
                status=status(maand, Maand.van(vandaag)),
                opbouw=[
                    DeelUit(
                        segment=segment.get(code),
                        subsegment=code,
                        subsegment_naam=namen.subsegmenten.get(code),
                        bedrag=bedrag.als_euro(),
                    )
                    for code, bedrag in delen.items()
                ],
            )
            for maand, delen in betaling.opbouw.items()
        ],
        totaal=betaling.totaal().als_euro(),
        contractjaren=[
            _contractjaar(jaar, stand[jaar.id], vandaag)
            for jaar in sorted(betaling.contractjaren.values(), key=lambda jaar: (jaar.begin, jaar.id))
            if jaar.id in stand
        ],
    )


def _contractjaar(jaar: Contractjaar, stand: Stand, vandaag: date) -> ContractjaarUit:
    gepubliceerd = max(stand.publicaties, default=None)
    return ContractjaarUit(
        id=jaar.id,
        overeenkomst=jaar.overeenkomst,
        begin=str(jaar.begin),
        versie=stand.versie,
        gepubliceerde_versie=gepubliceerd,
        status=publicatiestatus(stand.versie, gepubliceerd),
        waarschuwing=publicatiewaarschuwing(jaar.begin, vandaag, stand.publicaties.values()),
    )
