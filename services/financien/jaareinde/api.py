"""Routes of year-ends."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.financien.bereik import begrens
from services.financien.jaareinde import handlers
from services.financien.jaareinde.handlers import Gemaakt
from services.financien.jaareinde.store import JAAREINDE
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["jaareindes"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]


class JaareindeIn(Invoer):
    """Which financial year of which gemeente."""

    gemeente: Gemeentecode
    jaar: Annotated[int, Field(ge=2000, le=2100)]


class JaarregelUit(Uitvoer):
    """A month: what it costs by what was known, what of that stood in the books, and what was posted."""

    aanbieder: str
    subsegment: str
    maand: str
    kosten: Euro
    geboekt: Euro
    bedrag: Euro


class JaareindeUit(Uitvoer):
    """An accrual: `post` stands on 31 December, `terugpost` on 1 January after it."""

    id: str
    gemeente: str
    jaar: int
    volgnummer: int
    totaal: Euro
    post: str
    terugpost: str
    gemaakt_op: str
    gemaakt_door: str
    regels: list[JaarregelUit]


NIEUW: dict[int | str, dict[str, Any]] = {201: {"description": "Geboekt", "model": JaareindeUit}}


@router.post("/jaareindes", response_model=JaareindeUit, responses=NIEUW)
async def maak_jaareinde(body: JaareindeIn, request: Request, caller: Controller) -> Response:
    """Boek de nog niet afgerekende kosten van een jaar dat voorbij is in dat jaar, en op 1 januari terug. Opnieuw
    gevraagd komt alleen het verschil erbij. Een Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: handlers.maak_jaareinde(reader, context, body.gemeente, body.jaar), _gemaakt
    )


@router.get("/jaareindes")
async def lijst_jaareindes(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[JaareindeUit]:
    """De overboekingen aan het eind van boekjaren."""
    gemeente, _ = begrens(caller, gemeente, None)
    statement = JAAREINDE.select()
    if gemeente is not None:
        statement = statement.where(JAAREINDE.c.gemeente == gemeente)
    if jaar is not None:
        statement = statement.where(JAAREINDE.c.jaar == jaar)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [JAAREINDE.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


@router.get("/jaareindes/{jaareinde}")
async def toon_jaareinde(jaareinde: str, request: Request, caller: Lezer) -> JaareindeUit:
    """Toon een overboeking, per maand opgebouwd."""
    edge = request.app.state.edge
    return _uit(await edge.read(lambda reader, context: handlers.toon(reader, context, jaareinde), caller))


def _gemaakt(made: Gemaakt) -> Reply:
    return json_reply(201 if made.nieuw else 200, _uit(made.row))


def _uit(row: dict[str, Any]) -> JaareindeUit:
    def euro(cent: int) -> str:
        return Bedrag(cent).als_euro()

    zelfde = ("id", "gemeente", "jaar", "volgnummer", "post", "terugpost", "gemaakt_door")
    return JaareindeUit.model_validate(
        {
            **{naam: row[naam] for naam in zelfde},
            "totaal": euro(row["totaal_cent"]),
            "gemaakt_op": row["gemaakt_op"].isoformat(),
            "regels": [
                {
                    **{naam: regel[naam] for naam in ("aanbieder", "subsegment", "maand")},
                    **{naam: euro(regel[f"{naam}_cent"]) for naam in ("kosten", "geboekt", "bedrag")},
                }
                for regel in row["regels"]
            ],
        }
    )
