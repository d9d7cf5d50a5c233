"""Routes of the ledger."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints

from services.financien.bereik import begrens
from services.financien.brief.api import als_antwoord
from services.financien.brief.handlers import XLSX, maak_xlsx
from services.financien.grootboek import handlers, lezen
from services.financien.grootboek.csv import als_csv
from services.financien.grootboek.rules import Geboekt
from services.financien.grootboek.rules.rubriek import Rubriek
from services.financien.grootboek.store import AFSLUITING, POST, posten
from services.financien.grootboek.werkblad import als_tabel
from shared.kernel.periode import Maand
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import PAGE, Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Datum, Euro, Gemeentecode, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(prefix="/grootboek", tags=["grootboek"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
CSV = "text/csv"
MAAND = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
Maandtekst = Annotated[str, StringConstraints(pattern=MAAND)]
Rubriekcode = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}[A-Z0-9]{3}|overig)$")]
Taakveld = Annotated[str, StringConstraints(pattern=r"^[0-9]\.[0-9]{1,3}[a-z]?$")]
Kostenplaats = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._/-]+$")]


class BoekingUit(Uitvoer):
    """`bedrag` goes from account `credit` to account `debet`; `maand` is the month it is about."""

    debet: str
    credit: str
    bedrag: Euro
    aanbieder: str | None
    subsegment: str | None
    maand: str | None
    tegenpartij: str | None


class OorzaakUit(Uitvoer):
    """What the post follows from."""

    soort: str
    id: str


class JournaalpostUit(Uitvoer):
    """A post: never changed, only undone by another one that names it in `herroept`."""

    id: str
    gemeente: str
    volgnummer: int
    boekdatum: date
    periode: str
    soort: str
    omschrijving: str
    oorzaak: OorzaakUit
    herroept: str | None
    persoon: str
    vastgelegd_op: str
    vorige: str
    hash: str
    boekingen: list[BoekingUit]


class DeelsaldoUit(Uitvoer):
    """Part of a balance."""

    aanbieder: str | None
    subsegment: str | None
    saldo: Euro


class SaldoUit(Uitvoer):
    """The balance of one account at the end of a day: debet minus credit."""

    gemeente: str
    peildatum: date
    rekening: str
    saldo: Euro
    opbouw: list[DeelsaldoUit]


class AfsluitingIn(Invoer):
    """The month to close; every month before it closes with it."""

    gemeente: Gemeentecode
    maand: Maandtekst


class AfsluitingUit(Uitvoer):
    """A closed month, with number and hash of the last post at that moment: keep them elsewhere as well."""

    gemeente: str
    maand: str
    volgnummer: int
    hash: str
    persoon: str
    vastgelegd_op: str


class RubriekIn(Invoer):
    """Iv3 taakveld and kostenplaats."""

    gemeente: Gemeentecode
    taakveld: Taakveld
    kostenplaats: Kostenplaats


class RubriekUit(Uitvoer):
    """Where the cost of a sub-segment goes from a date; `overig` is every sub-segment without its own."""

    gemeente: str
    subsegment: str
    ingangsdatum: date
    taakveld: str
    kostenplaats: str


@router.get("/posten")
async def lijst_journaalposten(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    vanaf: Datum | None = None,
    tot: Datum | None = None,
    aanbieder: Agb | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[JournaalpostUit]:
    """De journaalposten, met hun boekingen en oorzaak; vanaf en tot zijn boekdatums, beide inbegrepen."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    statement = posten(gemeente, vanaf, tot, aanbieder)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [POST.c.id], na, aantal))
        getoond = await handlers.met_boekingen(reader, rows[:aantal])
    more = next_page(request, [rows[aantal - 1].id]) if len(rows) > aantal else None
    return Lijst(resultaten=[uit(geboekt) for geboekt in getoond], volgende=more)


@router.get("/posten/{journaalpost}")
async def toon_journaalpost(journaalpost: str, request: Request, caller: Lezer) -> JournaalpostUit:
    """Toon een journaalpost."""
    edge = request.app.state.edge
    return uit(await edge.read(lambda reader, context: lezen.toon(reader, context, journaalpost), caller))


@router.get("/saldi")
async def lijst_saldi(
    request: Request, caller: Lezer, gemeente: Gemeentecode | None = None, peildatum: Datum | None = None
) -> Lijst[SaldoUit]:
    """Het saldo van elke rekening aan het eind van een dag (vandaag als er geen peildatum is), opgeteld uit de
    boekingen."""
    edge = request.app.state.edge
    eigen = lezen.gemeente_van(caller, gemeente)
    dag = peildatum or edge.clock.today()
    async with edge.database.reading() as reader:
        gevonden = await lezen.saldi(reader, eigen, dag)
    return Lijst(
        resultaten=[
            SaldoUit(
                gemeente=eigen,
                peildatum=dag,
                rekening=str(saldo.rekening),
                saldo=saldo.totaal().als_euro(),
                opbouw=[
                    DeelsaldoUit(aanbieder=aanbieder, subsegment=subsegment, saldo=bedrag.als_euro())
                    for (aanbieder, subsegment), bedrag in saldo.opbouw.items()
                ],
            )
            for saldo in gevonden
        ]
    )


