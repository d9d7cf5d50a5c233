"""The route for who builds software that sends messages: what is wrong with this one? Nothing is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.backoffice.bericht.api import FoutUit
from services.backoffice.istandaarden.controle import Uitspraak, beoordeel
from services.backoffice.ontvangst.inhoud import REQUEST_BODY, TeGroot, geen_xml, is_xml, lees_inhoud, zonder_ophouden
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Uitvoer

router = APIRouter()  # part of the router of reception


class OordeelUit(Uitvoer):
    """The verdict on a message, as `plekregie bericht controleer --json` prints it, without the file."""

    bericht: str | None
    oordeel: Uitspraak
    fouten: list[FoutUit]


@router.post(
    "/berichten/_controleer",
    response_model=OordeelUit,
    responses={200: {"description": "Beoordeeld; `fouten` zegt per fout waar, welke regel en wat te doen"}},
    openapi_extra=REQUEST_BODY,
)
async def controleer_bericht(
    request: Request,
    _: Annotated[Caller, Depends(requires(Rol.AANBIEDER, Rol.BACKOFFICE, Rol.KNOOPPUNT))],
) -> Response:
    """Controleer een iJw- of iWmo-bericht (ruwe XML) zonder het aan te leveren. Er wordt niets bewaard of verwerkt.

    `goed`: geen fouten. `afgekeurd`: het breekt regels die binnen één bericht te controleren zijn. `schemafout`: het
    voldoet niet aan het schema. `onleesbaar`: geen goed gevormde XML, of geen bericht van deze release. Er komen
    hoogstens 100 fouten terug; zijn er meer, dan zegt een laatste regel `MEER` hoeveel nog.
    """
    # Nothing is kept here, so what can't be judged needn't be read either.
    if not is_xml(request):
        raise geen_xml()
    try:
        inhoud = await lees_inhoud(request)
    except TeGroot as error:
        raise error.problem("Verdeel het over meer berichten.") from None
    return Response(await zonder_ophouden(antwoord, inhoud), media_type="application/json")


def antwoord(inhoud: bytes) -> bytes:
    """The answer on a message. A large one can break a rule very often, so its text is made beside the others too."""
    oordeel = beoordeel(inhoud)
    fouten = [
        FoutUit(plaats=fout.plaats, regel=fout.regel, retourcode=fout.retourcode, melding=fout.melding)
        for fout in oordeel.fouten
    ]
    uit = OordeelUit(bericht=oordeel.bericht, oordeel=oordeel.oordeel, fouten=fouten)
    return uit.model_dump_json(by_alias=True).encode()
