"""State what the bank does not say, and let a second person confirm it (F-8)."""

from __future__ import annotations

from typing import Any

from services.financien.bankverklaring.rules import (
    Afschrift,
    BankverklaringStaatOpen,
    Verklaringstatus,
    als_melding,
    keur_afschrift,
    keur_bevestiger,
    keur_bij_bank,
    keur_open,
)
from services.financien.bankverklaring.store import (
    BANKVERKLARING,
    BANKVERKLARING_OP_ID,
    BANKVERKLARINGEN_VAN,
    afschrift_van,
)
from services.financien.betaling.handlers.uitslag import Geraakt, verwerk
from services.financien.betaling.rules.uitslag import Betaalstatus, Gevolg
from services.financien.betaling.store import BETALING_OP_ID, Row
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kalender import is_feestdag
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context, Outcome

STAP = "bankverklaring bevestigd"


class BetalingOnbekend(NotFound):
    """No such payment that the caller's gemeente makes."""


class BankverklaringOnbekend(NotFound):
    """No such statement in the caller's gemeente."""


async def verklaar(reader: Reader, context: Context, betaling: str, gelezen: Afschrift, reden: str) -> Outcome[Row]:
    """State what the bank's statement shows of a payment; nothing is booked yet. Refuses `BetalingOnbekend`,
    `BetalingNietBijBank`, `BankverklaringStaatOpen`, `AfschriftKloptNiet`, `BankHeeftNogTijd`."""
    row = await _betaling(reader, context, betaling)
    keur_bij_bank(Betaalstatus(row.status))
    eerder = await reader.all(BANKVERKLARINGEN_VAN, betaling=betaling)
    if any(verklaring.status == Verklaringstatus.VOORGESTELD for verklaring in eerder):
        raise BankverklaringStaatOpen("Laat een collega daarover beslissen, of wijs haar af en doe een nieuwe.")
    keur_afschrift(gelezen, Bedrag(row.bedrag_cent), row.uitvoerdatum, context.today, is_feestdag)
    nieuw: Row = {
        "id": context.new_id(),
        "versie": 1,
        "betaling": betaling,
        "betaler": row.betaler,
        "volgnummer": len(eerder) + 1,
        "bevinding": str(gelezen.bevinding),
        "dag": gelezen.dag,
        "bedrag_cent": None if gelezen.bedrag is None else gelezen.bedrag.cent,
        "reden": reden,
        "status": str(Verklaringstatus.VOORGESTELD),
        "ingediend_op": context.now,
        "ingediend_door": context.caller.gebruiker,
        "beslist_op": None,
        "beslist_door": None,
    }
    outcome = Outcome(nieuw)
    outcome.changes.insert(BANKVERKLARING, **nieuw)
    return outcome


async def bevestig(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Let a statement work as if the bank had said it. Refuses `TweedePersoonNodig` to who made it,
    `BankverklaringBeslist`, and `BetalingNietBijBank` when the bank answered meanwhile."""
    row = await _open(reader, context, identity)
    keur_bevestiger(row.ingediend_door, context.caller.gebruiker)
    betaling = await _betaling(reader, context, row.betaling)
    keur_bij_bank(Betaalstatus(betaling.status))
    gelezen = afschrift_van(row)
    keur_afschrift(gelezen, Bedrag(betaling.bedrag_cent), betaling.uitvoerdatum, context.today, is_feestdag)
    changes = Changeset()
    geraakt = Geraakt.van(dict(betaling._asdict()))
    wat = geraakt.pas_toe(als_melding(gelezen, betaling.kenmerk), context.today)
    assert wat in (Gevolg.BOEK, Gevolg.DRAAI_TERUG), "what was read was held against the payment"
    await verwerk(reader, context, changes, betaling.betaler, [geraakt], STAP)
    return Outcome(_beslis(changes, context, row, Verklaringstatus.BEVESTIGD), changes)


async def wijs_af(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Refuse a statement, or take one's own back. Refuses `BankverklaringBeslist`."""
    row = await _open(reader, context, identity)
    changes = Changeset()
    return Outcome(_beslis(changes, context, row, Verklaringstatus.AFGEWEZEN), changes)


async def _betaling(reader: Reader, context: Context, identity: str) -> Any:
    """A payment that the caller's gemeente makes: it alone sees the statement."""
    row = await reader.one(BETALING_OP_ID, id=identity)
    if row is None or row.betaler != context.caller.gemeente:
        raise BetalingOnbekend("Uw gemeente doet deze betaling niet.")
    return row


async def _open(reader: Reader, context: Context, identity: str) -> Any:
    row = await reader.one(BANKVERKLARING_OP_ID, id=identity)
    if row is None or row.betaler != context.caller.gemeente:
        raise BankverklaringOnbekend("Deze verklaring is in uw gemeente niet bekend.")
    keur_open(Verklaringstatus(row.status))
    return row


def _beslis(changes: Changeset, context: Context, row: Any, status: Verklaringstatus) -> Row:
    besluit: Row = {"status": str(status), "beslist_op": context.now, "beslist_door": context.caller.gebruiker}
    changes.update(BANKVERKLARING, {"id": row.id}, version=row.versie, **besluit)
    return {**row._asdict(), **besluit, "versie": row.versie + 1}
