"""Routes of what people state about payments of which the bank says nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from services.financien.bankverklaring import handlers
from services.financien.bankverklaring.rules import Afschrift, Bevinding, Verklaringstatus
from services.financien.bankverklaring.store import BANKVERKLARING
from services.financien.bereik import begrens
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Euro, EuroIn, Gemeentecode, Invoer, Uitvoer, Zoekterm
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["bankverklaringen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
Reden = Annotated[str, StringConstraints(min_length=10, max_length=1000)]


class BankverklaringIn(Invoer):
    """What the bank's statement shows; `dag` and `bedrag` of the booking when it was paid, neither when not."""

    bevinding: Bevinding
    dag: date | None = None
    bedrag: EuroIn | None = None
    reden: Reden


class BankverklaringUit(Uitvoer):
    """What was stated of a payment, why, by whom, and who decided on it."""

    id: str
    versie: int
    betaling: str
    betaler: str
    bevinding: Bevinding
    dag: date | None
    bedrag: Euro | None
    reden: str
    status: Verklaringstatus
    ingediend_op: datetime
    ingediend_door: str
    beslist_op: datetime | None
    beslist_door: str | None


@router.post("/betalingen/{betaling}/bankverklaringen", status_code=201, response_model=BankverklaringUit)
async def verklaar_betaling(betaling: str, body: BankverklaringIn, request: Request, caller: Controller) -> Response:
    """Verklaar wat het afschrift zegt van een betaling waarop de bank niet antwoordt. Een collega bevestigt het;
    pas dan wordt er geboekt. Een Idempotency-Key is verplicht."""
    bedrag = None if body.bedrag is None else Bedrag.van_euro(body.bedrag)
    gelezen = Afschrift(body.bevinding, body.dag, bedrag)
    job = await work(request, caller, key_required=True)
    return await job.do(
        lambda reader, context: handlers.verklaar(reader, context, betaling, gelezen, body.reden),
        lambda row: json_reply(201, _uit(row)),
    )


@router.post("/bankverklaringen/{bankverklaring}/bevestiging", response_model=BankverklaringUit)
async def bevestig_bankverklaring(bankverklaring: str, request: Request, caller: Controller) -> Response:
    """Bevestig een verklaring na een eigen blik op het afschrift; dat doet een ander dan wie haar deed. Een
    Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(lambda reader, context: handlers.bevestig(reader, context, bankverklaring), _reply)


@router.post("/bankverklaringen/{bankverklaring}/afwijzing", response_model=BankverklaringUit)
async def wijs_bankverklaring_af(bankverklaring: str, request: Request, caller: Controller) -> Response:
    """Wijs een verklaring af, of trek de eigen in. Een Idempotency-Key is verplicht."""
    job = await work(request, caller, key_required=True)
    return await job.do(lambda reader, context: handlers.wijs_af(reader, context, bankverklaring), _reply)


@router.get("/bankverklaringen")
async def lijst_bankverklaringen(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    betaling: Zoekterm | None = None,
    status: Verklaringstatus | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[BankverklaringUit]:
    """De verklaringen over betalingen die de eigen gemeente doet, oudste eerst."""
    gemeente, _ = begrens(caller, gemeente, None)
    statement = select(BANKVERKLARING)
    eisen = (
        (BANKVERKLARING.c.betaler, gemeente),
        (BANKVERKLARING.c.betaling, betaling),
        (BANKVERKLARING.c.status, status),
    )
    for column, value in eisen:
        if value is not None:
            statement = statement.where(column == value)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BANKVERKLARING.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


def _reply(row: dict[str, Any]) -> Reply:
    return json_reply(200, _uit(row))


def _uit(row: dict[str, Any]) -> BankverklaringUit:
    zelfde = {name: row[name] for name in BankverklaringUit.model_fields if name != "bedrag"}
    cent = row["bedrag_cent"]
    return BankverklaringUit.model_validate({**zelfde, "bedrag": None if cent is None else Bedrag(cent).als_euro()})
