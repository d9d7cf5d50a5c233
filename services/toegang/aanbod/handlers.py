"""Taking in what the others tell of the offer: the highest version of each is kept.

One event touches one row, so each aggregate has a lane of its own: those of a batch share a round trip and a commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Table

from services.toegang.aanbod.rules import Regel, waarschuwingen
from services.toegang.aanbod.store import (
    CONTRACTS_OF,
    OPEN_SIGNALS,
    OVEREENKOMST,
    SIGNAAL,
    SUBSEGMENT,
    SUBSEGMENT_BY_CODE,
    VERSION_OF,
)
from shared.contracts.contractmanagement import (
    OvereenkomstVastgesteld,
    SignaalGewijzigd,
    SubsegmentVastgesteld,
)
from shared.contracts.envelope import Contract
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context
from shared.outbox.inbox import Heard, LaneHandler


def keep_newest(table: Table, key: str, columns: Callable[[Contract], dict[str, object]]) -> LaneHandler:
    """A handler of the events of one aggregate, that replaces its row when one is newer than what is known."""

    async def handler(reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        changes = Changeset()
        event = max((item.event for item in heard), key=lambda event: event.version())
        known = await reader.one(VERSION_OF[table.name], id=event.aggregate())
        if known is None:
            changes.insert(table, **{key: event.aggregate()}, versie=event.version(), **columns(event))
        elif known.versie < event.version():
            newer = {**columns(event), "versie": event.version()}
            changes.update(table, {key: event.aggregate(), "versie": known.versie}, version=None, **newer)
        return changes

    return handler


def _subsegment(event: Contract) -> dict[str, object]:
    assert isinstance(event, SubsegmentVastgesteld)
    return {"naam": event.naam, "wet": event.wet}


def _overeenkomst(event: Contract) -> dict[str, object]:
    assert isinstance(event, OvereenkomstVastgesteld)
    regels = []
    for regel in event.regels:
        verdeeld = {g for versie in regel.versies for g in versie.verdeelsleutel or {}}
        regels.append([sorted(verdeeld) if regel.gemeente is None else [regel.gemeente], regel.subsegment])
    return {
        "aanbieder": event.aanbieder.agb_code,
        "begindatum": event.begindatum.isoformat(),
        "einddatum": event.einddatum.isoformat(),
        "regels": regels,
    }


def _signaal(event: Contract) -> dict[str, object]:
    assert isinstance(event, SignaalGewijzigd)
    return {
        "status": event.status,
        "soort": event.soort,
        "aanbieder": event.aanbieder,
        "gemeente": event.gemeente,
        "subsegment": event.subsegment,
    }


onthoud_subsegment = keep_newest(SUBSEGMENT, "code", _subsegment)
onthoud_overeenkomst = keep_newest(OVEREENKOMST, "id", _overeenkomst)
onthoud_signaal = keep_newest(SIGNAAL, "id", _signaal)


async def waarschuw(
    reader: Reader, aanbieder: str, gemeente: str, subsegment: str, ingangsdatum: date
) -> tuple[str, ...]:
    """The warnings for an indicatie on this offer."""
    rows = await reader.all(CONTRACTS_OF, aanbieder=aanbieder)
    regels = [
        Regel(frozenset(gemeenten), code, date.fromisoformat(row.begindatum), date.fromisoformat(row.einddatum))
        for row in rows
        for gemeenten, code in row.regels
    ]
    signalen = await reader.all(OPEN_SIGNALS, aanbieder=aanbieder, gemeente=gemeente, subsegment=subsegment)
    return waarschuwingen(regels if rows else None, [row.soort for row in signalen], gemeente, subsegment, ingangsdatum)


async def wet_van(reader: Reader, subsegment: str) -> str | None:
    """The law a sub-segment belongs to; None when it is not known here yet."""
    row = await reader.one(SUBSEGMENT_BY_CODE, code=subsegment)
    return None if row is None else str(row.wet)
