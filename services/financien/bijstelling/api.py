"""Routes of adjustments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from services.financien.bereik import begrens
from services.financien.bijstelling import handlers
from services.financien.bijstelling.store import BIJSTELLING
from services.financien.brief.api import ALS_PDF, als_antwoord
from services.financien.namen import alle_namen, genoemd
from services.financien.wederhoor.rules import reactiestand
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen
from shared.outbox.edge import Caller, Context
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["bijstellingen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Beiden = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER))]
Toelichting = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Status = Literal["voorgesteld", "gemeld", "vastgesteld", "ingetrokken"]


class StapIn(Invoer):
    """A step, with a few words if wanted."""

    toelichting: Toelichting | None = None


class MeldingIn(StapIn):
    """The notice; without a date the aanbieder gets the days that the gemeente set."""

    reactie_uiterlijk: date | None = None


class ReactieIn(StapIn):
    """What the provider says, with its reason when it disagrees; `geen_antwoord` when the date passed."""

    reactie: Literal["akkoord", "niet_akkoord", "geen_antwoord"]


class BijstellingstermijnUit(Uitvoer):
    """A term of the proposal, or as it was fixed; `was` is what it would be without it."""

    maand: str
    was: Euro | None
    bedrag: Euro


class StapUit(Uitvoer):
    """Who did what, on whose behalf, when. `brief` is the letter that went with it (`/brieven/{brief}`)."""

    stap: str
    gebruiker: str
    namens: Literal["aanbieder", "gemeente", "systeem"] | None = None
    moment: str
    toelichting: str | None
    bijzonderheid: str | None = None
    brief: str | None = None


class AanleidingsmaandUit(Uitvoer):
    """What a month brought."""

    maand: str
    plekken: str
    bezette_dagen: int
    gemiddeld_bezet: str


class AanleidingUit(Uitvoer):
    """What a proposal rests on: the threshold, the fixed terms together, the event that last moved the occupancy, and
    the months through the quarter."""

    drempel: str
    vastgelegd: Euro
    oorzaak: str | None
    maanden: list[AanleidingsmaandUit]


class BijstellingUit(Uitvoer):
    """An adjustment with every step that was taken. `reactiestand` is the reaction, or whether it is waited for today:
    niet_gevraagd, wacht_op_reactie, akkoord, niet_akkoord, geen_antwoord, niet_afgewacht. A name is null until it was
    heard."""

    id: str
    versie: int
    status: Status
    lijn: str
    aanbieder: str
    aanbieder_naam: str | None
    gemeente: str
    gemeente_naam: str | None
    subsegment: str
    subsegment_naam: str | None
    kwartaal: str
    lumpsum: Euro
    gerealiseerd: Euro
    verwacht: Euro
    afwijking: Euro
    gemiddeld_bezet: str
    termijnen: list[BijstellingstermijnUit]
    aanleiding: AanleidingUit | None
    reactie: str | None
    reactie_uiterlijk: date | None
    reactiestand: str
    stappen: list[StapUit]


@router.get("/bijstellingen")
async def lijst_bijstellingen(
    request: Request,
    caller: Beiden,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    status: Status | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[BijstellingUit]:
    """De bijstellingen van de eigen gemeente; een aanbieder ziet de eigen, vanaf de melding."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = select(BIJSTELLING)
    filters = ((BIJSTELLING.c.gemeente, gemeente), (BIJSTELLING.c.aanbieder, aanbieder), (BIJSTELLING.c.status, status))
    for column, value in filters:
        if value is not None:
            statement = statement.where(column == value)
    if caller.aanbieder is not None:
        statement = statement.where(BIJSTELLING.c.gemeld_op.is_not(None))
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BIJSTELLING.c.id], na, aantal))
        namen = await alle_namen(reader)
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict(), namen, edge.clock.today()) for row in rows[:aantal]], volgende=more)


@router.get("/bijstellingen/{bijstelling}")
async def toon_bijstelling(bijstelling: str, request: Request, caller: Beiden) -> BijstellingUit:
    """Toon een bijstelling met alle stappen: wie, wanneer, wat en waarom."""
    edge = request.app.state.edge

    async def getoond(reader: Reader, context: Context) -> tuple[dict[str, Any], Namen]:
        return await handlers.toon(reader, context, bijstelling), await alle_namen(reader)

    row, namen = await edge.read(getoond, caller)
    return _uit(row, namen, edge.clock.today())


