"""Who may see which batch, what is kept of each step, and the event that tells of a payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.financien.betaling.rules.uitslag import Betaalstatus
from services.financien.betaling.store import BATCH, BATCH_OP_ID, BETALING, BETALINGEN_VAN_BATCH, Row
from shared.contracts.financien import BetalingGewijzigd, BetalingOnderdeel
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context

NIET_VERTELD = (Betaalstatus.KLAARGEZET, Betaalstatus.INGETROKKEN)  # nothing has left the house


class BetaalbatchOnbekend(NotFound):
    """No such batch for this caller."""


async def toon_batch(reader: Reader, context: Context, identity: str) -> Row:
    """A batch of the caller's own gemeente, any for an auditor, with its payments under `betalingen`. Refuses
    `BetaalbatchOnbekend`."""
    row = await reader.one(BATCH_OP_ID, id=identity)
    if row is None or context.caller.gemeente not in (None, row.betaler):
        raise BetaalbatchOnbekend("Deze betaalbatch is bij u niet bekend.")
    betalingen = await reader.all(BETALINGEN_VAN_BATCH, batch=identity)
    return {**row._asdict(), "betalingen": [betaling._asdict() for betaling in betalingen]}


def zet_batch(changes: Changeset, context: Context, batch: Row, stap: str | None, waarden: Mapping[str, Any]) -> Row:
    """Change a batch, with the step on record; the batch as it is then."""
    stappen = batch["stappen"] if stap is None else [*batch["stappen"], stap_van(context, stap)]
    changes.update(BATCH, {"id": batch["id"]}, version=batch["versie"], stappen=stappen, **waarden)
    return {**batch, **waarden, "stappen": stappen, "versie": batch["versie"] + 1}


def zet_betaling(changes: Changeset, betaling: Row, status: Betaalstatus, **waarden: object) -> Row:
    """Change a payment and tell of it; the payment as it is then."""
    nieuw = {**betaling, **waarden, "status": str(status), "versie": betaling["versie"] + 1}
    changes.update(BETALING, {"id": betaling["id"]}, version=betaling["versie"], status=str(status), **waarden)
    if status not in NIET_VERTELD:
        changes.publish(gebeurtenis(nieuw))
    return nieuw


def stap_van(context: Context, stap: str) -> dict[str, str]:
    """Who did what, when."""
    moment = context.now.isoformat(timespec="seconds")
    return {"stap": stap, "gebruiker": context.caller.gebruiker, "moment": moment}


def gebeurtenis(betaling: Row) -> BetalingGewijzigd:
    """The event that tells where a payment stands; never an account number."""
    return BetalingGewijzigd(
        betaling=betaling["id"],
        versie=betaling["versie"],
        batch=betaling["batch"],
        betaler=betaling["betaler"],
        gemeente=betaling["gemeente"],
        aanbieder=betaling["aanbieder"],
        uitvoerdatum=betaling["uitvoerdatum"],
        bedrag=Bedrag(betaling["bedrag_cent"]).als_euro(),
        status=betaling["status"],
        reden=betaling["reden"],
        uitgevoerd_op=betaling["uitgevoerd_op"],
        opbouw=_per_subsegment(betaling["opbouw"]),
    )


def _per_subsegment(opbouw: list[Row]) -> list[BetalingOnderdeel]:
    """Months added up: an event has a limited size, and a payment that catches up may hold many."""
    bedragen: dict[tuple[Any, str | None, str | None], int] = {}
    for deel in opbouw:
        sleutel = (deel["doel"], deel["segment"], deel["subsegment"])
        bedragen[sleutel] = bedragen.get(sleutel, 0) + deel["bedrag_cent"]
    return [
        BetalingOnderdeel(doel=doel, segment=segment, subsegment=code, bedrag=Bedrag(cent).als_euro())
        for (doel, segment, code), cent in bedragen.items()
    ]
