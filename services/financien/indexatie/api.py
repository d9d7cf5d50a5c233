"""Routes of index figures and of what they make of contracts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import StringConstraints

from services.financien.bereik import begrens
from services.financien.indexatie import handlers
from services.financien.indexatie.handlers import Indexatievoorstel, geldende_cijfers, index_in
from services.financien.indexatie.rules import Index, als_aandeel
from services.financien.indexatie.store import te_indexeren_overeenkomsten, van_gemeente
from services.financien.overeenkomst.store import OVEREENKOMSTVERSIE
from shared.database.port import Reader
from shared.outbox.edge import Caller, Context, Outcome
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["indexatie"])
Contractmanager = Annotated[Caller, Depends(requires(Rol.CONTRACTMANAGER))]
LEZERS = (Rol.CONTRACTMANAGER, Rol.CONTROLLER, Rol.AANBIEDER, Rol.AUDITOR)
Lezer = Annotated[Caller, Depends(requires(*LEZERS))]
Wet = Literal["jeugdwet", "wmo"]
Jaar = Annotated[int, Path(ge=2000, le=2100)]
Groei = Annotated[str, StringConstraints(pattern=r"^-?0(\.[0-9]{1,6})?$")]
Tekst = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class IndexcijferIn(Invoer):
    """Growth of prices in the year as shares (`0.0325` is 3.25%): the forecast, the definitive figure once it is known,
    and where they come from."""

    prognose: Groei
    definitief: Groei | None = None
    bron: Tekst


class IndexcijferUit(Uitvoer):
    """The figures of a law and year, and the index on its 1 January: forecast + (definitive − forecast of the year
    before). Null when one of those is missing; `toelichting` says which."""

    wet: str
    jaar: int
    prognose: str
    definitief: str | None
    bron: str
    ingevoerd_op: str
    ingevoerd_door: str
    index: str | None
    nacalculatie: str | None
    toelichting: str


class PrijsvoorstelUit(Uitvoer):
    """A price per place per year that becomes another from a date; `wordt` is null without index."""

    gemeente: str | None
    subsegment: str
    wet: str | None
    vanaf: date
    was: Euro
    wordt: Euro | None


class WijzigingsregelUit(Uitvoer):
    """A line as contractmanagement takes it in."""

    gemeente: str | None
    subsegment: str
    plekken: str
    prijs_per_plek: Euro
    opgegeven_doorlooptijd_dagen: int | None
    verdeelsleutel: dict[str, str] | None


class IndexaanleidingUit(Uitvoer):
    """By which the change is known as this indexation."""

    soort: str
    kenmerk: str


class ContractwijzigingUit(Uitvoer):
    """The body of `POST /contractmanagement/v1/overeenkomsten/{id}/wijzigingen`."""

    ingangsdatum: date
    aanleiding: IndexaanleidingUit
    regels: list[WijzigingsregelUit]


class IndexatieUit(Uitvoer):
    """What 1 January makes of a contract: `toegepast` counts the lines that are done, `regels` are those that are not.
    Hand in `wijzigingen` in this order."""

    overeenkomst: str
    versie: int
    aanbieder: str
    jaar: int
    toegepast: int
    regels: list[PrijsvoorstelUit]
    wijzigingen: list[ContractwijzigingUit]


@router.put("/indexcijfers/{wet}/{jaar}", response_model=IndexcijferUit)
async def leg_indexcijfer_vast(
    wet: Wet, jaar: Jaar, body: IndexcijferIn, request: Request, caller: Contractmanager
) -> Response:
    """Leg de prognose van een jaar vast, en het definitieve cijfer zodra dat bekend is."""

    async def leg_vast(reader: Reader, context: Context) -> Outcome[IndexcijferUit]:
        cijfers = await geldende_cijfers(reader)
        outcome = await handlers.leg_indexcijfer_vast(
            reader, context, wet, jaar, body.prognose, body.definitief, body.bron
        )
        row = outcome.answer
        return Outcome(_cijfer(row, {**cijfers, (wet, jaar): row}), outcome.changes)

    job = await work(request, caller)
    return await job.do(leg_vast, lambda made: json_reply(200, made))


@router.get("/indexcijfers")
async def lijst_indexcijfers(request: Request, caller: Lezer) -> Lijst[IndexcijferUit]:
    """De indexcijfers per wet en jaar, met de index die eruit volgt."""
    cijfers = await request.app.state.edge.read(lambda reader, _: geldende_cijfers(reader), caller)
    return Lijst(resultaten=[_cijfer(row, cijfers) for _, row in sorted(cijfers.items())])


@router.get("/indexaties")
async def lijst_indexaties(
    request: Request,
    caller: Lezer,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[IndexatieUit]:
    """Wat 1 januari van een jaar (zonder jaar: het volgende) doet met de prijzen van overeenkomsten die meegroeien met
    de index. De contractmanager krijgt de wijzigingen erbij."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    jaar = jaar or request.app.state.edge.clock.today().year + 1
    statement = te_indexeren_overeenkomsten(jaar)
    if aanbieder is not None:
        statement = statement.where(OVEREENKOMSTVERSIE.c.aanbieder == aanbieder)
    if gemeente is not None:
        statement = statement.where(van_gemeente(gemeente))
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [OVEREENKOMSTVERSIE.c.overeenkomst], na, aantal))
        voorstellen = await handlers.stel_indexaties_voor(reader, caller, rows[:aantal], jaar)
    more = next_page(request, [rows[aantal - 1].overeenkomst]) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(voorstel, jaar) for voorstel in voorstellen], volgende=more)


