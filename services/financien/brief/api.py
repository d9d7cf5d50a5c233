"""Routes of letters and of who sends them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from services.financien.bereik import begrens
from services.financien.brief import handlers
from services.financien.brief.handlers import PDF, XLSX, Bestand
from services.financien.brief.rules import REACTIETERMIJN, Afzender
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Gemeentecode, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["brieven"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Beiden = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER))]
Regel = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Termijn = Annotated[int, Field(ge=1, le=366)]
ALS_PDF: dict[int | str, dict[str, object]] = {200: {"content": {PDF: {}}}}
ALS_BESTAND: dict[int | str, dict[str, object]] = {200: {"content": {PDF: {}, XLSX: {}}}}


class AfzenderIn(Invoer):
    """Name and address above the letters of a gemeente, and how many days an aanbieder gets to react."""

    naam: Regel
    adres: Annotated[list[Regel], Field(max_length=6)] = Field(default_factory=list)
    contact: Regel | None = None
    reactietermijn_dagen: Termijn = REACTIETERMIJN


class AfzenderUit(Uitvoer):
    """The same, as it holds."""

    gemeente: str
    naam: str
    adres: list[str]
    contact: str | None
    reactietermijn_dagen: int


@router.get("/afzenders/{gemeente}")
async def toon_afzender(gemeente: Gemeentecode, request: Request, caller: Controller) -> AfzenderUit:
    """Wie er namens de gemeente schrijft, en hoe lang een aanbieder heeft om te reageren."""
    begrens(caller, gemeente, None)
    edge = request.app.state.edge
    return _uit(await edge.read(lambda reader, context: handlers.afzender(reader, gemeente), caller))


@router.put("/afzenders/{gemeente}", response_model=AfzenderUit)
async def leg_afzender_vast(gemeente: Gemeentecode, body: AfzenderIn, request: Request, caller: Controller) -> Response:
    """Leg naam, adres en reactietermijn vast. Wat al verzonden is, verandert niet."""
    nieuw = Afzender(gemeente, body.naam, tuple(body.adres), body.contact, body.reactietermijn_dagen)
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.leg_afzender_vast(reader, context, nieuw),
        lambda made: json_reply(200, _uit(made)),
    )


@router.get("/brieven/{brief}", response_class=Response, responses=ALS_BESTAND)
async def toon_brief(brief: str, request: Request, caller: Beiden) -> Response:
    """Een brief of specificatie zoals die is verzonden."""
    edge = request.app.state.edge
    return als_antwoord(await edge.read(lambda reader, context: handlers.toon(reader, context, brief), caller))


def als_antwoord(bestand: Bestand) -> Response:
    """A document as a download."""
    kop = {"Content-Disposition": f'attachment; filename="{bestand.naam}"'}
    return Response(bestand.inhoud, media_type=bestand.mediatype, headers=kop)


def _uit(afzender: Afzender) -> AfzenderUit:
    return AfzenderUit(
        gemeente=afzender.gemeente,
        naam=afzender.naam,
        adres=list(afzender.adres),
        contact=afzender.contact,
        reactietermijn_dagen=afzender.reactietermijn_dagen,
    )
