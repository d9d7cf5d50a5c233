"""The route of next year's proposals."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import ColumnElement, Select

from services.financien.bereik import begrens
from services.financien.bezetting.rules import hoogstens_vier_decimalen, vier_decimalen
from services.financien.bezetting.store import Cel
from services.financien.indexatie.rules import als_aandeel
from services.financien.overeenkomst.store import LIJN
from services.financien.voorstel.handlers import Voorstel, stel_voor
from services.financien.voorstel.rules import METHODE, VENSTER, jaarbedrag
from services.financien.voorstel.store import CEL, REGIO, cellen, gemeenten_van
from shared.database.port import Reader
from shared.kernel.periode import Maand
from shared.kernel.plekken import Plekken
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import Bladwijzer, Lijst, after, next_page
from shared.web.schema import Agb, Euro, Gemeentecode, Uitvoer

router = APIRouter(tags=["voorstellen"])
LEZERS = (Rol.CONTROLLER, Rol.CONTRACTMANAGER, Rol.AANBIEDER, Rol.AUDITOR)
Lezer = Annotated[Caller, Depends(requires(*LEZERS))]


class WaarnemingUit(Uitvoer):
    """What happened from `begin` through `eind` (both included)."""

    begin: date
    eind: date
    dagen: int
    gestart: int
    geeindigd: int
    bezette_dagen: int
    gemiddeld_bezet: str | None


class BandbreedteUit(Uitvoer):
    """Places and lump sum at the lower and the upper bound, with 95% certainty."""

    plekken_minstens: str
    plekken_hoogstens: str
    lumpsum_minstens: Euro
    lumpsum_hoogstens: Euro


class VoorstelUit(Uitvoer):
    """What a year asks for. `gemeente` is null where gemeenten are taken together. Without a proposal `teWeinig` says
    what is missing. `prijsVan`: the month whose price it is; `index`: what that price grew by to the year.
    `opgegevenDoorlooptijdDagen` is what the contract states, beside the stay that really was."""

    jaar: int
    gemeente: str | None
    aanbieder: str
    subsegment: str
    plekken_nu: str
    waarneming: WaarnemingUit
    instroom_per_dag: str | None
    verblijfsduur_dagen: str | None
    opgegeven_doorlooptijd_dagen: int | None
    plekken: str | None
    prijs_per_plek: Euro
    prijs_van: str
    index: str | None
    lumpsum: Euro | None
    bandbreedte: BandbreedteUit | None
    te_weinig: str | None
    methode: str


@router.get("/voorstellen")
async def lijst_voorstellen(
    request: Request,
    caller: Lezer,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    gemeente: Gemeentecode | None = None,
    aanbieder: Agb | None = None,
    per: Literal["gemeente", "regio"] = "gemeente",
    na: Bladwijzer | None = None,
    aantal: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Lijst[VoorstelUit]:
    """Voorstel voor plekken en lumpsum van een jaar (zonder jaar: het volgende), uit instroom, werkelijke
    verblijfsduur en prijs; per gemeente, of met de gemeenten samen."""
    gemeente, aanbieder = begrens(caller, gemeente, aanbieder)
    edge = request.app.state.edge
    vandaag = edge.clock.today()
    gevraagd = jaar or vandaag.year + 1
    regio = per == "regio"
    sleutels: list[ColumnElement[Any]] = [*(REGIO if regio else CEL)]
    eerste = Maand(vandaag.year - VENSTER // 365, vandaag.month)
    statement = _gefilterd(cellen(str(eerste), str(Maand.van(vandaag)), regio=regio), gemeente, aanbieder)
    async with edge.database.reading() as reader:
        rows = await reader.select(after(statement, sleutels, na, aantal))
        groepen = [await _groep(reader, row, gemeente, regio=regio) for row in rows[:aantal]]
        voorstellen = await stel_voor(reader, vandaag, gevraagd, groepen)
    more = next_page(request, list(rows[aantal - 1])) if len(rows) > aantal else None
    return Lijst(resultaten=[_uit(voorstel, gevraagd) for voorstel in voorstellen], volgende=more)


def _gefilterd(statement: Select[Any], gemeente: str | None, aanbieder: str | None) -> Select[Any]:
    if gemeente is not None:
        statement = statement.where(LIJN.c.gemeente == gemeente)
    return statement if aanbieder is None else statement.where(LIJN.c.aanbieder == aanbieder)


async def _groep(reader: Reader, row: Any, gemeente: str | None, *, regio: bool) -> tuple[str | None, list[Cel]]:
    if not regio:
        return row.gemeente, [Cel(row.aanbieder, row.gemeente, row.subsegment)]
    if gemeente is not None:
        return gemeente, [Cel(row.aanbieder, gemeente, row.subsegment)]
    gemeenten = await reader.select(gemeenten_van(row.aanbieder, row.subsegment))
    return None, [Cel(row.aanbieder, deel.gemeente, row.subsegment) for deel in gemeenten]


def _uit(voorstel: Voorstel, jaar: int) -> VoorstelUit:
    gezien, schatting, prijs = voorstel.waarneming, voorstel.schatting, voorstel.prijs.prijs

    def bedrag(plekken: Plekken) -> str:
        return jaarbedrag(plekken, prijs).als_euro()

    return VoorstelUit(
        jaar=jaar,
        gemeente=voorstel.gemeente,
        aanbieder=voorstel.aanbieder,
        subsegment=voorstel.subsegment,
        plekken_nu=hoogstens_vier_decimalen(voorstel.toegekend),
        waarneming=WaarnemingUit(
            begin=gezien.begin,
            eind=gezien.eind,
            dagen=gezien.dagen,
            gestart=gezien.gestart,
            geeindigd=gezien.geeindigd,
            bezette_dagen=gezien.plekdagen,
            gemiddeld_bezet=vier_decimalen(Fraction(gezien.plekdagen, gezien.dagen)) if gezien.dagen else None,
        ),
        instroom_per_dag=None if schatting is None else vier_decimalen(schatting.instroom_per_dag),
        verblijfsduur_dagen=None if schatting is None else vier_decimalen(schatting.verblijfsduur),
        opgegeven_doorlooptijd_dagen=voorstel.opgegeven_dagen,
        plekken=None if schatting is None else schatting.plekken.als_tekst(),
        prijs_per_plek=prijs.als_euro(),
        prijs_van=str(voorstel.prijs.maand),
        index=None if voorstel.prijs.index is None else als_aandeel(voorstel.prijs.index),
        lumpsum=None if schatting is None else bedrag(schatting.plekken),
        bandbreedte=None
        if schatting is None
        else BandbreedteUit(
            plekken_minstens=schatting.minstens.als_tekst(),
            plekken_hoogstens=schatting.hoogstens.als_tekst(),
            lumpsum_minstens=bedrag(schatting.minstens),
            lumpsum_hoogstens=bedrag(schatting.hoogstens),
        ),
        te_weinig=voorstel.te_weinig,
        methode=METHODE,
    )
