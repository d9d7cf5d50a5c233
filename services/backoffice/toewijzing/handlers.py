"""Use cases of toewijzingen: follow the indicatie."""

from __future__ import annotations

from typing import Any

from services.backoffice.toewijzing.rules import Status, wijziging
from services.backoffice.toewijzing.store import BY_INDICATIE, LAST_NUMBER, NUMMERREEKS, TOEWIJZING
from shared.contracts.backoffice import ToewijzingGewijzigd
from shared.contracts.toegang import IndicatieVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context


async def volg_indicatie(
    reader: Reader, context: Context, changes: Changeset, event: IndicatieVastgesteld
) -> Any | None:
    """Make the toewijzing of a new indicatie, or change that of a known one. Returns the row as it was before a change
    that also touches its levering, None otherwise. An older version of the indicatie changes nothing."""
    row = await reader.one(BY_INDICATIE, indicatie=event.indicatie)
    if row is None:
        await _wijs_toe(reader, context, changes, event)
        return None
    if event.versie <= row.indicatie_versie:
        return None
    change = wijziging(row.ingangsdatum, row.einddatum, event.einddatum, ingetrokken=event.ingetrokken)
    key = {"id": row.id}
    if change is None:
        changes.update(TOEWIJZING, key, version=row.versie, indicatie_versie=event.versie)
        return None
    changes.update(
        TOEWIJZING,
        key,
        version=row.versie,
        indicatie_versie=event.versie,
        einddatum=change.einddatum,
        status=str(Status.VERWIJDERD if change.verwijderd else Status.TE_VERZENDEN),
        te_melden=True,
        # A 301 that never left has nothing to change for the provider: it goes out as new (IV099).
        reden_wijziging=change.reden if row.toewijzingsdatum or change.verwijderd else None,
        toelichting=None,
    )
    changed = row._replace(
        einddatum=change.einddatum,
        versie=row.versie + 1,
        status=str(Status.VERWIJDERD if change.verwijderd else Status.TE_VERZENDEN),
    )
    changes.publish(gebeurtenis(changed))
    return changed


async def _wijs_toe(reader: Reader, context: Context, changes: Changeset, event: IndicatieVastgesteld) -> None:
    series = await reader.one(LAST_NUMBER, gemeente=event.gemeente, wet=event.wet)
    if series is None:
        nummer = 1
        changes.insert(NUMMERREEKS, gemeente=event.gemeente, wet=event.wet, laatste=nummer, versie=1)
    else:
        nummer = series.laatste + 1
        key = {"gemeente": event.gemeente, "wet": event.wet}
        changes.update(NUMMERREEKS, key, version=series.versie, laatste=nummer)
    identity = context.new_id()
    values: dict[str, Any] = {
        "wet": event.wet,
        "gemeente": event.gemeente,
        "aanbieder": event.aanbieder,
        "subsegment": event.subsegment,
        "client": event.client,
        "indicatie": event.indicatie,
        "ingangsdatum": event.ingangsdatum,
        "einddatum": event.ingangsdatum if event.ingetrokken else event.einddatum,
        "status": str(Status.VERWIJDERD if event.ingetrokken else Status.TE_VERZENDEN),
    }
    changes.insert(
        TOEWIJZING,
        id=identity,
        versie=1,
        indicatie_versie=event.versie,
        nummer=nummer,
        bsn_hash=None,
        toewijzingsdatum=None,
        toewijzingstijd=None,
        # Taken back before any 301 left: the provider has never heard of it, so there is nothing to tell.
        te_melden=not event.ingetrokken,
        reden_wijziging=None,
        toelichting=None,
        **values,
    )
    changes.publish(ToewijzingGewijzigd(toewijzing=identity, versie=1, toewijzing_nummer=str(nummer), **values))


def gebeurtenis(row: Any) -> ToewijzingGewijzigd:
    """The event of a toewijzing as it now stands."""
    names = ("indicatie", "client", "wet", "gemeente", "aanbieder", "subsegment", "ingangsdatum", "einddatum", "status")
    values = {name: getattr(row, name) for name in names}
    return ToewijzingGewijzigd(toewijzing=row.id, versie=row.versie, toewijzing_nummer=str(row.nummer), **values)
