"""An app made as every service makes it, with one route for each thing that can go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, StringConstraints
from sqlalchemy import select
from starlette.applications import Starlette

from shared.database.port import Reader
from shared.database.sqlite import SqliteDatabase
from shared.kernel.refusal import Conflict, FieldFault, Forbidden, Invalid, NotFound
from shared.outbox.edge import Caller, Context, Outcome
from shared.privacy.vault import open_vault
from shared.web.app import make_app
from shared.web.identity import Issuer, Rol, requires
from shared.web.limits import guards_its_own_size
from shared.web.paging import Bladwijzer, Lijst, after, next_page
from shared.web.schema import Aantal, Agb, Datum, EuroIn, Gemeentecode, Invoer, Subsegmentcode, Uitvoer
from shared.web.work import json_reply, work
from tests.gedeelde_routes import hergebruik_routes
from tests.shared.region import keys
from tests.shared.things import THING, HandClock, ThingChanged, edge_on, thing_database

router = APIRouter(tags=["dingen"])
Beheer = Annotated[Caller, Depends(requires(Rol.BEHEER, Rol.CONSULENT))]


class DeelIn(Invoer):
    """Something inside a thing."""

    code: Subsegmentcode


class DingIn(Invoer):
    """Every kind of field there is."""

    naam: Annotated[str, StringConstraints(min_length=1, max_length=12)]
    kleur: Literal["rood", "wit"] = "wit"
    aantal: Annotated[int, Field(ge=0, le=10)] = 0
    aan: bool = False
    sinds_dag: date | None = None
    dagen: list[date] = Field(default_factory=list)
    prijs: EuroIn | None = None
    plekken: Aantal | None = None
    gemeente: Gemeentecode | None = None
    aanbieder: Agb | None = None
    delen: Annotated[list[DeelIn], Field(max_length=2)] = Field(default_factory=list)
    sleutel: dict[str, Aantal] | None = None


class DingUit(Uitvoer):
    """A thing as answered."""

    id: str
    naam: str | None


class DingVergeven(Conflict):
    """A refusal with a field."""


class DingOnbekend(NotFound):
    """A refusal without."""


class DingVanAnder(Forbidden):
    """Not yours."""


class DingKanNiet(Invalid):
    """Against a rule."""


REFUSALS = {
    "vergeven": DingVergeven("De naam is vergeven.", FieldFault("naam", "D-1", "Kies een andere naam.")),
    "onbekend": DingOnbekend("Dit ding is er niet."),
    "van-ander": DingVanAnder("Dit ding is van een ander."),
    "kan-niet": DingKanNiet("Zo kan het niet.", FieldFault("naam", "D-2", "Geef een naam.")),
}


@router.post("/dingen", status_code=201, response_model=DingUit)
async def maak_ding(body: DingIn, request: Request, caller: Beheer) -> Response:
    """Maak een ding."""
    return await _make(request, caller, body.naam)


@router.post("/betalingen", status_code=201, response_model=DingUit)
async def betaal(body: DingIn, request: Request, caller: Beheer) -> Response:
    """Raakt geld."""
    return await _make(request, caller, body.naam, key_required=True)


@router.post("/kloppen", status_code=201)
async def klop(request: Request, caller: Beheer) -> Response:
    """Zonder inhoud."""
    return await _make(request, caller, "klop")


@router.post("/stromen")
async def stroom(request: Request, caller: Beheer) -> dict[str, int]:
    """Guards its own size."""
    guards_its_own_size(request)
    size = 0
    async for part in request.stream():
        size += len(part)
    return {"lengte": size}


@router.get("/dingen")
async def lijst_dingen(
    request: Request,
    caller: Beheer,
    na: Bladwijzer | None = None,
    op: Datum | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Lijst[DingUit]:
    """Alle dingen."""
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(select(THING), [THING.c.id], na, aantal))
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[DingUit(id=row.id, naam=row.name) for row in rows[:aantal]], volgende=more)


@router.get("/weigeringen/{soort}")
async def weiger(soort: str, caller: Beheer) -> None:
    """Weigert."""
    raise REFUSALS[soort]


@router.get("/ongelukken/{wat}")
async def ongeluk(wat: str, caller: Beheer) -> Any:
    """Gaat mis, half onderweg als het moet."""
    if wat == "half":

        async def half() -> AsyncIterator[bytes]:
            yield b"de helft"
            raise RuntimeError(wat)

        return StreamingResponse(half())
    raise RuntimeError(f"mislukt met {wat}")


async def _make(request: Request, caller: Caller, naam: str, *, key_required: bool = False) -> Response:
    async def use_case(reader: Reader, context: Context) -> Outcome[DingUit]:
        made = DingUit(id=context.new_id(), naam=naam)
        outcome = Outcome(made)
        outcome.changes.insert(THING, id=made.id, versie=1, blob=naam.encode())
        outcome.changes.publish(ThingChanged(ding=made.id, versie=1))
        return outcome

    job = await work(request, caller, key_required=key_required)
    return await job.do(use_case, lambda made: json_reply(201, made, Location=f"/dingen/{made.id}"))


@dataclass
class ThingApp:
    """The app, alone and mounted."""

    database: SqliteDatabase
    clock: HandClock
    issuer: Issuer
    app: Any

    def caller(
        self, *, token: str | None = None, gebruiker: str = "jansen", rol: Rol = Rol.BEHEER, gemeente: str | None = None
    ) -> httpx.AsyncClient:
        token = token or self.issuer.token(rol, gebruiker=gebruiker, gemeente=gemeente)
        return self.http(headers={"authorization": f"Bearer {token}"})

    def http(self, *, headers: dict[str, str] | None = None, mounted: bool = False) -> httpx.AsyncClient:
        app = self.app
        if mounted:
            app = Starlette()
            app.mount("/test/v1", self.app)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        base = "http://x/test/v1" if mounted else "http://x"
        return httpx.AsyncClient(transport=transport, base_url=base, headers=headers or {})


@asynccontextmanager
async def thing_app(folder: Path) -> AsyncIterator[ThingApp]:
    """The app on a database of its own."""
    async with thing_database(folder) as database:
        clock = HandClock()
        issuer = Issuer(keys(), clock)
        app = make_app(
            name="dingen",
            title="Dingen",
            description="Proef.",
            base="/test/v1",
            edge=edge_on(database, clock),
            issuer=issuer,
            vault=open_vault(keys()),
            routers=[router],
        )
        hergebruik_routes(app)
        yield ThingApp(database, clock, issuer, app)
