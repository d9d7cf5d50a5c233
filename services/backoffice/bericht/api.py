"""Routes of the archive: which messages came in and went out, their text and their retour."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from services.backoffice.bericht.handlers import bekijk
from services.backoffice.bericht.inzage import eigen_berichten, mag_zien
from services.backoffice.bericht.store import BERICHT, BY_ID
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from shared.database.port import Reader
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller, Context, Outcome
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.problem import Problem
from shared.web.schema import Uitvoer, Zoekterm
from shared.web.tenants import AndereOrganisatie

router = APIRouter(tags=["berichten"])
Lezer = Annotated[Caller, Depends(requires(Rol.BACKOFFICE, Rol.AANBIEDER, Rol.KNOOPPUNT))]
XML = "application/xml"


class RetourNogNiet(NotFound):
    """The message has no retour (yet)."""


class FoutUit(Uitvoer):
    """One finding."""

    plaats: str
    regel: str
    retourcode: str | None
    melding: str


class BerichtUit(Uitvoer):
    """A message in the archive, without its text."""

    id: str
    bericht: str | None
    berichtcode: str | None
    richting: Literal["in", "uit"]
    status: str
    afzender: str | None
    ontvanger: str | None
    identificatie: str | None
    dagtekening: date | None
    tijdstip: datetime
    lengte: int
    retourcodes: list[str]
    fouten: list[FoutUit]
    wacht_tot: date | None
    heenbericht: str | None
    retour: str | None


COLUMNS = [column for column in BERICHT.c if column.name != "inhoud"]


@router.get("/berichten")
async def lijst_berichten(
    request: Request,
    caller: Lezer,
    richting: Literal["in", "uit"] | None = None,
    ontvanger: Zoekterm | None = None,
    afzender: Zoekterm | None = None,
    berichtcode: Zoekterm | None = None,
    status: Zoekterm | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[BerichtUit]:
    """Berichten in en uit, oudste eerst. `berichtcode` is de code (436), het nummer (301) of de naam (JW301)."""
    statement = select(*COLUMNS).where(*eigen_berichten(caller))
    if caller.aanbieder is not None and richting == "uit" and ontvanger not in (None, caller.aanbieder):
        raise AndereOrganisatie(f"U werkt voor aanbieder {caller.aanbieder}; andere ontvangers kunt u niet zien.")
    filters = {
        BERICHT.c.richting: richting,
        BERICHT.c.aan: ontvanger,
        BERICHT.c.van: afzender,
        BERICHT.c.status: status,
    }
    for column, value in filters.items():
        if value is not None:
            statement = statement.where(column == value)
    if berichtcode is not None:
        statement = statement.where(BERICHT.c.soort.in_(soorten(berichtcode)))
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [BERICHT.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[uit(row) for row in rows[:aantal]], volgende=more)


def soorten(berichtcode: str) -> list[str]:
    """The message kinds with this code (436), number (301, of both laws) or name (JW301)."""
    wanted = berichtcode.upper()
    return [naam for naam, soort in BERICHTSOORTEN.items() if wanted in (naam, soort.nummer, soort.berichtcode)]


@router.get("/berichten/{bericht}", responses={200: {"content": {XML: {}}}}, response_model=BerichtUit)
async def toon_bericht(bericht: str, request: Request, caller: Lezer) -> Any:
    """Een bericht: gegevens als JSON, of met `Accept: application/xml` de tekst zelf. Inzage in de tekst wordt
    vastgelegd."""
    row = await _row(request, caller, bericht)
    if wants_xml(request):
        return await _text(request, caller, row)
    return uit(row)


@router.get("/berichten/{bericht}/retour", responses={200: {"content": {XML: {}}}})
async def toon_retour(bericht: str, request: Request, caller: Lezer) -> Response:
    """Het retourbericht (XML) op dit bericht."""
    row = await _row(request, caller, bericht)
    if row.retour is None:
        detail = "Dit bericht wacht nog op een ander bericht." if row.wacht_tot else "Er is geen retourbericht."
        raise RetourNogNiet(detail)
    async with request.app.state.edge.database.reading() as reader:
        retour = await reader.one(BY_ID, id=row.retour)
    return await _text(request, caller, retour)


def wants_xml(request: Request) -> bool:
    """Whether the caller asks for the message text."""
    accept = request.headers.get("accept", "")
    if "xml" in accept:
        return True
    if accept and not any(kind in accept for kind in ("*/*", "application/*", "application/json")):
        raise Problem(406, "Deze vorm is er niet", "Kies Accept: application/json of application/xml.")
    return False


async def _row(request: Request, caller: Caller, bericht: str) -> Any:
    async with request.app.state.edge.database.reading() as reader:
        row = await reader.one(BY_ID, id=bericht)
    mag_zien(caller, row)
    return row


async def _text(request: Request, caller: Caller, row: Any) -> Response:
    async def look(_: Reader, context: Context) -> Outcome[bytes]:
        return bekijk(context, request.app.state.vault, row)

    return Response(await request.app.state.edge.carry_out(look, caller=caller), media_type=XML)


def uit(row: Any) -> BerichtUit:
    """A row as answered."""
    kind = BERICHTSOORTEN.get(row.soort or "")
    return BerichtUit(
        id=row.id,
        bericht=row.soort,
        berichtcode=kind.berichtcode if kind else None,
        richting=row.richting,
        status=row.status,
        afzender=row.van,
        ontvanger=row.aan,
        identificatie=row.identificatie,
        dagtekening=row.dagtekening,
        tijdstip=row.tijdstip,
        lengte=row.lengte,
        retourcodes=row.retourcodes,
        fouten=[FoutUit.model_validate(fout) for fout in row.fouten],
        wacht_tot=row.wacht_tot,
        heenbericht=row.heenbericht,
        retour=row.retour,
    )
