"""Taking hold of an offer: of two decisions on it at the same time, one finds a stale version and is taken again."""

from __future__ import annotations

from typing import Any

from services.contractmanagement.aanbod.store import AANBOD, BY_KEY, Aanbod
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context


async def vergrendel(
    reader: Reader, context: Context, changes: Changeset, aanbod: Aanbod, *, berekend: bool = False
) -> None:
    """Let this decision exclude every other one on the offer; call once per decision and offer.

    `berekend`: this decision works out all its signals for today.
    """
    houd_vast(context, changes, aanbod, await reader.one(BY_KEY, **aanbod._asdict()), berekend=berekend)


def houd_vast(context: Context, changes: Changeset, aanbod: Aanbod, row: Any, *, berekend: bool = False) -> None:
    """As `vergrendel`, where the offer was read. A new one (`row` None) counts as worked out: who makes it works out
    what there is."""
    if row is None:
        changes.insert(AANBOD, **aanbod._asdict(), versie=1, berekend_tot=context.today)
    elif berekend:
        changes.update(AANBOD, aanbod._asdict(), version=row.versie, berekend_tot=context.today)
    else:
        changes.update(AANBOD, aanbod._asdict(), version=row.versie)
