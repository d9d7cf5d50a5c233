"""Routes of settlements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from services.financien.afrekening import handlers, vaststelling, verzending, vordering
from services.financien.afrekening.correctie import anders, eerdere, sindsdien
from services.financien.afrekening.rules import Verrekening
from services.financien.afrekening.schema import (
    AfrekeningIn,
    AfrekeningreactieIn,
    AfrekeningUit,
    AlsnogIn,
    IntrekkingIn,
    OntvangstIn,
    SindsdienUit,
    Soort,
    Status,
    VaststellingIn,
    VerzendingIn,
    sindsdien_uit,
    uit,
)
from services.financien.afrekening.stappen import VASTGESTELD, VERZONDEN, Row
from services.financien.afrekening.store import AFREKENING
from services.financien.bereik import begrens
from services.financien.brief.api import ALS_BESTAND, ALS_PDF, als_antwoord
from services.financien.namen import alle_namen, genoemd
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen
from shared.outbox.edge import Caller, Context
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["afrekeningen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Beiden = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER))]


@router.post("/afrekeningen", status_code=201, response_model=AfrekeningUit)
async def reken_af(body: AfrekeningIn, request: Request, caller: Controller) -> Response:
    """Bereken de afrekening van een aanbieder over hele maanden die voorbij zijn. Een concept van dezelfde maanden
    wordt vervangen."""
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(
            reader, handlers.reken_af(reader, context, body.gemeente, body.aanbieder, body.begindatum, body.einddatum)
        ),
        _gemaakt(request),
    )


@router.get("/afrekeningen")
async def lijst_afrekeningen(
    request: Request,
    caller: Beiden,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    status: Status | None = None,
    soort: Soort | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[AfrekeningUit]:
    """De afrekeningen van de eigen gemeente; een aanbieder ziet de eigen, vanaf de verzending."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    kolommen = AFREKENING.c
    statement = select(AFREKENING)
    filters = ((kolommen.gemeente, gemeente), (kolommen.aanbieder, aanbieder))
    for column, value in (*filters, (kolommen.status, status), (kolommen.soort, soort)):
        if value is not None:
            statement = statement.where(column == value)
    if caller.aanbieder is not None:
        statement = statement.where(kolommen.verzonden_op.is_not(None) | (kolommen.status == VASTGESTELD))
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, [kolommen.id], na, aantal))
        namen = await alle_namen(reader)
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[uit(row._asdict(), namen, edge.clock.today()) for row in rows[:aantal]], volgende=more)


@router.get("/afrekeningen/{afrekening}")
async def toon_afrekening(afrekening: str, request: Request, caller: Beiden) -> AfrekeningUit:
    """Toon een afrekening, met wat er sinds de verzending of vaststelling is veranderd."""
    edge = request.app.state.edge

    async def getoond(reader: Reader, context: Context) -> tuple[Row, Namen, SindsdienUit | None]:
        row, namen = await handlers.toon(reader, context, afrekening), await alle_namen(reader)
        if row["status"] not in (VERZONDEN, VASTGESTELD):
            return row, namen, None
        regels = await sindsdien(reader, context, row)
        correcties = [found["id"] for found in await eerdere(reader, row) if found["corrigeert"] is not None]
        return row, namen, sindsdien_uit(regels, anders(regels), correcties)

    row, namen, verschil = await edge.read(getoond, caller)
    return uit(row, namen, edge.clock.today(), verschil)


@router.post("/afrekeningen/{afrekening}/verzending", response_model=AfrekeningUit)
async def verzend_afrekening(
    afrekening: str, request: Request, caller: Controller, body: VerzendingIn | None = None
) -> Response:
    """Stuur de aanbieder het bezettingsoverzicht: een brief en de specificatie, met een dag waarop de reactie er moet
    zijn."""
    inhoud = body or VerzendingIn()
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(
            reader, verzending.verzend(reader, context, afrekening, inhoud.toelichting, inhoud.reactie_uiterlijk)
        ),
        _reply(request),
    )


@router.post("/afrekeningen/{afrekening}/reactie", response_model=AfrekeningUit)
async def leg_reactie_op_afrekening_vast(
    afrekening: str, body: AfrekeningreactieIn, request: Request, caller: Beiden
) -> Response:
    """Leg de reactie van de aanbieder vast: akkoord, of bezwaar per regel."""
    bezwaren = [bezwaar.model_dump() for bezwaar in body.bezwaren]
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(
            reader, verzending.leg_reactie_vast(reader, context, afrekening, body.reactie, body.toelichting, bezwaren)
        ),
        _reply(request),
    )