@router.get("/bijstellingen/{bijstelling}/brief", response_class=Response, responses=ALS_PDF)
async def toon_brief_van_bijstelling(bijstelling: str, request: Request, caller: Beiden) -> Response:
    """De brief die het laatst is verzonden, als PDF. Van een voorstel ziet de gemeente de brief als concept."""
    edge = request.app.state.edge
    return als_antwoord(await edge.read(lambda reader, context: handlers.brief(reader, context, bijstelling), caller))


@router.post("/bijstellingen/{bijstelling}/melding", response_model=BijstellingUit)
async def meld_bijstelling(
    bijstelling: str, request: Request, caller: Controller, body: MeldingIn | None = None
) -> Response:
    """Meld de voorgestelde bijstelling aan de aanbieder, met een brief en een dag waarop de reactie er moet zijn."""
    job = await work(request, caller)
    tekst, uiterlijk = _toelichting(body), None if body is None else body.reactie_uiterlijk
    return await job.do(
        lambda reader, context: genoemd(reader, handlers.meld(reader, context, bijstelling, tekst, uiterlijk)),
        _reply(request),
    )


@router.post("/bijstellingen/{bijstelling}/reactie", response_model=BijstellingUit)
async def leg_reactie_vast(bijstelling: str, body: ReactieIn, request: Request, caller: Beiden) -> Response:
    """Leg de reactie van de aanbieder vast, tussen melding en vaststelling."""
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: genoemd(
            reader, handlers.leg_reactie_vast(reader, context, bijstelling, body.reactie, body.toelichting)
        ),
        _reply(request),
    )


@router.post("/bijstellingen/{bijstelling}/vaststelling", response_model=BijstellingUit)
async def stel_bijstelling_vast(
    bijstelling: str, request: Request, caller: Controller, body: StapIn | None = None
) -> Response:
    """Stel de gemelde bijstelling vast: de nog open termijnen volgen. Een Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    tekst = _toelichting(body)
    return await job.do(
        lambda reader, context: genoemd(reader, handlers.stel_vast(reader, context, bijstelling, tekst)),
        _reply(request),
    )


@router.post("/bijstellingen/{bijstelling}/intrekking", response_model=BijstellingUit)
async def trek_bijstelling_in(
    bijstelling: str, request: Request, caller: Controller, body: StapIn | None = None
) -> Response:
    """Trek een bijstelling in die nog niet is vastgesteld."""
    job = await work(request, caller)
    tekst = _toelichting(body)
    return await job.do(
        lambda reader, context: genoemd(reader, handlers.trek_in(reader, context, bijstelling, tekst)), _reply(request)
    )


def _toelichting(body: StapIn | None) -> str | None:
    return None if body is None else body.toelichting


def _reply(request: Request) -> Callable[[tuple[dict[str, Any], Namen]], Reply]:
    vandaag = request.app.state.edge.clock.today()
    return lambda answer: json_reply(200, _uit(*answer, vandaag))


def _uit(row: dict[str, Any], namen: Namen, vandaag: date) -> BijstellingUit:
    def euro(name: str) -> str:
        return Bedrag(row[f"{name}_cent"]).als_euro()

    zelfde = ("id", "versie", "status", "lijn", "aanbieder", "gemeente", "subsegment", "kwartaal", "gemiddeld_bezet")
    aanleiding, was = row["aanleiding"], row["oude_termijnen"]
    stand = reactiestand(
        gevraagd=row["gemeld_op"] is not None,
        reactie=row["reactie"],
        uiterlijk=row["reactie_uiterlijk"],
        dag=vandaag,
    )
    return BijstellingUit.model_validate(
        {
            **{name: row[name] for name in (*zelfde, "reactie", "reactie_uiterlijk", "stappen")},
            "aanbieder_naam": namen.aanbieders.get(row["aanbieder"]),
            "gemeente_naam": namen.gemeenten.get(row["gemeente"]),
            "subsegment_naam": namen.subsegmenten.get(row["subsegment"]),
            **{name: euro(name) for name in ("lumpsum", "gerealiseerd", "verwacht")},
            "afwijking": Bedrag(row["verwacht_cent"] - row["lumpsum_cent"]).als_euro(),
            "termijnen": [
                {
                    "maand": maand,
                    "was": Bedrag(was[maand]).als_euro() if maand in was else None,
                    "bedrag": Bedrag(cent).als_euro(),
                }
                for maand, cent in sorted(row["termijnen"].items())
            ],
            "aanleiding": {**aanleiding, "vastgelegd": Bedrag(aanleiding["vastgelegd_cent"]).als_euro()}
            if aanleiding
            else None,
            "reactiestand": stand,
        }
    )
