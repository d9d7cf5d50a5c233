"""Use cases of signals: after a levering, after a contract, at the turn of the day.

Signals are a function of the occupancy of each day (domain.md, "Signalen on occupancy"): they are worked out anew and
compared with what is stored; what differs is written and told, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.contractmanagement.aanbod.handlers import vergrendel
from services.contractmanagement.aanbod.store import BY_KEY, Aanbod, per_cel
from services.contractmanagement.bezetting.handlers import (
    Gebieden,
    Stand,
    aanbod_van,
    cellen_van,
    gemeenten_van,
    lijnen_van,
    tel_gehouden_plekken,
    verwerk_leveringen,
)
from services.contractmanagement.bezetting.herbouw import tel_aanbod_opnieuw
from services.contractmanagement.bezetting.rules import Verlopen
from services.contractmanagement.bezetting.store import lees_mutaties
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.store import BY_ID
from services.contractmanagement.signaal.berekening import van_cel, van_lijn
from services.contractmanagement.signaal.bijwerking import onderwerp_cel, onderwerp_lijn, werk_bij
from services.contractmanagement.signaal.geschiedenis import Oorzaak
from services.contractmanagement.signaal.store import VAN_AANBOD, VAN_CEL
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context, Outcome
from shared.outbox.inbox import Heard
from shared.outbox.rebuild import Recounted

Signalen = dict[str, list[Any]]  # subject → stored signals


class NietSamen(Exception):
    """Two offers of a batch touch the same levering or offer: then each is decided on by itself."""


async def na_leveringen(reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
    """Leveringen changed: count them per offer, then work out the lines whose days until today they touch. The cause
    is the last that was heard of an offer. Raises NietSamen."""
    gemeld: dict[Aanbod, list[LeveringGewijzigd]] = {}
    oorzaken: dict[Aanbod, Oorzaak] = {}
    for event, envelope in heard:
        if isinstance(event, LeveringGewijzigd):
            gemeld.setdefault(aanbod_van(event), []).append(event)
            oorzaken[aanbod_van(event)] = _oorzaak(envelope)
    _eis_verschillend([levering for events in gemeld.values() for levering in {e.levering for e in events}])
    changes = Changeset()
    gelezen = {aanbod: gemeenten_van(events) for aanbod, events in gemeld.items()}
    signalen, standen = await asyncio.gather(
        _signalen(reader, gelezen), verwerk_leveringen(reader, context, changes, gemeld)
    )
    _eis_verschillend([stand.aanbod for van_aanbod in standen.values() for stand in van_aanbod])
    for aanbod, van_aanbod in standen.items():
        for stand in van_aanbod:
            # A levering may come from elsewhere.
            hier = stand.aanbod == aanbod and gelezen[aanbod].issuperset(stand.verschillen)
            bekend = signalen if hier else await _signalen(reader, {stand.aanbod: stand.verschillen.keys()})
            _na_verschil(context, changes, stand, bekend, oorzaken[aanbod])
    return changes


def _eis_verschillend(geraakt: Sequence[object]) -> None:
    if len(set(geraakt)) < len(geraakt):
        raise NietSamen


def _oorzaak(envelope: Envelope) -> Oorzaak:
    return Oorzaak(envelope.id, envelope.cause)


async def _signalen(reader: Reader, gebieden: Gebieden) -> Signalen:
    """The stored signals of these cells and of every line that may cover them."""
    per_id = {row.id: row for rows in (await per_cel(reader, VAN_CEL, cellen_van(gebieden))).values() for row in rows}
    return per_onderwerp(per_id.values())


def per_onderwerp(rows: Iterable[Any]) -> Signalen:
    """Subject → its stored signals."""
    gevonden: Signalen = {}
    for row in rows:
        gevonden.setdefault(row.onderwerp, []).append(row)
    return gevonden


def _na_verschil(context: Context, changes: Changeset, stand: Stand, signalen: Signalen, oorzaak: Oorzaak) -> None:
    verlopen = Verlopen(stand.mutaties)
    geraakt = {gemeente: dagen for gemeente, per_dag in stand.verschillen.items() if (dagen := reikwijdte(per_dag))}
    for lijn in stand.lijnen:
        if any(_raakt(lijn, gemeente, dagen, context.today) for gemeente, dagen in geraakt.items()):
            onderwerp = onderwerp_lijn(lijn)
            gewenst = van_lijn(lijn, verlopen.binnen_lijn(lijn), context.today)
            werk_bij(context, changes, onderwerp, signalen.get(onderwerp.id, ()), gewenst, oorzaak)
    for gemeente, (eerste, _) in geraakt.items():
        if eerste <= context.today:
            onderwerp = onderwerp_cel(stand.aanbod, gemeente)
            gewenst = van_cel(gemeente, stand.lijnen, verlopen.van_cel(gemeente), context.today)
            werk_bij(context, changes, onderwerp, signalen.get(onderwerp.id, ()), gewenst, oorzaak)


def reikwijdte(verschillen: Mapping[date, int]) -> tuple[date, date] | None:
    """First and last day on which the occupancy differs; None when it nowhere does."""
    if not verschillen:
        return None
    # Differences that cancel out end on the day before the last of them; else they go on for ever.
    laatste = date.max if sum(verschillen.values()) else max(verschillen) - timedelta(days=1)
    return min(verschillen), laatste


def _raakt(lijn: Lijn, gemeente: str, dagen: tuple[date, date], vandaag: date) -> bool:
    eerste, laatste = dagen
    return any(
        periode.begin <= laatste and eerste <= min(periode.eind or date.max, vandaag)
        for periode in lijn.dekking.get(gemeente, ())
    )


async def na_overeenkomst(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """A contract came or changed: count kept days again and work out all signals of its offers, from what is stored
    now. Nothing when a newer version is stored: its own event follows."""
    assert isinstance(event, OvereenkomstVastgesteld)
    changes = Changeset()
    row = await reader.one(BY_ID, id=event.overeenkomst)
    if row is None or row.versie > event.versie:
        return changes
    for subsegment in sorted({regel.subsegment for regel in event.regels}):
        stand = await tel_gehouden_plekken(reader, context, changes, Aanbod(event.aanbieder.agb_code, subsegment))
        await _alles(reader, context, changes, stand, _oorzaak(envelope))
    return changes


async def na_herbouw(
    reader: Reader, context: Context, aanbod: tuple[str, ...], events: Sequence[LeveringGewijzigd]
) -> Outcome[Recounted]:
    """An offer is counted anew: where the count differs from what was stored, all its signals are worked out, once."""
    assert context.cause is not None
    changes = Changeset()
    stand, elders = await tel_aanbod_opnieuw(reader, context, changes, Aanbod(*aanbod), events)
    if stand.verschillen:
        await _alles(reader, context, changes, stand, Oorzaak(context.cause))
    return Outcome(Recounted(bool(changes.statements), elders), changes)


async def na_dagwissel(reader: Reader, context: Context, aanbod: Aanbod) -> Outcome[None]:
    """A day has turned for this offer: work out all its signals; nothing when that was done for today."""
    row = await reader.one(BY_KEY, **aanbod._asdict())
    if row is None or row.berekend_tot == context.today:
        return Outcome(None)
    changes = Changeset()
    await vergrendel(reader, context, changes, aanbod, berekend=True)
    stand = Stand(aanbod, await lijnen_van(reader, aanbod), await lees_mutaties(reader, aanbod), {})
    await _alles(reader, context, changes, stand, Oorzaak(f"dagwissel:{context.today.isoformat()}"))
    return Outcome(None, changes)


async def _alles(reader: Reader, context: Context, changes: Changeset, stand: Stand, oorzaak: Oorzaak) -> None:
    bestaand = per_onderwerp(await reader.all(VAN_AANBOD, **stand.aanbod._asdict()))
    verlopen = Verlopen(stand.mutaties)
    for lijn in stand.lijnen:
        onderwerp = onderwerp_lijn(lijn)
        gewenst = van_lijn(lijn, verlopen.binnen_lijn(lijn), context.today)
        werk_bij(context, changes, onderwerp, bestaand.pop(onderwerp.id, ()), gewenst, oorzaak)
    # What is left are cells; one may have lost its last levering, and then its signal lapses.
    gemeenten = stand.mutaties.keys() | {row.gemeente for rows in bestaand.values() for row in rows}
    for gemeente in sorted(gemeenten):
        onderwerp = onderwerp_cel(stand.aanbod, gemeente)
        gewenst = van_cel(gemeente, stand.lijnen, verlopen.van_cel(gemeente), context.today)
        werk_bij(context, changes, onderwerp, bestaand.get(onderwerp.id, ()), gewenst, oorzaak)
