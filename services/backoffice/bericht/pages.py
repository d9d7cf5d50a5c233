"""Pages of the messages: what came in, what went out, what waits, and what a verdict means in plain Dutch."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Select, func, select

from services.backoffice.bericht.handlers import bekijk
from services.backoffice.bericht.inzage import eigen_berichten, mag_zien
from services.backoffice.bericht.rules import Richting, Status
from services.backoffice.bericht.store import BERICHT, BY_ID
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.codelijsten import RETOURCODES
from services.backoffice.partij.handlers import alle_namen
from shared.database.port import Reader
from shared.kernel.namen import Namen
from shared.outbox.edge import Caller, Context, Outcome
from shared.pages import genoemd
from shared.pages.engine import HEADERS, page
from shared.pages.navigation import BERICHTEN
from shared.pages.session import form, signed_in
from shared.pages.table import Cel, Kolom, Soort, Tabel, rij
from shared.web.schema import Zoekterm

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*BERICHTEN))]
PAD = "/backoffice/berichten"
PER_BLADZIJDE = 50
COLUMNS = [column for column in BERICHT.c if column.name not in ("inhoud", "fouten")]
UITLEG = {
    Status.ONTVANGEN: ("ontvangen", "Het bericht is bewaard en wordt zo beoordeeld."),
    Status.WACHT: ("wacht", "Het bericht wacht op een ander bericht dat nog onderweg kan zijn."),
    Status.GOEDGEKEURD: ("goedgekeurd", "Het bericht klopt en is verwerkt."),
    Status.AFGEKEURD: ("afgekeurd", "Het bericht klopt niet. De afzender kreeg een retourbericht dat zegt waarom."),
    Status.ONLEESBAAR: ("onleesbaar", "Dit is geen leesbaar iJw- of iWmo-bericht. De tekst is bewaard."),
    Status.SCHEMAFOUT: ("schemafout", "Het bericht heeft niet de vorm van de standaard. De tekst is bewaard."),
    Status.GEWEIGERD: ("geweigerd", "De afzender mag dit bericht niet sturen. De tekst is bewaard."),
    Status.NIET_ONDERSTEUND: (
        "niet ondersteund",
        "Dit soort bericht wordt hier nog niet verwerkt. De tekst is bewaard.",
    ),
    Status.TE_GROOT: ("te groot", "Het bericht is groter dan hier mag. Het begin is bewaard."),
    Status.HERHALING: ("herhaling", "Precies dit bericht was er al; de afzender kreeg hetzelfde antwoord."),
    Status.VERZONDEN: ("verzonden", "Het bericht staat klaar voor de ontvanger."),
}


@router.get("/berichten")
async def berichten(
    request: Request,
    caller: Kijker,
    richting: str = "",
    soort: Zoekterm = "",
    status: Zoekterm = "",
    zoek: Zoekterm = "",
    blad: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Messages, newest first."""
    filters = {"richting": richting, "soort": soort, "status": status, "zoek": zoek}
    waiting = (
        select(func.count()).select_from(BERICHT).where(*eigen_berichten(caller), BERICHT.c.status == Status.WACHT)
    )
    async with request.app.state.edge.database.reading() as reader:
        namen = await alle_namen(reader)
        wanted = gefilterd(select(*COLUMNS), caller, filters, namen)
        counted = gefilterd(select(func.count()).select_from(BERICHT), caller, filters, namen)
        [(aantal,)] = await reader.select(counted)
        [(wachtend,)] = await reader.select(waiting)
        first = (blad - 1) * PER_BLADZIJDE
        rows = await reader.select(wanted.order_by(BERICHT.c.id.desc()).offset(first).limit(PER_BLADZIJDE))
    return page(
        request,
        "bericht/berichten.html",
        "Berichten",
        tabellen=[als_tabel(rows, namen, gefilterd_is=any(filters.values()))],
        filters=filters,
        soorten=sorted({kind.nummer for kind in BERICHTSOORTEN.values()}),
        statussen=[(status.value, UITLEG[status][0]) for status in Status],
        aantal=aantal,
        wachtend=wachtend,
        van=first + 1 if rows else 0,
        tot=first + len(rows),
        vorige=_blad(filters, blad - 1) if blad > 1 else None,
        volgende=_blad(filters, blad + 1) if first + len(rows) < aantal else None,
    )


