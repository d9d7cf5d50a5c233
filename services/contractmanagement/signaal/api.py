"""Routes of signals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.signaal import behandeling
from services.contractmanagement.signaal.behandeling import ziet_werk
from services.contractmanagement.signaal.dagwissel import wissel_dag
from services.contractmanagement.signaal.rules.episodes import Soort
from services.contractmanagement.signaal.schema import (
    Gebruiker,
    SignaaldossierUit,
    SignaalUit,
    StapIn,
    dossier_uit,
    uit,
)
from services.contractmanagement.signaal.store import SIGNAAL
from services.contractmanagement.signaal.voorraad import Stil, Zoek, als_signaal, gezocht
from services.contractmanagement.signaal.werk import Werkstatus
from shared.kernel.refusal import Forbidden
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode, Subsegmentcode
from shared.web.work import json_reply, work

router = APIRouter(tags=["signalen"])
Lezer = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER, Rol.CONTROLLER, Rol.AANBIEDER))]
Contractmanager = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER))]
KEYS: list[Any] = [SIGNAAL.c.aanbieder, SIGNAAL.c.subsegment, SIGNAAL.c.id]


class WerkNietZichtbaar(Forbidden):
    """The call filters on work that this caller does not see."""


@router.get("/signalen")
async def lijst_signalen(
    request: Request,
    caller: Lezer,
    status: Literal["open", "gesloten", "vervallen", "alle"] = "open",
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    subsegment: Subsegmentcode | None = None,
    soort: Soort | None = None,
    eigenaar: Gebruiker | None = None,
    werkstatus: Werkstatus | None = None,
    stil: Stil | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[SignaalUit]:
    """Signalen op de bezetting, berekend tot en met vandaag. Een gemeente ziet ook die op haar regionale regels.
    Signalen die stil zijn tot een latere datum staan er niet bij, tenzij `stil` daarom vraagt: `ja` (alleen die) of
    `alle`. Een aanbieder ziet ze altijd, en ziet niet wat de regio ermee doet."""
    aanbieder, gemeente = binnen_bereik(caller, aanbieder, gemeente)
    met_werk, edge = ziet_werk(caller), request.app.state.edge
    if not met_werk and (eigenaar, werkstatus, stil) != (None, None, None):
        raise WerkNietZichtbaar("U kunt niet kiezen op `eigenaar`, `werkstatus` of `stil`. Laat die filters weg.")
    await wissel_dag(edge, aanbieder=aanbieder, subsegment=subsegment)
    zoek = Zoek(
        status=None if status == "alle" else status,
        aanbieder=aanbieder,
        gemeente=gemeente,
        subsegment=subsegment,
        soort=soort,
        eigenaar=eigenaar,
        werkstatus=werkstatus,
        stil=stil or "nee",
    )
    vandaag: date = edge.clock.today()
    async with edge.database.reading() as reader:
        rows = await reader.select(after(gezocht(zoek, vandaag, met_werk=met_werk), KEYS, na, aantal))
    last = rows[aantal - 1] if len(rows) > aantal else None
    more = None if last is None else next_page(request, [getattr(last, column.name) for column in KEYS])
    made = [uit(als_signaal(row, vandaag, met_werk=met_werk)) for row in rows[:aantal]]
    return Lijst(resultaten=made, volgende=more)


@router.get("/signalen/{signaal}")
async def toon_signaal(signaal: str, request: Request, caller: Lezer) -> SignaaldossierUit:
    """Toon een signaal: de bezetting eromheen, wat het veroorzaakte, en alles wat ermee gebeurde."""
    edge = request.app.state.edge
    aanbod = await edge.read(lambda reader, context: behandeling.aanbod_van_signaal(reader, context, signaal), caller)
    await wissel_dag(edge, **aanbod._asdict())
    made = await edge.read(lambda reader, context: behandeling.toon_signaal(reader, context, signaal), caller)
    return dossier_uit(made)


@router.post("/signalen/{signaal}/stappen", response_model=SignaalUit, status_code=201)
async def zet_stap(signaal: str, body: StapIn, request: Request, caller: Contractmanager) -> Response:
    """Leg een stap vast: een eigenaar, hoe ver het werk is, een opmerking, of stilte tot een datum. Wat niet genoemd
    wordt, blijft zoals het is."""
    stap = body.als_stap()
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: behandeling.zet_stap(reader, context, signaal, stap),
        lambda made: json_reply(201, uit(made)),
    )
