"""Use cases of sub-segments: lay one down, show one."""

from __future__ import annotations

from dataclasses import asdict
from typing import NamedTuple

from services.contractmanagement.subsegment.rules import Subsegment, fouten
from services.contractmanagement.subsegment.store import BY_CODE, SUBSEGMENT, als_subsegment
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Invalid, NotFound
from shared.outbox.edge import Context, Outcome


class SubsegmentOngeldig(Invalid):
    """Code, category and law do not belong together."""


class SubsegmentNietGevonden(NotFound):
    """No such sub-segment."""


class Vastgesteld(NamedTuple):
    """A sub-segment with its version; `nieuw` when it was not there before."""

    subsegment: Subsegment
    versie: int
    nieuw: bool = False


async def stel_subsegment_vast(reader: Reader, context: Context, subsegment: Subsegment) -> Outcome[Vastgesteld]:
    """Lay down or change a sub-segment; the same content again changes nothing. Refuses `SubsegmentOngeldig`."""
    if found := fouten(subsegment):
        raise SubsegmentOngeldig("Het sub-segment kan zo niet worden vastgesteld.", *found)
    row = await reader.one(BY_CODE, code=subsegment.code)
    if row is not None and als_subsegment(row) == subsegment:
        return Outcome(Vastgesteld(subsegment, row.versie))
    changes = Changeset()
    columns = asdict(subsegment)
    code = columns.pop("code")
    if row is None:
        made = Vastgesteld(subsegment, 1, nieuw=True)
        changes.insert(SUBSEGMENT, code=code, versie=1, gewijzigd_op=context.now, **columns)
    else:
        made = Vastgesteld(subsegment, row.versie + 1)
        changes.update(SUBSEGMENT, {"code": code}, version=row.versie, gewijzigd_op=context.now, **columns)
    changes.publish(SubsegmentVastgesteld(**asdict(subsegment), versie=made.versie))
    return Outcome(made, changes)


async def toon_subsegment(reader: Reader, context: Context, code: str) -> Vastgesteld:
    """One sub-segment. Refuses `SubsegmentNietGevonden`."""
    row = await reader.one(BY_CODE, code=code)
    if row is None:
        raise SubsegmentNietGevonden(f"Sub-segment {code} bestaat niet. Kijk in de lijst welke er zijn.")
    return Vastgesteld(als_subsegment(row), row.versie)
