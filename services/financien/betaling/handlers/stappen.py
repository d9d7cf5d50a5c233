"""Steps of a batch by people of the gemeente that pays: approve, make the file, hand it in, withdraw (F-8)."""

from __future__ import annotations

import asyncio
from hashlib import sha256

from services.financien.betaalgegevens.handlers import rekeningboek
from services.financien.betaalgegevens.iban import bic_van
from services.financien.betaalgegevens.rules import Houder
from services.financien.betaling import bankbestand
from services.financien.betaling.bankbestand import Bestandsinhoud, Overboeking
from services.financien.betaling.handlers.tonen import toon_batch, zet_batch, zet_betaling
from services.financien.betaling.rules.boekingen import aangeboden
from services.financien.betaling.rules.stappen import (
    Batchstatus,
    keur_aanlevering,
    keur_bestand,
    keur_goed,
    keur_intrekking,
)
from services.financien.betaling.rules.uitslag import Betaalstatus
from services.financien.betaling.store import (
    BESTAND,
    BESTAND_VAN_BATCH,
    BETAALPOST,
    BETAALPOSTEN_VAN_BATCH,
    Row,
    opdracht_van,
)
from services.financien.grootboek.handlers import boek
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Context, Outcome


class RekeningGewijzigd(Conflict):
    """An account number that was approved is no longer the one in use."""

    title = "Een rekeningnummer is gewijzigd"


class UitvoerdatumVoorbij(Conflict):
    """The bank can't pay on a day that is over."""

    title = "De uitvoerdatum is voorbij"


class BestandOnbekend(NotFound):
    """There is no file (yet)."""


async def keur_batch_goed(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """One of the two approvals. Refuses `TweedePersoonNodig`, `BatchAlGoedgekeurd`, `BatchAlNaarBank`,
    `BatchIngetrokken`."""
    batch = await toon_batch(reader, context, identity)
    status = keur_goed(Batchstatus(batch["status"]), _goedkeurders(batch), context.caller.gebruiker)
    moment = context.now.isoformat(timespec="seconds")
    waarden = {
        "status": str(status),
        "goedkeuringen": [*batch["goedkeuringen"], {"gebruiker": context.caller.gebruiker, "moment": moment}],
        "goedgekeurd_op": context.now if status is Batchstatus.GOEDGEKEURD else None,
    }
    changes = Changeset()
    return Outcome(zet_batch(changes, context, batch, "goedgekeurd", waarden), changes)


async def maak_bestand(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Make the file once, keep it, and book its payments as on their way; asked again, nothing happens. Refuses
    `BatchNietGoedgekeurd`, `BatchIngetrokken`, `UitvoerdatumVoorbij`, `RekeningGewijzigd`."""
    batch = await toon_batch(reader, context, identity)
    if not keur_bestand(Batchstatus(batch["status"]), _goedkeurders(batch)):
        return Outcome(batch)
    if batch["uitvoerdatum"] < context.today:
        raise UitvoerdatumVoorbij("Trek de batch in en maak een nieuwe met een latere datum.")
    await _keur_rekeningen(reader, batch)
    # In a thread: a file of a thousand payments would hold up the other calls.
    inhoud = await asyncio.to_thread(bankbestand.schrijf, bestandsinhoud(batch))
    changes = Changeset()
    changes.insert(
        BESTAND,
        batch=identity,
        inhoud=inhoud,
        vingerafdruk=sha256(inhoud).hexdigest(),
        gemaakt_op=context.now,
    )
    await boek(
        reader,
        context,
        changes,
        *(post for row in batch["betalingen"] for post in aangeboden(opdracht_van(row), context.today)),
    )
    betalingen = [zet_betaling(changes, row, Betaalstatus.AANGEBODEN) for row in batch["betalingen"]]
    nieuw = zet_batch(changes, context, batch, "bestand gemaakt", {"status": str(Batchstatus.BESTAND_GEMAAKT)})
    return Outcome({**nieuw, "betalingen": betalingen}, changes)


async def lever_aan(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Record that the file was handed in at the bank; recorded once. Refuses `BestandNogNiet`, `BatchIngetrokken`."""
    batch = await toon_batch(reader, context, identity)
    if not keur_aanlevering(Batchstatus(batch["status"])):
        return Outcome(batch)
    changes = Changeset()
    return Outcome(zet_batch(changes, context, batch, "aangeleverd", {"status": str(Batchstatus.AANGELEVERD)}), changes)


async def trek_in(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Withdraw a batch that has no file; what it would have paid is open again. Refuses `BatchAlNaarBank`,
    `BatchIngetrokken`."""
    batch = await toon_batch(reader, context, identity)
    keur_intrekking(Batchstatus(batch["status"]))
    changes = Changeset()
    nieuw = zet_batch(changes, context, batch, "ingetrokken", {"status": str(Batchstatus.INGETROKKEN)})
    betalingen = [zet_betaling(changes, row, Betaalstatus.INGETROKKEN) for row in batch["betalingen"]]
    for post in await reader.all(BETAALPOSTEN_VAN_BATCH, batch=identity):
        changes.delete(BETAALPOST, post=post.post, nummer=post.nummer)
    return Outcome({**nieuw, "betalingen": betalingen}, changes)


async def bestand_van(reader: Reader, context: Context, identity: str) -> bytes:
    """The file as it was made. Refuses `BetaalbatchOnbekend`, `BestandOnbekend`."""
    await toon_batch(reader, context, identity)
    row = await reader.one(BESTAND_VAN_BATCH, batch=identity)
    if row is None:
        raise BestandOnbekend("Er is nog geen bestand. Laat de batch goedkeuren en maak het bestand.")
    return bytes(row.inhoud)


def bestandsinhoud(batch: Row) -> Bestandsinhoud:
    """What the file says, from the batch alone: the same batch gives the same file."""
    assert batch["goedgekeurd_op"] is not None
    return Bestandsinhoud(
        batch["kenmerk"],
        batch["goedgekeurd_op"],
        batch["uitvoerdatum"],
        batch["naam"],
        batch["iban"],
        bic_van(batch["iban"]),
        tuple(
            Overboeking(row["kenmerk"], row["naam"], row["iban"], Bedrag(row["bedrag_cent"]), row["omschrijving"])
            for row in batch["betalingen"]
        ),
    )


async def _keur_rekeningen(reader: Reader, batch: Row) -> None:
    """What was approved is still in use: a number that was changed since is looked at again, by two people."""
    boekje = await rekeningboek(reader, batch["betaler"], batch["uitvoerdatum"])
    gebruikt = [(Houder.GEMEENTE, batch["betaler"], batch["iban"])]
    gebruikt += [(Houder.AANBIEDER, row["aanbieder"], row["iban"]) for row in batch["betalingen"]]
    for houder, code, iban in gebruikt:
        nu = boekje.van(houder, code)
        if nu is None or nu.iban != iban:
            raise RekeningGewijzigd(
                f"Het rekeningnummer van {houder} {code} is gewijzigd na het maken van deze batch. "
                "Trek de batch in en maak een nieuwe."
            )


def _goedkeurders(batch: Row) -> list[str]:
    return [goedkeuring["gebruiker"] for goedkeuring in batch["goedkeuringen"]]
