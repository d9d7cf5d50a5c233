"""What a heard fact does to money: terms follow the contract, the forecast follows contract and occupancy (F-4)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.financien.betaalschema import handlers as betaalschema
from services.financien.bezetting.handlers import (
    Celwijziging,
    cel_van,
    cellen_van,
    herzie_cel,
    neem_leveringen_op,
    verloop_van,
)
from services.financien.bezetting.herbouw import tel_cel_opnieuw
from services.financien.bezetting.rules import Stand, stand_van
from services.financien.bezetting.store import Cel, per_cel
from services.financien.bijstelling.rules import Prognose, prognose_tot
from services.financien.contractgegevens.handlers import onthoud_gegevens
from services.financien.overeenkomst.handlers import lijnen_van_cel, onthoud_overeenkomst
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import lijn_van
from services.financien.prognose.store import PROGNOSE, PROGNOSE_VAN_LIJN, PROGNOSES_VAN_CEL
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.contracts.envelope import Contract, Envelope
from shared.contracts.financien import PrognoseGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Maand
from shared.outbox.edge import Context, Outcome
from shared.outbox.inbox import Heard
from shared.outbox.rebuild import Recounted


async def volg_overeenkomst(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """A contract was decided or changed: lijnen, terms, kept places and forecasts follow."""
    assert isinstance(event, OvereenkomstVastgesteld)
    changes = Changeset()
    await onthoud_gegevens(reader, changes, event)
    gehoord = await onthoud_overeenkomst(reader, context, changes, event)
    if gehoord is None:
        return changes
    await betaalschema.volg_overeenkomst(reader, context, changes, event, gehoord.lijnen, gehoord.reden)
    for lijn in gehoord.lijnen:
        andere = [
            bekend
            for bekend in await lijnen_van_cel(reader, *cel_van(lijn))
            if bekend.overeenkomst != event.overeenkomst
        ]
        wijziging = await herzie_cel(reader, context, changes, cel_van(lijn), [*andere, lijn], envelope.id)
        await _werk_bij(reader, changes, [wijziging], altijd=lijn.id)
    return changes


async def volg_leveringen(reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
    """What was delivered changed: at once occupancy and forecast of the lijnen that cover it follow (F-4), each lijn
    once; its cause is the last that moved its cell."""
    changes = Changeset()
    gehoord = {item.envelope.id: item.event for item in heard if isinstance(item.event, LeveringGewijzigd)}
    cellen = cellen_van(gehoord.values())
    prognoses, wijzigingen = await asyncio.gather(
        per_cel(reader, PROGNOSES_VAN_CEL, cellen),
        neem_leveringen_op(reader, context, changes, gehoord, cellen),
    )
    await _werk_bij(reader, changes, wijzigingen, gelezen=prognoses)
    return changes


async def na_herbouw(
    reader: Reader, context: Context, cel: tuple[str, ...], events: Sequence[LeveringGewijzigd]
) -> Outcome[Recounted]:
    """A cell is counted anew: forecasts follow once, where the count differs from what was stored."""
    assert context.cause is not None
    changes = Changeset()
    wijziging, elders = await tel_cel_opnieuw(reader, context, changes, Cel(*cel), events, context.cause)
    await _werk_bij(reader, changes, [wijziging])
    return Outcome(Recounted(bool(changes.statements), elders), changes)


async def _werk_bij(
    reader: Reader,
    changes: Changeset,
    wijzigingen: Sequence[Celwijziging],
    altijd: str | None = None,
    gelezen: Mapping[Cel, Sequence[Any]] | None = None,
) -> None:
    """Write and publish the forecasts that changes touch: of lijnen that run on or after the first day of one.
    `gelezen`: the stored forecasts of the cells of which they were read before."""
    geraakt = [(lijn, wijziging) for wijziging in wijzigingen for lijn in _geraakt(wijziging, altijd)]
    hier = gelezen or {}
    elders = [lijn.id for lijn, wijziging in geraakt if wijziging.cel not in hier]
    rows = [*hier.values(), *(await reader.many(PROGNOSE_VAN_LIJN, lijn=elders) if elders else ())]
    bekend = {row.lijn: row for some in rows for row in some}
    for lijn, wijziging in geraakt:
        _bewaar(changes, bekend.get(lijn.id), lijn, wijziging.stand, wijziging.oorzaak)


def _geraakt(wijziging: Celwijziging, altijd: str | None) -> list[Lijn]:
    eerste = Maand.van(min(wijziging.mutaties)) if wijziging.mutaties else None
    return [
        lijn for lijn in wijziging.lijnen if lijn.id == altijd or (eerste is not None and eerste <= lijn.contract.eind)
    ]


def _bewaar(changes: Changeset, row: Any, lijn: Lijn, stand: Stand, oorzaak: str) -> None:
    prognose = bereken(lijn, stand)
    bedragen = (prognose.lumpsum.cent, prognose.gerealiseerd.cent, prognose.verwacht.cent)
    if row is not None and (row.lumpsum_cent, row.gerealiseerd_cent, row.verwacht_cent, row.stand) == (
        *bedragen,
        stand.dag,
    ):
        return
    kolommen = dict(zip(("lumpsum_cent", "gerealiseerd_cent", "verwacht_cent"), bedragen, strict=True))
    if row is None:
        changes.insert(PROGNOSE, lijn=lijn.id, versie=1, stand=stand.dag, oorzaak=oorzaak, **kolommen)
    else:
        changes.update(PROGNOSE, {"lijn": lijn.id}, version=row.versie, stand=stand.dag, oorzaak=oorzaak, **kolommen)
    changes.publish(
        PrognoseGewijzigd(
            lijn=lijn.id,
            versie=1 if row is None else row.versie + 1,
            overeenkomst=lijn.overeenkomst,
            aanbieder=lijn.aanbieder,
            gemeente=lijn.gemeente,
            subsegment=lijn.subsegment,
            stand=stand.dag,
            lumpsum=prognose.lumpsum.als_euro(),
            gerealiseerd=prognose.gerealiseerd.als_euro(),
            verwacht=prognose.verwacht.als_euro(),
        ),
        cause=oorzaak,
    )


def bereken(lijn: Lijn, stand: Stand) -> Prognose:
    """The running forecast of a lijn; occupation without cover counts nowhere."""
    return prognose_tot(lijn.contract, lijn.eigen_dagen(stand.dagen), stand.dag, stand.bezet)


@dataclass(frozen=True, slots=True)
class Getoond:
    """A forecast as of today, worked out when asked, so that it is never stale."""

    lijn: Lijn
    prognose: Prognose
    stand: Stand
    dagen: dict[Maand, int]
    oorzaak: str | None


async def toon(reader: Reader, context: Context, row: Any) -> Getoond:
    """The forecast of a lijn (a row of `lijnen()`) as of today, with its occupied days per month so far."""
    lijn = lijn_van(row)
    stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
    bekend = await reader.one(PROGNOSE_VAN_LIJN, lijn=lijn.id)
    eigen = lijn.eigen_dagen(stand.dagen)
    tot_nu = {maand: eigen.get(maand, 0) for maand in lijn.contract.maanden() if maand <= Maand.van(context.today)}
    return Getoond(lijn, bereken(lijn, stand), stand, tot_nu, None if bekend is None else bekend.oorzaak)
