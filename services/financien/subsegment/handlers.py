"""Use cases of sub-segments: follow what contractmanagement tells, and say which segment a code belongs to."""

from __future__ import annotations

from services.financien.subsegment.store import SUBSEGMENT, SUBSEGMENT_MET_CODE, SUBSEGMENTEN
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context


async def volg_subsegment(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Keep the highest version of a sub-segment; an older one changes nothing."""
    assert isinstance(event, SubsegmentVastgesteld)
    changes = Changeset()
    bekend = await reader.one(SUBSEGMENT_MET_CODE, code=event.code)
    if bekend is None or bekend.versie < event.versie:
        changes.put(SUBSEGMENT, ("code",), code=event.code, versie=event.versie, naam=event.naam, segment=event.segment)
    return changes


async def segmenten(reader: Reader) -> dict[str, str]:
    """Code → segment, of every sub-segment heard of."""
    return {row.code: row.segment for row in await reader.all(SUBSEGMENTEN)}
