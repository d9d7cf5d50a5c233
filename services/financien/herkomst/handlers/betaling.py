"""Why a payment, or a batch of them, is what it is (F-2, F-8): what was open in the ledger, and so its terms and
settlements."""

from __future__ import annotations

from typing import Any

from services.financien.bankverklaring.store import BANKVERKLARINGEN_VAN
from services.financien.betaling.handlers.tonen import BetaalbatchOnbekend, toon_batch
from services.financien.betaling.rules.uitslag import Betaalstatus, reden_in_woorden
from services.financien.betaling.store import BETALING_OP_ID, GENOMEN_POSTEN
from services.financien.grootboek.rules import Oorzaak, Rekening
from services.financien.herkomst.handlers.bronnen import geboekt
from services.financien.herkomst.handlers.inzage import onbekend
from services.financien.herkomst.rules import (
    BATCH,
    BETALING,
    POST,
    Bron,
    Deel,
    Herkomst,
    Regel,
    opgeteld,
    pad,
    pad_van_oorzaak,
)
from services.financien.namen import alle_namen
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen
from shared.outbox.edge import Caller, Context

NOG_BINNEN = (Betaalstatus.KLAARGEZET, Betaalstatus.INGETROKKEN)  # no provider has been told
TERUG_OPEN = "Deze betaling is niet doorgegaan: wat zij zou betalen staat weer open, of zit in een volgende betaling."


async def verklaar_betaling(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A payment: each open item that it took, with the term or settlement behind it. Of a payment that failed the
    items are open again; then its build-up is what is left. Refuses `HerkomstOnbekend`."""
    row = await reader.one(BETALING_OP_ID, id=identity)
    if row is None or not _zichtbaar(context.caller, row):
        raise onbekend()
    posten = await reader.all(GENOMEN_POSTEN, betaling=identity)
    delen = _per_post(posten) if posten else _uit_opbouw(row)
    bedrag = Bedrag(row.bedrag_cent)
    namen = await alle_namen(reader)
    bronnen = [] if context.caller.aanbieder else [_bron_van_batch(context.caller, row)]
    if context.caller.gemeente in (None, row.betaler) and not context.caller.aanbieder:
        bronnen += [_bron_van_verklaring(v) for v in await reader.all(BANKVERKLARINGEN_VAN, betaling=identity)]
    return Herkomst(
        BETALING,
        identity,
        f"Betaling {row.kenmerk} van {namen.gemeente_in_zin(row.betaler)} op {row.uitvoerdatum}, {row.status}",
        row.gemeente,
        row.aanbieder,
        None,
        bedrag,
        Regel("F-8", "betaling = Σ wat open stond van deze gemeente en aanbieder", opgeteld(delen, bedrag)),
        delen,
        bronnen=(*bronnen, *await geboekt(reader, context.caller, BETALING, identity)),
        opmerkingen=tuple(_opmerkingen(row, namen, bool(posten))),
    )


def _zichtbaar(caller: Caller, row: Any) -> bool:
    """Who owes and who pays; the aanbieder from the moment that the file is made."""
    if caller.aanbieder is not None:
        return bool(caller.aanbieder == row.aanbieder and row.status not in NOG_BINNEN)
    return caller.gemeente in (None, row.gemeente, row.betaler)


def _per_post(posten: Any) -> tuple[Deel, ...]:
    """Each post that was taken, with where it is explained; what was debited takes back."""
    per_post: dict[str, list[Any]] = {}
    for row in posten:
        per_post.setdefault(row.post, []).append(row)
    delen = []
    for post, rows in per_post.items():
        cent = sum(row.bedrag_cent if row.credit == Rekening.TE_BETALEN else -row.bedrag_cent for row in rows)
        oorzaak = Oorzaak(rows[0].oorzaak_soort, rows[0].oorzaak_id)
        delen.append(Deel(rows[0].omschrijving, Bedrag(cent), pad_van_oorzaak(oorzaak) or pad(POST, post)))
    return tuple(delen)


def _uit_opbouw(row: Any) -> tuple[Deel, ...]:
    return tuple(
        Deel(
            " ".join(str(deel[naam]) for naam in ("doel", "subsegment", "maand") if deel[naam] is not None),
            Bedrag(deel["bedrag_cent"]),
        )
        for deel in row.opbouw
    )


def _bron_van_batch(caller: Caller, row: Any) -> Bron:
    eigen = caller.gemeente in (None, row.betaler)
    return Bron(BATCH, row.batch, "De batch waarin zij zit", pad(BATCH, row.batch) if eigen else None)


def _bron_van_verklaring(row: Any) -> Bron:
    wie = f"verklaard door {row.ingediend_door}" + (
        f", {row.status} door {row.beslist_door}" if row.beslist_door else ""
    )
    waar = f"/financien/v1/bankverklaringen?betaling={row.betaling}"
    return Bron("bankverklaring", row.id, f"Afschrift: {row.bevinding}, {wie}. {row.reden}", waar)


def _opmerkingen(row: Any, namen: Namen, genomen: bool) -> list[str]:
    opmerkingen = [] if genomen else [TERUG_OPEN]
    if row.reden is not None:
        opmerkingen.append(str(reden_in_woorden(row.reden)))
    if row.betaler != row.gemeente:
        opmerkingen.append(f"{namen.gemeente_voluit(row.betaler)} betaalt voor {namen.gemeente_in_zin(row.gemeente)}.")
    return opmerkingen


async def verklaar_batch(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A batch: its payments. Refuses `HerkomstOnbekend`; no provider sees one."""
    if context.caller.aanbieder is not None:
        raise onbekend()
    try:
        batch = await toon_batch(reader, context, identity)
    except BetaalbatchOnbekend:
        raise onbekend() from None
    namen = await alle_namen(reader)
    delen = tuple(
        Deel(
            f"{row['omschrijving']}, aan {namen.aanbieder_in_zin(row['aanbieder'])}, {row['status']}",
            Bedrag(row["bedrag_cent"]),
            pad(BETALING, row["id"]),
        )
        for row in batch["betalingen"]
    )
    totaal = Bedrag(batch["totaal_cent"])
    return Herkomst(
        BATCH,
        identity,
        f"Betaalbatch {batch['kenmerk']} op {batch['uitvoerdatum']}, {batch['status']}",
        batch["betaler"],
        None,
        None,
        totaal,
        Regel("F-8", "batch = Σ betalingen, een per gemeente en aanbieder", opgeteld(delen, totaal)),
        delen,
        bronnen=(Bron(BATCH, identity, "Stappen en goedkeuringen", f"/financien/v1/betaalbatches/{identity}"),),
    )
