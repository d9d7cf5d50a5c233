"""Pages of signals: which are open, what lies behind one, and what people do about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select

from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.namen import alle_namen
from services.contractmanagement.signaal import behandeling
from services.contractmanagement.signaal.behandeling import Signaaldossier, SignaalstapOngeldig, ziet_werk
from services.contractmanagement.signaal.dagwissel import wissel_dag
from services.contractmanagement.signaal.rules.episodes import Soort
from services.contractmanagement.signaal.store import SIGNAAL
from services.contractmanagement.signaal.voorraad import Signaal, Stil, Zoek, als_signaal, gezocht
from services.contractmanagement.signaal.werk import Stap, Werkstatus
from shared.kernel.namen import Namen
from shared.kernel.refusal import FieldFault
from shared.kernel.rol import Rol
from shared.outbox.edge import Caller
from shared.pages import genoemd
from shared.pages.chart import Trap, trappen
from shared.pages.engine import HEADERS, page
from shared.pages.navigation import REGIO
from shared.pages.session import form, signed_in
from shared.pages.table import Cel, Kolom, Tabel, rij
from shared.pages.table import Soort as Kolomsoort
from shared.pages.words import datum, leesbaar

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*REGIO))]
Contractmanager = Annotated[Caller, Depends(signed_in(Rol.CONTRACTMANAGER))]
PAD = "/contractmanagement/signalen"
PER_BLADZIJDE = 100
STATUSSEN = ("open", "gesloten", "vervallen", "alle")
STIL: tuple[Stil, ...] = ("nee", "ja", "alle")
MOST = 2000  # characters of a comment


@router.get("/signalen")
async def signalen(
    request: Request,
    caller: Kijker,
    status: str = "open",
    soort: str = "",
    werkstatus: str = "",
    eigenaar: str = "",
    stil: str = "nee",
    blad: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Signals, the newest first; open and not silent unless asked otherwise."""
    aanbieder, gemeente = binnen_bereik(caller, None, None)
    met_werk, edge = ziet_werk(caller), request.app.state.edge
    zoek = Zoek(
        status=None if status == "alle" else status if status in STATUSSEN else "open",
        aanbieder=aanbieder,
        gemeente=gemeente,
        soort=Soort(soort) if soort in list(Soort) else None,
        eigenaar=eigenaar or None if met_werk else None,
        werkstatus=Werkstatus(werkstatus) if met_werk and werkstatus in list(Werkstatus) else None,
        stil=next((keuze for keuze in STIL if keuze == stil), "nee"),
    )
    vandaag: date = edge.clock.today()
    gevraagd = gezocht(zoek, vandaag, met_werk=met_werk)
    first = (blad - 1) * PER_BLADZIJDE
    async with edge.database.reading() as reader:
        [(aantal,)] = await reader.select(select(func.count()).select_from(gevraagd.subquery()))
        volgorde = (SIGNAAL.c.sinds.desc(), SIGNAAL.c.id)
        rows = await reader.select(gevraagd.order_by(*volgorde).offset(first).limit(PER_BLADZIJDE))
        namen = await alle_namen(reader)
    gevonden = [als_signaal(row, vandaag, met_werk=met_werk) for row in rows]
    return page(
        request,
        "signaal/signalen.html",
        "Signalen",
        tabellen=[als_tabel(gevonden, namen, met_werk=met_werk)],
        keuzes={"status": status, "soort": soort, "werkstatus": werkstatus, "eigenaar": eigenaar, "stil": stil},
        statussen=STATUSSEN,
        soorten=[(soort.value, leesbaar(soort)) for soort in Soort],
        werkstatussen=[(stand.value, leesbaar(stand)) for stand in Werkstatus],
        met_werk=met_werk,
        aantal=aantal,
        van=first + 1 if gevonden else 0,
        tot=first + len(gevonden),
        blad=blad,
        verder=first + len(gevonden) < aantal,
    )


@router.get("/signalen/{id}")
async def signaal(request: Request, caller: Kijker, id: str) -> Response:
    """One signal: the occupancy around it, its cause, and everything that was done."""
    edge = request.app.state.edge
    aanbod = await edge.read(lambda reader, context: behandeling.aanbod_van_signaal(reader, context, id), caller)
    await wissel_dag(edge, **aanbod._asdict())
    async with edge.database.reading() as reader:
        dossier = await behandeling.toon_signaal(reader, edge.context(caller), id)
        namen = await alle_namen(reader)
    over = dossier.signaal
    tekst = over.toelichting
    grafiek = None
    if dossier.bezetting:
        lijnen = [
            Trap("bezet", [(strook.van, float(strook.bezet)) for strook in dossier.bezetting]),
            Trap(
                "toegekend", [(s.van, float(s.plekken.als_breuk())) for s in dossier.bezetting if s.plekken is not None]
            ),
        ]
        laatste = dossier.bezetting[-1].tot_en_met
        grafiek = await trappen(lijnen, laatste, "plekken", f"Bezette en toegekende plekken rond het signaal. {tekst}")
    waar = "de regio" if over.gemeente is None else namen.gemeente(over.gemeente)
    plaats = f"{namen.subsegment(over.subsegment)}, {namen.aanbieder(over.aanbieder)}, {waar}"
    return page(
        request,
        "signaal/signaal.html",
        f"{leesbaar(over.soort).capitalize()}: {plaats}",
        tabellen=[bezetting(dossier)],
        dossier=dossier,
        signaal=over,
        grafiek=grafiek,
        gang=gang(dossier),
        mag_werken=caller.rol == Rol.CONTRACTMANAGER,
        werkstatussen=[(stand.value, leesbaar(stand)) for stand in Werkstatus],
        ik=caller.gebruiker,
    )


