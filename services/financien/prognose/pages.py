"""The money of one contract line: advances against realised amounts per month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.financien.bereik import begrens
from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.bezetting.rules import gerealiseerd
from services.financien.brief.rules import opsomming
from services.financien.namen import alle_namen
from services.financien.overeenkomst.store import LIJN, lijnen
from services.financien.prognose.handlers import Getoond, toon
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller
from shared.pages.chart import Staven, staven
from shared.pages.engine import page
from shared.pages.navigation import GELD
from shared.pages.session import signed_in
from shared.pages.table import Kolom, Soort, Tabel, rij
from shared.pages.words import euro, maand
from shared.web.schema import Gemeentecode, Subsegmentcode, Zoekterm

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*GELD))]
Bedragen = dict[Maand, Bedrag]


@router.get("/lijn")
async def lijn(
    request: Request,
    caller: Kijker,
    overeenkomst: Zoekterm,
    subsegment: Subsegmentcode,
    gemeente: Gemeentecode | None = None,
) -> Response:
    """Of one contract and sub-segment: the lines of this gemeente, or all that the visitor may see."""
    gemeente, aanbieder = begrens(caller, gemeente, None)
    statement = lijnen().where(LIJN.c.overeenkomst == overeenkomst, LIJN.c.subsegment == subsegment)
    for column, value in ((LIJN.c.gemeente, gemeente), (LIJN.c.aanbieder, aanbieder)):
        if value is not None:
            statement = statement.where(column == value)
    edge = request.app.state.edge
    async with edge.database.reading() as reader:
        getoond = [await toon(reader, edge.context(caller), row) for row in await reader.select(statement)]
        if not getoond:
            raise NotFound("Deze contractregel is er niet, of is niet van uw organisatie.")
        voorschot: Bedragen = {}
        for item in getoond:
            tel_op(voorschot, ((m, t.bedrag) for m, t in (await schema_van_lijn(reader, item.lijn.id)).items()))
        namen = await alle_namen(reader)
    echt: Bedragen = {}
    for item in getoond:
        tel_op(echt, per_maand(item))
    code, gemeenten = getoond[0].lijn.aanbieder, sorted({item.lijn.gemeente for item in getoond})
    wie = namen.aanbieder(code)
    maanden = sorted(voorschot.keys() | echt.keys())
    groepen = [_staven("voorschot", voorschot, maanden), _staven("gerealiseerd", echt, maanden)]
    tekst = zin(getoond)
    return page(
        request,
        "prognose/lijn.html",
        f"{namen.subsegment(subsegment)} bij {wie}",
        tabellen=[als_tabel(maanden, voorschot, echt)],
        grafiek=await staven(groepen, "euro", f"Voorschot en gerealiseerd bedrag per maand. {tekst}"),
        zin=tekst,
        aanbieder=code,
        naam=wie,
        gemeenten=opsomming([namen.gemeente_in_zin(een) for een in gemeenten]),
    )


def per_maand(item: Getoond) -> Iterator[tuple[Maand, Bedrag]]:
    """The realised amount of each month, by the cumulative rounding of advances: so they add up to that of the line."""
    contract, tot_nu = item.lijn.contract, Bedrag(0)
    for volgnummer, m in enumerate(maanden := sorted(item.dagen), start=1):
        samen = gerealiseerd(contract, item.dagen, maanden[:volgnummer])
        yield m, samen - tot_nu
        tot_nu = samen


def tel_op(bij: Bedragen, delen: Iterable[tuple[Maand, Bedrag]]) -> None:
    """Add amounts per month."""
    for m, bedrag in delen:
        bij[m] = bij.get(m, Bedrag(0)) + bedrag


def als_tabel(maanden: list[Maand], voorschot: Bedragen, echt: Bedragen) -> Tabel:
    """The figures of the chart; no realised amount in months that are still to come."""
    verschil = {m: echt[m] - voorschot.get(m, Bedrag(0)) for m in echt}
    return Tabel(
        "voorschot-en-gerealiseerd",
        "Voorschot en gerealiseerd bedrag per maand",
        (
            *(Kolom("Maand"), Kolom("Voorschot", Soort.BEDRAG)),
            *(Kolom("Gerealiseerd", Soort.BEDRAG), Kolom("Verschil", Soort.BEDRAG)),
        ),
        [rij(maand(m), voorschot.get(m), echt.get(m), verschil.get(m)) for m in maanden],
        totaal=rij("Samen", som(voorschot.values()), som(echt.values()), som(verschil.values())),
    )


def zin(getoond: list[Getoond]) -> str:
    """What the chart says, in a sentence."""
    lumpsum = som(item.prognose.lumpsum for item in getoond)
    verwacht = som(item.prognose.verwacht for item in getoond)
    echt = som(item.prognose.gerealiseerd for item in getoond)
    meer = verwacht - lumpsum
    verschil = euro(Bedrag(abs(meer.cent)))
    hoe = "evenveel als" if meer.cent == 0 else f"{verschil} {'meer' if meer.cent > 0 else 'minder'} dan"
    return (
        f"Gerealiseerd tot en met vandaag: {euro(echt)}. "
        f"Verwacht over de hele looptijd: {euro(verwacht)}, {hoe} de lumpsum van {euro(lumpsum)}."
    )


def _staven(naam: str, bedragen: Bedragen, maanden: list[Maand]) -> Staven:
    return Staven(naam, [(str(m), bedragen[m].cent / 100) for m in maanden if m in bedragen])
