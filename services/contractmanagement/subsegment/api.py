"""Routes of sub-segments."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from services.contractmanagement.subsegment import handlers
from services.contractmanagement.subsegment.handlers import Vastgesteld
from services.contractmanagement.subsegment.rules import Subsegment
from services.contractmanagement.subsegment.store import SUBSEGMENT, als_subsegment
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Invoer, Subsegmentcode, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["sub-segmenten"])
Vaststeller = Annotated[Caller, Depends(requires(Rol.BEHEER, Rol.CONTRACTMANAGER))]
Lezer = Annotated[Caller, Depends(requires(*Rol))]
Naam = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SubsegmentIn(Invoer):
    """What a sub-segment is; `bekostiging` rules payment, `metToewijzing` the messages."""

    naam: Naam
    segment: Naam
    wet: Literal["jeugdwet", "wmo"]
    productcategorie: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    bekostiging: Literal["lumpsum", "inspanning", "output", "taak"]
    met_toewijzing: bool = True


class SubsegmentUit(Uitvoer):
    """A sub-segment as it now stands."""

    code: str
    naam: str
    segment: str
    wet: str
    productcategorie: str
    bekostiging: str
    met_toewijzing: bool
    versie: int


@router.put("/subsegmenten/{code}", response_model=SubsegmentUit, responses={201: {"model": SubsegmentUit}})
async def stel_subsegment_vast(
    code: Subsegmentcode, body: SubsegmentIn, request: Request, caller: Vaststeller
) -> Response:
    """Stel een sub-segment vast of wijzig het. Dezelfde inhoud nog een keer verandert niets."""
    subsegment = Subsegment(code=code, **body.model_dump())

    def reply(made: Vastgesteld) -> Reply:
        return json_reply(201 if made.nieuw else 200, uit(made))

    job = await work(request, caller)
    return await job.do(lambda reader, context: handlers.stel_subsegment_vast(reader, context, subsegment), reply)


@router.get("/subsegmenten")
async def lijst_subsegmenten(
    request: Request,
    caller: Lezer,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[SubsegmentUit]:
    """Alle sub-segmenten, op code."""
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(select(SUBSEGMENT), [SUBSEGMENT.c.code], na, aantal))
    more = next_page(request, [rows[aantal - 1].code]) if len(rows) > aantal else None
    made = [uit(Vastgesteld(als_subsegment(row), row.versie)) for row in rows[:aantal]]
    return Lijst(resultaten=made, volgende=more)


@router.get("/subsegmenten/{code}")
async def toon_subsegment(code: str, request: Request, caller: Lezer) -> SubsegmentUit:
    """Toon een sub-segment."""
    made = await request.app.state.edge.read(
        lambda reader, context: handlers.toon_subsegment(reader, context, code), caller
    )
    return uit(made)


def uit(made: Vastgesteld) -> SubsegmentUit:
    """A sub-segment as answered."""
    return SubsegmentUit(**asdict(made.subsegment), versie=made.versie)
