"""Routes of clients. A BSN is only ever in a body."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from services.toegang.client import handlers
from services.toegang.client.rules import Clientgegevens, Contact
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["cliënten"])
Bsn = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]


class ContactIn(Invoer):
    """One way to reach the client."""

    soort: Literal["01", "02", "03", "04"]
    straatnaam: Annotated[str, StringConstraints(min_length=1, max_length=24)] | None = None
    huisnummer: Annotated[int, Field(ge=0, le=99999)] | None = None
    huisletter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    toevoeging: Annotated[str, StringConstraints(min_length=1, max_length=4)] | None = None
    postcode: Annotated[str, StringConstraints(min_length=1, max_length=8)] | None = None
    plaatsnaam: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    land: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    telefoon: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")] | None = None

    def als_contact(self) -> Contact:
        """An address without a country lies in the Netherlands (CD005 wants one beside every postcode)."""
        land = self.land or ("NL" if self.postcode else None)
        return Contact(**{**self.model_dump(), "land": land})


class ClientIn(Invoer):
    """The resident as the messages know one."""

    bsn: Bsn
    geboortedatum: date
    geslacht: Literal["0", "1", "2"]
    achternaam: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    voorvoegsel: Annotated[str, StringConstraints(min_length=1, max_length=10)] | None = None
    voornamen: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    voorletters: Annotated[str, StringConstraints(pattern=r"^[a-zA-ZÀ-ỳ]{1,6}$")] | None = None
    contact: Annotated[list[ContactIn], Field(min_length=1, max_length=4)]

    def als_gegevens(self) -> Clientgegevens:
        fields = self.model_dump(exclude={"contact"})
        return Clientgegevens(**fields, contact=tuple(item.als_contact() for item in self.contact))


class ContactUit(Uitvoer):
    """As `ContactIn`."""

    soort: str
    straatnaam: str | None
    huisnummer: int | None
    huisletter: str | None
    toevoeging: str | None
    postcode: str | None
    plaatsnaam: str | None
    land: str | None
    telefoon: str | None


class ClientUit(Uitvoer):
    """A client; `id` is the pseudonym under which events and other services know this person."""

    id: str
    bsn: str
    geboortedatum: date
    geslacht: str
    achternaam: str
    voorvoegsel: str | None
    voornamen: str | None
    voorletters: str | None
    contact: list[ContactUit]


class Zoekvraag(Invoer):
    """The BSN to look for."""

    bsn: Bsn


def client_uit(row: Any, gegevens: Clientgegevens) -> ClientUit:
    """A client row as answered."""
    return ClientUit.model_validate({"id": row.id, **_plat(gegevens)})


def _plat(gegevens: Clientgegevens) -> dict[str, object]:
    contact = [{name: getattr(c, name) for name in ContactUit.model_fields} for c in gegevens.contact]
    names = [name for name in ClientUit.model_fields if name not in ("id", "contact")]
    return {**{name: getattr(gegevens, name) for name in names}, "contact": contact}


@router.post("/clienten/_zoek", response_model=ClientUit)
async def zoek_client(
    vraag: Zoekvraag, request: Request, caller: Annotated[Caller, Depends(requires(Rol.CONSULENT))]
) -> Response:
    """Zoek een cliënt van de eigen gemeente op BSN. De raadpleging wordt vastgelegd."""
    vault = request.app.state.vault
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.zoek_client(reader, context, vault, vraag.bsn),
        lambda row: json_reply(200, client_uit(row, handlers.uitgepakt(row, vault))),
        look=True,
    )


@router.get("/clienten/{client}")
async def toon_client(
    client: str,
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.CONSULENT, Rol.BACKOFFICE))],
) -> ClientUit:
    """Toon een cliënt van de eigen gemeente op pseudoniem. De raadpleging wordt vastgelegd."""
    row = await request.app.state.edge.carry_out(
        lambda reader, context: handlers.toon_client(reader, context, client), caller=caller
    )
    return client_uit(row, handlers.uitgepakt(row, request.app.state.vault))
