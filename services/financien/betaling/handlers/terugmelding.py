"""Follow what the bank says (F-8). A file has effect once, a fact has effect once, and nothing that came is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.financien.betaling.bankbericht import Bankbericht
from services.financien.betaling.handlers.uitslag import Geraakt, verwerk
from services.financien.betaling.rules.samenstelling import kenmerk
from services.financien.betaling.rules.uitslag import Melding, reden_in_woorden
from services.financien.betaling.store import (
    BATCH_MET_KENMERK,
    BETALINGEN_VAN_BATCH,
    MOST_ASKED,
    TERUGMELDING,
    TERUGMELDING_EERDER,
    TERUGMELDING_OP_ID,
    Row,
    betalingen_met_kenmerk,
)
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context, Outcome

ONLEESBAAR = "onleesbaar"
MOST_SHOWN = 100  # names of others in one answer; their number is always given


class TerugmeldingOnbekend(NotFound):
    """No such file in the caller's gemeente."""


@dataclass(frozen=True, slots=True)
class Bestand:
    """A file of the bank as it came, already encrypted, with the hash of its bytes."""

    vingerafdruk: str
    versleuteld: bytes
    lengte: int


@dataclass(frozen=True, slots=True)
class Verwerkt:
    """What became of a file; `nieuw` is False when it came before."""

    row: Row
    nieuw: bool


async def verwerk_terugmelding(
    reader: Reader, context: Context, bestand: Bestand, bericht: Bankbericht | str
) -> Outcome[Verwerkt]:
    """Keep a file and do what it says; a text for `bericht` says why it can't be read. The same bytes do nothing the
    second time."""
    gemeente = context.caller.gemeente
    assert gemeente is not None, "a controller is of one gemeente"
    eerder = await reader.one(TERUGMELDING_EERDER, gemeente=gemeente, vingerafdruk=bestand.vingerafdruk)
    if eerder is not None:
        return Outcome(Verwerkt(dict(eerder._asdict()), False))
    if isinstance(bericht, str):
        soort, verwerking = ONLEESBAAR, Verwerking(Changeset(), {"fout": bericht})
    else:
        soort, verwerking = bericht.soort, await _volg(reader, context, gemeente, bericht)
    row: Row = {
        "id": context.new_id(),
        "gemeente": gemeente,
        "soort": soort,
        "vingerafdruk": bestand.vingerafdruk,
        "lengte": bestand.lengte,
        "ontvangen_op": context.now,
        "ontvangen_door": context.caller.gebruiker,
        "uitkomst": verwerking.uitkomst,
    }
    verwerking.changes.insert(TERUGMELDING, **row, inhoud=bestand.versleuteld)
    return Outcome(Verwerkt(row, True), verwerking.changes)


async def toon_terugmelding(reader: Reader, context: Context, identity: str) -> Any:
    """A file of the caller's own gemeente, any for an auditor. Refuses `TerugmeldingOnbekend`."""
    row = await reader.one(TERUGMELDING_OP_ID, id=identity)
    if row is None or context.caller.gemeente not in (None, row.gemeente):
        raise TerugmeldingOnbekend("Dit bestand van de bank is bij u niet bekend.")
    return row


@dataclass(slots=True)
class Verwerking:
    """What a file does: what to write, what to answer."""

    changes: Changeset
    uitkomst: Row


async def _volg(reader: Reader, context: Context, gemeente: str, bericht: Bankbericht) -> Verwerking:
    betalingen, onbekend = await _genoemd(reader, gemeente, bericht.meldingen)
    apart = {melding.kenmerk for melding in bericht.meldingen if not melding.heel}
    resultaten = [
        _pas_toe(betaling, melding, context.today)
        for melding in bericht.meldingen
        for betaling in _van(melding, betalingen, apart)
    ]
    changes = Changeset()
    await verwerk(reader, context, changes, gemeente, betalingen.values(), "terugmelding verwerkt")
    uitkomst: Row = {
        "betalingen": resultaten,
        "onbekend": sorted(onbekend)[:MOST_SHOWN],
        "aantal_onbekend": len(onbekend),
        "andere_boekingen": bericht.andere,
    }
    return Verwerking(changes, uitkomst)


async def _genoemd(reader: Reader, gemeente: str, meldingen: Iterable[Melding]) -> tuple[dict[str, Geraakt], set[str]]:
    """The payments that a file is about, by kenmerk, and the names that are not ours."""
    kenmerken = sorted({melding.kenmerk for melding in meldingen if not melding.heel})
    rows: list[Row] = []
    for eerste in range(0, len(kenmerken), MOST_ASKED):
        deel = kenmerken[eerste : eerste + MOST_ASKED]
        rows += [row._asdict() for row in await reader.select(betalingen_met_kenmerk(deel, gemeente))]
    onbekend = set(kenmerken) - {row["kenmerk"] for row in rows}
    for naam in sorted({melding.kenmerk for melding in meldingen if melding.heel}):
        batch = await reader.one(BATCH_MET_KENMERK, kenmerk=naam, betaler=gemeente)
        if batch is None:
            onbekend.add(naam)
        else:
            rows += [row._asdict() for row in await reader.all(BETALINGEN_VAN_BATCH, batch=batch.id)]
    return {row["kenmerk"]: Geraakt.van(row) for row in rows}, onbekend


def _van(melding: Melding, betalingen: dict[str, Geraakt], apart: set[str]) -> list[Geraakt]:
    """The payments that a message is about: one, or all of a file that are not named apart."""
    if not melding.heel:
        return [betaling for naam, betaling in betalingen.items() if naam == melding.kenmerk]
    return [
        betaling
        for naam, betaling in betalingen.items()
        if naam not in apart and kenmerk(betaling.row["batch"]) == melding.kenmerk
    ]


def _pas_toe(betaling: Geraakt, melding: Melding, vandaag: date) -> Row:
    """Let a message work on a payment; what is answered about it."""
    wat = betaling.pas_toe(melding, vandaag)
    return {
        "betaling": betaling.row["id"],
        "batch": betaling.row["batch"],
        "aanbieder": betaling.row["aanbieder"],
        "uitslag": str(melding.uitslag),
        "reden": melding.reden,
        "toelichting": reden_in_woorden(melding.reden),
        "gevolg": str(wat),
        "status": str(betaling.status),
    }
