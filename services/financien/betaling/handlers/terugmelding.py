"""Follow what the bank says (F-8). A file has effect once, a fact has effect once, and nothing that came is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.financien.betaling.bankbericht import Bankbericht
from services.financien.betaling.handlers.tonen import toon_batch, zet_batch, zet_betaling
from services.financien.betaling.rules.boekingen import (
    AANGEBODEN,
    SOORT,
    Opdracht,
    boekdatum_bij_bank,
    teruggeboekt,
    uitgevoerd,
)
from services.financien.betaling.rules.samenstelling import kenmerk
from services.financien.betaling.rules.stappen import Batchstatus, na_uitslag
from services.financien.betaling.rules.uitslag import (
    MISLUKT,
    NIEUW,
    Betaalstatus,
    Gevolg,
    Melding,
    gevolg,
    reden_in_woorden,
)
from services.financien.betaling.store import (
    BATCH_MET_KENMERK,
    BETAALPOST,
    BETAALPOSTEN_VAN_BETALING,
    BETALINGEN_VAN_BATCH,
    MOST_ASKED,
    TERUGMELDING,
    TERUGMELDING_EERDER,
    TERUGMELDING_OP_ID,
    Row,
    betalingen_met_kenmerk,
    opdracht_van,
)
from services.financien.grootboek.handlers import boek, geboekte_post, gesloten_tot
from services.financien.grootboek.rules import Journaalpost, herroep
from services.financien.grootboek.store import POSTEN_VAN_OORZAAK
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
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


@dataclass(slots=True)
class _Betaling:
    """A payment while a file is followed; `row` is as it was, the rest what becomes of it. `te_boeken`: what to book,
    with the bank's day."""

    row: Row
    status: Betaalstatus
    reden: str | None
    uitgevoerd_op: date | None
    te_boeken: list[tuple[Gevolg, date | None]] = field(default_factory=list)

    @property
    def gewijzigd(self) -> bool:
        return str(self.status) != str(self.row["status"])


async def _volg(reader: Reader, context: Context, gemeente: str, bericht: Bankbericht) -> Verwerking:
    betalingen, onbekend = await _genoemd(reader, gemeente, bericht.meldingen)
    apart = {melding.kenmerk for melding in bericht.meldingen if not melding.heel}
    resultaten = [
        _pas_toe(betaling, melding, context.today)
        for melding in bericht.meldingen
        for betaling in _van(melding, betalingen, apart)
    ]
    gewijzigd = [betaling for betaling in betalingen.values() if betaling.gewijzigd]
    changes = Changeset()
    await _boek(reader, context, changes, gemeente, gewijzigd)
    nieuw = [await _zet(reader, changes, betaling) for betaling in gewijzigd]
    await _zet_batches(reader, context, changes, nieuw)
    uitkomst: Row = {
        "betalingen": resultaten,
        "onbekend": sorted(onbekend)[:MOST_SHOWN],
        "aantal_onbekend": len(onbekend),
        "andere_boekingen": bericht.andere,
    }
    return Verwerking(changes, uitkomst)


async def _genoemd(
    reader: Reader, gemeente: str, meldingen: Iterable[Melding]
) -> tuple[dict[str, _Betaling], set[str]]:
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
    gevonden = {
        row["kenmerk"]: _Betaling(row, Betaalstatus(row["status"]), row["reden"], row["uitgevoerd_op"]) for row in rows
    }
    return gevonden, onbekend


def _van(melding: Melding, betalingen: dict[str, _Betaling], apart: set[str]) -> list[_Betaling]:
    """The payments that a message is about: one, or all of a file that are not named apart."""
    if not melding.heel:
        return [betaling for naam, betaling in betalingen.items() if naam == melding.kenmerk]
    return [
        betaling
        for naam, betaling in betalingen.items()
        if naam not in apart and kenmerk(betaling.row["batch"]) == melding.kenmerk
    ]


def _pas_toe(betaling: _Betaling, melding: Melding, vandaag: date) -> Row:
    """Let a message work on a payment; what is answered about it."""
    wat = gevolg(betaling.status, Bedrag(betaling.row["bedrag_cent"]), melding)
    if wat not in (Gevolg.NIETS, Gevolg.STRIJDIG):
        betaling.status = NIEUW[melding.uitslag]
        betaling.reden = melding.reden
        betaling.te_boeken.append((wat, melding.dag))
        if betaling.status is Betaalstatus.UITGEVOERD:
            betaling.uitgevoerd_op = melding.dag or vandaag
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


async def _boek(
    reader: Reader, context: Context, changes: Changeset, gemeente: str, betalingen: list[_Betaling]
) -> None:
    """One call for all posts: those of one gemeente follow each other in its chain."""
    tot = await gesloten_tot(reader, gemeente)
    posten: list[Journaalpost] = []
    for betaling in betalingen:
        opdracht = opdracht_van(betaling.row)
        for wat, dag in betaling.te_boeken:
            boekdatum = boekdatum_bij_bank(dag, context.today, tot)
            if wat in (Gevolg.BOEK, Gevolg.BOEK_HEEN_EN_TERUG):
                posten.append(uitgevoerd(opdracht, boekdatum))
            if wat in (Gevolg.BOEK_TERUG, Gevolg.BOEK_HEEN_EN_TERUG):
                posten.append(teruggeboekt(opdracht, boekdatum))
        if betaling.status in MISLUKT:
            posten += await _ongedaan(reader, context, opdracht, betaling.reden)
    await boek(reader, context, changes, *posten)


async def _ongedaan(reader: Reader, context: Context, opdracht: Opdracht, reden: str | None) -> list[Journaalpost]:
    """The order is undone: the debt to the aanbieder is there again, in each ledger that it stood in."""
    woorden = reden_in_woorden(reden) or "De bank geeft geen reden."
    return [
        herroep(await geboekte_post(reader, row.id), context.today, opdracht.oorzaak, f"Niet betaald. {woorden}")
        for row in await reader.all(POSTEN_VAN_OORZAAK, soort=SOORT, id=opdracht.id)
        if row.soort == AANGEBODEN
    ]


async def _zet(reader: Reader, changes: Changeset, betaling: _Betaling) -> Row:
    """The payment as it now is; of one that failed, what it would have paid is open again."""
    if betaling.status in MISLUKT:
        for post in await reader.all(BETAALPOSTEN_VAN_BETALING, betaling=betaling.row["id"]):
            changes.delete(BETAALPOST, post=post.post, nummer=post.nummer)
    return zet_betaling(
        changes, betaling.row, betaling.status, reden=betaling.reden, uitgevoerd_op=betaling.uitgevoerd_op
    )


async def _zet_batches(reader: Reader, context: Context, changes: Changeset, betalingen: list[Row]) -> None:
    """Batches follow their payments."""
    standen = {betaling["id"]: betaling["status"] for betaling in betalingen}
    for identity in sorted({betaling["batch"] for betaling in betalingen}):
        batch = await toon_batch(reader, context, identity)
        alle = [Betaalstatus(standen.get(row["id"], row["status"])) for row in batch["betalingen"]]
        status = na_uitslag(Batchstatus(batch["status"]), alle)
        zet_batch(changes, context, batch, "terugmelding verwerkt", {"status": str(status)})
