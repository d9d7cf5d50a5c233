"""Taking in what was delivered: from a levering's periods to the exact change in occupied places (B-5, F-4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
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
    Opslag,
    als_bezet,
    als_perioden,
    bezet_als_tekst,
    leveringen_op_id,
    per_cel,
    perioden_als_tekst,
    stand_als_kolommen,
    stand_van_row,
)
from services.financien.overeenkomst.rules import Lijn, houdt_plek
from services.financien.overeenkomst.store import LIJNEN_VAN_CEL, lijn_van
from shared.contracts.backoffice import LeveringGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Periode
from shared.kernel.verloop import Geleverd, Verloop, bezette_perioden, mutaties, verschil
from shared.outbox.edge import Context

Mutaties = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Celwijziging:
    """What happened in a cell: its lijnen, the changes in occupied places, the stand after them, and the id of the
    event that it comes of."""

    cel: Cel
    lijnen: Sequence[Lijn]
    mutaties: Mutaties
    stand: Stand
    oorzaak: str


async def neem_leveringen_op(
    reader: Reader,
    context: Context,
    changes: Changeset,
    gehoord: Mapping[str, LeveringGewijzigd],
    gemeld: Sequence[Cel],
) -> list[Celwijziging]:
    """Store leveringen (id of the event → what it says; `gemeld`: the cells that they now count in) and move the
    occupancy of each cell once, also of a cell that a levering leaves. Of each levering the newest version counts; an
    older one changes nothing. A contract need not be known yet."""
    nieuwste: dict[str, tuple[str, LeveringGewijzigd]] = {}
    for oorzaak, event in gehoord.items():
        eerder = nieuwste.pop(event.levering, None)  # in order of arrival, so that the cause is the last one
        nieuwste[event.levering] = eerder if eerder and eerder[1].versie > event.versie else (oorzaak, event)
    bekend, lijnen, rows = await asyncio.gather(
        leveringen_op_id(reader, list(nieuwste)),
        lijnen_van_cellen(reader, gemeld),
        per_cel(reader, CEL_OP_SLEUTEL, gemeld),
    )
    cellen = {tuple(cel): cel for cel in gemeld}
    nieuw = [
        (oorzaak, event, cellen[event.aanbieder, event.gemeente, event.subsegment], bekend.get(event.levering))
        for oorzaak, event in nieuwste.values()
        if event.levering not in bekend or bekend[event.levering].versie < event.versie
    ]
    # A levering may come from elsewhere.
    elders = sorted({_cel_van_row(row) for *_, row in nieuw if row is not None}.difference(gemeld))
    if elders:
        lijnen |= await lijnen_van_cellen(reader, elders)
        rows |= await per_cel(reader, CEL_OP_SLEUTEL, elders)
    eraf: dict[Cel, list[Periode]] = {}
    erbij: dict[Cel, list[Periode]] = {}
    oorzaken: dict[Cel, str] = {}
    onbekend: list[tuple[object, ...]] = []
    for oorzaak, event, cel, row in nieuw:
        opslag, bezet = opgenomen(event, lijnen[cel])
        if row is None:
            onbekend.append((event.levering, *opslag))
        else:
            changes.update(LEVERING, {"id": event.levering, "versie": row.versie}, version=None, **opslag._asdict())
            oude_cel = _cel_van_row(row)
            eraf.setdefault(oude_cel, []).extend(als_bezet(row.bezet))
            oorzaken[oude_cel] = oorzaak
        erbij.setdefault(cel, []).extend(bezet)
        oorzaken[cel] = oorzaak
    changes.insert_many(LEVERING, ("id", *Opslag._fields), onbekend)
    anders = {cel: verschil(mutaties(eraf.get(cel, ())), mutaties(erbij.get(cel, ()))) for cel in oorzaken}
    standen = await _standen_na(reader, context, changes, anders, rows)
    return [Celwijziging(cel, lijnen[cel], anders[cel], standen[cel], oorzaken[cel]) for cel in anders]


def opgenomen(event: LeveringGewijzigd, lijnen: Sequence[Lijn]) -> tuple[Opslag, tuple[Periode, ...]]:
    """A levering as stored, but for its id, and the days on which it occupies a place."""
    perioden = event.perioden
    if len(perioden) > 1:  # nearly always there is one
        perioden = sorted(perioden, key=lambda p: (p.begindatum, p.einddatum or date.max))
    bezet = () if event.vervallen else bezet_van(perioden, event.einddatum_toewijzing, lijnen)
    opslag = Opslag(
        event.aanbieder,
        event.gemeente,
        event.subsegment,
        event.versie,
        event.einddatum_toewijzing,
        event.vervallen,
        any(periode.tijdelijk for periode in perioden),
        perioden_als_tekst(perioden),
        bezet_als_tekst(bezet),
    )
    return opslag, bezet


def nu_bezet(row: Any, lijnen: Sequence[Lijn]) -> tuple[Periode, ...]:
    """The days on which a stored levering occupies a place, as its contracts now have it."""
    return () if row.vervallen else bezet_van(als_perioden(row.perioden), row.einddatum_toewijzing, lijnen)


async def herzie_cel(
    reader: Reader, context: Context, changes: Changeset, cel: Cel, lijnen: Sequence[Lijn], oorzaak: str
) -> Celwijziging:
    """After a contract was heard: how long temporary stops keep their place may differ now (contract setting)."""
    eraf: list[Periode] = []
    erbij: list[Periode] = []
    for row in await reader.all(TIJDELIJK_GESTOPT, **cel.sleutel()):
        oud, bezet = als_bezet(row.bezet), nu_bezet(row, lijnen)
        if oud != bezet:
            changes.update(LEVERING, {"id": row.id, "versie": row.versie}, bezet=bezet_als_tekst(bezet))
            eraf.extend(oud)
            erbij.extend(bezet)
    totaal = verschil(mutaties(eraf), mutaties(erbij))
    rows = await per_cel(reader, CEL_OP_SLEUTEL, [cel])
    standen = await _standen_na(reader, context, changes, {cel: totaal}, rows)
    return Celwijziging(cel, lijnen, totaal, standen[cel], oorzaak)


async def lijnen_van_cellen(reader: Reader, cellen: Sequence[Cel]) -> dict[Cel, list[Lijn]]:
    """The lijnen that cover each of these, in order of time."""
    return {
        cel: [lijn_van(row) for row in rows] for cel, rows in (await per_cel(reader, LIJNEN_VAN_CEL, cellen)).items()
    }


async def verloop_van(reader: Reader, cel: Cel) -> Verloop:
    """All occupancy of a cell."""
    return Verloop((row.dag, row.aantal) for row in await reader.all(MUTATIES_VAN_CEL, **cel.sleutel()))


def cellen_van(events: Iterable[LeveringGewijzigd]) -> list[Cel]:
    """The cells that these leveringen now count in."""
    gevonden = {(event.aanbieder, event.gemeente, event.subsegment) for event in events}
    return [Cel(*cel) for cel in sorted(gevonden)]


def cel_van_levering(event: LeveringGewijzigd) -> Cel:
    """The cell that a levering counts in."""
    return Cel(event.aanbieder, event.gemeente, event.subsegment)


def cel_van(lijn: Lijn) -> Cel:
    """The cell that a lijn covers."""
    return Cel(lijn.aanbieder, lijn.gemeente, lijn.subsegment)


def _cel_van_row(row: Any) -> Cel:
    return Cel(row.aanbieder, row.gemeente, row.subsegment)


def bezet_van(perioden: Sequence[Geleverd], einde: date | None, lijnen: Sequence[Lijn]) -> tuple[Periode, ...]:
    """The days on which these deliveries occupy a place, in a cell that these lijnen cover."""
    return bezette_perioden(perioden, einddatum_toewijzing=einde, houdt_dagen=partial(houdt_plek, lijnen))


async def _standen_na(
    reader: Reader,
    context: Context,
    changes: Changeset,
    anders: Mapping[Cel, Mutaties],
    gelezen: Mapping[Cel, Sequence[Any]],
) -> dict[Cel, Stand]:
    """Write the changes of these cells, `gelezen` as they were read; the stand of each after them, written too."""
    bekend = {cel: next(iter(gelezen[cel]), None) for cel in anders}
    # The first event of a day counts the cell afresh; the rest of that day only what changes.
    afresh = [cel for cel, row in bekend.items() if row is None or row.dag != context.today]
    geteld = await per_cel(reader, MUTATIES_VAN_CEL, afresh)
    rows = [(*cel, dag, aantal) for cel, per_dag in anders.items() for dag, aantal in per_dag.items()]
    changes.add_many(MUTATIE, (*Cel._fields, "dag"), ("aantal",), rows)
    standen: dict[Cel, Stand] = {}
    for cel, per_dag in anders.items():
        if cel in geteld:
            alle = [*((row.dag, row.aantal) for row in geteld[cel]), *per_dag.items()]
            standen[cel] = stand_van(Verloop(alle), context.today)
        else:
            standen[cel] = bijgewerkt(stand_van_row(bekend[cel]), per_dag)
        schrijf_cel(changes, cel, bekend[cel], standen[cel])
    return standen


def schrijf_cel(changes: Changeset, cel: Cel, row: Any, stand: Stand) -> None:
    """Write the stand of a cell, `row` as it was read; so every other decision on the cell is excluded."""
    if row is None:
        changes.insert(CEL, **cel.sleutel(), versie=1, **stand_als_kolommen(stand))
    else:
        changes.update(CEL, cel.sleutel(), version=row.versie, **stand_als_kolommen(stand))
