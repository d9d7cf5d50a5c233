"""Routes of accountability."""

from __future__ import annotations

import asyncio
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, StringConstraints

from services.financien.bereik import begrens
from services.financien.bezetting.rules import hoogstens_vier_decimalen
from services.financien.boekjaar.handlers import grenzen
from services.financien.boekjaar.store import gemeenten_in_jaar
from services.financien.brief.werkblad import als_xlsx
from services.financien.namen import alle_namen
from services.financien.overeenkomst.store import LIJN
from services.financien.verantwoording import handlers
from services.financien.verantwoording.handlers import Verantwoording, Waarde, geldende_informatieset
from services.financien.verantwoording.rules import Deel, Informatieset, Regime, Veld
from services.financien.verantwoording.tabellen import als_csv, als_tabellen
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen
from shared.kernel.periode import Maand
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["verantwoordingen"])
LEZERS = (Rol.CONTROLLER, Rol.CONTRACTMANAGER, Rol.AANBIEDER, Rol.AUDITOR)
Lezer = Annotated[Caller, Depends(requires(*LEZERS))]
Contractmanager = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER))]
Maandtekst = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
JAAR = Query(ge=2000, le=2099)
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegimeIn(Invoer):
    """Under which regime the months from `begin` through `eind` are."""

    regime: Regime
    begin: Maandtekst
    eind: Maandtekst


class InformatiesetIn(Invoer):
    """What is accounted for over a year: fields in the order in which they are shown, and the regime of each month."""

    velden: Annotated[list[Veld], Field(min_length=1, max_length=20)]
    regimes: Annotated[list[RegimeIn], Field(min_length=1, max_length=12)]
    bron: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RegimeUit(Uitvoer):
    """As `RegimeIn`."""

    regime: Regime
    begin: str
    eind: str


class InformatiesetUit(Uitvoer):
    """What is accounted for over a year, and where that was agreed."""

    jaar: int
    velden: list[Veld]
    regimes: list[RegimeUit]
    bron: str


class VerantwoordingsregelUit(Uitvoer):
    """An aanbieder and sub-segment under one regime; a name is null until it was heard. `waarden` holds the fields of
    the information set: amounts in euros, places as decimals, days and leveringen as whole numbers; null where the
    regime does not know it."""

    aanbieder: str
    aanbieder_naam: str | None
    segment: str | None
    subsegment: str
    subsegment_naam: str | None
    regime: Regime
    begin: str
    eind: str
    waarden: dict[str, str | int | None]


class VerschilUit(Uitvoer):
    """Where administration and ledger differ: that should never be."""

    wat: str
    aanbieder: str
    subsegment: str
    administratie: Euro
    grootboek: Euro
    verschil: Euro


class VerantwoordingUit(Uitvoer):
    """A financial year of a gemeente as known on `stand`. `transitorisch`: what a year-end posted in it and back in
    January. Without `verschillen` it agrees with the ledger."""

    gemeente: str
    gemeente_naam: str | None
    jaar: int
    stand: date
    informatieset: InformatiesetUit
    regels: list[VerantwoordingsregelUit]
    transitorisch: Euro
    verschillen: list[VerschilUit]


BESTANDEN: dict[int | str, dict[str, Any]] = {200: {"model": Lijst[VerantwoordingUit], "content": {CSV: {}, XLSX: {}}}}


