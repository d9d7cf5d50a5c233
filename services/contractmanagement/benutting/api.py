"""The route of occupancy and utilisation."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select

from services.contractmanagement.benutting.handlers import Benut, benut_op
from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.overeenkomst.store import CONTRACTREGEL, REGELGEMEENTE
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import MOST, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Datum, Gemeentecode, Subsegmentcode, Uitvoer

router = APIRouter(tags=["bezetting"])
Lezer = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER, Rol.CONTROLLER, Rol.AANBIEDER))]


class BezettingUit(Uitvoer):
    """A contract line on the reference date; `gemeente` null: awarded for the region."""

    aanbieder: str
    gemeente: str | None
    subsegment: str
    plekken: str
    bezet: int
    benutting: str | None


@router.get("/bezetting")
async def lijst_bezetting(
    request: Request,
    caller: Lezer,
    peildatum: Datum | None = None,
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    subsegment: Subsegmentcode | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Lijst[BezettingUit]:
    """De bezetting van elke contractregel die op de peildatum loopt (zonder peildatum: vandaag)."""
    aanbieder, gemeente = binnen_bereik(caller, aanbieder, gemeente)
    edge = request.app.state.edge
    dag = peildatum or edge.clock.today()
    regel = CONTRACTREGEL.c
    statement = select(CONTRACTREGEL).where(regel.vanaf <= dag, regel.tot_en_met >= dag)
    if aanbieder is not None:
        statement = statement.where(regel.aanbieder == aanbieder)
    if subsegment is not None:
        statement = statement.where(regel.subsegment == subsegment)
    if gemeente is not None:
        concerned = select(REGELGEMEENTE.c.regel).where(REGELGEMEENTE.c.gemeente == gemeente)
        statement = statement.where(regel.id.in_(concerned))
    keys: list[Any] = [regel.aanbieder, regel.subsegment, regel.id]
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, keys, na, aantal))
        made = await benut_op(reader, rows[:aantal], dag, gemeente)
    last = rows[aantal - 1] if len(rows) > aantal else None
    more = None if last is None else next_page(request, [last.aanbieder, last.subsegment, last.id])
    return Lijst(resultaten=[uit(item) for item in made], volgende=more)


def uit(item: Benut) -> BezettingUit:
    """A line as answered."""
    benutting = item.benutting
    return BezettingUit(
        aanbieder=item.lijn.aanbieder,
        gemeente=item.lijn.regel.gemeente,
        subsegment=item.lijn.regel.subsegment,
        plekken=item.plekken.als_tekst(),
        bezet=item.bezet,
        benutting=None if benutting is None else f"{benutting:f}",
    )
