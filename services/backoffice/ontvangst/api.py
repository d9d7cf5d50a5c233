"""The route by which messages come in."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.backoffice.bericht.api import XML
from services.backoffice.bericht.handlers import bewaar_ontvangst
from services.backoffice.bericht.rules import Status, vingerafdruk
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.ontvangst.handlers import Beslist, Ontvangen, Werkwijze, beslis, weiger
from shared.kernel.refusal import FieldFault
from shared.outbox.edge import Caller, Edge
from shared.privacy.vault import Vault
from shared.web.identity import Rol, requires
from shared.web.limits import guards_its_own_size
from shared.web.problem import Problem
from shared.web.work import Reply, SleutelHergebruikt, SleutelOnbruikbaar, Work

router = APIRouter(tags=["berichten"])
MOST_BYTES = 25 * 1024 * 1024  # OP179
KEPT_OF_TOO_MUCH = 64 * 1024
INLINE = 64 * 1024  # larger texts are judged in a thread, so that they don't hold up the others


@router.post(
    "/berichten",
    responses={
        200: {"description": "Beslist: het retourbericht", "content": {XML: {}}},
        202: {"description": "Wacht op een bericht dat nog onderweg kan zijn; Location wijst ernaar"},
        204: {"description": "Een retourbericht op ons bericht is verwerkt"},
    },
    openapi_extra={"requestBody": {"required": True, "content": {XML: {"schema": {"type": "string"}}}}},
)
async def ontvang_bericht(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Rol.AANBIEDER, Rol.BACKOFFICE, Rol.KNOOPPUNT))],
) -> Response:
    """Lever een iJw- of iWmo-bericht aan (ruwe XML). De tekst wordt bewaard voordat er iets anders mee gebeurt."""
    edge: Edge = request.app.state.edge
    guards_its_own_size(request)
    inhoud = await _body(request, edge, caller)
    bericht = edge.new_id()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    status = Status.ONTVANGEN if kind in (XML, "text/xml") else Status.GEWEIGERD
    vault: Vault = request.app.state.vault
    await edge.database.commit(bewaar_ontvangst(edge.context(caller), vault, inhoud, bericht, status))
    if status is Status.GEWEIGERD:
        raise Problem(415, "Dit soort inhoud kan hier niet", f"Stuur het bericht als Content-Type: {XML}.")
    small = len(inhoud) <= INLINE
    oordeel = beoordeel(inhoud) if small else await asyncio.to_thread(beoordeel, inhoud)
    ontvangen = Ontvangen(bericht, vingerafdruk(inhoud), oordeel)
    werkwijze: Werkwijze = request.app.state.werkwijze
    base = request.scope.get("root_path", "")
    try:
        return await Work(request, caller, inhoud).do(
            lambda reader, context: beslis(reader, context, werkwijze, ontvangen), lambda made: _reply(made, base)
        )
    except (SleutelHergebruikt, SleutelOnbruikbaar):
        # The caller hears that nothing was done with it, so nothing may be done with it later either.
        await edge.carry_out(partial(weiger, bericht=bericht), caller=caller)
        raise


async def _body(request: Request, edge: Edge, caller: Caller) -> bytes:
    """The whole body, at most 25 MB. Of more than that the beginning is kept, so that it can be found again."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            head = b"".join([*parts, part])[:KEPT_OF_TOO_MUCH]
            bericht = edge.new_id()
            vault: Vault = request.app.state.vault
            kept = bewaar_ontvangst(edge.context(caller), vault, head, bericht, Status.TE_GROOT, lengte=size)
            await edge.database.commit(kept)
            detail = f"Een bericht is hoogstens 25 MB. Het begin is bewaard als {bericht}."
            raise Problem(413, "Te groot", detail, extra={"bericht": bericht})
        parts.append(part)
    return b"".join(parts)


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
