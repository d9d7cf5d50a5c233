"""Routes of gemeenten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from services.contractmanagement.gemeente import handlers
from services.contractmanagement.gemeente.handlers import Vastgesteld
from services.contractmanagement.gemeente.store import GEMEENTE
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["gemeenten"])
Vaststeller = Annotated[Caller, Depends(requires(Rol.BEHEER, Rol.CONTRACTMANAGER))]
Lezer = Annotated[Caller, Depends(requires(*Rol))]


class GemeenteIn(Invoer):
    """What a gemeente is called."""

    naam: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class GemeenteUit(Uitvoer):
    """A gemeente; `code` is its CBS code."""

    code: str
    naam: str
    versie: int


@router.put("/gemeenten/{code}", response_model=GemeenteUit, responses={201: {"model": GemeenteUit}})
async def stel_gemeente_vast(code: Gemeentecode, body: GemeenteIn, request: Request, caller: Vaststeller) -> Response:
    """Geef een gemeente haar naam, of wijzig die. Dezelfde naam nog een keer verandert niets."""

    def reply(made: Vastgesteld) -> Reply:
        return json_reply(201 if made.nieuw else 200, GemeenteUit(code=made.code, naam=made.naam, versie=made.versie))

    job = await work(request, caller)
    return await job.do(lambda reader, context: handlers.stel_gemeente_vast(reader, context, code, body.naam), reply)


@router.get("/gemeenten")
async def lijst_gemeenten(
    request: Request,
    caller: Lezer,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[GemeenteUit]:
    """Gemeenten met hun naam, op code. Een gemeente zonder naam staat er niet bij."""
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(select(GEMEENTE), [GEMEENTE.c.code], na, aantal))
    more = next_page(request, [rows[aantal - 1].code]) if len(rows) > aantal else None
    made = [GemeenteUit(code=row.code, naam=row.naam, versie=row.versie) for row in rows[:aantal]]
    return Lijst(resultaten=made, volgende=more)
