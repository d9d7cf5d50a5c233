"""The quarterly monitor as asked and answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from services.financien.bereik import begrens
from services.financien.bezetting.rules import vier_decimalen
from services.financien.kwartaalmonitor.handlers import (
    Aanbiedermonitor,
    Monitorregel,
    bekijk_aanbieders,
    maak_kwartaalmonitor,
)
from services.financien.namen import alle_namen
from services.financien.overeenkomst.store import LIJN
from shared.database.port import Reader
from shared.kernel.bedrag import som
from shared.kernel.namen import Namen
from shared.kernel.periode import Kwartaal
from shared.outbox.edge import Caller, Context
from shared.web.identity import Rol, requires
from shared.web.paging import Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["kwartaalmonitors"])


Kwartaaltekst = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
WEINIG = 20  # aanbieders on a page: each has many lijnen, and each lijn is worked out


class MonitorIn(Invoer):
    """Which quarter of which gemeente."""

    gemeente: Gemeentecode
    kwartaal: Kwartaaltekst


class MonitorregelUit(Uitvoer):
    """A lijn after the quarter: `afwijking` = verwacht − lumpsum."""

    overeenkomst: str
    aanbieder: str
    subsegment: str
    lumpsum: Euro
    gerealiseerd: Euro
    verwacht: Euro
    afwijking: Euro
    gemiddeld_bezet: str
    bijstelling: str | None


class AanbiederregelUit(MonitorregelUit):
    """The same, of some gemeente; a name is null until it was heard."""

    gemeente: str
    gemeente_naam: str | None
    subsegment_naam: str | None


class AanbiedermonitorUit(Uitvoer):
    """An aanbieder after the quarter, added up over the gemeenten that the caller may see."""

    aanbieder: str
    aanbieder_naam: str | None
    kwartaal: str
    gemeenten: list[str]
    lumpsum: Euro
    gerealiseerd: Euro
    verwacht: Euro
    afwijking: Euro
    regels: list[AanbiederregelUit]


class MonitorUit(Uitvoer):
    """The monitor of one quarter."""

    gemeente: str
    kwartaal: str
    regels: list[MonitorregelUit]


@router.post("/kwartaalmonitors", response_model=MonitorUit)
async def maak_monitor(
    body: MonitorIn, request: Request, caller: Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
) -> Response:
    """Vergelijk na een kwartaal verwacht met lumpsum; boven de drempel volgt een voorgestelde bijstelling."""
    kwartaal = Kwartaal.lees(body.kwartaal)

    def reply(regels: list[Monitorregel]) -> Reply:
        uit = MonitorUit(gemeente=body.gemeente, kwartaal=body.kwartaal, regels=[_uit(regel) for regel in regels])
        return json_reply(200, uit)

    job = await work(request, caller)
    return await job.do(lambda reader, context: maak_kwartaalmonitor(reader, context, body.gemeente, kwartaal), reply)


@router.get("/kwartaalmonitors")
async def lijst_kwartaalmonitors(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.CONTRACTMANAGER, Rol.AANBIEDER))],
    kwartaal: Kwartaaltekst | None = None,
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = WEINIG,
) -> Lijst[AanbiedermonitorUit]:
    """Het kwartaal per aanbieder over al zijn gemeenten, zonder iets voor te stellen. Een controller ziet de bedragen
    van de eigen gemeente, een aanbieder en de regio zien alles. Zonder kwartaal: het laatste dat voorbij is."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    edge = request.app.state.edge
    gevraagd = Kwartaal.van(edge.clock.today()).vorige() if kwartaal is None else Kwartaal.lees(kwartaal)
    statement = select(LIJN.c.aanbieder).distinct()
    begin, eind = str(gevraagd.maanden[0]), str(gevraagd.maanden[-1])
    statement = statement.where(LIJN.c.begin <= eind, LIJN.c.eind >= begin)
    for column, value in ((LIJN.c.gemeente, gemeente), (LIJN.c.aanbieder, aanbieder)):
        if value is not None:
            statement = statement.where(column == value)

    async def bekeken(reader: Reader, context: Context) -> tuple[list[Aanbiedermonitor], str | None, Namen]:
        rows = await reader.select(after(statement, [LIJN.c.aanbieder], na, aantal))
        wie = [str(row.aanbieder) for row in rows[:aantal]]
        more = next_page(request, [wie[-1]]) if len(rows) > aantal else None
        return await bekijk_aanbieders(reader, context, wie, gemeente, gevraagd), more, await alle_namen(reader)

    monitors, more, namen = await edge.read(bekeken, caller)
    return Lijst(resultaten=[_aanbieder(monitor, gevraagd, namen) for monitor in monitors], volgende=more)


def _aanbieder(monitor: Aanbiedermonitor, kwartaal: Kwartaal, namen: Namen) -> AanbiedermonitorUit:
    delen = [regel.prognose for regel in monitor.regels]
    return AanbiedermonitorUit(
        aanbieder=monitor.aanbieder,
        aanbieder_naam=namen.aanbieders.get(monitor.aanbieder),
        kwartaal=str(kwartaal),
        gemeenten=sorted({regel.lijn.gemeente for regel in monitor.regels}),
        lumpsum=som(deel.lumpsum for deel in delen).als_euro(),
        gerealiseerd=som(deel.gerealiseerd for deel in delen).als_euro(),
        verwacht=som(deel.verwacht for deel in delen).als_euro(),
        afwijking=som(deel.afwijking for deel in delen).als_euro(),
        regels=[
            AanbiederregelUit(
                gemeente=regel.lijn.gemeente,
                gemeente_naam=namen.gemeenten.get(regel.lijn.gemeente),
                subsegment_naam=namen.subsegmenten.get(regel.lijn.subsegment),
                **_uit(regel).model_dump(by_alias=False),
            )
            for regel in monitor.regels
        ],
    )


def _uit(regel: Monitorregel) -> MonitorregelUit:
    lijn, prognose = regel.lijn, regel.prognose
    return MonitorregelUit(
        overeenkomst=lijn.overeenkomst,
        aanbieder=lijn.aanbieder,
        subsegment=lijn.subsegment,
        lumpsum=prognose.lumpsum.als_euro(),
        gerealiseerd=prognose.gerealiseerd.als_euro(),
        verwacht=prognose.verwacht.als_euro(),
        afwijking=prognose.afwijking.als_euro(),
        gemiddeld_bezet=vier_decimalen(prognose.gemiddeld_bezet),
        bijstelling=regel.bijstelling,
    )
