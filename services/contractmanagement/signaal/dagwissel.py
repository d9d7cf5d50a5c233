"""The turn of the day: signals follow the calendar, also when no message comes in."""

from __future__ import annotations

from sqlalchemy import select

from services.contractmanagement.aanbod.store import AANBOD, Aanbod
from services.contractmanagement.signaal.handlers import na_dagwissel
from shared.outbox.edge import Edge


async def wissel_dag(edge: Edge, *, aanbieder: str | None = None, subsegment: str | None = None) -> int:
    """Work out the offers that were not worked out for today, one decision each; their number. Twice does no harm."""
    statement = select(AANBOD.c.aanbieder, AANBOD.c.subsegment).where(AANBOD.c.berekend_tot != edge.clock.today())
    if aanbieder is not None:
        statement = statement.where(AANBOD.c.aanbieder == aanbieder)
    if subsegment is not None:
        statement = statement.where(AANBOD.c.subsegment == subsegment)
    async with edge.database.reading() as reader:
        rows = await reader.select(statement)
    for row in rows:
        await _wissel(edge, Aanbod(row.aanbieder, row.subsegment))
    return len(rows)


async def _wissel(edge: Edge, aanbod: Aanbod) -> None:
    cause = f"dagwissel:{edge.clock.today().isoformat()}"
    await edge.carry_out(lambda reader, context: na_dagwissel(reader, context, aanbod), cause=cause)