@router.get("/berichten/{id}")
async def bericht(request: Request, caller: Kijker, id: str) -> Response:
    """One message: who, when, and what the verdict means."""
    async with request.app.state.edge.database.reading() as reader:
        row = await reader.one(BY_ID, id=id)
        namen = await alle_namen(reader)
    mag_zien(caller, row)
    naam, uitleg = UITLEG[Status(row.status)]
    return page(
        request,
        "bericht/bericht.html",
        f"{row.soort or 'Bericht'} {row.identificatie or ''}".strip(),
        tabellen=[codes(row), bevindingen(row)],
        bericht=row,
        van=namen.partij_met_code(row.van or "onbekend"),
        aan=namen.partij_met_code(row.aan or "onbekend"),
        oordeel=naam,
        uitleg=uitleg,
        inkomend=row.richting == Richting.IN,
    )


@router.post("/berichten/{id}/tekst")
async def tekst(request: Request, caller: Kijker, id: str) -> Response:
    """The text itself. A form and no link: looking is recorded, so it happens on purpose."""
    await form(request)

    async def look(reader: Reader, context: Context) -> Outcome[bytes]:
        row = await reader.one(BY_ID, id=id)
        mag_zien(caller, row)
        return bekijk(context, request.app.state.vault, row)

    inhoud = await request.app.state.edge.carry_out(look, caller=caller)
    headers = {**HEADERS, "content-disposition": 'attachment; filename="bericht.xml"'}
    return Response(inhoud, media_type="application/xml", headers=headers)


def gefilterd(statement: Select[Any], caller: Caller, filters: dict[str, str], namen: Namen) -> Select[Any]:
    """What this caller may see of the archive, and asked for."""
    made = statement.where(*eigen_berichten(caller))
    if filters["richting"]:
        made = made.where(BERICHT.c.richting == filters["richting"])
    if filters["status"]:
        made = made.where(BERICHT.c.status == filters["status"])
    if filters["soort"]:
        kinds = [naam for naam, kind in BERICHTSOORTEN.items() if filters["soort"].upper() in (naam, kind.nummer)]
        made = made.where(BERICHT.c.soort.in_(kinds))
    if zoek := filters["zoek"]:
        found = BERICHT.c.identificatie.startswith(zoek, autoescape=True)
        wie = [zoek, *namen.partijen_met(zoek)]
        made = made.where(found | BERICHT.c.van.in_(wie) | BERICHT.c.aan.in_(wie))
    return made


def als_tabel(rows: Any, namen: Namen, *, gefilterd_is: bool) -> Tabel:
    """Messages as a table."""
    return Tabel(
        "berichten",
        "Berichten, nieuwste eerst",
        (
            *(Kolom("Bericht"), Kolom("Richting"), Kolom("Tijdstip", Soort.DATUM)),
            *(Kolom("Van", code="Code van"), Kolom("Aan", code="Code aan")),
            *(Kolom("Identificatie"), Kolom("Oordeel"), Kolom("Retourcodes")),
        ),
        [
            rij(
                Cel(row.soort or "onbekend", f"{PAD}/{row.id}"),
                row.richting,
                row.tijdstip,
                genoemd.partij(namen, row.van),
                genoemd.partij(namen, row.aan),
                row.identificatie,
                UITLEG[Status(row.status)][0],
                ", ".join(row.retourcodes) or None,
            )
            for row in rows
        ],
        leeg=(
            "Geen bericht past bij deze keuze. Maak de keuze ruimer."
            if gefilterd_is
            else "Nog geen berichten. Ze verschijnen hier zodra een aanbieder iets stuurt of een toewijzing vertrekt."
        ),
    )


def codes(row: Any) -> Tabel:
    """The retour codes with what they mean."""
    return Tabel(
        "retourcodes",
        "Retourcodes en wat ze betekenen",
        (Kolom("Code"), Kolom("Betekenis")),
        [
            rij(code, RETOURCODES.get(code, "Deze code staat niet in de lijst van iJw en iWmo."))
            for code in row.retourcodes
        ],
        leeg="Er zijn geen retourcodes: er is niets op aan te merken, of er is nog geen oordeel.",
    )


def bevindingen(row: Any) -> Tabel:
    """What was found wrong, place by place."""
    return Tabel(
        "bevindingen",
        "Wat er niet klopt, en wat te doen",
        (Kolom("Plaats in het bericht"), Kolom("Regel"), Kolom("Retourcode"), Kolom("Melding")),
        [rij(fout["plaats"], fout["regel"], fout["retourcode"], fout["melding"]) for fout in row.fouten],
        leeg="Binnen dit bericht is niets gevonden dat niet klopt.",
    )


def _blad(filters: dict[str, str], blad: int) -> str:
    return f"{PAD}?{urlencode({**{naam: waarde for naam, waarde in filters.items() if waarde}, 'blad': blad})}"
