"""What codes are called on pages; a code that has no name is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from services.contractmanagement.gemeente import store as gemeenten
from services.contractmanagement.overeenkomst import store as overeenkomsten
from services.contractmanagement.overeenkomst.store import REGELGEMEENTE
from services.contractmanagement.subsegment import store as subsegmenten
from shared.database.port import Reader


@dataclass(frozen=True, slots=True)
class Namen:
    """Names of aanbieders (AGB), gemeenten (CBS) and sub-segments, by code."""

    aanbieders: Mapping[str, str]
    gemeenten: Mapping[str, str]
    subsegmenten: Mapping[str, str]

    def aanbieder(self, code: str) -> str:
        """An aanbieder as people call it."""
        return self.aanbieders.get(code, code)

    def gemeente(self, code: str | None) -> str:
        """A gemeente as people call it; None: awarded for the region."""
        return "regio" if code is None else self.gemeenten.get(code, code)

    def subsegment(self, code: str) -> str:
        """Name and code of a sub-segment."""
        naam = self.subsegmenten.get(code)
        return code if naam is None else f"{naam} ({code})"


async def alle_namen(reader: Reader) -> Namen:
    """The names of all that this service knows; a gemeente that has a line but no name is called by its code."""
    met_regels = await reader.select(select(REGELGEMEENTE.c.gemeente).distinct())
    return Namen(
        await overeenkomsten.names_of(reader),
        {row.gemeente: row.gemeente for row in met_regels} | await gemeenten.names_of(reader),
        await subsegmenten.names_of(reader),
    )
