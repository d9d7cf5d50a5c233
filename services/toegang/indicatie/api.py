"""Routes of indicaties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, StringConstraints, model_validator
from sqlalchemy import select

from services.toegang.client.api import ClientIn
from services.toegang.indicatie import handlers
from services.toegang.indicatie.rules import Indicatie
from services.toegang.indicatie.store import INDICATIE
from shared.database.port import Reader
from shared.outbox.edge import Caller, Context, Outcome
from shared.privacy.vault import Vault
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Gemeentecode, Invoer, Subsegmentcode, Uitvoer, Zoekterm
from shared.web.work import Reply, json_reply, work

router = APIRouter(tags=["indicaties"])
Consulent = Annotated[Caller, Depends(requires(Rol.CONSULENT))]
Afspraak = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class IndicatieIn(Invoer):
    """The decision. Dates may lie in the past: back-dated decisions are normal."""

    client: ClientIn
    wet: Literal["jeugdwet", "wmo"]
    gemeente: Gemeentecode
    subsegment: Subsegmentcode
    aanbieder: Agb
    ingangsdatum: date
    einddatum: date | None = None
    resultaatafspraken: Annotated[list[Afspraak], Field(max_length=50)] = Field(default_factory=list)
    evaluatiemomenten: Annotated[list[date], Field(max_length=50)] = Field(default_factory=list)

    def als_indicatie(self) -> Indicatie:
        return Indicatie(
            wet=self.wet,
            gemeente=self.gemeente,
            subsegment=self.subsegment,
            aanbieder=self.aanbieder,
            ingangsdatum=self.ingangsdatum,
            einddatum=self.einddatum,
            resultaatafspraken=tuple(self.resultaatafspraken),
            evaluatiemomenten=tuple(self.evaluatiemomenten),
        )


class IndicatieUit(Uitvoer):
    """An indicatie; `client` is the pseudonym."""

    id: str
    client: str
    wet: str
    gemeente: str
    subsegment: str
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None
    ingetrokken: bool
    resultaatafspraken: list[str]
    evaluatiemomenten: list[date]
    waarschuwingen: list[str] = Field(default_factory=list)


class WijzigingIn(Invoer):
    """Either a new `einddatum` or `ingetrokken: true`."""

    einddatum: date | None = None
    ingetrokken: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> WijzigingIn:
        if self.ingetrokken == ("einddatum" in self.model_fields_set):
            raise ValueError("Geef óf een einddatum, óf ingetrokken: true.")
        return self


@router.post("/indicaties", status_code=201, response_model=IndicatieUit)
async def stel_indicatie_vast(body: IndicatieIn, request: Request, caller: Consulent) -> Response:
    """Stel een indicatie vast. Volle plekken geven een waarschuwing, nooit een weigering."""
    vault = request.app.state.vault
    gegevens, indicatie = body.client.als_gegevens(), body.als_indicatie()
    base = request.scope.get("root_path", "")

    def reply(made: handlers.Vastgesteld) -> Reply:
        return json_reply(201, uit(made), Location=f"{base}/indicaties/{made.id}")

    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.stel_indicatie_vast(reader, context, vault, gegevens, indicatie), reply
    )


@router.get("/indicaties")
async def lijst_indicaties(
    request: Request,
    caller: Consulent,
    client: Zoekterm | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[IndicatieUit]:
    """De indicaties van de eigen gemeente, eventueel van één cliënt (pseudoniem). De inzage wordt vastgelegd."""
    statement = select(INDICATIE).where(INDICATIE.c.gemeente == caller.gemeente)
    if client is not None:
        statement = statement.where(INDICATIE.c.client == client)
    statement = after(statement, [INDICATIE.c.id], na, aantal)

    async def kijk(reader: Reader, context: Context) -> Outcome[Sequence[Any]]:
        rows = await reader.select(statement)
        return Outcome(rows, handlers.gezien(rows[:aantal], context))

    rows = await request.app.state.edge.carry_out(kijk, caller=caller)
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[van_row(row, request.app.state.vault) for row in rows[:aantal]], volgende=more)


@router.get("/indicaties/{indicatie}")
async def toon_indicatie(indicatie: str, request: Request, caller: Consulent) -> IndicatieUit:
    """Toon een indicatie van de eigen gemeente. De inzage wordt vastgelegd."""

    async def kijk(reader: Reader, context: Context) -> Outcome[Any]:
        row = await handlers.toon(reader, context, indicatie)
        return Outcome(row, handlers.gezien([row], context))

    row = await request.app.state.edge.carry_out(kijk, caller=caller)
    return van_row(row, request.app.state.vault)


@router.post("/indicaties/{indicatie}/wijzigingen", response_model=IndicatieUit)
async def wijzig_indicatie(indicatie: str, body: WijzigingIn, request: Request, caller: Consulent) -> Response:
    """Verleng, verkort of trek een indicatie in. Er volgt een gewijzigde toewijzing (301)."""
    vault = request.app.state.vault
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.wijzig_indicatie(
            reader, context, vault, indicatie, einddatum=body.einddatum, ingetrokken=body.ingetrokken
        ),
        lambda made: json_reply(200, uit(made)),
    )


def van_row(row: Any, vault: Vault) -> IndicatieUit:
    """A stored indicatie as answered."""
    return uit(handlers.Vastgesteld(row.id, row.client, handlers.als_indicatie(row, vault), row.ingetrokken))


def uit(made: handlers.Vastgesteld) -> IndicatieUit:
    """A decided indicatie as answered."""
    indicatie = made.indicatie
    return IndicatieUit(
        id=made.id,
        client=made.client,
        wet=indicatie.wet,
        gemeente=indicatie.gemeente,
        subsegment=indicatie.subsegment,
        aanbieder=indicatie.aanbieder,
        ingangsdatum=indicatie.ingangsdatum,
        einddatum=indicatie.einddatum,
        ingetrokken=made.ingetrokken,
        resultaatafspraken=list(indicatie.resultaatafspraken),
        evaluatiemomenten=list(indicatie.evaluatiemomenten),
        waarschuwingen=list(made.waarschuwingen),
    )