@router.post("/afrekeningen/{afrekening}/vaststelling", response_model=AfrekeningUit)
async def stel_afrekening_vast(
    afrekening: str, request: Request, caller: Controller, body: VaststellingIn | None = None
) -> Response:
    """Stel een verzonden afrekening vast, na de reactie of na de reactietermijn: zij komt in het grootboek. Een
    Idempotency-Key is verplicht."""
    inhoud = body or VaststellingIn()
    keuze = None if inhoud.verrekening is None else Verrekening(inhoud.verrekening)
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: genoemd(
            reader,
            vaststelling.stel_vast(
                reader, context, afrekening, keuze, inhoud.toelichting, zoals_verzonden=inhoud.zoals_verzonden
            ),
        ),
        _reply(request),
    )


@router.post("/afrekeningen/{afrekening}/intrekking", response_model=AfrekeningUit)
async def trek_afrekening_in(
    afrekening: str, request: Request, caller: Controller, body: IntrekkingIn | None = None
) -> Response:
    """Trek een afrekening in die nog niet is vastgesteld, met de reden."""
    tekst = None if body is None else body.toelichting
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(reader, verzending.trek_in(reader, context, afrekening, tekst)), _reply(request)
    )


@router.post("/afrekeningen/{afrekening}/correctie", status_code=201, response_model=AfrekeningUit)
async def corrigeer_afrekening(afrekening: str, request: Request, caller: Controller) -> Response:
    """Bereken wat er na de vaststelling bekend werd, als een nieuwe afrekening die alleen het verschil bevat."""
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(reader, handlers.corrigeer(reader, context, afrekening)), _gemaakt(request)
    )


@router.post("/afrekeningen/{afrekening}/ontvangsten", response_model=AfrekeningUit)
async def leg_ontvangst_vast(afrekening: str, body: OntvangstIn, request: Request, caller: Controller) -> Response:
    """Leg vast dat de aanbieder heeft terugbetaald, geheel of voor een deel. Een Idempotency-Key is verplicht."""
    bedrag = Bedrag.van_euro(body.bedrag)
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: genoemd(
            reader,
            vordering.leg_ontvangst_vast(reader, context, afrekening, bedrag, body.ontvangen_op, body.toelichting),
        ),
        _reply(request),
    )


@router.post("/afrekeningen/{afrekening}/verrekening", response_model=AfrekeningUit)
async def verreken_alsnog(
    afrekening: str, request: Request, caller: Controller, body: AlsnogIn | None = None
) -> Response:
    """Verreken wat nog wordt teruggevorderd met de volgende betalingen. Een Idempotency-Key is verplicht."""
    tekst = None if body is None else body.toelichting
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: genoemd(reader, vordering.verreken_alsnog(reader, context, afrekening, tekst)),
        _reply(request),
    )


@router.get("/afrekeningen/{afrekening}/brief", response_class=Response, responses=ALS_PDF)
async def toon_brief_van_afrekening(afrekening: str, request: Request, caller: Beiden) -> Response:
    """De brief die het laatst is verzonden, als PDF. Van een concept ziet de gemeente hoe de brief zou zijn."""
    return await _document(afrekening, request, caller, verzending.BEGELEIDEND)


@router.get("/afrekeningen/{afrekening}/specificatie", response_class=Response, responses=ALS_BESTAND)
async def toon_specificatie(
    afrekening: str, request: Request, caller: Beiden, vorm: Literal["pdf", "xlsx"] = "pdf"
) -> Response:
    """De specificatie zonder gegevens van cliënten, als PDF of als werkblad (Excel)."""
    return await _document(afrekening, request, caller, verzending.XLSX if vorm == "xlsx" else verzending.PDF)


async def _document(afrekening: str, request: Request, caller: Caller, soort: str) -> Response:
    edge = request.app.state.edge
    return als_antwoord(
        await edge.read(lambda reader, context: verzending.document(reader, context, afrekening, soort), caller)
    )


def _gemaakt(request: Request) -> Callable[[tuple[Row, Namen]], Reply]:
    base, vandaag = request.scope.get("root_path", ""), request.app.state.edge.clock.today()
    return lambda answer: json_reply(201, uit(*answer, vandaag), Location=f"{base}/afrekeningen/{answer[0]['id']}")


def _reply(request: Request) -> Callable[[tuple[Row, Namen]], Reply]:
    vandaag = request.app.state.edge.clock.today()
    return lambda answer: json_reply(200, uit(*answer, vandaag))
