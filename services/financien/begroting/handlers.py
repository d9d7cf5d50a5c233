"""Enter a budget, and hold it against the year."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.financien.begroting.rules import NIETS, Begrotingsregel, Jaarstand, begrotingsregels
from services.financien.begroting.store import BEGROTING, BEGROTING_VAN
from services.financien.bereik import begrens
from services.financien.boekjaar.handlers import Lijnjaar, lijnjaren
from services.financien.subsegment.handlers import wetten
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.outbox.edge import Context, Outcome

Row = dict[str, Any]


async def leg_begroting_vast(
    reader: Reader, context: Context, gemeente: str, jaar: int, onderdeel: str, bedrag: Bedrag, bron: str
) -> Outcome[Row]:
    """Enter what was budgeted; what is entered twice is entered once, and earlier entries stay. Refuses
    `AndereGemeente`."""
    begrens(context.caller, gemeente, None)
    rows = await reader.all(BEGROTING_VAN, gemeente=gemeente, jaar=jaar)
    eigen = [row for row in rows if row.onderdeel == onderdeel]
    if eigen and (eigen[-1].bedrag_cent, eigen[-1].bron) == (bedrag.cent, bron):
        return Outcome(dict(eigen[-1]._asdict()))
    nieuw: Row = {
        "gemeente": gemeente,
        "jaar": jaar,
        "onderdeel": onderdeel,
        "volgnummer": len(eigen) + 1,
        "bedrag_cent": bedrag.cent,
        "bron": bron,
        "ingevoerd_op": context.now,
        "ingevoerd_door": context.caller.gebruiker,
    }
    changes = Changeset()
    changes.insert(BEGROTING, **nieuw)
    return Outcome(nieuw, changes)


async def begroting_en_stand(reader: Reader, vandaag: date, gemeente: str, jaar: int) -> tuple[Begrotingsregel, ...]:
    """The budget of a year against what the year brings, per law and sub-segment."""
    rows = await reader.all(BEGROTING_VAN, gemeente=gemeente, jaar=jaar)
    begroot = {row.onderdeel: Bedrag(row.bedrag_cent) for row in rows}
    standen: dict[str, Jaarstand] = {}
    for deel in await lijnjaren(reader, vandaag, gemeente, jaar):
        code = deel.lijn.subsegment
        standen[code] = standen.get(code, Jaarstand()) + _stand(deel)
    return begrotingsregels(begroot, standen, await wetten(reader))


def _stand(deel: Lijnjaar) -> Jaarstand:
    return Jaarstand(
        deel.lumpsum,
        som(cijfer.voorschot for cijfer in deel.maanden),
        som(cijfer.kosten or NIETS for cijfer in deel.maanden),
        som(cijfer.kosten or NIETS for cijfer in deel.maanden if cijfer.afgerekend),
        deel.verwacht,
    )
