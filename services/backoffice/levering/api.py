"""Routes of toewijzingen with what was delivered on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Select, select

from services.backoffice.levering.inzage import gezien
from services.backoffice.levering.store import LEVERING
from services.backoffice.toewijzing.store import TOEWIJZING
from shared.database.port import Reader
from shared.outbox.edge import Caller, Context, Outcome
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode, Uitvoer, Zoekterm
from shared.web.tenants import own_aanbieder, own_gemeente

router = APIRouter(tags=["toewijzingen"])


class LeveringUit(Uitvoer):
    """A period of delivery; `tijdelijk` when it ended with a temporary stop (reden 20)."""

    begindatum: date
    einddatum: date | None
    tijdelijk: bool
    definitief: date | None


class ToewijzingUit(Uitvoer):
    """A toewijzing with what was delivered on it."""

    id: str
    toewijzing_nummer: str
    indicatie: str
    client: str
    status: str
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str
    ingangsdatum: date
    einddatum: date | None
    toelichting: str | None
    leveringen: list[LeveringUit]


@router.get("/toewijzingen")
async def lijst_toewijzingen(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.BACKOFFICE, Rol.CONSULENT, Rol.AANBIEDER))],
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    indicatie: Zoekterm | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[ToewijzingUit]:
    """Toewijzingen met hun leveringen: een gemeente die van zichzelf, een aanbieder de eigen die verzonden zijn. De
    inzage wordt vastgelegd."""
    statement: Select[Any] = select(TOEWIJZING, LEVERING.c.perioden).outerjoin(
        LEVERING, LEVERING.c.id == TOEWIJZING.c.id
    )
    if caller.rol == Rol.AANBIEDER:
        # A provider hears of an assignment through its 301, not before.
        statement = statement.where(TOEWIJZING.c.toewijzingsdatum.is_not(None))
    for column, value in (
        (TOEWIJZING.c.gemeente, own_gemeente(caller, gemeente)),
        (TOEWIJZING.c.aanbieder, own_aanbieder(caller, aanbieder)),
        (TOEWIJZING.c.indicatie, indicatie),
    ):
        if value is not None:
            statement = statement.where(column == value)
    statement = after(statement, [TOEWIJZING.c.id], na, aantal)

    async def kijk(reader: Reader, context: Context) -> Outcome[Sequence[Any]]:
        rows = await reader.select(statement)
        return Outcome(rows, gezien(context, (row.client for row in rows[:aantal]), "toewijzing getoond"))

    rows = await request.app.state.edge.carry_out(kijk, caller=caller)
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[uit(row) for row in rows[:aantal]], volgende=more)


def uit(row: Any) -> ToewijzingUit:
    """A row as answered."""
    names = [name for name in ToewijzingUit.model_fields if name not in ("toewijzing_nummer", "leveringen")]
    values = {name: getattr(row, name) for name in names}
    return ToewijzingUit(
        **values,
        toewijzing_nummer=str(row.nummer),
        leveringen=[LeveringUit.model_validate(periode) for periode in row.perioden or []],
    )
