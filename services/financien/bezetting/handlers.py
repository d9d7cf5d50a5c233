"""Taking in what was delivered: from a levering's periods to the exact change in occupied places (B-5, F-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from services.financien.bezetting.rules import Stand, bijgewerkt, stand_van
from services.financien.bezetting.store import (
    CEL,
    CEL_OP_SLEUTEL,
    LEVERING,
    LEVERING_OP_ID,
    MUTATIE,
    MUTATIES_VAN_CEL,
    TIJDELIJK_GESTOPT,
    Cel,
    als_bezet,
    als_perioden,
    bezet_als_tekst,
    perioden_als_tekst,
    stand_als_kolommen,
    stand_van_row,
)
from services.financien.overeenkomst.handlers import lijnen_van_cel
from services.financien.overeenkomst.rules import Lijn, houdt_plek
from shared.contracts.backoffice import LeveringGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Periode
from shared.kernel.verloop import Leverperiode, Verloop, bezette_perioden, mutaties, verschil
from shared.outbox.edge import Context

Mutaties = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Celwijziging:
    """What happened in a cell: its lijnen, the changes in occupied places, and the stand after them."""

    cel: Cel
    lijnen: Sequence[Lijn]
    mutaties: Mutaties
    stand: Stand


async def neem_levering_op(
    reader: Reader, context: Context, changes: Changeset, event: LeveringGewijzigd
) -> list[Celwijziging]:
    """Store a levering and move the occupancy of its cell (of two, when it changed cell). An older version changes
    nothing; a contract need not be known yet."""
    bekend = await reader.one(LEVERING_OP_ID, id=event.levering)
    if bekend is not None and bekend.versie >= event.versie:
        return []
    cel = Cel(event.aanbieder, event.gemeente, event.subsegment)
    perioden = tuple(
        Leverperiode(p.begindatum, p.einddatum, p.tijdelijk, p.definitief)
        for p in sorted(event.perioden, key=lambda p: (p.begindatum, p.einddatum or date.max))
    )
    lijnen = await lijnen_van_cel(reader, *cel)
    bezet = () if event.vervallen else _bezet(perioden, event.einddatum_toewijzing, lijnen)
    kolommen: dict[str, object] = {
        **cel.sleutel(),
        "versie": event.versie,
        "einddatum_toewijzing": event.einddatum_toewijzing,
        "vervallen": event.vervallen,
        "tijdelijk": any(periode.tijdelijk for periode in perioden),
        "perioden": perioden_als_tekst(perioden),
        "bezet": bezet_als_tekst(bezet),
    }
    if bekend is None:
        changes.insert(LEVERING, id=event.levering, **kolommen)
        return [await _verwerk(reader, context, changes, cel, lijnen, mutaties(bezet))]
    changes.update(LEVERING, {"id": event.levering, "versie": bekend.versie}, version=None, **kolommen)
    oude_cel, oud = _was(bekend)
    if oude_cel == cel:
        return [await _verwerk(reader, context, changes, cel, lijnen, verschil(oud, mutaties(bezet)))]
    oude_lijnen = await lijnen_van_cel(reader, *oude_cel)
    return [
        await _verwerk(reader, context, changes, oude_cel, oude_lijnen, verschil(oud, {})),
        await _verwerk(reader, context, changes, cel, lijnen, mutaties(bezet)),
    ]


async def herzie_cel(
    reader: Reader, context: Context, changes: Changeset, cel: Cel, lijnen: Sequence[Lijn]
) -> Celwijziging:
    """After a contract was heard: how long temporary stops keep their place may differ now (contract setting)."""
    totaal: dict[date, int] = {}
    for row in await reader.all(TIJDELIJK_GESTOPT, **cel.sleutel()):
        _, oud = _was(row)
        bezet = () if row.vervallen else _bezet(als_perioden(row.perioden), row.einddatum_toewijzing, lijnen)
        anders = verschil(oud, mutaties(bezet))
        if anders:
            sleutel = {"id": row.id, "versie": row.versie}
            changes.update(LEVERING, sleutel, bezet=bezet_als_tekst(bezet))
            totaal = {dag: totaal.get(dag, 0) + anders.get(dag, 0) for dag in totaal.keys() | anders.keys()}
    return await _verwerk(reader, context, changes, cel, lijnen, {dag: n for dag, n in totaal.items() if n})


async def verloop_van(reader: Reader, cel: Cel) -> Verloop:
    """All occupancy of a cell."""
    return Verloop((row.dag, row.aantal) for row in await reader.all(MUTATIES_VAN_CEL, **cel.sleutel()))


def cel_van(lijn: Lijn) -> Cel:
    """The cell that a lijn covers."""
    return Cel(lijn.aanbieder, lijn.gemeente, lijn.subsegment)


def _was(row: Any) -> tuple[Cel, dict[date, int]]:
    return Cel(row.aanbieder, row.gemeente, row.subsegment), mutaties(als_bezet(row.bezet))


def _bezet(perioden: Sequence[Leverperiode], einde: date | None, lijnen: Sequence[Lijn]) -> tuple[Periode, ...]:
    return bezette_perioden(perioden, einddatum_toewijzing=einde, houdt_dagen=partial(houdt_plek, lijnen))


async def _verwerk(
    reader: Reader, context: Context, changes: Changeset, cel: Cel, lijnen: Sequence[Lijn], anders: Mutaties
) -> Celwijziging:
    sleutel = cel.sleutel()
    for dag, aantal in anders.items():
        changes.add(MUTATIE, {**sleutel, "dag": dag}, aantal=aantal)
    row = await reader.one(CEL_OP_SLEUTEL, **sleutel)
    if row is not None and row.dag == context.today:
        stand = bijgewerkt(stand_van_row(row), anders)
    else:
        # The first event of a day counts the cell afresh; the rest of that day only what changes.
        mutatie_rows = await reader.all(MUTATIES_VAN_CEL, **sleutel)
        stand = stand_van(Verloop([*((m.dag, m.aantal) for m in mutatie_rows), *anders.items()]), context.today)
    if row is None:
        changes.insert(CEL, **sleutel, versie=1, **stand_als_kolommen(stand))
    else:
        changes.update(CEL, sleutel, version=row.versie, **stand_als_kolommen(stand))
    return Celwijziging(cel, lijnen, anders, stand)
