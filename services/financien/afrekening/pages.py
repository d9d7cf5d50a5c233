"""Pages of settlements: calculate one, send it, hear the aanbieder, fix it, correct it, each with its whole story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from services.financien import partijen
from services.financien.afrekening import handlers, vaststelling, verzending
from services.financien.afrekening.correctie import anders, sindsdien
from services.financien.afrekening.rules import Verrekening
from services.financien.afrekening.stappen import VASTGESTELD, VERZONDEN, Row
from services.financien.afrekening.store import AFREKENING
from services.financien.bereik import begrens
from services.financien.brief.api import als_antwoord
from services.financien.namen import alle_namen
from services.financien.wederhoor.rules import reactiestand
from shared.database.port import Reader
from shared.kernel.agb import is_agb
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import FieldFault, Invalid
from shared.kernel.rol import Rol
from shared.outbox.edge import Caller, Context, Outcome
from shared.pages.engine import HEADERS, page
from shared.pages.navigation import GELD
from shared.pages.session import form, signed_in
from shared.pages.table import Kolom, Soort, Tabel, rij
from shared.pages.words import leesbaar

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*GELD))]
Controller = Annotated[Caller, Depends(signed_in(Rol.CONTROLLER))]
PAD = "/financien/afrekeningen"
REACTIES = ("akkoord", "bezwaar", "geen_antwoord")
MOST = 2000  # characters of an explanation
Stap = Callable[[Reader, Context], Awaitable[Outcome[Row]]]


class FormulierOnvolledig(Invalid):
    """A field of the form is missing, or not what it asks for."""


@router.get("/afrekeningen")
async def afrekeningen(request: Request, caller: Kijker) -> Response:
    """Every settlement that the visitor may see, newest period first; a controller can calculate another."""
    gemeente, aanbieder = begrens(caller, None, None)
    statement = select(AFREKENING)
    for column, value in ((AFREKENING.c.gemeente, gemeente), (AFREKENING.c.aanbieder, aanbieder)):
        if value is not None:
            statement = statement.where(column == value)
    if caller.aanbieder is not None:
        statement = statement.where(AFREKENING.c.verzonden_op.is_not(None) | (AFREKENING.c.status == VASTGESTELD))
    async with request.app.state.edge.database.reading() as reader:
        rows = await reader.select(statement.order_by(AFREKENING.c.einddatum.desc(), AFREKENING.c.id.desc()))
        namen = await alle_namen(reader)
    tabel = Tabel(
        "afrekeningen",
        "Afrekeningen",
        (
            *(*partijen.kolommen(caller), Kolom("Soort"), Kolom("Van", Soort.DATUM)),
            *(Kolom("Tot en met", Soort.DATUM), Kolom("Stand"), Kolom("Uitkomst", Soort.BEDRAG)),
        ),
        [
            rij(
                *partijen.cellen(caller, namen, row.aanbieder, row.gemeente, f"{PAD}/{row.id}"),
                *(row.soort, row.begindatum, row.einddatum, row.status, Bedrag(row.totaal_cent)),
            )
            for row in rows
        ],
        leeg="Er zijn nog geen afrekeningen. Een controller berekent er een over maanden die voorbij zijn.",
    )
    return page(
        request,
        "afrekening/afrekeningen.html",
        "Afrekeningen",
        tabellen=[tabel],
        controller=caller.rol == Rol.CONTROLLER,
        aanbieders=sorted(namen.aanbieders.items(), key=lambda paar: (paar[1].casefold(), paar[0])),
    )


@router.post("/afrekeningen/nieuw")
async def reken_af(request: Request, caller: Controller) -> Response:
    """Calculate a settlement as a concept."""
    velden = await form(request)
    assert caller.gemeente is not None
    aanbieder = velden.get("aanbieder", "")
    if not is_agb(aanbieder):
        raise _onvolledig("aanbieder", "Kies een aanbieder: een AGB-code van acht cijfers.")
    van, tot = _datum(velden, "begindatum"), _datum(velden, "einddatum")
    gemeente = caller.gemeente
    return await _doe(
        request, caller, lambda reader, context: handlers.reken_af(reader, context, gemeente, aanbieder, van, tot)
    )


@router.get("/afrekeningen/{id}")
async def afrekening(request: Request, caller: Kijker, id: str) -> Response:
    """One settlement: figures, story, and what can be done now."""
    edge = request.app.state.edge
    context = edge.context(caller)
    async with edge.database.reading() as reader:
        row = await handlers.toon(reader, context, id)
        verschil = await sindsdien(reader, context, row) if row["status"] in (VERZONDEN, VASTGESTELD) else []
        namen = await alle_namen(reader)
    aanbieder = namen.aanbieder(row["aanbieder"])
    sub = {regel["subsegment"]: namen.subsegment(regel["subsegment"]) for regel in row["regels"]}
    stand = reactiestand(
        gevraagd=row["verzonden_op"] is not None,
        reactie=row["reactie"],
        uiterlijk=row["reactie_uiterlijk"],
        dag=context.today,
    )
    return page(
        request,
        "afrekening/afrekening.html",
        f"{leesbaar(row['soort']).capitalize()} van {aanbieder}",
        tabellen=[regels(row, sub), doorlooptijd(row, sub)],
        afrekening=row,
        gemeente=namen.gemeente_voluit(row["gemeente"]),
        aanbieder=aanbieder,
        totaal=Bedrag(row["totaal_cent"]),
        stand=leesbaar(stand),
        sub=sub,
        gewijzigd=anders(verschil),
        nu_verschil=Bedrag(sum(regel["afrekening_cent"] for regel in verschil)),
        controller=caller.rol == Rol.CONTROLLER,
        reacties=[
            (reactie, leesbaar(reactie)) for reactie in REACTIES if caller.gemeente or reactie != "geen_antwoord"
        ],
    )


@router.post("/afrekeningen/{id}/verzending")
async def verzend(request: Request, caller: Controller, id: str) -> Response:
    """Send it to the aanbieder."""
    tekst = _tekst(await form(request))
    return await _doe(request, caller, lambda reader, context: verzending.verzend(reader, context, id, tekst))


@router.post("/afrekeningen/{id}/reactie")
async def reageer(request: Request, caller: Kijker, id: str) -> Response:
    """What the aanbieder says of it: agreement, or an objection to lines."""
    velden = await form(request)
    reactie, tekst = velden.get("reactie", ""), _tekst(velden)
    if reactie not in REACTIES:
        raise _onvolledig("reactie", f"Kies een reactie: {', '.join(map(leesbaar, REACTIES))}.")

    async def stap(reader: Reader, context: Context) -> Outcome[Row]:
        row = await handlers.toon(reader, context, id)
        return await verzending.leg_reactie_vast(reader, context, id, reactie, tekst, bezwaren(row, velden))

    return await _doe(request, caller, stap)


def bezwaren(row: Row, velden: dict[str, str]) -> list[Row]:
    """The objections on the form: field `bezwaar-N` is about the Nth line of the settlement."""
    gevonden = ((regel, velden.get(f"bezwaar-{nummer}")) for nummer, regel in enumerate(row["regels"]))
    return [
        {"overeenkomst": regel["overeenkomst"], "subsegment": regel["subsegment"], "toelichting": tekst[:MOST]}
        for regel, tekst in gevonden
        if tekst
    ]


@router.post("/afrekeningen/{id}/vaststelling")
async def stel_vast(request: Request, caller: Controller, id: str) -> Response:
    """Fix it: it goes into the books."""
    velden = await form(request)
    gekozen = velden.get("verrekening", "")
    keuze = Verrekening(gekozen) if gekozen in list(Verrekening) else None
    tekst, verzonden = _tekst(velden), "zoals_verzonden" in velden
    return await _doe(
        request,
        caller,
        lambda reader, context: vaststelling.stel_vast(reader, context, id, keuze, tekst, zoals_verzonden=verzonden),
    )


@router.post("/afrekeningen/{id}/intrekking")
async def trek_in(request: Request, caller: Controller, id: str) -> Response:
    """Withdraw it."""
    tekst = _tekst(await form(request))
    return await _doe(request, caller, lambda reader, context: verzending.trek_in(reader, context, id, tekst))


@router.post("/afrekeningen/{id}/correctie")
async def corrigeer(request: Request, caller: Controller, id: str) -> Response:
    """Calculate what came to light since it was fixed."""
    await form(request)
    return await _doe(request, caller, lambda reader, context: handlers.corrigeer(reader, context, id))


@router.get("/afrekeningen/{id}/{document}")
async def document(
    request: Request, caller: Kijker, id: str, document: Literal["brief", "specificatie.pdf", "specificatie.xlsx"]
) -> Response:
    """Letter or specification, as sent."""
    edge = request.app.state.edge
    return als_antwoord(
        await edge.read(lambda reader, context: verzending.document(reader, context, id, document), caller)
    )


async def _doe(request: Request, caller: Caller, stap: Stap) -> Response:
    row = await request.app.state.edge.carry_out(stap, caller=caller)
    return RedirectResponse(f"{PAD}/{row['id']}", 303, headers=HEADERS)


def _tekst(velden: dict[str, str]) -> str | None:
    return velden.get("toelichting", "")[:MOST] or None


def _datum(velden: dict[str, str], veld: str) -> date:
    try:
        return date.fromisoformat(velden.get(veld, ""))
    except ValueError as error:
        raise _onvolledig(veld, f"Vul bij {veld} een datum in.") from error


def _onvolledig(veld: str, melding: str) -> FormulierOnvolledig:
    return FormulierOnvolledig(melding, FieldFault(veld, "F-5", melding))


def regels(row: Row, sub: dict[str, str]) -> Tabel:
    """What was delivered and paid, per line."""

    def cent(naam: str) -> Bedrag:
        return Bedrag(sum(regel.get(f"{naam}_cent", 0) for regel in row["regels"]))

    return Tabel(
        "regels",
        f"Van {row['begindatum']:%d-%m-%Y} tot en met {row['einddatum']:%d-%m-%Y}",
        (
            *(Kolom("Sub-segment"), Kolom("Toegekend", Soort.GETAL), Kolom("Gemiddeld bezet", Soort.GETAL)),
            *(Kolom("Gerealiseerd", Soort.BEDRAG), Kolom("Betaald", Soort.BEDRAG)),
            *(Kolom("Eerder afgerekend", Soort.BEDRAG), Kolom("Afrekening", Soort.BEDRAG)),
        ),
        [
            rij(
                sub[regel["subsegment"]],
                *(regel["plekken"].replace(".", ","), regel["gemiddeld_bezet"].replace(".", ",")),
                *(Bedrag(regel[f"{naam}_cent"]) for naam in ("gerealiseerd", "betaald")),
                *(Bedrag(regel.get("eerder_cent", 0)), Bedrag(regel["afrekening_cent"])),
            )
            for regel in row["regels"]
        ],
        totaal=rij("Samen", "", "", *(cent(naam) for naam in ("gerealiseerd", "betaald", "eerder", "afrekening"))),
    )


def doorlooptijd(row: Row, sub: dict[str, str]) -> Tabel:
    """Stated against real length of stay: beside the settlement, never part of it (F-5)."""
    bekend: list[tuple[str, dict[str, Any]]] = [
        (sub[regel["subsegment"]], regel["doorlooptijd"]) for regel in row["regels"] if regel.get("doorlooptijd")
    ]
    return Tabel(
        "doorlooptijd",
        "Doorlooptijd in dagen: opgegeven en werkelijk (telt niet mee in de afrekening)",
        (
            *(Kolom("Sub-segment"), Kolom("Opgegeven", Soort.GETAL)),
            *(Kolom("Werkelijk gemiddeld", Soort.GETAL), Kolom("Beëindigd", Soort.GETAL)),
        ),
        [
            rij(
                naam,
                duur["opgegeven_dagen"],
                round(duur["dagen"] / duur["beeindigd"]) if duur["beeindigd"] else None,
                duur["beeindigd"],
            )
            for naam, duur in bekend
        ],
        leeg="Van deze periode zijn geen doorlooptijden bekend.",
    )