@router.get("/export", response_class=Response, responses={200: {"content": {CSV: {}, XLSX: {}}}})
async def voer_journaal_uit(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    periode: Maandtekst | None = None,
    vorm: Literal["csv", "xlsx"] = "csv",
) -> Response:
    """De journaalregels van een maand (zonder periode: de lopende) als CSV of als werkblad (Excel), met kostenplaats en
    Iv3-taakveld op elke regel met lasten."""
    eigen = lezen.gemeente_van(caller, gemeente)
    edge = request.app.state.edge
    maand = Maand.van(edge.clock.today()) if periode is None else Maand.lees(periode)
    async with edge.database.reading() as reader:
        regels = await lezen.uitvoer(reader, eigen, maand)
    if vorm == "xlsx":
        tabel = als_tabel(f"Grootboek {eigen} {maand}", regels)
        return als_antwoord(await maak_xlsx(edge.context(caller), tabel.naam, (tabel,), f"grootboek-{eigen}-{maand}"))
    kop = {"Content-Disposition": f'attachment; filename="grootboek-{eigen}-{maand}.csv"'}
    return Response(als_csv(regels), media_type=f"{CSV}; charset=utf-8", headers=kop)


@router.get("/afsluitingen")
async def lijst_afsluitingen(
    request: Request,
    caller: Lezer,
    gemeente: Gemeentecode | None = None,
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lijst[AfsluitingUit]:
    """De afgesloten maanden."""
    gemeente, _ = begrens(caller, gemeente, None)
    statement = AFSLUITING.select()
    if gemeente is not None:
        statement = statement.where(AFSLUITING.c.gemeente == gemeente)
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(after(statement, [AFSLUITING.c.gemeente, AFSLUITING.c.maand], na, aantal))
    laatste = rows[aantal - 1] if len(rows) > aantal else None
    more = None if laatste is None else next_page(request, [laatste.gemeente, laatste.maand])
    return Lijst(resultaten=[_afsluiting(row._asdict()) for row in rows[:aantal]], volgende=more)


@router.post("/afsluitingen", status_code=201, response_model=AfsluitingUit)
async def sluit_maand_af(body: AfsluitingIn, request: Request, caller: Controller) -> Response:
    """Sluit de boeken tot en met een maand die voorbij is. Wat later bekend wordt, komt in een open maand."""
    gemeente = lezen.gemeente_van(caller, body.gemeente)
    job = await work(request, caller, key_required=True)
    maand = Maand.lees(body.maand)
    return await job.do(
        lambda reader, context: handlers.sluit_af(reader, context, gemeente, maand),
        lambda row: json_reply(201, _afsluiting(row)),
    )


@router.get("/rubrieken")
async def lijst_rubrieken(request: Request, caller: Lezer, gemeente: Gemeentecode | None = None) -> Lijst[RubriekUit]:
    """Taakveld en kostenplaats per sub-segment, elk vanaf een datum."""
    eigen = lezen.gemeente_van(caller, gemeente)
    async with request.app.state.edge.database.reading() as reader:
        rubrieken = await lezen.rubrieken_van(reader, eigen)
    return Lijst(resultaten=[_rubriek(eigen, rubriek) for rubriek in rubrieken])


@router.put("/rubrieken/{subsegment}/{ingangsdatum}", response_model=RubriekUit)
async def leg_rubriek_vast(
    subsegment: Rubriekcode, ingangsdatum: Datum, body: RubriekIn, request: Request, caller: Controller
) -> Response:
    """Leg taakveld en kostenplaats van een sub-segment vast, vanaf een datum in een open maand."""
    gemeente = lezen.gemeente_van(caller, body.gemeente)
    rubriek = Rubriek(subsegment, ingangsdatum, body.taakveld, body.kostenplaats)
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: lezen.leg_rubriek_vast(reader, context, gemeente, rubriek),
        lambda made: json_reply(200, _rubriek(gemeente, made)),
    )


def uit(geboekt: Geboekt) -> JournaalpostUit:
    """A post as shown."""
    post = geboekt.post
    return JournaalpostUit(
        id=geboekt.id,
        gemeente=post.gemeente,
        volgnummer=geboekt.volgnummer,
        boekdatum=post.boekdatum,
        periode=str(post.periode),
        soort=post.soort,
        omschrijving=post.omschrijving,
        oorzaak=OorzaakUit(soort=post.oorzaak.soort, id=post.oorzaak.id),
        herroept=post.herroept,
        persoon=geboekt.persoon,
        vastgelegd_op=geboekt.vastgelegd_op.isoformat(),
        vorige=geboekt.vorige,
        hash=geboekt.hash,
        boekingen=[
            BoekingUit(
                debet=str(boeking.debet),
                credit=str(boeking.credit),
                bedrag=boeking.bedrag.als_euro(),
                aanbieder=boeking.aanbieder,
                subsegment=boeking.subsegment,
                maand=None if boeking.maand is None else str(boeking.maand),
                tegenpartij=boeking.tegenpartij,
            )
            for boeking in post.boekingen
        ],
    )


def _afsluiting(row: dict[str, Any]) -> AfsluitingUit:
    return AfsluitingUit.model_validate({**row, "vastgelegd_op": row["vastgelegd_op"].isoformat()})


def _rubriek(gemeente: str, rubriek: Rubriek) -> RubriekUit:
    return RubriekUit(
        gemeente=gemeente,
        subsegment=rubriek.subsegment,
        ingangsdatum=rubriek.ingangsdatum,
        taakveld=rubriek.taakveld,
        kostenplaats=rubriek.kostenplaats,
    )
