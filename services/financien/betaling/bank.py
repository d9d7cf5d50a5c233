"""Routes of what the bank sends back: raw XML in, what it did out. A part of `api` with a name of its own."""

from __future__ import annotations

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from services.financien.bereik import begrens
from services.financien.betaling.bankbericht import MAXIMAAL_BYTES, Bankbericht, BankberichtOnbruikbaar, lees
from services.financien.betaling.handlers.terugmelding import (
    ONLEESBAAR,
    Bestand,
    Verwerkt,
    toon_terugmelding,
    verwerk_terugmelding,
)
from services.financien.betaling.rules.uitslag import Betaalstatus, Gevolg, Uitslag
from services.financien.betaling.store import TERUGMELDING, TERUGMELDING_KOLOMMEN
from shared.outbox.edge import Caller
from shared.privacy.vault import Vault
from shared.web.identity import Rol, requires
from shared.web.limits import guards_its_own_size
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.problem import Problem
from shared.web.schema import Gemeentecode, Uitvoer
from shared.web.work import Reply, Work, json_reply

router = APIRouter(tags=["terugmeldingen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
XML = "application/xml"
REQUEST_BODY = {"requestBody": {"required": True, "content": {XML: {"schema": {"type": "string"}}}}}


class UitslagUit(Uitvoer):
    """What the bank said of one payment and what was done with it; `strijdig`: nothing, a person must look."""

    betaling: str
    batch: str
    aanbieder: str
    uitslag: Uitslag
    reden: str | None
    toelichting: str | None
    gevolg: Gevolg
    status: Betaalstatus


class TerugmeldingUit(Uitvoer):
    """A file of the bank. `onbekend`: names of payments or files that are not ours, at most a hundred of
    `aantalOnbekend`; `andereBoekingen`: bookings on the statement that name no payment."""

    id: str
    gemeente: str
    soort: Literal["pain.002", "camt.053", "onleesbaar"]
    ontvangen_op: datetime
    ontvangen_door: str
    lengte: int
    fout: str | None = None
    betalingen: list[UitslagUit] = Field(default_factory=list)
    onbekend: list[str] = Field(default_factory=list)
    aantal_onbekend: int = 0
    andere_boekingen: int = 0


@router.post(
    "/terugmeldingen",
    status_code=201,
    response_model=TerugmeldingUit,
    responses={200: {"description": "Dit bestand kwam al eerder; er is niets veranderd", "model": TerugmeldingUit}},
    openapi_extra=REQUEST_BODY,
)
async def verwerk_bankbestand(request: Request, caller: Controller) -> Response:
    """Lever een bestand van de bank aan (pain.002 of camt.053, ruwe XML). Het wordt bewaard, en hetzelfde bestand werkt
    maar één keer. Een Idempotency-Key is verplicht."""
    inhoud = await _inhoud(request)
    job = Work(request, caller, inhoud, key_required=True)
    bericht = await asyncio.to_thread(_lees, inhoud)
    vingerafdruk = sha256(inhoud).hexdigest()
    vault: Vault = request.app.state.vault
    bestand = Bestand(vingerafdruk, vault.encrypt(inhoud, gebonden(caller.gemeente, vingerafdruk)), len(inhoud))
    base = request.scope.get("root_path", "")
    return await job.do(
        lambda reader, context: verwerk_terugmelding(reader, context, bestand, bericht),
        lambda made: _reply(made, base),
    )


@router.get("/terugmeldingen")
async def lijst_terugmeldingen(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[TerugmeldingUit]:
    """De bestanden van de bank aan de eigen gemeente, oudste eerst."""
    gemeente, _ = begrens(caller, gemeente, None)
    statement = select(*TERUGMELDING_KOLOMMEN)
    if gemeente is not None:
        statement = statement.where(TERUGMELDING.c.gemeente == gemeente)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [TERUGMELDING.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(row._asdict()) for row in rows[:aantal]], volgende=more)


@router.get("/terugmeldingen/{terugmelding}", response_model=TerugmeldingUit)
async def toon_bankbestand(terugmelding: str, request: Request, caller: Lezer) -> TerugmeldingUit:
    """Toon wat er met een bestand van de bank is gedaan."""
    edge = request.app.state.edge
    row = await edge.read(lambda reader, context: toon_terugmelding(reader, context, terugmelding), caller)
    return _uit(row._asdict())


def gebonden(gemeente: str | None, vingerafdruk: str) -> str:
    """What the encrypted text belongs to."""
    return f"terugmelding/{gemeente}/{vingerafdruk}"


async def _inhoud(request: Request) -> bytes:
    """The whole body, at most 25 MB."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (XML, "text/xml"):
        raise Problem(415, "Dit soort inhoud kan hier niet", f"Stuur het bestand van de bank als Content-Type: {XML}.")
    guards_its_own_size(request)
    inhoud = bytearray()
    async for part in request.stream():
        inhoud += part
        if len(inhoud) > MAXIMAAL_BYTES:
            raise Problem(413, "Te groot", "Een bestand van de bank is hoogstens 25 MB. Vraag de bank om delen.")
    if not inhoud:
        raise Problem(400, "De aanvraag klopt niet", "Er is geen inhoud. Stuur het bestand van de bank mee.")
    return bytes(inhoud)


def _lees(inhoud: bytes) -> Bankbericht | str:
    try:
        return lees(inhoud)
    except BankberichtOnbruikbaar as error:
        return error.detail


def _reply(made: Verwerkt, base: str) -> Reply:
    """What became of the file; one that can't be read is a problem that says where it is kept."""
    location = f"{base}/terugmeldingen/{made.row['id']}"
    if made.row["soort"] == ONLEESBAAR:
        detail = f"{made.row['uitkomst']['fout']} Het bestand is bewaard."
        title, extra = BankberichtOnbruikbaar.title, {"terugmelding": made.row["id"]}
        answer = Problem(400, title, detail, headers={"Location": location}, extra=extra).response()
        kop = {"Content-Type": answer.headers["content-type"], "Location": location}
        return Reply(400, bytes(answer.body), kop)
    return json_reply(201 if made.nieuw else 200, _uit(made.row), Location=location)


def _uit(row: dict[str, Any]) -> TerugmeldingUit:
    zelfde = ("id", "gemeente", "soort", "ontvangen_op", "ontvangen_door", "lengte")
    return TerugmeldingUit.model_validate({**{name: row[name] for name in zelfde}, **row["uitkomst"]})
