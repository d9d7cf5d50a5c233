"""Use cases of gemeenten: follow what contractmanagement tells, and say what one is called."""

from __future__ import annotations

from services.financien.gemeente.store import GEMEENTE, GEMEENTE_MET_CODE, GEMEENTEN
from shared.contracts.contractmanagement import GemeenteVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.namen import voluit
from shared.outbox.edge import Context


async def volg_gemeente(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Keep the highest version of a gemeente; an older one changes nothing."""
    assert isinstance(event, GemeenteVastgesteld)
    changes = Changeset()
    bekend = await reader.one(GEMEENTE_MET_CODE, code=event.code)
    if bekend is None or bekend.versie < event.versie:
        changes.put(GEMEENTE, ("code",), code=event.code, versie=event.versie, naam=event.naam)
    return changes


async def namen_van_gemeenten(reader: Reader) -> dict[str, str]:
    """CBS code → name, of every gemeente heard of."""
    return {row.code: row.naam for row in await reader.all(GEMEENTEN)}


async def gemeente_voluit(reader: Reader, code: str) -> str:
    """A gemeente as a letter names it: `Gemeente Oostvoorne`; with its code while its name was not heard."""
    row = await reader.one(GEMEENTE_MET_CODE, code=code)
    return voluit(code if row is None else row.naam)
