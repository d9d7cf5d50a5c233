"""The messages behind a levering: where a count of occupied days ends, for who may see the person (B-5, T-10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from services.backoffice.levering.api import LeveringUit
from services.backoffice.levering.inzage import gezien
from services.backoffice.levering.store import AANLEVERINGEN_VAN, BY_ID
from shared.database.port import Reader
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller, Context, Outcome
from shared.web.identity import Rol, requires
from shared.web.schema import Uitvoer

router = APIRouter(tags=["leveringen"])
VERWIJDERING = 3


class LeveringOnbekend(NotFound):
    """No such levering for this caller."""


class AanleveringUit(Uitvoer):
    """What one message (`soort`: JW305, WMO307 …) said: a start or stop, delivered or (`verwijdering`) taken back.
    `vervallen`: the message was refused, so it counts no more. `pad` is the message."""

    bericht: str
    soort: str
    ontvangen_op: datetime
    status: str
    begindatum: date
    einddatum: date | None
    reden: str | None
    verwijdering: bool
    vervallen: bool
    pad: str


class LeveringMetBerichtenUit(Uitvoer):
    """A levering: its periods, and every message that they follow from. `client` is a pseudonym."""

    id: str
    versie: int
    toewijzing: str | None
    client: str
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str
    perioden: list[LeveringUit]
    aanleveringen: list[AanleveringUit]


@router.get("/leveringen/{levering}")
async def toon_levering(
    levering: str,
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.BACKOFFICE, Rol.CONSULENT, Rol.AANBIEDER))],
) -> LeveringMetBerichtenUit:
    """Een levering met de berichten waaruit haar perioden volgen. De inzage wordt vastgelegd."""

    async def kijk(reader: Reader, context: Context) -> Outcome[LeveringMetBerichtenUit]:
        row = await reader.one(BY_ID, id=levering)
        if row is None or caller.gemeente not in (None, row.gemeente) or caller.aanbieder not in (None, row.aanbieder):
            raise LeveringOnbekend("Deze levering is bij u niet bekend.")
        made = _uit(row, await reader.all(AANLEVERINGEN_VAN, levering=levering))
        return Outcome(made, gezien(context, [row.client], "levering met berichten getoond"))

    made: LeveringMetBerichtenUit = await request.app.state.edge.carry_out(kijk, caller=caller)
    return made


def _uit(row: Any, aanleveringen: Any) -> LeveringMetBerichtenUit:
    zelfde = ("id", "versie", "toewijzing", "client", "wet", "gemeente", "aanbieder", "subsegment")
    return LeveringMetBerichtenUit(
        **{naam: getattr(row, naam) for naam in zelfde},
        perioden=[LeveringUit.model_validate(periode) for periode in row.perioden],
        aanleveringen=[
            AanleveringUit(
                bericht=deel.bericht,
                soort=deel.berichtsoort,
                ontvangen_op=deel.tijdstip,
                status=deel.stand,
                begindatum=deel.begindatum,
                einddatum=deel.einddatum,
                reden=deel.reden,
                verwijdering=deel.status == VERWIJDERING,
                vervallen=deel.vervallen,
                pad=f"/backoffice/v1/berichten/{deel.bericht}",
            )
            for deel in aanleveringen
        ],
    )
