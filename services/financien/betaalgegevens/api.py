"""Routes of account numbers and payment points."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import or_, select

from services.financien.bereik import begrens
from services.financien.betaalgegevens import handlers
from services.financien.betaalgegevens.handlers import Ingevoerd
from services.financien.betaalgegevens.rules import Doel, Houder, Nummerstatus
from services.financien.betaalgegevens.store import BETAALPUNT, REKENINGNUMMER
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["betaalgegevens"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
LezerOfAanbieder = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR, Rol.AANBIEDER))]
Blad = Annotated[int, Query(ge=1, le=1000)]
Naam = Annotated[str, StringConstraints(min_length=1, max_length=70, pattern=r"^[^\x00-\x1f\x7f]+$")]


class RekeningnummerIn(Invoer):
    """An account number and whose name it is in, from a date; spaces and small letters in the IBAN do no harm."""

    iban: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    naam: Naam
    vanaf: date


class RekeningnummerUit(Uitvoer):
    """An account number in the administration of a gemeente, with who entered and who confirmed it."""

    id: str
    gemeente: str
    houder: Houder
    code: str
    iban: str
    naam: str
    vanaf: date
    status: Nummerstatus
    ingevoerd_op: datetime
    ingevoerd_door: str
    beslist_op: datetime | None
    beslist_door: str | None


NIEUW: dict[int | str, dict[str, Any]] = {201: {"description": "Nieuw vastgelegd", "model": RekeningnummerUit}}


class BetaalpuntIn(Invoer):
    """The gemeente that pays, from a date; the own code to pay oneself again."""

    betaalpunt: Gemeentecode
    vanaf: date


class BetaalpuntUit(Uitvoer):
    """Who pays for a gemeente and a purpose from a date; of one date the last entry holds."""

    gemeente: str
    doel: Doel
    betaalpunt: str
    vanaf: date
    ingevoerd_op: datetime
    ingevoerd_door: str


@router.put("/rekeningen/gemeenten/{gemeente}", response_model=RekeningnummerUit, responses=NIEUW)
async def leg_rekening_van_gemeente_vast(
    gemeente: Gemeentecode, body: RekeningnummerIn, request: Request, caller: Controller
) -> Response:
    """Leg vast van welke rekening de eigen gemeente betaalt, vanaf een datum."""
    return await _leg_vast(request, caller, Houder.GEMEENTE, gemeente, body)


@router.put("/rekeningen/aanbieders/{aanbieder}", response_model=RekeningnummerUit, responses=NIEUW)
async def leg_rekening_van_aanbieder_vast(
    aanbieder: Agb, body: RekeningnummerIn, request: Request, caller: Controller
) -> Response:
    """Stel voor op welke rekening uw gemeente een aanbieder betaalt, vanaf een datum. Een collega bevestigt het nummer
    voordat het wordt gebruikt."""
    return await _leg_vast(request, caller, Houder.AANBIEDER, aanbieder, body)


async def _leg_vast(request: Request, caller: Caller, houder: Houder, code: str, body: RekeningnummerIn) -> Response:
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.leg_rekeningnummer_vast(
            reader, context, houder, code, body.iban, body.naam, body.vanaf
        ),
        _ingevoerd,
    )


@router.post("/rekeningen/{rekening}/bevestiging", response_model=RekeningnummerUit)
async def bevestig_rekening(rekening: str, request: Request, caller: Controller) -> Response:
    """Bevestig een voorgesteld rekeningnummer; dat doet een ander dan wie het invoerde. Een Idempotency-Key is
    verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(lambda reader, context: handlers.bevestig(reader, context, rekening), _reply)


@router.post("/rekeningen/{rekening}/afwijzing", response_model=RekeningnummerUit)
async def wijs_rekening_af(rekening: str, request: Request, caller: Controller) -> Response:
    """Wijs een voorgesteld rekeningnummer af. Een Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(lambda reader, context: handlers.wijs_af(reader, context, rekening), _reply)


@router.get("/rekeningen")
async def lijst_rekeningen(
    request: Request,
    caller: LezerOfAanbieder,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    status: Nummerstatus | None = None,
    na: Bladwijzer | None = None,
    aantal: Blad = PAGE,
) -> Lijst[RekeningnummerUit]:
    """De rekeningnummers met hun geschiedenis, oudste eerst. Een aanbieder ziet op welke nummers gemeenten hem
    betalen."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = select(REKENINGNUMMER)
    if gemeente is not None:
        statement = statement.where(REKENINGNUMMER.c.gemeente == gemeente)
    if aanbieder is not None:
        statement = statement.where(REKENINGNUMMER.c.houder == Houder.AANBIEDER, REKENINGNUMMER.c.code == aanbieder)
    if status is not None:
        statement = statement.where(REKENINGNUMMER.c.status == status)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [REKENINGNUMMER.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


@router.put("/betaalpunten/{gemeente}/{doel}", response_model=BetaalpuntUit)
async def kies_betaalpunt(
    gemeente: Gemeentecode, doel: Doel, body: BetaalpuntIn, request: Request, caller: Controller
) -> Response:
    """Kies welke gemeente voor de eigen gemeente betaalt, vanaf een datum: apart voor betaling en afrekening."""
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.kies_betaalpunt(reader, context, gemeente, doel, body.betaalpunt, body.vanaf),
        lambda row: json_reply(200, BetaalpuntUit.model_validate(_zonder(row, BetaalpuntUit))),
    )


@router.get("/betaalpunten")
async def lijst_betaalpunten(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    na: Bladwijzer | None = None,
    aantal: Blad = PAGE,
) -> Lijst[BetaalpuntUit]:
    """Wie voor wie betaalt: keuzes van de eigen gemeente, en van gemeenten waarvoor die betaalt."""
    begrens(caller, gemeente, None)
    statement = select(BETAALPUNT)
    if gemeente is not None:
        statement = statement.where(BETAALPUNT.c.gemeente == gemeente)
    elif caller.gemeente is not None:
        statement = statement.where(
            or_(BETAALPUNT.c.gemeente == caller.gemeente, BETAALPUNT.c.betaalpunt == caller.gemeente)
        )
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BETAALPUNT.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    gevonden = [BetaalpuntUit.model_validate(_zonder(row._asdict(), BetaalpuntUit)) for row in rows[:aantal]]
    return Lijst(resultaten=gevonden, volgende=more)


def _ingevoerd(made: Ingevoerd) -> Reply:
    return json_reply(201 if made.nieuw else 200, _uit(made.row))


def _reply(row: dict[str, Any]) -> Reply:
    return json_reply(200, _uit(row))


def _uit(row: dict[str, Any]) -> RekeningnummerUit:
    return RekeningnummerUit.model_validate(_zonder(row, RekeningnummerUit))


def _zonder(row: dict[str, Any], kind: type[Uitvoer]) -> dict[str, Any]:
    """The columns that are shown."""
    return {name: row[name] for name in kind.model_fields}
