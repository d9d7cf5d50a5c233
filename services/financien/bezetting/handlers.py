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
    MUTATIE,
    MUTATIES_VAN_CEL,
    TIJDELIJK_GESTOPT,
    Cel,
    als_bezet,
    als_perioden,
    bezet_als_tekst,
    leveringen_op_id,
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


async def neem_leveringen_op(
    reader: Reader, context: Context, changes: Changeset, events: Sequence[LeveringGewijzigd]
) -> list[Celwijziging]:
    """Store leveringen of one cell and move its occupancy once (that of another cell too, where one was moved). Of each
    levering the newest version counts; an older one changes nothing. A contract need not be known yet."""
    nieuwste = {event.levering: event for event in sorted(events, key=lambda event: event.versie)}
    bekend = await leveringen_op_id(reader, list(nieuwste))
    cel = cel_van_levering(events[0])
    lijnen = await lijnen_van_cel(reader, *cel)
    anders: dict[Cel, dict[date, int]] = {}
    for event in nieuwste.values():
        row = bekend.get(event.levering)
        if row is not None and row.versie >= event.versie:
            continue
        kolommen, bezet = opgenomen(event, lijnen)
        if row is None:
            changes.insert(LEVERING, id=event.levering, **kolommen)
        else:
            changes.update(LEVERING, {"id": event.levering, "versie": row.versie}, version=None, **kolommen)
            oude_cel, oud = _was(row)
            _tel_op(anders.setdefault(oude_cel, {}), verschil(oud, {}))
        _tel_op(anders.setdefault(cel, {}), mutaties(bezet))
    return [
        await _verwerk(
            reader,
            context,
            changes,
            geraakt,
            lijnen if geraakt == cel else await lijnen_van_cel(reader, *geraakt),
            {dag: aantal for dag, aantal in per_dag.items() if aantal},
        )
        for geraakt, per_dag in anders.items()
    ]


def _tel_op(samen: dict[date, int], anders: Mutaties) -> None:
    for dag, aantal in anders.items():
        samen[dag] = samen.get(dag, 0) + aantal


def opgenomen(event: LeveringGewijzigd, lijnen: Sequence[Lijn]) -> tuple[dict[str, object], tuple[Periode, ...]]:
    """A levering as stored, but for its id, and the days on which it occupies a place."""
    perioden = tuple(
        Leverperiode(p.begindatum, p.einddatum, p.tijdelijk, p.definitief)
        for p in sorted(event.perioden, key=lambda p: (p.begindatum, p.einddatum or date.max))
    )
    bezet = () if event.vervallen else bezet_van(perioden, event.einddatum_toewijzing, lijnen)
    kolommen: dict[str, object] = {
        **cel_van_levering(event).sleutel(),
        "versie": event.versie,
        "einddatum_toewijzing": event.einddatum_toewijzing,
        "vervallen": event.vervallen,
        "tijdelijk": any(periode.tijdelijk for periode in perioden),
        "perioden": perioden_als_tekst(perioden),
        "bezet": bezet_als_tekst(bezet),
    }
    return kolommen, bezet


def nu_bezet(row: Any, lijnen: Sequence[Lijn]) -> tuple[Periode, ...]:
    """The days on which a stored levering occupies a place, as its contracts now have it."""
    return () if row.vervallen else bezet_van(als_perioden(row.perioden), row.einddatum_toewijzing, lijnen)


async def herzie_cel(
    reader: Reader, context: Context, changes: Changeset, cel: Cel, lijnen: Sequence[Lijn]
) -> Celwijziging:
    """After a contract was heard: how long temporary stops keep their place may differ now (contract setting)."""
    totaal: dict[date, int] = {}
    for row in await reader.all(TIJDELIJK_GESTOPT, **cel.sleutel()):
        _, oud = _was(row)
        bezet = nu_bezet(row, lijnen)
        anders = verschil(oud, mutaties(bezet))
        if anders:
            sleutel = {"id": row.id, "versie": row.versie}
            changes.update(LEVERING, sleutel, bezet=bezet_als_tekst(bezet))
            totaal = {dag: totaal.get(dag, 0) + anders.get(dag, 0) for dag in totaal.keys() | anders.keys()}
    return await _verwerk(reader, context, changes, cel, lijnen, {dag: n for dag, n in totaal.items() if n})


async def verloop_van(reader: Reader, cel: Cel) -> Verloop:
    """All occupancy of a cell."""
    return Verloop((row.dag, row.aantal) for row in await reader.all(MUTATIES_VAN_CEL, **cel.sleutel()))


def cel_van_levering(event: LeveringGewijzigd) -> Cel:
    """The cell that a levering counts in."""
    return Cel(event.aanbieder, event.gemeente, event.subsegment)


def cel_van(lijn: Lijn) -> Cel:
    """The cell that a lijn covers."""
    return Cel(lijn.aanbieder, lijn.gemeente, lijn.subsegment)


def _was(row: Any) -> tuple[Cel, dict[date, int]]:
    return Cel(row.aanbieder, row.gemeente, row.subsegment), mutaties(als_bezet(row.bezet))


def bezet_van(perioden: Sequence[Leverperiode], einde: date | None, lijnen: Sequence[Lijn]) -> tuple[Periode, ...]:
    """The days on which these deliveries occupy a place, in a cell that these lijnen cover."""
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
    schrijf_cel(changes, cel, row, stand)
    return Celwijziging(cel, lijnen, anders, stand)


def schrijf_cel(changes: Changeset, cel: Cel, row: Any, stand: Stand) -> None:
    """Write the stand of a cell, `row` as it was read; so every other decision on the cell is excluded."""
    if row is None:
        changes.insert(CEL, **cel.sleutel(), versie=1, **stand_als_kolommen(stand))
    else:
        changes.update(CEL, cel.sleutel(), version=row.versie, **stand_als_kolommen(stand))
