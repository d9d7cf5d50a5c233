"""Let what is known of payments work on them: their status, the ledger, what is open again, and their batches (F-8).
Who says it, a file of the bank or two people who read its statement, makes no difference here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.financien.betaling.handlers.tonen import toon_batch, zet_batch, zet_betaling
from services.financien.betaling.rules.boekingen import (
    AANGEBODEN,
    SOORT,
    Opdracht,
    boekdatum_bij_bank,
    teruggeboekt,
    uitgevoerd,
)
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
from services.financien.betaling.store import BETAALPOST, BETAALPOSTEN_VAN_BETALING, Row, opdracht_van
from services.financien.grootboek.handlers import boek, geboekte_post, gesloten_tot
from services.financien.grootboek.rules import Journaalpost, herroep
from services.financien.grootboek.store import POSTEN_VAN_OORZAAK
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Context


@dataclass(slots=True)
class Geraakt:
    """A payment while messages work on it; `row` is as it was, the rest what becomes of it. `te_boeken`: what to book,
    with the bank's day."""

    row: Row
    status: Betaalstatus
    reden: str | None
    uitgevoerd_op: date | None
    te_boeken: list[tuple[Gevolg, date | None]] = field(default_factory=list)

    @classmethod
    def van(cls, row: Row) -> Geraakt:
        """A payment to which nothing has happened yet."""
        return cls(row, Betaalstatus(row["status"]), row["reden"], row["uitgevoerd_op"])

    @property
    def gewijzigd(self) -> bool:
        """Whether it is another than it was."""
        return str(self.status) != str(self.row["status"])

    def pas_toe(self, melding: Melding, vandaag: date) -> Gevolg:
        """Let a message work on it; what that is."""
        wat = gevolg(self.status, Bedrag(self.row["bedrag_cent"]), melding)
        if wat not in (Gevolg.NIETS, Gevolg.STRIJDIG):
            self.status = NIEUW[melding.uitslag]
            self.reden = melding.reden
            self.te_boeken.append((wat, melding.dag))
            if self.status is Betaalstatus.UITGEVOERD:
                self.uitgevoerd_op = melding.dag or vandaag
        return wat


async def verwerk(
    reader: Reader, context: Context, changes: Changeset, betaler: str, betalingen: Iterable[Geraakt], stap: str
) -> None:
    """Book, free and write what became of payments of one payer; `stap` is what their batches say of it."""
    gewijzigd = [betaling for betaling in betalingen if betaling.gewijzigd]
    await _boek(reader, context, changes, betaler, gewijzigd)
    nieuw = [await _zet(reader, changes, betaling) for betaling in gewijzigd]
    await _zet_batches(reader, context, changes, nieuw, stap)


async def _boek(reader: Reader, context: Context, changes: Changeset, betaler: str, betalingen: list[Geraakt]) -> None:
    """One call for all posts: those of one gemeente follow each other in its chain."""
    tot = await gesloten_tot(reader, betaler)
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


async def _zet(reader: Reader, changes: Changeset, betaling: Geraakt) -> Row:
    """The payment as it now is; of one that failed, what it would have paid is open again."""
    if betaling.status in MISLUKT:
        for post in await reader.all(BETAALPOSTEN_VAN_BETALING, betaling=betaling.row["id"]):
            changes.delete(BETAALPOST, post=post.post, nummer=post.nummer)
    return zet_betaling(
        changes, betaling.row, betaling.status, reden=betaling.reden, uitgevoerd_op=betaling.uitgevoerd_op
    )


async def _zet_batches(reader: Reader, context: Context, changes: Changeset, betalingen: list[Row], stap: str) -> None:
    """Batches follow their payments."""
    standen = {betaling["id"]: betaling["status"] for betaling in betalingen}
    for identity in sorted({betaling["batch"] for betaling in betalingen}):
        batch = await toon_batch(reader, context, identity)
        alle = [Betaalstatus(standen.get(row["id"], row["status"])) for row in batch["betalingen"]]
        status = na_uitslag(Batchstatus(batch["status"]), alle)
        zet_batch(changes, context, batch, stap, {"status": str(status)})
