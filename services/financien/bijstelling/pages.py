"""Pages of adjustments: what is proposed, the whole story of one, and the steps that a person takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from services.financien import partijen
from services.financien.bereik import begrens
from services.financien.bijstelling import handlers
from services.financien.bijstelling.store import BIJSTELLING
from services.financien.brief import handlers as brieven
from services.financien.brief.api import als_antwoord
from services.financien.namen import alle_namen
from services.financien.wederhoor.rules import reactiestand
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import FieldFault, Invalid
from shared.kernel.rol import Rol
from shared.outbox.edge import Caller, Context, Outcome
from shared.pages.engine import HEADERS, page
from shared.pages.navigation import GELD
from shared.pages.session import form, signed_in
from shared.pages.table import Kolom, Soort, Tabel, rij
from shared.pages.words import kwartaal, leesbaar, maand

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*GELD))]
Controller = Annotated[Caller, Depends(signed_in(Rol.CONTROLLER))]
PAD = "/financien/bijstellingen"
REACTIES = ("akkoord", "niet_akkoord", "geen_antwoord")
MOST = 2000  # characters of an explanation
Row = dict[str, Any]
Stap = Callable[[Reader, Context, str | None], Awaitable[Outcome[Row]]]


class KeuzeOnbekend(Invalid):
    """A choice on a form that is none of those offered."""


@router.get("/bijstellingen")
async def bijstellingen(request: Request, caller: Kijker, status: str = "") -> Response:
    """Every adjustment that the visitor may see, newest quarter first."""
    gemeente, aanbieder = begrens(caller, None, None)
    wie = (
        (BIJSTELLING.c.gemeente, gemeente),
        (BIJSTELLING.c.aanbieder, aanbieder),
        (BIJSTELLING.c.status, status or None),
    )
    statement = select(BIJSTELLING).where(*(column == value for column, value in wie if value is not None))
    if caller.aanbieder is not None:
        statement = statement.where(BIJSTELLING.c.gemeld_op.is_not(None))
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        rows = await reader.select(statement.order_by(BIJSTELLING.c.subsegment, BIJSTELLING.c.id))
        namen = await alle_namen(reader)
    rows = sorted(rows, key=lambda row: partijen.volgorde(namen, row.aanbieder, row.gemeente))
    tabel = Tabel(
        "bijstellingen",
        "Bijstellingen van voorschotten",
        (
            *(*partijen.kolommen(caller), Kolom("Sub-segment"), Kolom("Kwartaal"), Kolom("Stand")),
            *(Kolom("Lumpsum", Soort.BEDRAG), Kolom("Verwacht", Soort.BEDRAG), Kolom("Afwijking", Soort.BEDRAG)),
        ),
        [
            rij(
                *partijen.cellen(caller, namen, row.aanbieder, row.gemeente, f"{PAD}/{row.id}"),
                *(namen.subsegment(row.subsegment), row.kwartaal, row.status),
                *(Bedrag(row.lumpsum_cent), Bedrag(row.verwacht_cent), Bedrag(row.verwacht_cent - row.lumpsum_cent)),
            )
            for row in sorted(rows, key=lambda row: row.kwartaal, reverse=True)
        ],
        leeg=(
            "Er zijn geen bijstellingen. De kwartaalmonitor stelt ze voor als het verwachte bedrag te ver van de "
            "lumpsum raakt."
        ),
    )
    stand = ("voorgesteld", "gemeld", "vastgesteld", "ingetrokken")
    return page(
        request, "bijstelling/bijstellingen.html", "Bijstellingen", tabellen=[tabel], standen=stand, gekozen=status
    )


@router.get("/bijstellingen/{id}")
async def bijstelling(request: Request, caller: Kijker, id: str) -> Response:
    """The story of one adjustment, and what can be done now."""
    edge = request.app.state.edge
    context = edge.context(caller)
    async with edge.database.reading() as reader:
        row = await handlers.toon(reader, context, id)
        namen = await alle_namen(reader)
    stand = reactiestand(
        gevraagd=row["gemeld_op"] is not None,
        reactie=row["reactie"],
        uiterlijk=row["reactie_uiterlijk"],
        dag=context.today,
    )
    return page(
        request,
        "bijstelling/bijstelling.html",
        f"Bijstelling na het {kwartaal(row['kwartaal'])}: {namen.subsegment(row['subsegment'])}",
        tabellen=[termijnen(row), aanleiding(row)],
        bijstelling=row,
        gemeente=namen.gemeente_voluit(row["gemeente"]),
        aanbieder=namen.aanbieder(row["aanbieder"]),
        lumpsum=Bedrag(row["lumpsum_cent"]),
        verwacht=Bedrag(row["verwacht_cent"]),
        gerealiseerd=Bedrag(row["gerealiseerd_cent"]),
        stand=leesbaar(stand),
        controller=caller.rol == Rol.CONTROLLER,
        reacties=[
            (reactie, leesbaar(reactie)) for reactie in REACTIES if caller.gemeente or reactie != "geen_antwoord"
        ],
    )


@router.post("/bijstellingen/{id}/melding")
async def meld(request: Request, caller: Controller, id: str) -> Response:
    """Notify the aanbieder."""
    return await _doe(request, caller, id, lambda reader, context, tekst: handlers.meld(reader, context, id, tekst))


@router.post("/bijstellingen/{id}/vaststelling")
async def stel_vast(request: Request, caller: Controller, id: str) -> Response:
    """Fix it: open terms change."""
    return await _doe(
        request, caller, id, lambda reader, context, tekst: handlers.stel_vast(reader, context, id, tekst)
    )


@router.post("/bijstellingen/{id}/intrekking")
async def trek_in(request: Request, caller: Controller, id: str) -> Response:
    """Withdraw it."""
    return await _doe(request, caller, id, lambda reader, context, tekst: handlers.trek_in(reader, context, id, tekst))


@router.post("/bijstellingen/{id}/reactie")
async def reageer(request: Request, caller: Kijker, id: str) -> Response:
    """What the aanbieder says of it, itself or recorded for it."""
    velden = await form(request)
    reactie = velden.get("reactie", "")
    if reactie not in REACTIES:
        melding = f"Kies een reactie: {', '.join(map(leesbaar, REACTIES))}."
        raise KeuzeOnbekend(melding, FieldFault("reactie", "F-4", melding))

    def stap(reader: Reader, context: Context, tekst: str | None) -> Awaitable[Outcome[Row]]:
        return handlers.leg_reactie_vast(reader, context, id, reactie, tekst)

    return await _doe(request, caller, id, stap, velden)


@router.get("/bijstellingen/{id}/brief")
async def brief(request: Request, caller: Kijker, id: str) -> Response:
    """The letter as it was sent, or as it would be."""
    edge = request.app.state.edge
    return als_antwoord(await edge.read(lambda reader, context: handlers.brief(reader, context, id), caller))


@router.get("/brieven/{id}")
async def verzonden_brief(request: Request, caller: Kijker, id: str) -> Response:
    """A letter as it was sent."""
    edge = request.app.state.edge
    return als_antwoord(await edge.read(lambda reader, context: brieven.toon(reader, context, id), caller))


async def _doe(request: Request, caller: Caller, id: str, stap: Stap, velden: dict[str, str] | None = None) -> Response:
    gegeven = await form(request) if velden is None else velden
    tekst = gegeven.get("toelichting", "")[:MOST] or None
    await request.app.state.edge.carry_out(lambda reader, context: stap(reader, context, tekst), caller=caller)
    return RedirectResponse(f"{PAD}/{id}", 303, headers=HEADERS)


def termijnen(row: Row) -> Tabel:
    """The terms as they were and as they become."""
    was, wordt = row["oude_termijnen"], row["termijnen"]
    return Tabel(
        "termijnen",
        "Termijnen" if row["status"] != "vastgesteld" else "Termijnen zoals vastgesteld",
        (Kolom("Maand"), Kolom("Was", Soort.BEDRAG), Kolom("Wordt", Soort.BEDRAG), Kolom("Verschil", Soort.BEDRAG)),
        [
            rij(maand(m), Bedrag(was[m]), Bedrag(cent), Bedrag(cent - was[m]))
            if m in was
            else rij(maand(m), None, Bedrag(cent), None)
            for m, cent in sorted(wordt.items())
        ],
        totaal=rij(
            "Samen",
            Bedrag(sum(was.values())),
            Bedrag(sum(wordt.values())),
            Bedrag(sum(wordt.values()) - sum(was.values())),
        ),
    )


def aanleiding(row: Row) -> Tabel:
    """What the proposal rests on: the months through the quarter."""
    maanden = (row["aanleiding"] or {}).get("maanden", ())
    return Tabel(
        "aanleiding",
        "Bezetting waar het voorstel op rust",
        (
            *(Kolom("Maand"), Kolom("Toegekende plekken", Soort.GETAL), Kolom("Bezette dagen", Soort.GETAL)),
            Kolom("Gemiddeld bezet", Soort.GETAL),
        ),
        [
            rij(
                maand(m["maand"]),
                m["plekken"].replace(".", ","),
                m["bezette_dagen"],
                m["gemiddeld_bezet"].replace(".", ","),
            )
            for m in maanden
        ],
        leeg="Van dit voorstel is de bezetting niet bewaard.",
    )
