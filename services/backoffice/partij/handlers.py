"""Use cases of names: follow what contractmanagement tells, and give it to who asks."""

from __future__ import annotations

from services.backoffice.partij.store import (
    AANBIEDERNAAM,
    AANBIEDERS,
    GEMEENTE,
    GEMEENTE_MET_CODE,
    GEMEENTEN,
    NAAM_IN,
)
from shared.contracts.contractmanagement import GemeenteVastgesteld, OvereenkomstVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.namen import Namen
from shared.outbox.edge import Context


async def onthoud_gemeente(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Keep the highest version."""
    assert isinstance(event, GemeenteVastgesteld)
    changes = Changeset()
    bekend = await reader.one(GEMEENTE_MET_CODE, code=event.code)
    if bekend is None or bekend.versie < event.versie:
        changes.put(GEMEENTE, ("code",), code=event.code, versie=event.versie, naam=event.naam)
    return changes


async def onthoud_aanbieder(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Keep what the highest version of a contract calls its aanbieder."""
    assert isinstance(event, OvereenkomstVastgesteld)
    changes = Changeset()
    bekend = await reader.one(NAAM_IN, overeenkomst=event.overeenkomst)
    if bekend is None or bekend.versie < event.versie:
        aanbieder = {"aanbieder": event.aanbieder.agb_code, "naam": event.aanbieder.naam}
        changes.put(AANBIEDERNAAM, ("overeenkomst",), overeenkomst=event.overeenkomst, versie=event.versie, **aanbieder)
    return changes


async def alle_namen(reader: Reader) -> Namen:
    """The names of all parties heard of."""
    aanbieders = {row.aanbieder: row.naam for row in await reader.all(AANBIEDERS)}
    return Namen(aanbieders, {row.code: row.naam for row in await reader.all(GEMEENTEN)}, {})
