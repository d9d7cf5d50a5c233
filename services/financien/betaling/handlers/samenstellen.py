"""Put a batch together from what is open in the ledger (F-2, F-3, F-8). An item is in one live batch only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from services.financien.bereik import begrens
from services.financien.betaalgegevens.handlers import Rekeningboek, betaalt_voor, rekeningboek
from services.financien.betaalgegevens.rules import Houder, Rekeningnummer
from services.financien.betaling.handlers.tonen import stap_van
from services.financien.betaling.rules.samenstelling import (
    NIETS,
    OpenPost,
    Samengesteld,
    kenmerk,
    keur_uitvoerdatum,
    loopt_via,
    omschrijving,
    stel_samen,
)
from services.financien.betaling.rules.stappen import Batchstatus
from services.financien.betaling.rules.uitslag import Betaalstatus
from services.financien.betaling.store import (
    BATCH,
    BETAALPOST,
    BETALING,
    Row,
    opbouw_als_kolom,
    open_post_van,
    open_posten,
)
from services.financien.gemeente.handlers import gemeente_voluit
from services.financien.subsegment.handlers import segmenten
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kalender import is_feestdag
from shared.kernel.bedrag import som
from shared.kernel.refusal import Conflict
from shared.outbox.edge import Context, Outcome

GEEN_REKENING = "Er is geen bevestigd rekeningnummer van deze aanbieder op de uitvoerdatum."
NIETS_OVER = "Er is per saldo niets te betalen: het wordt verrekend met wat volgt."
MEESTE = 1000  # payments in one file


class NietsTeBetalen(Conflict):
    """Nothing is open, or everything that is open must be left out."""

    title = "Er is niets om te betalen"


class RekeningVanGemeenteOntbreekt(Conflict):
    """The gemeente has no account to pay from on that day."""

    title = "Het rekeningnummer van de gemeente ontbreekt"


async def stel_betaalbatch_samen(
    reader: Reader, context: Context, gemeente: str, uitvoerdatum: date, aanbieders: frozenset[str] | None
) -> Outcome[Row]:
    """Make a batch of everything that `gemeente` pays on that day, or of some aanbieders; what can't be paid is named
    and stays open. Refuses `AndereGemeente`, `UitvoerdatumOnbruikbaar`, `RekeningVanGemeenteOntbreekt`,
    `NietsTeBetalen`. Whoever takes the same item meanwhile makes the edge decide again."""
    begrens(context.caller, gemeente, None)
    keur_uitvoerdatum(uitvoerdatum, context.today, is_feestdag)
    boek = await rekeningboek(reader, gemeente, uitvoerdatum)
    eigen = boek.van(Houder.GEMEENTE, gemeente)
    if eigen is None:
        raise RekeningVanGemeenteOntbreekt("Leg eerst vast van welke rekening uw gemeente op die dag betaalt.")
    posten = await _open(reader, gemeente, uitvoerdatum, aanbieders)
    te_betalen, overgeslagen = _verdeel(stel_samen(posten, await segmenten(reader)), boek)
    if not te_betalen:
        meer = f" {len(overgeslagen)} aanbieders zijn overgeslagen: {overgeslagen[0]['reden']}" if overgeslagen else ""
        raise NietsTeBetalen(f"Er staat niets open dat nu kan worden betaald.{meer}")
    namens = {code: await gemeente_voluit(reader, code) for code in sorted({een.gemeente for een, _ in te_betalen})}
    return _maak(context, gemeente, uitvoerdatum, eigen, te_betalen, overgeslagen, namens)


async def _open(reader: Reader, betaler: str, dag: date, aanbieders: frozenset[str] | None) -> list[OpenPost]:
    instellingen = await betaalt_voor(reader, betaler, dag)
    rows = await reader.select(open_posten(sorted({gemeente for gemeente, _ in instellingen})))
    posten = [open_post_van(row) for row in rows]
    via = loopt_via(posten)
    return [
        post
        for post in posten
        if (post.gemeente, via[post.post]) in instellingen and (aanbieders is None or post.aanbieder in aanbieders)
    ]


Betaalbaar = tuple[Samengesteld, Rekeningnummer]


def _verdeel(samengesteld: Iterable[Samengesteld], boek: Rekeningboek) -> tuple[list[Betaalbaar], list[Row]]:
    te_betalen: list[Betaalbaar] = []
    overgeslagen: list[Row] = []
    for betaling in samengesteld:
        rekening = boek.van(Houder.AANBIEDER, betaling.aanbieder)
        if betaling.bedrag <= NIETS:
            overgeslagen.append(_overgeslagen(betaling, NIETS_OVER))
        elif rekening is None:
            overgeslagen.append(_overgeslagen(betaling, GEEN_REKENING))
        elif len(te_betalen) < MEESTE:
            te_betalen.append((betaling, rekening))
        else:
            overgeslagen.append(_overgeslagen(betaling, f"Een batch telt hoogstens {MEESTE} betalingen."))
    return te_betalen, overgeslagen


def _overgeslagen(betaling: Samengesteld, reden: str) -> Row:
    return {
        "gemeente": betaling.gemeente,
        "aanbieder": betaling.aanbieder,
        "bedrag_cent": betaling.bedrag.cent,
        "reden": reden,
    }


def _maak(
    context: Context,
    betaler: str,
    uitvoerdatum: date,
    rekening: Rekeningnummer,
    te_betalen: list[Betaalbaar],
    overgeslagen: list[Row],
    namens: Mapping[str, str],
) -> Outcome[Row]:
    changes = Changeset()
    identity = context.new_id()
    batch: Row = {
        "id": identity,
        "versie": 1,
        "betaler": betaler,
        "kenmerk": kenmerk(identity),
        "uitvoerdatum": uitvoerdatum,
        "status": str(Batchstatus.CONCEPT),
        "aantal": len(te_betalen),
        "totaal_cent": som(betaling.bedrag for betaling, _ in te_betalen).cent,
        "iban": rekening.iban,
        "naam": rekening.naam,
        "goedkeuringen": [],
        "goedgekeurd_op": None,
        "stappen": [stap_van(context, "gemaakt")],
        "overgeslagen": overgeslagen,
    }
    changes.insert(BATCH, **batch)
    betalingen = [
        _betaling(context, changes, batch, betaling, naar, namens[betaling.gemeente]) for betaling, naar in te_betalen
    ]
    assert sum(row["bedrag_cent"] for row in betalingen) == batch["totaal_cent"]
    return Outcome({**batch, "betalingen": betalingen}, changes)


def _betaling(
    context: Context,
    changes: Changeset,
    batch: Row,
    samengesteld: Samengesteld,
    rekening: Rekeningnummer,
    namens: str,
) -> Row:
    identity = context.new_id()
    row: Row = {
        "id": identity,
        "versie": 1,
        "batch": batch["id"],
        "betaler": batch["betaler"],
        "gemeente": samengesteld.gemeente,
        "aanbieder": samengesteld.aanbieder,
        "kenmerk": kenmerk(identity),
        "uitvoerdatum": batch["uitvoerdatum"],
        "bedrag_cent": samengesteld.bedrag.cent,
        "iban": rekening.iban,
        "naam": rekening.naam,
        "omschrijving": omschrijving(namens, samengesteld.onderdelen),
        "status": str(Betaalstatus.KLAARGEZET),
        "reden": None,
        "uitgevoerd_op": None,
        "opbouw": opbouw_als_kolom(samengesteld.onderdelen),
    }
    changes.insert(BETALING, **row)
    for post in samengesteld.posten:
        changes.insert(BETAALPOST, post=post.post, nummer=post.nummer, betaling=identity)
    return row
