"""Routes of one contract year of a betaalschema: its versions, and telling the provider."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.financien.betaalschema import versies
from services.financien.betaalschema.api import DeelUit
from services.financien.betaalschema.rules import Publicatiestatus
from services.financien.betaalschema.versies import Getoond
from services.financien.namen import alle_namen
from services.financien.subsegment.handlers import segmenten
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.namen import Namen
from shared.kernel.periode import Maand
from shared.outbox.edge import Caller, Context, Outcome
from shared.web.identity import Rol, requires
from shared.web.schema import Euro, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["betaalschema's"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER, Rol.AUDITOR))]
MOST = 1_000_000
Versie = Annotated[int, Query(ge=1, le=MOST)]


class PublicatieIn(Invoer):
    """Which version was looked at; left out, the newest is published whatever it is."""

    versie: Annotated[int, Field(ge=1, le=MOST)] | None = None


class SchemaoorzaakUit(Uitvoer):
    """What made a version: overeenkomst, wijziging, indexatie (with its year as `kenmerk`) or bijstelling."""

    soort: str
    id: str
    kenmerk: str | None


class SchemaversieUit(Uitvoer):
    """A version: when it came, of what, and when the provider was told."""

    versie: int
    gemaakt_op: str
    gemaakt_door: str
    oorzaak: SchemaoorzaakUit
    gepubliceerd_op: date | None
    gepubliceerd_door: str | None


class SchematermijnUit(Uitvoer):
    """A term with its build-up, as it is in this version."""

    maand: str
    bedrag: Euro
    opbouw: list[DeelUit]


class SchemawijzigingUit(Uitvoer):
    """What differs from the version before; null where there was, or is, no such term."""

    maand: str
    subsegment: str
    was: Euro | None
    wordt: Euro | None


class SchemaUit(Uitvoer):
    """The betaalschema of one contract year in one version. A name is null until it was heard."""

    id: str
    gemeente: str
    gemeente_naam: str | None
    aanbieder: str
    aanbieder_naam: str | None
    overeenkomst: str
    begin: str
    versie: int
    status: Publicatiestatus
    waarschuwing: str | None
    termijnen: list[SchematermijnUit]
    totaal: Euro
    wijzigingen: list[SchemawijzigingUit]
    versies: list[SchemaversieUit]


@router.get("/betaalschemas/{betaalschema}")
async def toon_betaalschema(
    betaalschema: str, request: Request, caller: Lezer, versie: Versie | None = None
) -> SchemaUit:
    """Toon het betaalschema van een contractjaar: de nieuwste versie, of de gevraagde. Een aanbieder ziet wat is
    gepubliceerd."""

    async def lees(reader: Reader, context: Context) -> SchemaUit:
        return _uit(
            await versies.toon(reader, context, betaalschema, versie), await segmenten(reader), await alle_namen(reader)
        )

    return await request.app.state.edge.read(lees, caller)  # type: ignore[no-any-return]  # of the app's state


@router.post("/betaalschemas/{betaalschema}/publicatie", response_model=SchemaUit)
async def publiceer_betaalschema(
    betaalschema: str, request: Request, caller: Controller, body: PublicatieIn | None = None
) -> Response:
    """Publiceer de nieuwste versie van het betaalschema van een contractjaar aan de aanbieder."""

    async def publiceer(reader: Reader, context: Context) -> Outcome[SchemaUit]:
        gevraagd = None if body is None else body.versie
        outcome = await versies.publiceer(reader, context, betaalschema, gevraagd)
        return Outcome(_uit(outcome.answer, await segmenten(reader), await alle_namen(reader)), outcome.changes)

    job = await work(request, caller)
    return await job.do(publiceer, lambda made: json_reply(200, made))


def _uit(getoond: Getoond, segment: dict[str, str], namen: Namen) -> SchemaUit:
    row = getoond.row
    per_maand: dict[Maand, dict[str, Bedrag]] = {}
    for code, maanden in sorted(getoond.opbouw.items()):
        for maand, bedrag in maanden.items():
            per_maand.setdefault(maand, {})[code] = bedrag
    return SchemaUit(
        id=row.betaalschema,
        gemeente=row.gemeente,
        gemeente_naam=namen.gemeenten.get(row.gemeente),
        aanbieder=row.aanbieder,
        aanbieder_naam=namen.aanbieders.get(row.aanbieder),
        overeenkomst=row.overeenkomst,
        begin=row.begin,
        versie=row.versie,
        status=getoond.status,
        waarschuwing=getoond.waarschuwing,
        termijnen=[
            SchematermijnUit(
                maand=str(maand),
                bedrag=som(delen.values()).als_euro(),
                opbouw=[
                    DeelUit(
                        segment=segment.get(code),
                        subsegment=code,
                        subsegment_naam=namen.subsegmenten.get(code),
                        bedrag=bedrag.als_euro(),
                    )
                    for code, bedrag in delen.items()
                ],
            )
            for maand, delen in sorted(per_maand.items())
        ],
        totaal=som(bedrag for delen in per_maand.values() for bedrag in delen.values()).als_euro(),
        wijzigingen=[
            SchemawijzigingUit(
                maand=str(wijziging.maand),
                subsegment=wijziging.subsegment,
                was=None if wijziging.was is None else wijziging.was.als_euro(),
                wordt=None if wijziging.wordt is None else wijziging.wordt.als_euro(),
            )
            for wijziging in getoond.wijzigingen
        ],
        versies=[_versie(getoond, versie) for versie in getoond.versies],
    )


def _versie(getoond: Getoond, row: Any) -> SchemaversieUit:
    publicatie = getoond.publicaties.get(row.versie)
    return SchemaversieUit(
        versie=row.versie,
        gemaakt_op=row.gemaakt_op.isoformat(),
        gemaakt_door=row.gemaakt_door,
        oorzaak=SchemaoorzaakUit(soort=row.oorzaak_soort, id=row.oorzaak_id, kenmerk=row.kenmerk),
        gepubliceerd_op=None if publicatie is None else publicatie.dag,
        gepubliceerd_door=None if publicatie is None else publicatie.door,
    )