@router.get("/verantwoordingen", responses=BESTANDEN, response_model=Lijst[VerantwoordingUit])
async def lijst_verantwoordingen(
    request: Request,
    caller: Lezer,
    jaar: Annotated[int | None, JAAR] = None,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    vorm: Literal["json", "csv", "xlsx"] = "json",
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Lijst[VerantwoordingUit] | Response:
    """De verantwoording van een boekjaar (zonder jaar: dit jaar), per gemeente: naast elkaar wat is bevoorschot,
    gerealiseerd en afgerekend, en of dat aansluit op het grootboek. Ook als CSV of Excel."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    edge = request.app.state.edge
    vandaag = edge.clock.today()
    gevraagd = jaar or vandaag.year
    eerste, laatste = grenzen(gevraagd)
    statement = gemeenten_in_jaar(str(eerste), str(laatste))
    if gemeente is not None:
        statement = statement.where(LIJN.c.gemeente == gemeente)
    if aanbieder is not None:
        statement = statement.where(LIJN.c.aanbieder == aanbieder)
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, [LIJN.c.gemeente], na, aantal))
        verantwoord = [
            await handlers.verantwoord(reader, vandaag, row.gemeente, gevraagd, aanbieder) for row in rows[:aantal]
        ]
        namen = await alle_namen(reader)
    if vorm == "csv":
        return _bestand(
            als_csv(als_tabellen(verantwoord, namen)[0]), f"{CSV}; charset=utf-8", f"verantwoording-{gevraagd}.csv"
        )
    if vorm == "xlsx":
        titel = f"Verantwoording {gevraagd}"
        inhoud = await asyncio.to_thread(als_xlsx, titel, als_tabellen(verantwoord, namen), edge.clock.now())
        return _bestand(inhoud, XLSX, f"verantwoording-{gevraagd}.xlsx")
    more = next_page(request, [rows[aantal - 1].gemeente]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(een, namen) for een in verantwoord], volgende=more)


@router.get("/informatiesets")
async def toon_informatieset(
    request: Request, caller: Lezer, jaar: Annotated[int | None, JAAR] = None
) -> Lijst[InformatiesetUit]:
    """Wat over een jaar (zonder jaar: dit jaar) wordt verantwoord, en onder welk regime welke maanden vallen."""
    edge = request.app.state.edge
    gevraagd = jaar or edge.clock.today().year
    gevonden = await edge.read(lambda reader, _: geldende_informatieset(reader, gevraagd), caller)
    return Lijst(resultaten=[_informatieset(gevraagd, gevonden)])


@router.put("/informatiesets/{jaar}", response_model=InformatiesetUit)
async def leg_informatieset_vast(
    jaar: Annotated[int, Path(ge=2000, le=2099)], body: InformatiesetIn, request: Request, caller: Contractmanager
) -> Response:
    """Leg vast wat gemeenten en aanbieders samen over een jaar verantwoorden."""
    delen = tuple(Deel(d.regime, Maand.lees(d.begin), Maand.lees(d.eind)) for d in body.regimes)
    nieuw = Informatieset(tuple(body.velden), delen, body.bron)
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.leg_informatieset_vast(reader, context, jaar, nieuw),
        lambda made: json_reply(200, _informatieset(jaar, made)),
    )


def _bestand(inhoud: bytes, media_type: str, naam: str) -> Response:
    return Response(inhoud, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{naam}"'})


def _informatieset(jaar: int, informatie: Informatieset) -> InformatiesetUit:
    return InformatiesetUit(
        jaar=jaar,
        velden=list(informatie.velden),
        regimes=[RegimeUit(regime=d.regime, begin=str(d.begin), eind=str(d.eind)) for d in informatie.delen],
        bron=informatie.bron,
    )


def _uit(een: Verantwoording, namen: Namen) -> VerantwoordingUit:
    return VerantwoordingUit(
        gemeente=een.gemeente,
        gemeente_naam=namen.gemeenten.get(een.gemeente),
        jaar=een.jaar,
        stand=een.stand,
        informatieset=_informatieset(een.jaar, een.set),
        regels=[
            VerantwoordingsregelUit(
                aanbieder=regel.aanbieder,
                aanbieder_naam=namen.aanbieders.get(regel.aanbieder),
                segment=regel.segment,
                subsegment=regel.subsegment,
                subsegment_naam=namen.subsegmenten.get(regel.subsegment),
                regime=regel.deel.regime,
                begin=str(regel.deel.begin),
                eind=str(regel.deel.eind),
                waarden={str(veld): _waarde(waarde) for veld, waarde in regel.waarden.items()},
            )
            for regel in een.regels
        ],
        transitorisch=een.transitorisch.als_euro(),
        verschillen=[
            VerschilUit(
                wat=verschil.wat,
                aanbieder=verschil.aanbieder,
                subsegment=verschil.subsegment,
                administratie=verschil.administratie.als_euro(),
                grootboek=verschil.grootboek.als_euro(),
                verschil=(verschil.administratie - verschil.grootboek).als_euro(),
            )
            for verschil in een.verschillen
        ],
    )


def _waarde(waarde: Waarde) -> str | int | None:
    if isinstance(waarde, Bedrag):
        return waarde.als_euro()
    return hoogstens_vier_decimalen(waarde) if isinstance(waarde, Fraction) else waarde
