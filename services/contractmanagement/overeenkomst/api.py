"""Routes of contracts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.overeenkomst import handlers
from services.contractmanagement.overeenkomst.handlers import Gesloten
from services.contractmanagement.overeenkomst.schema import (
    EinddatumIn,
    OvereenkomstIn,
    OvereenkomstUit,
    WijzigingIn,
    uit,
)
from services.contractmanagement.overeenkomst.store import OVEREENKOMST, REGELGEMEENTE
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["overeenkomsten"])
Contractmanager = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER))]
LEZERS = (Rol.CONTRACTMANAGER, Rol.BEHEER, Rol.AANBIEDER, Rol.CONTROLLER, Rol.BACKOFFICE, Rol.CONSULENT)
Lezer = Annotated[Caller, Depends(requires(*LEZERS))]


@router.post("/overeenkomsten", status_code=201, response_model=OvereenkomstUit)
async def sluit_overeenkomst(body: OvereenkomstIn, request: Request, caller: Contractmanager) -> Response:
    """Leg een overeenkomst vast: toegekende plekken en prijs per plek per jaar."""
    overeenkomst = body.als_overeenkomst()
    base = request.scope.get("root_path", "")

    def reply(made: Gesloten) -> Reply:
        return json_reply(201, uit(made), Location=f"{base}/overeenkomsten/{made.overeenkomst.id}")

    job = await work(request, caller)
    return await job.do(lambda reader, context: handlers.sluit_overeenkomst(reader, context, overeenkomst), reply)


@router.post("/overeenkomsten/{overeenkomst}/wijzigingen", response_model=OvereenkomstUit)
async def wijzig_overeenkomst(
    overeenkomst: str, body: WijzigingIn, request: Request, caller: Contractmanager
) -> Response:
    """Wijzig regels, voeg regels toe of wijzig drempels voor signalen, vanaf de eerste van een maand."""
    regels, drempels = body.als_regels(), body.genoemde_drempels()
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.wijzig_overeenkomst(
            reader, context, overeenkomst, body.ingangsdatum, regels, drempels
        ),
        lambda made: json_reply(200, uit(made)),
    )


@router.put("/overeenkomsten/{overeenkomst}/einddatum", response_model=OvereenkomstUit)
async def verzet_einddatum(overeenkomst: str, body: EinddatumIn, request: Request, caller: Contractmanager) -> Response:
    """Laat een lopende overeenkomst eerder of later eindigen, bijvoorbeeld om over te gaan op kalenderjaren."""
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.verzet_einddatum(reader, context, overeenkomst, body.einddatum),
        lambda made: json_reply(200, uit(made)),
    )


@router.get("/overeenkomsten")
async def lijst_overeenkomsten(
    request: Request,
    caller: Lezer,
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    op: date | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[OvereenkomstUit]:
    """Overeenkomsten; `op`: die op deze datum lopen. Een gemeente ziet de regels die haar aangaan."""
    aanbieder, gemeente = binnen_bereik(caller, aanbieder, gemeente)
    statement = select(OVEREENKOMST)
    if aanbieder is not None:
        statement = statement.where(OVEREENKOMST.c.aanbieder == aanbieder)
    if gemeente is not None:
        concerned = select(REGELGEMEENTE.c.overeenkomst).where(REGELGEMEENTE.c.gemeente == gemeente)
        statement = statement.where(OVEREENKOMST.c.id.in_(concerned))
    if op is not None:
        statement = statement.where(OVEREENKOMST.c.begindatum <= op, OVEREENKOMST.c.einddatum >= op)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [OVEREENKOMST.c.id], na, aantal))
        made = [await handlers.met_regels(reader, row) for row in rows[:aantal]]
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    shown = [uit(handlers.voor_gemeente(item, caller.gemeente)) for item in made]
    return Lijst(resultaten=shown, volgende=more)


@router.get("/overeenkomsten/{overeenkomst}")
async def toon_overeenkomst(overeenkomst: str, request: Request, caller: Lezer) -> OvereenkomstUit:
    """Toon een overeenkomst met alle versies van haar regels."""
    made = await request.app.state.edge.read(
        lambda reader, context: handlers.toon_overeenkomst(reader, context, overeenkomst), caller
    )
    return uit(made)
