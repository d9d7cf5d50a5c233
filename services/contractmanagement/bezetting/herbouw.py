"""Counting an offer anew from its leveringen, stored and told: the read side of contractmanagement, offer by offer.

Nothing stored counts but the leveringen themselves: the changes per day are worked out again. An offer in which that
changes nothing is not written.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.contractmanagement.aanbod.handlers import vergrendel
from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.bezetting.handlers import (
    PerGemeente,
    Stand,
    lijnen_van,
    nu_bezet,
    opgenomen,
    tel_op,
)
from services.contractmanagement.bezetting.store import (
    BEZETTING_MUTATIE,
    LEVERING,
    LEVERINGEN_VAN_AANBOD,
    als_bezet,
    bezet_als_json,
    lees_mutaties,
    versies_van,
)
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from shared.contracts.backoffice import LeveringGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.verloop import mutaties, verschil
from shared.outbox.edge import Context

SLEUTEL = ("aanbieder", "subsegment", "gemeente", "dag")


async def tel_aanbod_opnieuw(
    reader: Reader, context: Context, changes: Changeset, aanbod: Aanbod, events: Sequence[LeveringGewijzigd]
) -> tuple[Stand, list[str]]:
    """Take in what `events` (one per levering, all of this offer) has newer than what is stored, and count the offer.
    The whole offer with what differs from what was counted, and the leveringen that are stored in another one."""
    lijnen = await lijnen_van(reader, aanbod)
    geteld, elders = await _neem_op(reader, changes, aanbod, lijnen, events)
    verschillen = await _schrijf_mutaties(reader, changes, aanbod, geteld)
    if changes.statements:
        # Who gets a difference works out all signals of the offer.
        await vergrendel(reader, context, changes, aanbod, berekend=bool(verschillen))
    return Stand(aanbod, lijnen, geteld, verschillen), elders


async def _neem_op(
    reader: Reader, changes: Changeset, aanbod: Aanbod, lijnen: Sequence[Lijn], events: Sequence[LeveringGewijzigd]
) -> tuple[PerGemeente, list[str]]:
    """The count of the leveringen as they then are, and those that must come from another offer."""
    bekend = {row.id: row for row in await reader.all(LEVERINGEN_VAN_AANBOD, **aanbod._asdict())}
    in_ander_aanbod = await versies_van(reader, [event.levering for event in events if event.levering not in bekend])
    geteld: PerGemeente = {}
    elders: list[str] = []
    for event in events:
        row = bekend.get(event.levering)
        if row is None and event.levering in in_ander_aanbod:
            if in_ander_aanbod[event.levering] < event.versie:
                elders.append(event.levering)
            continue
        if row is not None and row.versie >= event.versie:
            continue
        columns, bezet = opgenomen(event, lijnen)
        if row is None:
            changes.insert(LEVERING, id=event.levering, **columns)
        else:
            changes.update(LEVERING, {"id": event.levering, "versie": row.versie}, **columns)
            del bekend[event.levering]
        tel_op(geteld.setdefault(event.gemeente, {}), mutaties(bezet))
    for row in bekend.values():
        bezet = nu_bezet(row, lijnen)
        if bezet != als_bezet(row.bezet):
            changes.update(LEVERING, {"id": row.id, "versie": row.versie}, bezet=bezet_als_json(bezet))
        tel_op(geteld.setdefault(row.gemeente, {}), mutaties(bezet))
    return geteld, elders


async def _schrijf_mutaties(reader: Reader, changes: Changeset, aanbod: Aanbod, geteld: PerGemeente) -> PerGemeente:
    """Write the days that differ, as they are and not as a difference: what stood there may be wrong."""
    bekend = await lees_mutaties(reader, aanbod)
    verschillen: PerGemeente = {}
    for gemeente in sorted(bekend.keys() | geteld.keys()):
        per_dag = geteld.get(gemeente, {})
        anders = verschil(bekend.get(gemeente, {}), per_dag)
        if anders:
            verschillen[gemeente] = anders
        for dag in anders:
            if dag in per_dag:
                sleutel = {**aanbod._asdict(), "gemeente": gemeente, "dag": dag}
                changes.put(BEZETTING_MUTATIE, SLEUTEL, **sleutel, aantal=per_dag[dag])
            else:
                changes.delete(BEZETTING_MUTATIE, **aanbod._asdict(), gemeente=gemeente, dag=dag)
    return verschillen
