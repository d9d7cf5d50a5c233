"""The betaalschema as shown: one row per gemeente and aanbieder."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Select

from services.financien.bereik import begrens
from services.financien.betaalschema.handlers import Betaling, betalingen
from services.financien.betaalschema.rules import Status, status
from services.financien.betaalschema.store import TERMIJN, paren, termijnen
from services.financien.overeenkomst.store import LIJN
from shared.kernel.bedrag import som
from shared.kernel.periode import Maand
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Uitvoer

router = APIRouter(tags=["betaalschema's"])


class DeelUit(Uitvoer):
    """Part of a term that belongs to one sub-segment."""

    subsegment: str
    bedrag: Euro


class TermijnUit(Uitvoer):
    """One monthly payment, built up per sub-segment. Definitief once its month has begun."""

    maand: str
    bedrag: Euro
    status: Status
    opbouw: list[DeelUit]


class BetaalschemaUit(Uitvoer):
    """What a gemeente pays an aanbieder; `totaal` adds up the terms shown."""

    gemeente: str
    aanbieder: str
    termijnen: list[TermijnUit]
    totaal: Euro


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
    lopend = Maand.van(edge.clock.today())
    laatste = gevonden[aantal - 1] if len(gevonden) > aantal else None
    return Lijst(
        resultaten=[_uit(betaling, lopend) for betaling in betalingen(rijen)],
        volgende=None if laatste is None else next_page(request, [laatste.gemeente, laatste.aanbieder]),
    )


def _uit(betaling: Betaling, lopend: Maand) -> BetaalschemaUit:
    return BetaalschemaUit(
        gemeente=betaling.gemeente,
        aanbieder=betaling.aanbieder,
        termijnen=[
            TermijnUit(
                maand=str(maand),
                bedrag=som(delen.values()).als_euro(),
                status=status(maand, lopend),
                opbouw=[DeelUit(subsegment=code, bedrag=bedrag.als_euro()) for code, bedrag in delen.items()],
            )
            for maand, delen in betaling.opbouw.items()
        ],
        totaal=betaling.totaal().als_euro(),
    )
