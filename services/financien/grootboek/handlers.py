"""Book, undo and close. A post, its bookings and the head of its chain are one commit with what caused them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from services.financien.grootboek.rules import BEGIN, Geboekt, Journaalpost, Oorzaak, geketend
from services.financien.grootboek.rules import herroep as herroeping_van
from services.financien.grootboek.rules.periode import keur_afsluiting, keur_boekdatum
from services.financien.grootboek.store import (
    AFSLUITING,
    BOEKINGEN_VAN,
    HERROEPING_VAN,
    KETEN,
    KETEN_VAN,
    MOST_ASKED,
    POST_OP_ID,
    bekende_sleutels,
    boekingen_van,
    geboekt_van,
    schrijf,
)
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Context, Outcome


class AlGeboekt(Conflict):
    """This fact stands in the ledger already."""

    title = "Dit is al geboekt"


class AlHerroepen(Conflict):
    """A post is undone once; the post that undid it may be undone in its turn."""

    title = "De journaalpost is al herroepen"


class JournaalpostOnbekend(NotFound):
    """No such post for this caller."""


@dataclass(frozen=True, slots=True)
class Keten:
    """The head of the chain of a gemeente; version 0 when it has no post yet."""

    gemeente: str
    versie: int = 0
    volgnummer: int = 0
    hash: str = BEGIN
    gesloten_tot: Maand | None = None


async def keten_van(reader: Reader, gemeente: str) -> Keten:
    """Where the chain of a gemeente stands."""
    row = await reader.one(KETEN_VAN, gemeente=gemeente)
    if row is None:
        return Keten(gemeente)
    tot = None if row.gesloten_tot is None else Maand.lees(row.gesloten_tot)
    return Keten(gemeente, row.versie, row.volgnummer, row.hash, tot)


async def gesloten_tot(reader: Reader, gemeente: str) -> Maand | None:
    """The last closed month of a gemeente; for `boekdatum_in`."""
    return (await keten_van(reader, gemeente)).gesloten_tot


async def boek(reader: Reader, context: Context, changes: Changeset, *posten: Journaalpost) -> tuple[str, ...]:
    """Add posts to the ledger, in this order; their ids. All posts of one gemeente that a decision makes go in one
    call: they follow each other in its chain. Refuses `PeriodeGesloten`, and `AlGeboekt` for a `sleutel` that was
    booked before; when others booked in the same gemeente meanwhile, the edge decides again."""
    await _nog_niet_geboekt(reader, [post.sleutel for post in posten])
    ids: dict[str, str] = {post.sleutel: context.new_id() for post in posten}
    if len(ids) < len(posten):
        raise AlGeboekt("Hetzelfde feit staat hier twee keer.")
    for gemeente, groep in groupby(sorted(posten, key=lambda post: post.gemeente), key=lambda post: post.gemeente):
        keten = await keten_van(reader, gemeente)
        vorige = keten.hash
        nummer = keten.volgnummer
        for post in groep:
            keur_boekdatum(post.boekdatum, keten.gesloten_tot)
            nummer += 1
            geboekt = geketend(
                post,
                id=ids[post.sleutel],
                volgnummer=nummer,
                persoon=context.caller.gebruiker,
                vastgelegd_op=context.now,
                vorige=vorige,
            )
            vorige = geboekt.hash
            schrijf(changes, geboekt)
        _zet_hoofd(changes, keten, volgnummer=nummer, hash=vorige)
    return tuple(ids.values())


async def _nog_niet_geboekt(reader: Reader, sleutels: Sequence[str]) -> None:
    for eerste in range(0, len(sleutels), MOST_ASKED):
        if await reader.select(bekende_sleutels(sleutels[eerste : eerste + MOST_ASKED])):
            raise AlGeboekt("Dit feit staat al in het grootboek. Herroep die journaalpost als zij niet klopt.")


def _zet_hoofd(changes: Changeset, keten: Keten, **waarden: object) -> None:
    """Move the head: it must still be the one that was read."""
    if any(s.shape.table is KETEN and any(keten.gemeente in row for row in s.rows) for s in changes.statements):
        raise ValueError("one decision books once per gemeente: give all its posts in one call")
    if keten.versie == 0:
        leeg: dict[str, object] = {"volgnummer": 0, "hash": BEGIN, "gesloten_tot": None}
        changes.insert(KETEN, gemeente=keten.gemeente, versie=1, **(leeg | waarden))
    else:
        changes.update(KETEN, {"gemeente": keten.gemeente}, version=keten.versie, **waarden)


async def herroep(
    reader: Reader,
    context: Context,
    changes: Changeset,
    *ids: str,
    oorzaak: Oorzaak,
    omschrijving: str,
    boekdatum: date | None = None,
) -> tuple[str, ...]:
    """Undo posts with opposite ones, today or on `boekdatum`; the ids of those. Refuses `JournaalpostOnbekend`,
    `AlHerroepen`, `PeriodeGesloten`."""
    posten = []
    for identity in ids:
        if await reader.one(HERROEPING_VAN, id=identity) is not None:
            raise AlHerroepen("Deze journaalpost is al herroepen. Er valt niets meer terug te draaien.")
        geboekt = await geboekte_post(reader, identity)
        posten.append(herroeping_van(geboekt, boekdatum or context.today, oorzaak, omschrijving))
    return await boek(reader, context, changes, *posten)


async def geboekte_post(reader: Reader, identity: str) -> Geboekt:
    """A post with its bookings. Refuses `JournaalpostOnbekend`."""
    row = await reader.one(POST_OP_ID, id=identity)
    if row is None:
        raise JournaalpostOnbekend("Deze journaalpost is bij u niet bekend.")
    return geboekt_van(row, await reader.all(BOEKINGEN_VAN, post=identity))


async def met_boekingen(reader: Reader, rows: Sequence[Any]) -> list[Geboekt]:
    """Rows of posts with their bookings, in the order of the rows."""
    gevonden: dict[str, list[Any]] = {}
    for eerste in range(0, len(rows), MOST_ASKED):
        ids = [row.id for row in rows[eerste : eerste + MOST_ASKED]]
        for boeking in await reader.select(boekingen_van(ids)):
            gevonden.setdefault(boeking.post, []).append(boeking)
    return [geboekt_van(row, gevonden.get(row.id, ())) for row in rows]


async def sluit_af(reader: Reader, context: Context, gemeente: str, maand: Maand) -> Outcome[dict[str, Any]]:
    """Close a month that is over, and with it every month before. Refuses `PeriodeLooptNog`, `PeriodeGesloten`."""
    keten = await keten_van(reader, gemeente)
    keur_afsluiting(maand, context.today, keten.gesloten_tot)
    afsluiting: dict[str, Any] = {
        "gemeente": gemeente,
        "maand": str(maand),
        "volgnummer": keten.volgnummer,
        "hash": keten.hash,
        "persoon": context.caller.gebruiker,
        "vastgelegd_op": context.now,
    }
    outcome = Outcome(afsluiting)
    outcome.changes.insert(AFSLUITING, **afsluiting)
    _zet_hoofd(outcome.changes, keten, gesloten_tot=str(maand))
    return outcome
