"""Routes of batches and payments; those of what the bank sends back are in `bank`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import or_, select

from services.financien.bereik import begrens
from services.financien.betaling.handlers import samenstellen, stappen, tonen
from services.financien.betaling.rules.stappen import Batchstatus
from services.financien.betaling.rules.uitslag import Betaalstatus
from services.financien.betaling.schema import (
    BetaalbatchIn,
    BetaalbatchMetBetalingenUit,
    BetaalbatchUit,
    BetalingUit,
    batch_uit,
    betaling_uit,
    met_betalingen,
)
from services.financien.betaling.store import BATCH, BETALING
from shared.outbox.edge import Caller, UseCase
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.problem import Problem
from shared.web.schema import Agb, Gemeentecode
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["betalingen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
LezerOfAanbieder = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR, Rol.AANBIEDER))]
Blad = Annotated[int, Query(ge=1, le=1000)]
Identiteit = Annotated[str, StringConstraints(max_length=100)]
XML = "application/xml"


@router.post("/betaalbatches", status_code=201, response_model=BetaalbatchMetBetalingenUit)
async def stel_betaalbatch_samen(body: BetaalbatchIn, request: Request, caller: Controller) -> Response:
    """Maak een betaalbatch van alles wat de gemeente op die dag moet betalen. Een Idempotency-Key is verplicht."""
    base = request.scope.get("root_path", "")
    aanbieders = None if body.aanbieders is None else frozenset(body.aanbieders)

    def reply(row: dict[str, Any]) -> Reply:
        return json_reply(201, met_betalingen(row), Location=f"{base}/betaalbatches/{row['id']}")

    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: samenstellen.stel_betaalbatch_samen(
            reader, context, body.gemeente, body.uitvoerdatum, aanbieders
        ),
        reply,
    )


@router.get("/betaalbatches")
async def lijst_betaalbatches(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    status: Batchstatus | None = None,
    na: Bladwijzer | None = None,
    aantal: Blad = PAGE,
) -> Lijst[BetaalbatchUit]:
    """De betaalbatches van de eigen gemeente, oudste eerst."""
    gemeente, _ = begrens(caller, gemeente, None)
    statement = select(BATCH)
    for column, value in ((BATCH.c.betaler, gemeente), (BATCH.c.status, status)):
        if value is not None:
            statement = statement.where(column == value)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BATCH.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    gevonden = [BetaalbatchUit.model_validate(batch_uit(row._asdict())) for row in rows[:aantal]]
    return Lijst(resultaten=gevonden, volgende=more)


@router.get(
    "/betaalbatches/{batch}",
    response_model=BetaalbatchMetBetalingenUit,
    responses={200: {"content": {XML: {}}}},
)
async def toon_betaalbatch(batch: str, request: Request, caller: Lezer) -> Any:
    """Toon een betaalbatch, of met `Accept: application/xml` het bestand voor de bank (pain.001). Dat bestand is
    alleen voor de controller."""
    edge = request.app.state.edge
    if wil_xml(request):
        if caller.rol != Rol.CONTROLLER:
            raise Problem(403, "Niet toegestaan", "Alleen een controller van de gemeente haalt het bestand op.")
        inhoud = await edge.read(lambda reader, context: stappen.bestand_van(reader, context, batch), caller)
        naam = f'attachment; filename="betaalbatch-{batch}.xml"'
        return Response(inhoud, media_type=XML, headers={"Content-Disposition": naam})
    return met_betalingen(await edge.read(lambda reader, context: tonen.toon_batch(reader, context, batch), caller))


@router.post("/betaalbatches/{batch}/goedkeuringen", response_model=BetaalbatchMetBetalingenUit)
async def keur_betaalbatch_goed(batch: str, request: Request, caller: Controller) -> Response:
    """Keur een betaalbatch goed; twee verschillende personen doen dat. Een Idempotency-Key is verplicht."""
    return await _stap(request, caller, lambda reader, context: stappen.keur_batch_goed(reader, context, batch))


@router.post("/betaalbatches/{batch}/bestand", response_model=BetaalbatchMetBetalingenUit)
async def maak_betaalbestand(batch: str, request: Request, caller: Controller) -> Response:
    """Maak het bestand voor de bank en boek de betalingen als onderweg; nog een keer vragen doet niets. Een
    Idempotency-Key is verplicht."""
    return await _stap(request, caller, lambda reader, context: stappen.maak_bestand(reader, context, batch))


@router.post("/betaalbatches/{batch}/aanlevering", response_model=BetaalbatchMetBetalingenUit)
async def meld_aanlevering(batch: str, request: Request, caller: Controller) -> Response:
    """Leg vast dat het bestand bij de bank is aangeleverd. Een Idempotency-Key is verplicht."""
    return await _stap(request, caller, lambda reader, context: stappen.lever_aan(reader, context, batch))


@router.post("/betaalbatches/{batch}/intrekking", response_model=BetaalbatchMetBetalingenUit)
async def trek_betaalbatch_in(batch: str, request: Request, caller: Controller) -> Response:
    """Trek een betaalbatch in waarvan nog geen bestand is gemaakt. Een Idempotency-Key is verplicht."""
    return await _stap(request, caller, lambda reader, context: stappen.trek_in(reader, context, batch))


async def _stap(request: Request, caller: Caller, use_case: UseCase[dict[str, Any]]) -> Response:
    job = await work(request, caller, key_required=True)
    return await job.do(use_case, lambda row: json_reply(200, met_betalingen(row)))


@router.get("/betalingen")
async def lijst_betalingen(
    request: Request,
    caller: LezerOfAanbieder,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    batch: Identiteit | None = None,
    status: Betaalstatus | None = None,
    na: Bladwijzer | None = None,
    aantal: Blad = PAGE,
) -> Lijst[BetalingUit]:
    """De betalingen van de eigen gemeente, ook die een ander voor haar doet of zij voor een ander. Een aanbieder ziet
    de eigen, zodra het bestand voor de bank er is."""
    begrensd, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = select(BETALING)
    if gemeente is not None:
        statement = statement.where(BETALING.c.gemeente == gemeente)
    elif begrensd is not None:
        statement = statement.where(or_(BETALING.c.gemeente == begrensd, BETALING.c.betaler == begrensd))
    for column, value in ((BETALING.c.aanbieder, aanbieder), (BETALING.c.batch, batch), (BETALING.c.status, status)):
        if value is not None:
            statement = statement.where(column == value)
    if caller.aanbieder is not None:
        statement = statement.where(BETALING.c.status.not_in(tonen.NIET_VERTELD))
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BETALING.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[betaling_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


def wil_xml(request: Request) -> bool:
    """Whether the caller asks for the file itself."""
    accept = request.headers.get("accept", "")
    if "xml" in accept:
        return True
    if accept and not any(kind in accept for kind in ("*/*", "application/*", "application/json")):
        raise Problem(406, "Deze vorm is er niet", "Kies Accept: application/json of application/xml.")
    return False
