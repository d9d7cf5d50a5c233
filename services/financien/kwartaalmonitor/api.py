"""The quarterly monitor as asked and answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints

from services.financien.bezetting.rules import vier_decimalen
from services.financien.kwartaalmonitor.handlers import Monitorregel, maak_kwartaalmonitor
from shared.kernel.periode import Kwartaal
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["kwartaalmonitors"])


class MonitorIn(Invoer):
    """Which quarter of which gemeente."""

    gemeente: Gemeentecode
    kwartaal: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]


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
