"""The route by which messages come in."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.backoffice.bericht.api import XML
from services.backoffice.bericht.handlers import bewaar_ontvangst
from services.backoffice.bericht.rules import Status, vingerafdruk
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.ontvangst import proefcontrole
from services.backoffice.ontvangst.handlers import Beslist, Ontvangen, Werkwijze, beslis, weiger
from services.backoffice.ontvangst.inhoud import REQUEST_BODY, TeGroot, geen_xml, is_xml, lees_inhoud, zonder_ophouden
from shared.kernel.refusal import FieldFault
from shared.outbox.edge import Caller, Edge
from shared.privacy.vault import Vault
from shared.web.identity import Rol, requires
from shared.web.problem import Problem
from shared.web.work import Reply, SleutelHergebruikt, SleutelOnbruikbaar, Work

router = APIRouter(tags=["berichten"])
router.include_router(proefcontrole.router)


@router.post(
    "/berichten",
    responses={
        200: {"description": "Beslist: het retourbericht", "content": {XML: {}}},
        202: {"description": "Wacht op een bericht dat nog onderweg kan zijn; Location wijst ernaar"},
        204: {"description": "Een retourbericht op ons bericht is verwerkt"},
    },
    openapi_extra=REQUEST_BODY,
)
async def ontvang_bericht(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.AANBIEDER, Rol.BACKOFFICE, Rol.KNOOPPUNT))],
) -> Response:
    """Lever een iJw- of iWmo-bericht aan (ruwe XML). De tekst wordt bewaard voordat er iets anders mee gebeurt."""
    edge: Edge = request.app.state.edge
    inhoud = await _body(request, edge, caller)
    bericht = edge.new_id()
    status = Status.ONTVANGEN if is_xml(request) else Status.GEWEIGERD
    vault: Vault = request.app.state.vault
    await edge.database.commit(bewaar_ontvangst(edge.context(caller), vault, inhoud, bericht, status))
    if status is Status.GEWEIGERD:
        raise geen_xml()
    ontvangen = Ontvangen(bericht, vingerafdruk(inhoud), await zonder_ophouden(beoordeel, inhoud))
    werkwijze: Werkwijze = request.app.state.werkwijze
    base = request.scope.get("root_path", "")
    eerste = iter([True])
    try:
        return await Work(request, caller, inhoud, cause=bericht).do(
            lambda reader, context: beslis(reader, context, werkwijze, ontvangen, zojuist=next(eerste, False)),
            lambda made: _reply(made, base),
            at_once=True,
        )
    except (SleutelHergebruikt, SleutelOnbruikbaar):
        # The caller hears that nothing was done with it, so nothing may be done with it later either.
        await edge.carry_out(partial(weiger, bericht=bericht), caller=caller)
        raise


async def _body(request: Request, edge: Edge, caller: Caller) -> bytes:
    """The whole body, at most 25 MB. Of more than that the beginning is kept, so that it can be found again."""
    try:
        return await lees_inhoud(request)
    except TeGroot as error:
        bericht = edge.new_id()
        vault: Vault = request.app.state.vault
        kept = bewaar_ontvangst(edge.context(caller), vault, error.begin, bericht, Status.TE_GROOT, lengte=error.lengte)
        await edge.database.commit(kept)
        raise error.problem(f"Het begin is bewaard als {bericht}.", bericht) from None


def _reply(made: Beslist, base: str) -> Reply:
    """What became of the message, over HTTP."""
    location = f"{base}/berichten/{made.bericht}"
    if made.retour is not None:
        return Reply(200, made.retour, {"Content-Type": XML, "Location": location})
    if made.status is Status.WACHT:
        return Reply(202, b"", {"Location": location})
    if made.status is Status.GOEDGEKEURD:
        return Reply(204, b"", {"Location": location})
    return _refused(made, location)


def _refused(made: Beslist, location: str) -> Reply:
    """A message that gets no retour: a problem that says why and where its text is."""
    status, title, detail = {
        Status.ONLEESBAAR: (400, "Onleesbaar", "Dit is geen leesbaar iJw- of iWmo-bericht."),
        Status.SCHEMAFOUT: (400, "Schemafout", f"Dit voldoet niet aan het schema van {made.soort}."),
        Status.GEWEIGERD: (
            403,
            "Niet toegestaan",
            "De Afzender of Ontvanger van dit bericht is niet die van uw token.",
        ),
        Status.NIET_ONDERSTEUND: (400, "Nog niet ondersteund", f"{made.soort} wordt hier (nog) niet verwerkt."),
    }[made.status]
    faults = [FieldFault(fout.plaats, fout.regel, fout.melding) for fout in made.fouten]
    problem = Problem(
        status, title, f"{detail} De tekst is bewaard.", faults, {"Location": location}, extra={"bericht": made.bericht}
    )
    answer = problem.response()
    return Reply(status, bytes(answer.body), {"Content-Type": answer.headers["content-type"], "Location": location})
