"""Routes of the budget."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import StringConstraints

from services.financien.begroting import handlers
from services.financien.begroting.rules import Begrotingsregel
from services.financien.grootboek.lezen import gemeente_van
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.paging import Lijst
from shared.web.schema import Euro, EuroIn, Gemeentecode, Invoer, Uitvoer
from shared.web.work import json_reply, work

router = APIRouter(tags=["begrotingen"])
Controller = Annotated[Caller, Depends(requires(Rol.CONTROLLER))]
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AUDITOR))]
Onderdeel = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}[A-Z0-9]{3}|jeugdwet|wmo)$")]
Tekst = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class BegrotingIn(Invoer):
    """What was budgeted for the part, and where that was decided."""

    gemeente: Gemeentecode
    bedrag: EuroIn
    bron: Tekst


class BegrotingUit(Uitvoer):
    """A budget as it was entered; of one year and part the last entry holds."""

    gemeente: str
    jaar: int
    onderdeel: str
    volgnummer: int
    bedrag: Euro
    bron: str
    ingevoerd_op: str
    ingevoerd_door: str


class BegrotingsregelUit(Uitvoer):
    """Budget against the year, of a law or a sub-segment: `lumpsum` was agreed, `bevoorschot` paid in advance so far,
    `gerealiseerd` is what months that are over cost (of which `afgerekend` is fixed), `verwacht` the whole year, and
    `ruimte` budget minus expected."""

    gemeente: str
    jaar: int
    onderdeel: str
    wet: str | None
    begroot: Euro | None
    lumpsum: Euro
    bevoorschot: Euro
    gerealiseerd: Euro
    afgerekend: Euro
    verwacht: Euro
    ruimte: Euro | None


@router.put("/begrotingen/{jaar}/{onderdeel}", response_model=BegrotingUit)
async def leg_begroting_vast(
    jaar: Annotated[int, Path(ge=2000, le=2100)],
    onderdeel: Onderdeel,
    body: BegrotingIn,
    request: Request,
    caller: Controller,
) -> Response:
    """Leg vast wat voor een jaar is begroot: voor een sub-segment, of voor een wet als geheel."""
    bedrag = Bedrag.van_euro(body.bedrag)
    job = await work(request, caller)
    return await job.do(
        lambda reader, context: handlers.leg_begroting_vast(
            reader, context, body.gemeente, jaar, onderdeel, bedrag, body.bron
        ),
        lambda row: json_reply(200, _begroting(row)),
    )


@router.get("/begrotingen")
async def lijst_begrotingen(
    request: Request,
    caller: Lezer,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    gemeente: Gemeentecode | None = None,
) -> Lijst[BegrotingsregelUit]:
    """De begroting van een jaar (zonder jaar: dit jaar) naast wat het jaar brengt, per wet en per sub-segment."""
    edge = request.app.state.edge
    eigen, vandaag = gemeente_van(caller, gemeente), edge.clock.today()
    gevraagd = jaar or vandaag.year
    async with edge.database.reading() as reader:
        regels = await handlers.begroting_en_stand(reader, vandaag, eigen, gevraagd)
    return Lijst(resultaten=[_regel(eigen, gevraagd, regel) for regel in regels])


def _begroting(row: dict[str, Any]) -> BegrotingUit:
    waarden = {naam: row[naam] for naam in BegrotingUit.model_fields if naam in row}
    bedrag, moment = Bedrag(row["bedrag_cent"]).als_euro(), row["ingevoerd_op"].isoformat()
    return BegrotingUit.model_validate({**waarden, "bedrag": bedrag, "ingevoerd_op": moment})


def _regel(gemeente: str, jaar: int, regel: Begrotingsregel) -> BegrotingsregelUit:
    stand, ruimte = regel.stand, regel.ruimte
    return BegrotingsregelUit(
        gemeente=gemeente,
        jaar=jaar,
        onderdeel=regel.onderdeel,
        wet=regel.wet,
        begroot=None if regel.begroot is None else regel.begroot.als_euro(),
        lumpsum=stand.lumpsum.als_euro(),
        bevoorschot=stand.bevoorschot.als_euro(),
        gerealiseerd=stand.gerealiseerd.als_euro(),
        afgerekend=stand.afgerekend.als_euro(),
        verwacht=stand.verwacht.als_euro(),
        ruimte=None if ruimte is None else ruimte.als_euro(),
    )