@router.post("/signalen/{id}/stap")
async def zet_stap(request: Request, caller: Contractmanager, id: str) -> Response:
    """Owner, status of the work, silence, a comment: what the form changed."""
    velden = await form(request)
    stap = gelezen(velden)
    edge = request.app.state.edge
    await edge.carry_out(lambda reader, context: behandeling.zet_stap(reader, context, id, stap), caller=caller)
    return RedirectResponse(f"{PAD}/{id}", 303, headers=HEADERS)


def gelezen(velden: dict[str, str]) -> Stap:
    """The step on the form: a field counts when it differs from what the form was opened with."""
    wijzigt = {
        naam for naam in ("eigenaar", "werkstatus", "stil_tot") if velden.get(naam, "") != velden.get(f"was_{naam}", "")
    }
    stand, stil = velden.get("werkstatus", ""), velden.get("stil_tot", "")
    try:
        stil_tot = date.fromisoformat(stil) if stil else None
    except ValueError as error:
        melding = "Kies bij stil tot een datum, of laat het veld leeg."
        raise SignaalstapOngeldig(melding, FieldFault("stilTot", "C-2", melding)) from error
    return Stap(
        frozenset(wijzigt if stand in list(Werkstatus) else wijzigt - {"werkstatus"}),
        velden.get("eigenaar") or None,
        Werkstatus(stand) if stand in list(Werkstatus) else Werkstatus.NIEUW,
        stil_tot,
        velden.get("opmerking", "")[:MOST] or None,
    )


def als_tabel(gevonden: list[Signaal], namen: Namen, *, met_werk: bool) -> Tabel:
    """Signals as a table; what is done about them for who may see that."""
    werk = (Kolom("Eigenaar"), Kolom("Werk")) if met_werk else ()
    return Tabel(
        "signalen",
        "Signalen, nieuwste eerst",
        (
            *(Kolom("Signaal"), genoemd.AANBIEDER, Kolom("Sub-segment"), genoemd.GEMEENTE),
            *(Kolom("Sinds", Kolomsoort.DATUM), Kolom("Tot en met", Kolomsoort.DATUM), Kolom("Toelichting"), *werk),
        ),
        [
            rij(
                Cel(leesbaar(een.soort), f"{PAD}/{een.id}"),
                genoemd.aanbieder(namen, een.aanbieder),
                namen.subsegment(een.subsegment),
                genoemd.gemeente(namen, een.gemeente),
                *(een.sinds, een.tot_en_met, een.toelichting),
                *_werk(een, met_werk=met_werk),
            )
            for een in gevonden
        ],
        leeg="Er zijn geen signalen die hierbij passen. Zodra plekken vol raken of leeg blijven, staat het hier.",
    )


def _werk(signaal: Signaal, *, met_werk: bool) -> tuple[str | None, ...]:
    if not met_werk:
        return ()
    if signaal.werk is None:
        return (None, leesbaar(Werkstatus.NIEUW))
    stil = "" if signaal.werk.stil_tot is None else f", stil tot {datum(signaal.werk.stil_tot)}"
    return (signaal.werk.eigenaar, f"{leesbaar(signaal.werk.werkstatus)}{stil}")


def bezetting(dossier: Signaaldossier) -> Tabel:
    """The occupancy around the signal."""
    return Tabel(
        "bezetting",
        "Bezetting rond het signaal",
        (
            *(Kolom("Van", Kolomsoort.DATUM), Kolom("Tot en met", Kolomsoort.DATUM)),
            *(Kolom("Bezet", Kolomsoort.GETAL), Kolom("Toegekend", Kolomsoort.GETAL)),
        ),
        [rij(strook.van, strook.tot_en_met, strook.bezet, strook.plekken) for strook in dossier.bezetting],
        leeg="Rond dit signaal is geen bezetting meer bekend.",
    )


def gang(dossier: Signaaldossier) -> list[dict[str, object]]:
    """What happened, oldest first: what was worked out and what people did."""
    berekend = [
        {
            "moment": een.tijdstip,
            "wat": f"berekend: {een.status}",
            "door": "Plekregie",
            "tekst": _oorzaak(een.oorzaak.gebeurtenis, een.oorzaak.aanleiding),
        }
        for een in dossier.veranderingen
    ]
    gezet = [
        {
            "moment": stap.tijdstip,
            "wat": "stap",
            "door": stap.gebruiker,
            "tekst": "; ".join(f"{leesbaar(naam)}: {waarde or 'niemand meer'}" for naam, waarde in stap.inhoud.items()),
        }
        for stap in dossier.stappen
    ]
    return sorted([*berekend, *gezet], key=lambda een: str(een["moment"]))


def _oorzaak(gebeurtenis: str, aanleiding: str | None) -> str:
    if gebeurtenis.startswith("dagwissel:"):
        return "Een nieuwe dag begon."
    return f"Na gebeurtenis {gebeurtenis}" + (f", door bericht of besluit {aanleiding}." if aanleiding else ".")
