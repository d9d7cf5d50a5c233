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
        changes.put(
            SUBSEGMENT,
            ("code",),
            code=event.code,
            versie=event.versie,
            naam=event.naam,
            segment=event.segment,
            wet=event.wet,
        )
    return changes


async def namen_van_subsegmenten(reader: Reader) -> dict[str, str]:
    """Code → name, of every sub-segment heard of."""
    return {row.code: row.naam for row in await reader.all(SUBSEGMENTEN)}


async def segmenten(reader: Reader) -> dict[str, str]:
    """Code → segment, of every sub-segment heard of."""
    return {row.code: row.segment for row in await reader.all(SUBSEGMENTEN)}


async def wetten(reader: Reader) -> dict[str, str]:
    """Code → law (`jeugdwet`, `wmo`), of every sub-segment whose law was heard."""
    return {row.code: row.wet for row in await reader.all(SUBSEGMENTEN) if row.wet is not None}


async def genoemd(reader: Reader, code: str) -> str:
    """A sub-segment as people call it: name and code; the code alone while its name was not heard."""
    row = await reader.one(SUBSEGMENT_MET_CODE, code=code)
    return f"sub-segment {code}" if row is None else f"{row.naam} ({code})"
