"""Pages of the region: the heat map of gemeenten and aanbieders, and the lines behind a box of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.namen import alle_namen
from services.contractmanagement.regio.handlers import Regiobeeld, Vak, maak_regiobeeld, regels_bij
from services.contractmanagement.signaal.behandeling import ziet_werk
from shared.kernel.namen import Namen
from shared.outbox.edge import Caller
from shared.pages import genoemd
from shared.pages.engine import page
from shared.pages.navigation import REGIO
from shared.pages.session import signed_in
from shared.pages.table import Cel, Kolom, Soort, Tabel, rij
from shared.pages.words import getal, procent
from shared.web.schema import Agb, Gemeentecode, Subsegmentcode, SubsegmentOfLeeg

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*REGIO))]
REGELS = "/contractmanagement/regels"
# From which share of the awarded places a box gets its colour; the figures stand beside it.
TINTEN = ((Fraction(1, 2), "laag"), (Fraction(9, 10), "midden"), (Fraction(1), "hoog"))
LEGENDA = (
    *(("leegte", "niets bezet"), ("laag", "minder dan de helft"), ("midden", "de helft tot 90 %")),
    *(("hoog", "vanaf 90 %"), ("vol", "vol"), ("over", "meer dan vol")),
)


@router.get("/regio")
async def regio(request: Request, caller: Kijker, subsegment: SubsegmentOfLeeg = None) -> Response:
    """The heat map, of what this visitor may see."""
    aanbieder, gemeente = binnen_bereik(caller, None, None)
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        namen = await alle_namen(reader)
        dag, met_werk = edge.clock.today(), ziet_werk(caller)
        beeld = await maak_regiobeeld(reader, dag, aanbieder, gemeente, subsegment, met_werk=met_werk)
    return page(
        request,
        "regio/regio.html",
        "Bezetting in de regio",
        tabellen=[kaart(beeld, namen, subsegment)],
        beeld=beeld,
        totaal=beeld.samen(beeld.vakken.values()),
        zin=zin(beeld, namen),
        legenda=LEGENDA,
        subsegmenten=namen.subsegmenten.items(),
        gekozen=subsegment or "",
    )


@router.get("/regels")
async def regels(
    request: Request,
    caller: Kijker,
    aanbieder: Agb | None = None,
    gemeente: Gemeentecode | None = None,
    subsegment: Subsegmentcode | None = None,
) -> Response:
    """The contract lines of an aanbieder, a gemeente, a sub-segment."""
    aanbieder, gemeente = binnen_bereik(caller, aanbieder, gemeente)
    edge = request.app.state.edge
    dag = edge.clock.today()
    async with edge.database.reading() as reader:
        namen = await alle_namen(reader)
        gevonden = await regels_bij(reader, dag, aanbieder, gemeente, subsegment)
    tabel = Tabel(
        "contractregels",
        "Contractregels die vandaag lopen",
        (
            *(Kolom("Sub-segment"), genoemd.AANBIEDER, genoemd.GEMEENTE),
            *(Kolom("Bezet", Soort.GETAL), Kolom("Toegekend", Soort.GETAL), Kolom("Benutting", Soort.PROCENT)),
        ),
        [
            rij(
                Cel(namen.subsegment(benut.lijn.regel.subsegment), f"{REGELS}/{benut.lijn.id}"),
                genoemd.aanbieder(namen, benut.lijn.aanbieder),
                genoemd.gemeente(namen, benut.lijn.regel.gemeente),
                benut.bezet,
                benut.plekken,
                None if benut.benutting is None else Fraction(benut.benutting),
            )
            for benut in gevonden
        ],
        leeg="Hier loopt vandaag geen contractregel. Een overeenkomst voegt u toe via de API.",
    )
    delen = [*([namen.aanbieder(aanbieder)] if aanbieder else []), *([namen.gemeente(gemeente)] if gemeente else [])]
    titel = " · ".join(["Contractregels", *delen])
    return page(request, "regio/regels.html", titel, tabellen=[tabel])


def kaart(beeld: Regiobeeld, namen: Namen, subsegment: str | None) -> Tabel:
    """The heat map as a table: a row per aanbieder, a column per gemeente."""
    gemeenten = beeld.gemeenten
    rijen = []
    for aanbieder in beeld.aanbieders:
        eigen = [beeld.vakken.get((aanbieder, gemeente)) for gemeente in gemeenten]
        samen = beeld.samen(vak for vak in eigen if vak is not None)
        kop = genoemd.aanbieder(namen, aanbieder, _naar(aanbieder, None, subsegment))
        rijen.append([kop, *(warmte(vak, subsegment) for vak in eigen), *_som(samen)])
    onder = [
        Cel(_tekst(beeld.samen(vak for (_, van), vak in beeld.vakken.items() if van == gemeente)))
        for gemeente in gemeenten
    ]
    alles = beeld.samen(beeld.vakken.values())
    return Tabel(
        "bezetting",
        "Bezette van toegekende plekken, per aanbieder en gemeente",
        [
            genoemd.AANBIEDER,
            *(Kolom(namen.gemeente(gemeente)) for gemeente in gemeenten),
            *(Kolom("Bezet", Soort.GETAL), Kolom("Toegekend", Soort.GETAL), Kolom("Benutting", Soort.PROCENT)),
        ],
        rijen,
        leeg="Er loopt nog geen overeenkomst. Zodra contractmanagement er een vastlegt, staat hier de bezetting.",
        totaal=[Cel("Samen"), *onder, *_som(alles)],
    )


def warmte(vak: Vak | None, subsegment: str | None) -> Cel:
    """A box: its figures, a colour for how full it is, and where its lines are."""
    if vak is None:
        return Cel("", klasse="warmte niets")
    open_signalen = f"{vak.signalen}\xa0signaal" if vak.signalen == 1 else f"{vak.signalen}\xa0signalen"
    bij = [*([procent(vak.benutting)] if vak.benutting is not None else []), *([open_signalen] if vak.signalen else [])]
    href = _naar(vak.aanbieder, vak.gemeente, subsegment)
    return Cel(_tekst(vak), href, f"warmte {tint(vak)}", " · ".join(bij))


def tint(vak: Vak) -> str:
    """How full, as a class of the stylesheet."""
    if vak.bezet == 0:
        return "leegte"
    if vak.benutting is None or vak.benutting > 1:
        return "over"
    return next((naam for grens, naam in TINTEN if vak.benutting < grens), "vol")


def _tekst(vak: Vak) -> str:
    return f"{getal(vak.bezet)} / {getal(vak.plekken)}"


def _som(vak: Vak) -> Iterator[Cel]:
    yield from (Cel(vak.bezet), Cel(vak.plekken), Cel(vak.benutting))


def _naar(aanbieder: str, gemeente: str | None, subsegment: str | None) -> str:
    wanted = {"aanbieder": aanbieder, "gemeente": gemeente, "subsegment": subsegment}
    return f"{REGELS}?{urlencode({naam: waarde for naam, waarde in wanted.items() if waarde})}"


def zin(beeld: Regiobeeld, namen: Namen) -> str:
    """What the heat map says, in a sentence."""
    vol = [vak for vak in beeld.vakken.values() if vak.benutting is not None and vak.benutting >= 1]
    leeg = [vak for vak in beeld.vakken.values() if vak.benutting is not None and vak.benutting < Fraction(1, 2)]
    if not beeld.vakken:
        return ""
    delen = [
        f"Van {len(beeld.vakken)} vakken zijn er {len(vol)} vol of overbezet en {len(leeg)} minder dan half bezet."
    ]
    if vol:
        drukste = max(vol, key=lambda vak: (vak.benutting or 0, vak.aanbieder))
        waar = "de regio" if drukste.gemeente is None else namen.gemeente(drukste.gemeente)
        hoe = _tekst(drukste).replace("/", "van")
        delen.append(f"Het drukst is {namen.aanbieder(drukste.aanbieder)} voor {waar}: {hoe} plekken.")
    return " ".join(delen)
