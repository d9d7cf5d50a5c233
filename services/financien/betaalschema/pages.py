"""Pages of the betaalschema: what is paid to whom, month by month, and whether the aanbieder was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.financien import partijen
from services.financien.bereik import begrens
from services.financien.betaalschema.handlers import Betaling, betalingen
from services.financien.betaalschema.rules import publicatiestatus, publicatiewaarschuwing, status
from services.financien.betaalschema.store import TERMIJN, termijnen
from services.financien.betaalschema.versies import Stand, publiceer, standen
from services.financien.namen import alle_namen
from services.financien.overeenkomst.store import LIJN
from services.financien.subsegment.handlers import segmenten
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.namen import Namen
from shared.kernel.periode import Maand
from shared.kernel.rol import Rol
from shared.outbox.edge import Caller
from shared.pages.engine import HEADERS, page
from shared.pages.navigation import GELD
from shared.pages.session import form, signed_in
from shared.pages.table import Kolom, Soort, Tabel, rij
from shared.pages.words import maand as maandnaam
from shared.web.schema import Agb, Gemeentecode

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*GELD))]
Controller = Annotated[Caller, Depends(signed_in(Rol.CONTROLLER))]
Jaar = Annotated[int | None, Query(ge=2000, le=2100)]
PAD = "/financien/betaalschemas"


@router.get("/betaalschemas")
async def betaalschemas(request: Request, caller: Kijker, jaar: Jaar = None) -> Response:
    """A row per gemeente and aanbieder of one calendar year."""
    edge = request.app.state.edge
    jaar = jaar or edge.clock.today().year
    async with edge.database.reading() as reader:
        gevonden = betalingen(await reader.select(_termijnen(caller, jaar)))
        namen = await alle_namen(reader)
        stand = await standen(reader, sorted({id for betaling in gevonden for id in betaling.contractjaren}))
    lopend = Maand.van(edge.clock.today())
    tabel = Tabel(
        "betaalschemas",
        f"Voorschotten in {jaar}",
        (
            *(*partijen.kolommen(caller), Kolom("Deze maand", Soort.BEDRAG)),
            *(Kolom(f"Heel {jaar}", Soort.BEDRAG), Kolom("Verteld aan de aanbieder")),
        ),
        [
            rij(
                *partijen.cellen(caller, namen, b.aanbieder, b.gemeente, _naar(b.aanbieder, b.gemeente, jaar)),
                som(b.opbouw[lopend].values()) if lopend in b.opbouw else None,
                b.totaal(),
                _verteld(b, stand),
            )
            for b in sorted(gevonden, key=lambda b: partijen.volgorde(namen, b.aanbieder, b.gemeente))
        ],
        leeg=f"In {jaar} zijn er geen voorschotten. Ze volgen uit een overeenkomst die contractmanagement vastlegt.",
        totaal=rij("Samen", "", _som_van(gevonden, lopend), som(b.totaal() for b in gevonden), "") if gevonden else (),
    )
    return page(request, "betaalschema/betaalschemas.html", f"Betaalschema's {jaar}", tabellen=[tabel], jaar=jaar)


@router.get("/betaalschemas/{aanbieder}")
async def betaalschema(
    request: Request, caller: Kijker, aanbieder: Agb, gemeente: Gemeentecode | None = None, jaar: Jaar = None
) -> Response:
    """What is paid to one aanbieder in a calendar year, built up per sub-segment."""
    begrens(caller, gemeente, aanbieder)
    edge = request.app.state.edge
    vandaag = edge.clock.today()
    jaar = jaar or vandaag.year
    statement = _termijnen(caller, jaar).where(LIJN.c.aanbieder == aanbieder)
    if gemeente is not None:
        statement = statement.where(LIJN.c.gemeente == gemeente)
    async with edge.database.reading() as reader:
        gevonden = betalingen(await reader.select(statement))
        stand = await standen(reader, sorted({id for betaling in gevonden for id in betaling.contractjaren}))
        segment = await segmenten(reader)
        namen = await alle_namen(reader)
    return page(
        request,
        "betaalschema/betaalschema.html",
        f"Betaalschema {jaar} van {namen.aanbieder(aanbieder)}",
        tabellen=[_opbouw(b, jaar, namen, segment, Maand.van(vandaag)) for b in gevonden],
        schemas=[
            (namen.gemeente_voluit(b.gemeente), f"voorschotten-{b.gemeente}", _jaren(b, stand, vandaag))
            for b in gevonden
        ],
        aanbieder=aanbieder,
        gekozen="" if gemeente is None else f"&gemeente={gemeente}",
        jaar=jaar,
        ontvanger="de aanbieder" if caller.aanbieder is None else "u",
        mag_publiceren=caller.rol == Rol.CONTROLLER,
    )


@router.post("/betaalschemas/{aanbieder}/publicatie")
async def publiceer_betaalschema(request: Request, caller: Controller, aanbieder: Agb) -> Response:
    """Tell the aanbieder the version that the controller looked at."""
    velden = await form(request)
    schema, versie, jaar = velden.get("schema", ""), velden.get("versie", ""), velden.get("jaar", "")
    nummer = int(versie) if versie.isdecimal() and len(versie) < 7 else None
    edge = request.app.state.edge
    await edge.carry_out(lambda reader, context: publiceer(reader, context, schema, nummer), caller=caller)
    jaartal = f"?jaar={jaar}" if jaar.isdecimal() and len(jaar) == 4 else ""
    return RedirectResponse(f"{PAD}/{aanbieder}{jaartal}", 303, headers=HEADERS)


def _termijnen(caller: Caller, jaar: int) -> Any:
    gemeente, aanbieder = begrens(caller, None, None)
    statement = termijnen().where(TERMIJN.c.maand.between(f"{jaar}-01", f"{jaar}-12"))
    for column, value in ((LIJN.c.gemeente, gemeente), (LIJN.c.aanbieder, aanbieder)):
        if value is not None:
            statement = statement.where(column == value)
    return statement


def _opbouw(betaling: Betaling, jaar: int, namen: Namen, segment: dict[str, str], lopend: Maand) -> Tabel:
    codes = sorted({code for delen in betaling.opbouw.values() for code in delen})
    per_code = {code: som(d[code] for d in betaling.opbouw.values() if code in d) for code in codes}
    return Tabel(
        f"voorschotten-{betaling.gemeente}",
        f"Voorschotten in {jaar} van {namen.gemeente_in_zin(betaling.gemeente)}, per sub-segment",
        (
            *(Kolom("Maand"), Kolom("Stand")),
            *(Kolom(_kop(code, namen, segment), Soort.BEDRAG) for code in codes),
            Kolom("Samen", Soort.BEDRAG),
        ),
        [
            rij(maandnaam(m), status(m, lopend).value, *(delen.get(code) for code in codes), som(delen.values()))
            for m, delen in sorted(betaling.opbouw.items())
        ],
        totaal=rij("Samen", "", *per_code.values(), betaling.totaal()),
    )


def _kop(code: str, namen: Namen, segment: dict[str, str]) -> str:
    """Segment and sub-segment above their amounts."""
    naam = namen.subsegment(code)
    return f"{segment[code]}: {naam}" if code in segment else naam


def _jaren(betaling: Betaling, stand: dict[str, Stand], vandaag: Any) -> list[dict[str, Any]]:
    """The contract years behind the terms shown, and whether their newest version was told."""
    jaren = []
    for jaar in sorted(betaling.contractjaren.values(), key=lambda jaar: (jaar.begin, jaar.id)):
        if (bekend := stand.get(jaar.id)) is None:
            continue
        gepubliceerd = max(bekend.publicaties, default=None)
        jaren.append(
            {
                "id": jaar.id,
                "begin": jaar.begin,
                "versie": bekend.versie,
                "gepubliceerd": gepubliceerd,
                "status": publicatiestatus(bekend.versie, gepubliceerd),
                "waarschuwing": publicatiewaarschuwing(jaar.begin, vandaag, bekend.publicaties.values()),
            }
        )
    return jaren


def _verteld(betaling: Betaling, stand: dict[str, Stand]) -> str:
    bekend = [stand[id] for id in betaling.contractjaren if id in stand]
    verteld = sum(max(een.publicaties, default=None) == een.versie for een in bekend)
    return "ja" if bekend and verteld == len(bekend) else "nog niet" if not verteld else "niet alles"


def _som_van(gevonden: Sequence[Betaling], maand: Maand) -> Bedrag:
    return som(bedrag for b in gevonden for bedrag in b.opbouw.get(maand, {}).values())


def _naar(aanbieder: str, gemeente: str, jaar: int) -> str:
    return f"{PAD}/{aanbieder}?gemeente={gemeente}&jaar={jaar}"
