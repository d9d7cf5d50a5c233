"""Release terms for payment: daily work that catches up, and does nothing the second time (F-2)."""

from __future__ import annotations

from functools import partial

from services.financien.betaalschema.store import termijn_van
from services.financien.grootboek.handlers import boek, gesloten_tot
from services.financien.vrijgave.rules import vrijgave
from services.financien.vrijgave.store import GEMEENTEN, MOST_TOGETHER, NOG_VRIJ_TE_GEVEN, STAND_VAN_LIJNEN
from shared.database.port import Reader
from shared.kernel.periode import Maand
from shared.outbox.edge import Context, Edge, Outcome


async def geef_termijnen_vrij(edge: Edge) -> int:
    """Book every term whose month has begun and that is not booked yet, a decision per gemeente; their number."""
    lopend = Maand.van(edge.clock.today())
    async with edge.database.reading() as reader:
        gemeenten = [str(row.gemeente) for row in await reader.all(GEMEENTEN, maand=str(lopend))]
    geboekt = 0
    for gemeente in sorted(gemeenten):
        while (aantal := await edge.carry_out(partial(geef_vrij, gemeente=gemeente))) == MOST_TOGETHER:
            geboekt += aantal
        geboekt += aantal
    return geboekt


class Vrijgave:
    """The recurring work. Looking at every term takes long where there are many, so it looks again when the month or
    some lijn is another than when it last looked: every change of a term gives its lijn a new version."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._gezien: tuple[object, ...] | None = None

    async def kijk(self) -> int:
        """Release what is new; the number of terms."""
        async with self._edge.database.reading() as reader:
            lijnen = await reader.one(STAND_VAN_LIJNEN)
        nu = (Maand.van(self._edge.clock.today()), lijnen.aantal, lijnen.versies)
        if nu == self._gezien:
            return 0
        geboekt = await geef_termijnen_vrij(self._edge)
        self._gezien = nu
        return geboekt


async def geef_vrij(reader: Reader, context: Context, *, gemeente: str) -> Outcome[int]:
    """Release the terms of one gemeente, at most MOST_TOGETHER; how many were booked."""
    lopend = Maand.van(context.today)
    tot = await gesloten_tot(reader, gemeente)
    posten = [
        post
        for row in await reader.all(NOG_VRIJ_TE_GEVEN, gemeente=gemeente, maand=str(lopend))
        if (
            post := vrijgave(
                lijn=row.lijn,
                overeenkomst=f"overeenkomst {row.overeenkomst} versie {row.versie}",
                gemeente=row.gemeente,
                aanbieder=row.aanbieder,
                subsegment=row.subsegment,
                maand=Maand.lees(row.maand),
                termijn=termijn_van(row),
                gesloten_tot=tot,
            )
        )
    ]
    outcome = Outcome(len(posten))
    await boek(reader, context, outcome.changes, *posten)
    return outcome
