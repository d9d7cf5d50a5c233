"""Forecasts as shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.financien.bereik import begrens
from services.financien.overeenkomst.store import LIJN, lijnen
from services.financien.prognose.handlers import Getoond, toon
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Subsegmentcode, Uitvoer

router = APIRouter(tags=["prognoses"])


class MaanddagenUit(Uitvoer):
    """Occupied place-days of one month, through today."""

    maand: str
    dagen: int


class PrognoseUit(Uitvoer):
    """Where a lijn stands: `gerealiseerd` through `stand`, `verwacht` for the whole lijn; `oorzaak` is the event that
    last moved it."""

    lijn: str
    overeenkomst: str
    aanbieder: str
    gemeente: str
    subsegment: str
    stand: date
    lumpsum: Euro
    gerealiseerd: Euro
    verwacht: Euro
    afwijking: Euro
    bezet: int
    bezette_dagen: list[MaanddagenUit]
    oorzaak: str | None


@router.get("/prognoses")
async def lijst_prognoses(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER))],
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    subsegment: Subsegmentcode | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[PrognoseUit]:
    """Gerealiseerd en verwacht per contractregel, gerekend tot en met vandaag."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = lijnen()
    filters = ((LIJN.c.gemeente, gemeente), (LIJN.c.aanbieder, aanbieder), (LIJN.c.subsegment, subsegment))
    for column, value in filters:
        if value is not None:
            statement = statement.where(column == value)
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, [LIJN.c.id], na, aantal))
        getoond = [await toon(reader, edge.context(caller), row) for row in rows[:aantal]]
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(item) for item in getoond], volgende=more)


def _uit(item: Getoond) -> PrognoseUit:
    lijn, prognose = item.lijn, item.prognose
    return PrognoseUit(
        lijn=lijn.id,
        overeenkomst=lijn.overeenkomst,
        aanbieder=lijn.aanbieder,
        gemeente=lijn.gemeente,
        subsegment=lijn.subsegment,
        stand=item.stand.dag,
        lumpsum=prognose.lumpsum.als_euro(),
        gerealiseerd=prognose.gerealiseerd.als_euro(),
        verwacht=prognose.verwacht.als_euro(),
        afwijking=prognose.afwijking.als_euro(),
        bezet=item.stand.bezet,
        bezette_dagen=[MaanddagenUit(maand=str(maand), dagen=dagen) for maand, dagen in item.dagen.items()],
        oorzaak=item.oorzaak,
    )
