"""Whether the ledger agrees with what it was booked from: terms, settlements, year-ends and payments (F-9)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from services.financien.betaalschema.store import TERMIJN
from services.financien.grootboek.handlers import met_boekingen
from services.financien.grootboek.rules import Geboekt
from services.financien.grootboek.store import POST, posten
from services.financien.herkomst.herbouw import Herbouwd, herbouw
from services.financien.herkomst.rules import TERMIJN as TERMIJN_SOORT
from services.financien.overeenkomst.store import LIJN
from services.financien.vrijgave.rules import termijn_id
from shared.database.port import Reader
from shared.kernel.bedrag import som
from shared.kernel.periode import Maand


@dataclass(frozen=True, slots=True)
class Verschil:
    """A post that says something else than its source; where the post is missing, `post` is the name of the fact."""

    gemeente: str
    post: str
    melding: str


async def verschillen(reader: Reader, gemeente: str) -> list[Verschil]:
    """Where the ledger of a gemeente is not what its causes give: posts without a cause or with other bookings, and
    causes without a post."""
    grootboek = await met_boekingen(reader, await reader.select(posten(gemeente).order_by(POST.c.volgnummer)))
    verwacht = await herbouw(reader, gemeente, grootboek)
    termijnen = await _termijnen(reader, gemeente)
    gevonden = []
    for geboekt in grootboek:
        melding = _melding(geboekt, verwacht.get(geboekt.post.sleutel), termijnen)
        if melding is not None:
            gevonden.append(Verschil(gemeente, geboekt.id, melding))
    er_zijn = {geboekt.post.sleutel for geboekt in grootboek}
    gevonden += [
        Verschil(gemeente, sleutel, f"Dit had geboekt moeten zijn: {post.oorzaak.soort} {post.oorzaak.id}.")
        for sleutel, post in verwacht.items()
        if post.moet and sleutel not in er_zijn
    ]
    return gevonden


async def _termijnen(reader: Reader, gemeente: str) -> set[str]:
    """The terms that are in a betaalschema, of whatever amount."""
    statement = select(TERMIJN.c.lijn, TERMIJN.c.maand).join(LIJN, LIJN.c.id == TERMIJN.c.lijn)
    rows = await reader.select(statement.where(LIJN.c.gemeente == gemeente))
    return {termijn_id(row.lijn, Maand.lees(row.maand)) for row in rows}


def _melding(geboekt: Geboekt, verwacht: Herbouwd | None, termijnen: set[str]) -> str | None:
    post = geboekt.post
    if verwacht is not None and _zelfde(geboekt, verwacht):
        return None
    if post.oorzaak.soort == TERMIJN_SOORT and post.herroept is None:
        if post.oorzaak.id not in termijnen:
            return f"Termijn {post.oorzaak.id} staat niet meer in het betaalschema."
        nu = som(boeking.bedrag for boeking in verwacht.boekingen) if verwacht else som(())
        totaal = som(boeking.bedrag for boeking in post.boekingen)
        if nu != totaal:
            return f"Termijn {post.oorzaak.id} is {nu.als_euro()}, geboekt is {totaal.als_euro()}."
    wat = f"{post.oorzaak.soort.capitalize()} {post.oorzaak.id}"
    return f"{wat} geeft deze post niet." if verwacht is None else f"{wat} geeft andere boekingen."


def _zelfde(geboekt: Geboekt, verwacht: Herbouwd) -> bool:
    post = geboekt.post
    return (post.soort, post.oorzaak, post.boekingen) == (verwacht.soort, verwacht.oorzaak, verwacht.boekingen)
