"""Routes of settlements."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from services.financien.afrekening import handlers, vaststelling
from services.financien.afrekening.store import AFREKENING
from services.financien.bereik import begrens
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["afrekeningen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]


class AfrekeningIn(Invoer):
    """Whole months that are over, within the contract."""

    gemeente: Gemeentecode
    aanbieder: Agb
    begindatum: date
    einddatum: date


class RegelUit(Uitvoer):
    """One lijn: average awarded and occupied places, and `afrekening` = gerealiseerd − betaald (zero within the
    tolerance). Positive: still to be paid to the aanbieder."""

    overeenkomst: str
    subsegment: str
    plekken: str
    gemiddeld_bezet: str
    gerealiseerd: Euro
    betaald: Euro
    afrekening: Euro


class AfrekeningstapUit(Uitvoer):
    """Who did what, when."""

    stap: str
    gebruiker: str
    moment: str


class AfrekeningUit(Uitvoer):
    """A calculated settlement; it is booked when it is fixed (`vastgesteld`)."""

    id: str
    status: Literal["concept", "vastgesteld"]
    gemeente: str
    aanbieder: str
    begindatum: date
    einddatum: date
    regels: list[RegelUit]
    totaal: Euro
    stappen: list[AfrekeningstapUit]


@router.post("/afrekeningen", status_code=201, response_model=AfrekeningUit)
async def reken_af(body: AfrekeningIn, request: Request, caller: Controller) -> Response:
    """Bereken de afrekening van een aanbieder over hele maanden die voorbij zijn."""
    base = request.scope.get("root_path", "")

    def reply(row: dict[str, Any]) -> Reply:
        return json_reply(201, _uit(row), Location=f"{base}/afrekeningen/{row['id']}")

    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.reken_af(
            reader, context, body.gemeente, body.aanbieder, body.begindatum, body.einddatum
        ),
        reply,
    )


@router.get("/afrekeningen")
async def lijst_afrekeningen(
    request: Request,
    caller: Controller,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[AfrekeningUit]:
    """De berekende afrekeningen van de eigen gemeente."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = select(AFREKENING).where(AFREKENING.c.gemeente == gemeente)
    if aanbieder is not None:
        statement = statement.where(AFREKENING.c.aanbieder == aanbieder)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [AFREKENING.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


@router.get("/afrekeningen/{afrekening}")
async def toon_afrekening(afrekening: str, request: Request, caller: Controller) -> AfrekeningUit:
    """Toon een berekende afrekening."""
    edge = request.app.state.edge
    return _uit(await edge.read(lambda reader, context: handlers.toon(reader, context, afrekening), caller))


@router.post("/afrekeningen/{afrekening}/vaststelling", response_model=AfrekeningUit)
async def stel_afrekening_vast(afrekening: str, request: Request, caller: Controller) -> Response:
    """Stel een berekende afrekening vast: zij komt in het grootboek. Een Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: vaststelling.stel_vast(reader, context, afrekening),
        lambda row: json_reply(200, _uit(row)),
    )


def _uit(row: dict[str, Any]) -> AfrekeningUit:
    zelfde = ("id", "status", "gemeente", "aanbieder", "begindatum", "einddatum", "stappen")
    return AfrekeningUit.model_validate(
        {
            **{name: row[name] for name in zelfde},
            "regels": [_in_euro(regel) for regel in row["regels"]],
            "totaal": Bedrag(row["totaal_cent"]).als_euro(),
        }
    )


def _in_euro(regel: dict[str, Any]) -> dict[str, Any]:
    centen = {name: value for name, value in regel.items() if name.endswith("_cent")}
    andere = {name: value for name, value in regel.items() if name not in centen and name != "maanden"}
    return {**andere, **{name.removesuffix("_cent"): Bedrag(cent).als_euro() for name, cent in centen.items()}}
