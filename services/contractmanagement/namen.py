"""What codes are called on pages, as far as this service knows."""

from __future__ import annotations

from sqlalchemy import select

from services.contractmanagement.gemeente import store as gemeenten
from services.contractmanagement.overeenkomst import store as overeenkomsten
from services.contractmanagement.overeenkomst.store import REGELGEMEENTE
from services.contractmanagement.subsegment import store as subsegmenten
from shared.database.port import Reader
from shared.kernel.namen import Namen


async def alle_namen(reader: Reader) -> Namen:
    """The names of all that this service knows; a gemeente that has a line but no name is called by its code."""
    met_regels = await reader.select(select(REGELGEMEENTE.c.gemeente).distinct())
    return Namen(
        await overeenkomsten.names_of(reader),
        {row.gemeente: row.gemeente for row in met_regels} | await gemeenten.names_of(reader),
        await subsegmenten.names_of(reader),
    )