def _uit(voorstel: Indexatievoorstel, jaar: int) -> IndexatieUit:
    return IndexatieUit(
        overeenkomst=voorstel.overeenkomst,
        versie=voorstel.versie,
        aanbieder=voorstel.aanbieder,
        jaar=jaar,
        toegepast=voorstel.toegepast,
        regels=[
            PrijsvoorstelUit(
                gemeente=regel.gemeente,
                subsegment=regel.subsegment,
                wet=regel.wet,
                vanaf=regel.vanaf,
                was=regel.was.als_euro(),
                wordt=None if regel.wordt is None else regel.wordt.als_euro(),
            )
            for regel in voorstel.regels
        ],
        wijzigingen=[ContractwijzigingUit.model_validate(body) for body in voorstel.wijzigingen],
    )


def _cijfer(row: dict[str, Any], cijfers: dict[tuple[str, int], dict[str, Any]]) -> IndexcijferUit:
    wet, jaar = str(row["wet"]), int(row["jaar"])
    index = index_in(cijfers, wet, jaar)
    zelfde = ("wet", "jaar", "prognose", "definitief", "bron", "ingevoerd_door")
    return IndexcijferUit.model_validate(
        {
            **{naam: row[naam] for naam in zelfde},
            "ingevoerd_op": row["ingevoerd_op"].isoformat(),
            "index": None if index is None else als_aandeel(index.waarde),
            "nacalculatie": None if index is None else als_aandeel(index.nacalculatie),
            "toelichting": _toelichting(index, wet, jaar, cijfers.get((wet, jaar - 1))),
        }
    )


def _toelichting(index: Index | None, wet: str, jaar: int, vorig: dict[str, Any] | None) -> str:
    if index is not None:
        delen = f"{als_aandeel(index.prognose)} + ({vorig['definitief']} − {vorig['prognose']})" if vorig else ""
        return f"Index per 1 januari {jaar}: {delen} = {als_aandeel(index.waarde)}."
    if vorig is None:
        return f"Er zijn geen cijfers van {wet} over {jaar - 1}. Leg die vast, met het definitieve cijfer."
    return f"Het definitieve cijfer van {wet} over {jaar - 1} ontbreekt. Vul het aan bij dat jaar."
