"""Use cases of occupancy: take in a levering, and count again what a contract keeps occupied (B-5).

Both say what changed, so that who builds on occupancy works with the changes and not with the whole. Of an offer only
what the gemeenten of the leveringen are in is read, all of it at the same moment: a question for many offers at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.contractmanagement.aanbod.handlers import houd_vast, vergrendel
from services.contractmanagement.aanbod.store import BY_KEY, Aanbod, Cel, per_aanbod, per_cel
from services.contractmanagement.bezetting.rules import houdt_dagen
from services.contractmanagement.bezetting.store import (
    BEZETTING_MUTATIE,
    LEVERING,
    MUTATIES_VAN_AANBOD,
    MUTATIES_VAN_CEL,
    TIJDELIJK_GESTOPT,
    als_bezet,
    als_perioden,
    bezet_als_json,
    lees_mutaties,
    leveringen_op_id,
    per_gemeente,
    perioden_als_json,
)
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.store import REGELS_VAN_AANBOD, REGELS_VAN_CEL, als_lijn
from shared.contracts.backoffice import LeveringGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Periode
from shared.kernel.verloop import bezette_perioden, mutaties, verschil
from shared.outbox.edge import Context

PerGemeente = dict[str, dict[date, int]]
Gebieden = Mapping[Aanbod, Collection[str]]  # what is read around: of each offer some gemeenten


@dataclass(frozen=True, slots=True)
class Stand:
    """An offer after this decision: its lines (all that may cover a gemeente with a change), the changes per gemeente
    and day (of every gemeente that such a line needs), and which of these this decision made."""

    aanbod: Aanbod
    lijnen: Sequence[Lijn]
    mutaties: PerGemeente
    verschillen: PerGemeente


@dataclass(frozen=True, slots=True)
class Bekend:
    """What is stored of an offer, around some gemeenten: its row (None: nothing yet), the lines that may cover them,
    the changes per day (of all its gemeenten when one of these lines is for the region: it adds them up)."""

    aanbod: Aanbod
    gemeenten: frozenset[str]
    row: Any
    lijnen: Sequence[Lijn]
    mutaties: PerGemeente


async def verwerk_leveringen(
    reader: Reader, context: Context, changes: Changeset, gemeld: Mapping[Aanbod, Sequence[LeveringGewijzigd]]
) -> dict[Aanbod, list[Stand]]:
    """Keep the newest version of leveringen and count the difference once; nothing for a version that is not newer. A
    levering that moved here leaves its old cell. Per offer: it, and any that a levering came from."""
    gebieden = {aanbod: gemeenten_van(events) for aanbod, events in gemeld.items()}
    ids = {event.levering for events in gemeld.values() for event in events}
    leveringen, bekend = await asyncio.gather(leveringen_op_id(reader, list(ids)), lees_rondom(reader, gebieden))
    return {
        aanbod: await _verwerk(reader, context, changes, bekend[aanbod], events, leveringen)
        for aanbod, events in gemeld.items()
    }


async def _verwerk(
    reader: Reader,
    context: Context,
    changes: Changeset,
    bekend: Bekend,
    events: Sequence[LeveringGewijzigd],
    leveringen: Mapping[str, Any],
) -> list[Stand]:
    standen = []
    for geraakt, verschillen in _neem_op(changes, bekend, events, leveringen).items():
        # A levering may come from elsewhere.
        hier = geraakt == bekend.aanbod and bekend.gemeenten.issuperset(verschillen)
        rondom = bekend if hier else (await lees_rondom(reader, {geraakt: verschillen.keys()}))[geraakt]
        standen.append(_boek(context, changes, rondom, verschillen))
    return standen


def _neem_op(
    changes: Changeset, bekend: Bekend, events: Sequence[LeveringGewijzigd], leveringen: Mapping[str, Any]
) -> dict[Aanbod, PerGemeente]:
    """Write the leveringen that are new or newer; what changes with them, per offer that they touch."""
    nieuwste = {event.levering: event for event in sorted(events, key=lambda event: event.versie)}
    anders: dict[Aanbod, PerGemeente] = {}
    for event in nieuwste.values():
        row = leveringen.get(event.levering)
        if row is not None and row.versie >= event.versie:
            continue
        columns, bezet = opgenomen(event, bekend.lijnen)
        if row is None:
            changes.insert(LEVERING, id=event.levering, **columns)
        else:
            # Not version + 1: versions may have been skipped. The old one in the key makes a stale write fail.
            changes.update(LEVERING, {"id": event.levering, "versie": row.versie}, **columns)
            eerst = anders.setdefault(Aanbod(row.aanbieder, row.subsegment), {}).setdefault(row.gemeente, {})
            tel_op(eerst, verschil(mutaties(als_bezet(row.bezet)), {}))
        tel_op(anders.setdefault(bekend.aanbod, {}).setdefault(event.gemeente, {}), mutaties(bezet))
    return anders


def aanbod_van(event: LeveringGewijzigd) -> Aanbod:
    """The offer that a levering counts in."""
    return Aanbod(event.aanbieder, event.subsegment)


def gemeenten_van(events: Iterable[LeveringGewijzigd]) -> set[str]:
    """The gemeenten that these leveringen now count in."""
    return {event.gemeente for event in events}


def opgenomen(event: LeveringGewijzigd, lijnen: Sequence[Lijn]) -> tuple[dict[str, Any], tuple[Periode, ...]]:
    """A levering as stored, but for its id, and the days on which it occupies a place."""
    perioden = event.perioden
    houdt = houdt_dagen(lijnen, event.gemeente)
    grens = event.einddatum_toewijzing
    bezet = () if event.vervallen else bezette_perioden(perioden, einddatum_toewijzing=grens, houdt_dagen=houdt)
    columns: dict[str, Any] = {
        "aanbieder": event.aanbieder,
        "gemeente": event.gemeente,
        "subsegment": event.subsegment,
        "einddatum_toewijzing": grens,
        "vervallen": event.vervallen,
        "tijdelijk": any(periode.tijdelijk for periode in perioden),
        "perioden": perioden_als_json(perioden),
        "bezet": bezet_als_json(bezet),
        "versie": event.versie,
    }
    return columns, bezet


async def tel_gehouden_plekken(reader: Reader, context: Context, changes: Changeset, aanbod: Aanbod) -> Stand:
    """Count the leveringen with a temporary stop again, after a contract came or changed; works out the whole offer."""
    lijnen = await lijnen_van(reader, aanbod)
    verschillen: PerGemeente = {}
    for row in await reader.all(TIJDELIJK_GESTOPT, **aanbod._asdict()):
        oud = als_bezet(row.bezet)
        nieuw = nu_bezet(row, lijnen)
        if nieuw == oud:
            continue
        changes.update(LEVERING, {"id": row.id, "versie": row.versie}, bezet=bezet_als_json(nieuw), versie=row.versie)
        tel_op(verschillen.setdefault(row.gemeente, {}), verschil(mutaties(oud), mutaties(nieuw)))
    stand = await lees_mutaties(reader, aanbod)
    _schrijf(changes, aanbod, stand, verschillen)
    await vergrendel(reader, context, changes, aanbod, berekend=True)
    return Stand(aanbod, lijnen, stand, verschillen)


def nu_bezet(row: Any, lijnen: Iterable[Lijn]) -> tuple[Periode, ...]:
    """The days on which a stored levering occupies a place, as its contracts now have it."""
    if row.vervallen:
        return ()
    houdt = houdt_dagen(lijnen, row.gemeente)
    perioden = als_perioden(row.perioden)
    return bezette_perioden(perioden, einddatum_toewijzing=row.einddatum_toewijzing, houdt_dagen=houdt)


async def lees_rondom(reader: Reader, gebieden: Gebieden) -> dict[Aanbod, Bekend]:
    """What is stored around these gemeenten: of all offers together, one question of each kind."""
    cellen = cellen_van(gebieden)
    rows, regels, mutaties = await asyncio.gather(
        per_aanbod(reader, BY_KEY, list(gebieden)),
        per_cel(reader, REGELS_VAN_CEL, cellen),
        per_cel(reader, MUTATIES_VAN_CEL, cellen),
    )
    bekend = {}
    for aanbod, gemeenten in gebieden.items():
        eigen = cellen_van({aanbod: gemeenten})
        per_id = {row.id: row for cel in eigen for row in regels[cel]}
        lijnen = [als_lijn(per_id[identity]) for identity in sorted(per_id)]
        geteld = per_gemeente(row for cel in eigen for row in mutaties[cel])
        bekend[aanbod] = Bekend(aanbod, frozenset(gemeenten), next(iter(rows[aanbod]), None), lijnen, geteld)
    regionaal = [een.aanbod for een in bekend.values() if any(lijn.regel.gemeente is None for lijn in een.lijnen)]
    if regionaal:
        for aanbod, alle in (await per_aanbod(reader, MUTATIES_VAN_AANBOD, regionaal)).items():
            bekend[aanbod] = replace(bekend[aanbod], mutaties=per_gemeente(alle))
    return bekend


def cellen_van(gebieden: Gebieden) -> list[Cel]:
    """All of them."""
    return [Cel(aanbod, gemeente) for aanbod, gemeenten in gebieden.items() for gemeente in gemeenten]


def _boek(context: Context, changes: Changeset, bekend: Bekend, verschillen: PerGemeente) -> Stand:
    aanbod = bekend.aanbod
    houd_vast(context, changes, aanbod, bekend.row)
    if not any(verschillen.values()):
        return Stand(aanbod, (), {}, {})
    _schrijf(changes, aanbod, bekend.mutaties, verschillen)
    return Stand(aanbod, bekend.lijnen, bekend.mutaties, verschillen)


def _schrijf(
    changes: Changeset, aanbod: Aanbod, stand: PerGemeente, verschillen: Mapping[str, Mapping[date, int]]
) -> None:
    """Write the differences and bring `stand` up to date with them."""
    for gemeente, verschil_per_dag in verschillen.items():
        per_dag = stand.setdefault(gemeente, {})
        tel_op(per_dag, verschil_per_dag)
        for dag, aantal in verschil_per_dag.items():
            sleutel = {**aanbod._asdict(), "gemeente": gemeente, "dag": dag}
            if dag in per_dag:
                changes.add(BEZETTING_MUTATIE, sleutel, aantal=aantal)
            else:
                changes.delete(BEZETTING_MUTATIE, **sleutel)


def tel_op(per_dag: dict[date, int], verschillen: Mapping[date, int]) -> None:
    """Add differences in place; a day on which nothing changes any more disappears."""
    for dag, aantal in verschillen.items():
        samen = per_dag.get(dag, 0) + aantal
        if samen:
            per_dag[dag] = samen
        else:
            per_dag.pop(dag, None)


async def lijnen_van(reader: Reader, aanbod: Aanbod) -> list[Lijn]:
    """The contract lines of an offer, by id."""
    return [als_lijn(row) for row in await reader.all(REGELS_VAN_AANBOD, **aanbod._asdict())]
