"""Enter and confirm account numbers, choose a payment point (F-3, F-8). Nothing that was entered is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.financien.bereik import begrens
from services.financien.betaalgegevens.iban import lees_iban
from services.financien.betaalgegevens.rules import (
    Doel,
    Houder,
    Instelling,
    Nummerstatus,
    Rekeningnummer,
    betaler,
    eerste_status,
    geldend,
    keur_tweede_persoon,
)
from services.financien.betaalgegevens.store import (
    BETAALPUNT,
    BETAALPUNTEN_ROND,
    BETAALPUNTEN_VAN,
    REKENINGNUMMER,
    REKENINGNUMMER_OP_ID,
    REKENINGNUMMERS_BIJ,
    REKENINGNUMMERS_VAN_HOUDER,
    betaalpunten_van,
    rekeningnummer_van,
)
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Context, Outcome

Row = dict[str, Any]


class RekeningnummerOnbekend(NotFound):
    """No such account number in the administration of the caller's gemeente."""


class RekeningnummerAlBeslist(Conflict):
    """A proposal is confirmed or refused once."""

    title = "Over dit rekeningnummer is al beslist"


@dataclass(frozen=True, slots=True)
class Ingevoerd:
    """An entry, and whether it is a new one."""

    row: Row
    nieuw: bool


async def leg_rekeningnummer_vast(
    reader: Reader, context: Context, houder: Houder, code: str, iban: str, naam: str, vanaf: date
) -> Outcome[Ingevoerd]:
    """Enter the account number of a gemeente (the caller's own) or of an aanbieder, from a date. That of an aanbieder
    is a proposal until a second person confirms it. What is entered twice is entered once. Refuses `IbanOngeldig`,
    `AndereGemeente`."""
    if houder is Houder.GEMEENTE:
        begrens(context.caller, code, None)
    gemeente = context.caller.gemeente
    assert gemeente is not None, "a controller is of one gemeente"
    gelezen = lees_iban(iban)
    bekend = await reader.all(REKENINGNUMMERS_VAN_HOUDER, gemeente=gemeente, houder=houder, code=code)
    laatste = next(
        (row for row in reversed(bekend) if row.vanaf == vanaf and row.status != Nummerstatus.AFGEWEZEN), None
    )
    if laatste is not None and (laatste.iban, laatste.naam) == (gelezen, naam):
        return Outcome(Ingevoerd(dict(laatste._asdict()), False))
    changes = Changeset()
    for row in bekend:
        if row.status == Nummerstatus.VOORGESTELD and row.vanaf == vanaf:
            _beslis(changes, context, row, Nummerstatus.VERVANGEN)
    nieuw: Row = {
        "id": context.new_id(),
        "versie": 1,
        "gemeente": gemeente,
        "houder": str(houder),
        "code": code,
        "volgnummer": len(bekend) + 1,
        "iban": gelezen,
        "naam": naam,
        "vanaf": vanaf,
        "status": str(eerste_status(houder)),
        "ingevoerd_op": context.now,
        "ingevoerd_door": context.caller.gebruiker,
        "beslist_op": None,
        "beslist_door": None,
    }
    changes.insert(REKENINGNUMMER, **nieuw)
    return Outcome(Ingevoerd(nieuw, True), changes)


async def bevestig(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Let a proposed number be used. Refuses `TweedePersoonNodig` to who entered it, `RekeningnummerAlBeslist`."""
    row = await _voorstel(reader, context, identity)
    keur_tweede_persoon(row.ingevoerd_door, context.caller.gebruiker)
    changes = Changeset()
    return Outcome(_beslis(changes, context, row, Nummerstatus.GELDIG), changes)


async def wijs_af(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Refuse a proposed number, or take one's own back. Refuses `RekeningnummerAlBeslist`."""
    row = await _voorstel(reader, context, identity)
    changes = Changeset()
    return Outcome(_beslis(changes, context, row, Nummerstatus.AFGEWEZEN), changes)


async def _voorstel(reader: Reader, context: Context, identity: str) -> Any:
    row = await reader.one(REKENINGNUMMER_OP_ID, id=identity)
    if row is None or row.gemeente != context.caller.gemeente:
        raise RekeningnummerOnbekend("Dit rekeningnummer is in uw gemeente niet bekend.")
    if row.status != Nummerstatus.VOORGESTELD:
        raise RekeningnummerAlBeslist(f"Dit rekeningnummer is {row.status}. Voer zo nodig een nieuw nummer in.")
    return row


def _beslis(changes: Changeset, context: Context, row: Any, status: Nummerstatus) -> Row:
    besluit: Row = {"status": str(status), "beslist_op": context.now, "beslist_door": context.caller.gebruiker}
    changes.update(REKENINGNUMMER, {"id": row.id}, version=row.versie, **besluit)
    return {**row._asdict(), **besluit, "versie": row.versie + 1}


async def kies_betaalpunt(
    reader: Reader, context: Context, gemeente: str, doel: Doel, betaalpunt: str, vanaf: date
) -> Outcome[Row]:
    """Who pays for a gemeente from a date (F-3). What is chosen twice is chosen once. Refuses `AndereGemeente`."""
    begrens(context.caller, gemeente, None)
    bekend = await reader.all(BETAALPUNTEN_VAN, gemeente=gemeente, doel=doel)
    laatste = next((row for row in reversed(bekend) if row.vanaf == vanaf), None)
    if laatste is not None and laatste.betaalpunt == betaalpunt:
        return Outcome(dict(laatste._asdict()))
    nieuw: Row = {
        "id": context.new_id(),
        "gemeente": gemeente,
        "doel": str(doel),
        "volgnummer": len(bekend) + 1,
        "betaalpunt": betaalpunt,
        "vanaf": vanaf,
        "ingevoerd_op": context.now,
        "ingevoerd_door": context.caller.gebruiker,
    }
    changes = Changeset()
    changes.insert(BETAALPUNT, **nieuw)
    return Outcome(nieuw, changes)


@dataclass(frozen=True, slots=True)
class Rekeningboek:
    """The numbers in the administration of one gemeente that hold on a day, by holder and code."""

    nummers: dict[tuple[Houder, str], Rekeningnummer]

    def van(self, houder: Houder, code: str) -> Rekeningnummer | None:
        """The number in use; None when there is none, or none that was confirmed."""
        return self.nummers.get((houder, code))


async def rekeningboek(reader: Reader, gemeente: str, dag: date) -> Rekeningboek:
    """Which numbers hold on a day in the administration of a gemeente."""
    per_houder: dict[tuple[Houder, str], list[Rekeningnummer]] = {}
    for row in await reader.all(REKENINGNUMMERS_BIJ, gemeente=gemeente):
        per_houder.setdefault((Houder(row.houder), row.code), []).append(rekeningnummer_van(row))
    gevonden = {sleutel: geldend(nummers, dag) for sleutel, nummers in per_houder.items()}
    return Rekeningboek({sleutel: nummer for sleutel, nummer in gevonden.items() if nummer is not None})


async def betaalt_voor(reader: Reader, gemeente: str, dag: date) -> set[Instelling]:
    """For which gemeenten, and what of them, a gemeente pays on a day (F-3)."""
    punten = betaalpunten_van(await reader.all(BETAALPUNTEN_ROND, betaler=gemeente))
    mogelijk = {(gemeente, doel) for doel in Doel} | punten.keys()
    return {(van, doel) for van, doel in mogelijk if betaler(punten, van, doel, dag) == gemeente}
