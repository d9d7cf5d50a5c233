"""Routes of signals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import or_, select

from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.overeenkomst.store import REGELGEMEENTE
from services.contractmanagement.signaal.dagwissel import wissel_dag
from services.contractmanagement.signaal.rules import Soort
from services.contractmanagement.signaal.store import SIGNAAL
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode, Subsegmentcode, Uitvoer

router = APIRouter(tags=["signalen"])
Lezer = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER, Rol.CONTROLLER, Rol.AANBIEDER))]


class SignaalUit(Uitvoer):
    """A signal; `gemeente` null: on a line for the region. `oorzaak`: what raised it."""

    id: str
    soort: str
    status: str
    aanbieder: str
    gemeente: str | None
    subsegment: str
    sinds: date
    tot_en_met: date | None
    toelichting: str
    oorzaak: str
    versie: int


@router.get("/signalen")
async def lijst_signalen(
    request: Request,
    caller: Lezer,
    status: Literal["open", "gesloten", "vervallen", "alle"] = "open",
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    subsegment: Subsegmentcode | None = None,
    soort: Soort | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[SignaalUit]:
    """Signalen op de bezetting, berekend tot en met vandaag. Een gemeente ziet ook die op haar regionale regels."""
    aanbieder, gemeente = binnen_bereik(caller, aanbieder, gemeente)
    edge = request.app.state.edge
    await wissel_dag(edge, aanbieder=aanbieder, subsegment=subsegment)
    wanted = {
        SIGNAAL.c.status: None if status == "alle" else status,
        SIGNAAL.c.aanbieder: aanbieder,
        SIGNAAL.c.subsegment: subsegment,
        SIGNAAL.c.soort: None if soort is None else soort.value,
    }
    statement = select(SIGNAAL).where(*(column == value for column, value in wanted.items() if value is not None))
    if gemeente is not None:
        regional = select(REGELGEMEENTE.c.regel).where(REGELGEMEENTE.c.gemeente == gemeente)
        statement = statement.where(or_(SIGNAAL.c.gemeente == gemeente, SIGNAAL.c.onderwerp.in_(regional)))
    keys: list[Any] = [SIGNAAL.c.aanbieder, SIGNAAL.c.subsegment, SIGNAAL.c.id]
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, keys, na, aantal))
    more = next_page(request, list(_sleutel(rows[aantal - 1]))) if len(rows) > aantal else None
    return Lijst(resultaten=[uit(row) for row in rows[:aantal]], volgende=more)


def _sleutel(row: Any) -> tuple[str, str, str]:
    return row.aanbieder, row.subsegment, row.id


def uit(row: Any) -> SignaalUit:
    """A stored signal as answered."""
    return SignaalUit(**{name: getattr(row, name) for name in SignaalUit.model_fields})
