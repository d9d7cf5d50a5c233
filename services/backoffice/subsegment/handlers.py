"""Taking in sub-segments."""

from __future__ import annotations

from services.backoffice.subsegment.store import BY_CODE, SUBSEGMENT
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context


async def onthoud_subsegment(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Keep the highest version."""
    assert isinstance(event, SubsegmentVastgesteld)
    changes = Changeset()
    known = await reader.one(BY_CODE, code=event.code)
    values = {
        "wet": event.wet,
        "productcategorie": event.productcategorie,
        "met_toewijzing": event.met_toewijzing,
    }
    if known is None:
        changes.insert(SUBSEGMENT, code=event.code, versie=event.versie, **values)
    elif known.versie < event.versie:
        key = {"code": event.code, "versie": known.versie}
        changes.update(SUBSEGMENT, key, version=None, versie=event.versie, **values)
    return changes
