"""Counting a cell anew from its leveringen, stored and told: the read side of financien, rebuilt cell by cell.

Nothing stored counts but the leveringen themselves: the changes per day and the stand are worked out again. A cell in
which that changes nothing is not written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.financien.bezetting.handlers import Celwijziging, nu_bezet, opgenomen, schrijf_cel
from services.financien.bezetting.rules import Stand, stand_van
from services.financien.bezetting.store import (
    CEL_OP_SLEUTEL,
    LEVERING,
    LEVERINGEN_VAN_CEL,
    MUTATIE,
    MUTATIES_VAN_CEL,
    Cel,
    Opslag,
    bezet_als_tekst,
    stand_van_row,
    versies_van,
)
from services.financien.overeenkomst.handlers import lijnen_van_cel
from services.financien.overeenkomst.rules import Lijn
from shared.contracts.backoffice import LeveringGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Periode
from shared.kernel.verloop import Verloop, mutaties, verschil
from shared.outbox.edge import Context

Geteld = dict[date, int]


async def tel_cel_opnieuw(
    reader: Reader,
    context: Context,
    changes: Changeset,
    cel: Cel,
    events: Sequence[LeveringGewijzigd],
    oorzaak: str,
) -> tuple[Celwijziging, list[str]]:
    """Take in what `events` (one per levering, all of this cell) has newer than what is stored, and count the cell.
    The changes in occupied places against what was counted, and the leveringen that are stored in another cell."""
    lijnen = await lijnen_van_cel(reader, *cel)
    geteld, elders = await _neem_op(reader, changes, cel, lijnen, events)
    anders = await _schrijf_mutaties(reader, changes, cel, geteld)
    stand = await _schrijf_stand(reader, context, changes, cel, Verloop(geteld))
    return Celwijziging(cel, lijnen, anders, stand, oorzaak), elders


async def _neem_op(
    reader: Reader, changes: Changeset, cel: Cel, lijnen: Sequence[Lijn], events: Sequence[LeveringGewijzigd]
) -> tuple[Geteld, list[str]]:
    """The count of the leveringen as they then are, and those that must come from another cell."""
    bekend = {row.id: row for row in await reader.all(LEVERINGEN_VAN_CEL, **cel.sleutel())}
    in_andere_cel = await versies_van(reader, [event.levering for event in events if event.levering not in bekend])
    bezette: list[Periode] = []
    elders: list[str] = []
    onbekend: list[tuple[object, ...]] = []
    for event in events:
        row = bekend.get(event.levering)
        if row is None and event.levering in in_andere_cel:
            if in_andere_cel[event.levering] < event.versie:
                elders.append(event.levering)
            continue
        if row is not None and row.versie >= event.versie:
            continue
        opslag, bezet = opgenomen(event, lijnen)
        if row is None:
            onbekend.append((event.levering, *opslag))
        else:
            changes.update(LEVERING, {"id": event.levering, "versie": row.versie}, version=None, **opslag._asdict())
            del bekend[event.levering]
        bezette.extend(bezet)
    changes.insert_many(LEVERING, ("id", *Opslag._fields), onbekend)
    for row in bekend.values():
        bezet = nu_bezet(row, lijnen)
        if bezet_als_tekst(bezet) != row.bezet:
            changes.update(LEVERING, {"id": row.id, "versie": row.versie}, bezet=bezet_als_tekst(bezet))
        bezette.extend(bezet)
    return mutaties(bezette), elders


async def _schrijf_mutaties(reader: Reader, changes: Changeset, cel: Cel, geteld: Geteld) -> Geteld:
    """Write the days that differ, as they are and not as a difference: what stood there may be wrong."""
    bekend = {row.dag: row.aantal for row in await reader.all(MUTATIES_VAN_CEL, **cel.sleutel())}
    anders = verschil(bekend, geteld)
    for dag in anders:
        if dag in geteld:
            changes.put(MUTATIE, (*Cel._fields, "dag"), **cel.sleutel(), dag=dag, aantal=geteld[dag])
        else:
            changes.delete(MUTATIE, **cel.sleutel(), dag=dag)
    return anders


async def _schrijf_stand(reader: Reader, context: Context, changes: Changeset, cel: Cel, verloop: Verloop) -> Stand:
    """The stand of today; written when something was, so that no event on this cell goes unseen, or when the stored
    one is not what its own day had."""
    row = await reader.one(CEL_OP_SLEUTEL, **cel.sleutel())
    stand = stand_van(verloop, context.today)
    goed = row is not None and stand_van_row(row) == stand_van(verloop, row.dag)
    if changes.statements or not goed:
        schrijf_cel(changes, cel, row, stand)
    return stand
