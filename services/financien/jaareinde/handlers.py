"""Make a year-end: post in December what the year costs and is not settled yet, and post it back in January."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.financien.bereik import begrens
from services.financien.boekjaar.handlers import geboekt, lijnjaren
from services.financien.boekjaar.store import LASTEN, LASTEN_TOT, OVERGEBOEKT
from services.financien.grootboek.handlers import boek
from services.financien.jaareinde.rules import (
    NIETS,
    Jaarregel,
    Sleutel,
    jaareindeposten,
    jaarregels,
    keur_jaar,
    totaal,
)
from services.financien.jaareinde.store import JAAREINDE, JAAREINDE_OP_ID, JAAREINDEN_VAN
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Context, Outcome

Row = dict[str, Any]


class NietsOverTeBoeken(Conflict):
    """Every month of the year is settled, or costs nothing."""

    title = "Er is niets over te boeken"


class JaareindeOnbekend(NotFound):
    """No such year-end for this caller."""


@dataclass(frozen=True, slots=True)
class Gemaakt:
    """A year-end, and whether it was made now: asked again without anything having changed it is the last one."""

    row: Row
    nieuw: bool


async def maak_jaareinde(reader: Reader, context: Context, gemeente: str, jaar: int) -> Outcome[Gemaakt]:
    """Post what the year costs, less what stands in its books already. When figures changed since an earlier year-end
    of the same year, only the difference is posted. Refuses `AndereGemeente`, `JaarLooptNog`, `NietsOverTeBoeken`, and
    `PeriodeGesloten` once December or January is closed."""
    begrens(context.caller, gemeente, None)
    keur_jaar(jaar, context.today)
    eerdere = await reader.all(JAAREINDEN_VAN, gemeente=gemeente, jaar=jaar)
    regels = await _regels(reader, context, gemeente, jaar)
    if not regels:
        if eerdere:
            return Outcome(Gemaakt(dict(eerdere[-1]._asdict()), False))
        raise NietsOverTeBoeken(f"Alle kosten van {jaar} staan al in de boeken, of er zijn er geen.")
    changes = Changeset()
    identity, volgnummer = context.new_id(), len(eerdere) + 1
    post, terugpost = await boek(
        reader, context, changes, *jaareindeposten(gemeente, jaar, volgnummer, identity, regels)
    )
    row: Row = {
        "id": identity,
        "gemeente": gemeente,
        "jaar": jaar,
        "volgnummer": volgnummer,
        "regels": [_als_kolom(regel) for regel in regels],
        "totaal_cent": totaal(regels).cent,
        "post": post,
        "terugpost": terugpost,
        "gemaakt_op": context.now,
        "gemaakt_door": context.caller.gebruiker,
    }
    changes.insert(JAAREINDE, **row)
    return Outcome(Gemaakt(row, True), changes)


async def _regels(reader: Reader, context: Context, gemeente: str, jaar: int) -> tuple[Jaarregel, ...]:
    lasten = await geboekt(reader, gemeente, jaar, LASTEN)
    kosten: dict[Sleutel, Any] = {}
    for deel in await lijnjaren(reader, context.today, gemeente, jaar):
        for cijfer in deel.maanden:
            sleutel = (deel.lijn.aanbieder, deel.lijn.subsegment, cijfer.maand)
            # What a settlement booked is what it costs; only when it was booked can be after the year.
            bedrag = lasten.get(sleutel, NIETS) if cijfer.afgerekend else cijfer.kosten or NIETS
            kosten[sleutel] = kosten.get(sleutel, NIETS) + bedrag
    in_het_jaar = await geboekt(reader, gemeente, jaar, LASTEN_TOT, tot=date(jaar, 12, 31))
    return jaarregels(kosten, in_het_jaar, await geboekt(reader, gemeente, jaar, OVERGEBOEKT))


def _als_kolom(regel: Jaarregel) -> dict[str, Any]:
    return {
        "aanbieder": regel.aanbieder,
        "subsegment": regel.subsegment,
        "maand": str(regel.maand),
        "kosten_cent": regel.kosten.cent,
        "geboekt_cent": regel.geboekt.cent,
        "bedrag_cent": regel.bedrag.cent,
    }


async def toon(reader: Reader, context: Context, identity: str) -> Row:
    """A year-end of the caller's own gemeente. Refuses `JaareindeOnbekend`."""
    row = await reader.one(JAAREINDE_OP_ID, id=identity)
    if row is None or context.caller.gemeente not in (None, row.gemeente):
        raise JaareindeOnbekend("Dit jaareinde is bij u niet bekend.")
    return dict(row._asdict())
