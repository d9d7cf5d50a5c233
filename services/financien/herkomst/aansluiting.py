"""Whether the ledger agrees with what it was booked from: terms and settlements (F-9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.financien.afrekening.store import AFREKENING
from services.financien.afrekening.vaststelling import VASTGESTELD, boekingen_van
from services.financien.betaalschema.store import TERMIJN, termijn_van
from services.financien.grootboek.rules import Boeking
from services.financien.grootboek.store import BOEKING, POST, boeking_van
from services.financien.overeenkomst.store import LIJN
from services.financien.vrijgave.rules import lees_termijn_id
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand


@dataclass(frozen=True, slots=True)
class Verschil:
    """A post that says something else than its source."""

    gemeente: str
    post: str
    melding: str


async def verschillen(reader: Reader, gemeente: str) -> list[Verschil]:
    """The posts of a gemeente whose source is gone or gives other amounts."""
    rows = await reader.select(
        select(POST.c.id, POST.c.oorzaak_soort, POST.c.oorzaak_id)
        .where(POST.c.gemeente == gemeente, POST.c.herroept.is_(None), POST.c.soort.in_(["termijn", "afrekening"]))
        .order_by(POST.c.volgnummer)
    )
    geboekt: dict[str, list[Boeking]] = {}
    for row in await reader.select(
        select(BOEKING)
        .join(POST, POST.c.id == BOEKING.c.post)
        .where(POST.c.gemeente == gemeente)
        .order_by(*BOEKING.primary_key)
    ):
        geboekt.setdefault(row.post, []).append(boeking_van(row))
    van_gemeente = select(TERMIJN).join(LIJN, LIJN.c.id == TERMIJN.c.lijn).where(LIJN.c.gemeente == gemeente)
    termijnen = {
        (row.lijn, Maand.lees(row.maand)): termijn_van(row).bedrag for row in await reader.select(van_gemeente)
    }
    afrekeningen = {
        row.id: row for row in await reader.select(select(AFREKENING).where(AFREKENING.c.gemeente == gemeente))
    }
    gevonden = []
    for row in rows:
        boekingen = geboekt.get(row.id, [])
        if row.oorzaak_soort == "termijn":
            melding = _termijn(termijnen, row.oorzaak_id, boekingen)
        else:
            melding = _afrekening(afrekeningen.get(row.oorzaak_id), boekingen)
        if melding is not None:
            gevonden.append(Verschil(gemeente, row.id, melding))
    return gevonden


def _termijn(termijnen: dict[tuple[str, Maand], Bedrag], identity: str, boekingen: list[Boeking]) -> str | None:
    bedrag = termijnen.get(lees_termijn_id(identity))
    if bedrag is None:
        return f"Termijn {identity} staat niet meer in het betaalschema."
    totaal = som(boeking.bedrag for boeking in boekingen)
    return None if totaal == bedrag else f"Termijn {identity} is {bedrag.als_euro()}, geboekt is {totaal.als_euro()}."


def _afrekening(row: Any, boekingen: list[Boeking]) -> str | None:
    if row is None or row.status != VASTGESTELD:
        return "De vastgestelde afrekening bij deze post is er niet."
    verwacht = [boeking for regel in row.regels for boeking in boekingen_van(row.aanbieder, regel)]
    return None if verwacht == boekingen else f"Afrekening {row.id} geeft andere boekingen."
