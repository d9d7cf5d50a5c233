"""What codes are called in pages and overviews, as far as contractmanagement told."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from services.financien.contractgegevens.handlers import namen_van_aanbieders
from services.financien.gemeente.handlers import namen_van_gemeenten
from services.financien.subsegment.handlers import namen_van_subsegmenten
from shared.database.port import Reader
from shared.kernel.namen import Namen
from shared.outbox.edge import Outcome

Antwoord = TypeVar("Antwoord")


async def alle_namen(reader: Reader) -> Namen:
    """The names of all that this service heard of."""
    return Namen(
        await namen_van_aanbieders(reader), await namen_van_gemeenten(reader), await namen_van_subsegmenten(reader)
    )


async def genoemd(reader: Reader, besluit: Awaitable[Outcome[Antwoord]]) -> Outcome[tuple[Antwoord, Namen]]:
    """A decision, and the names to answer it with."""
    genomen = await besluit
    return Outcome((genomen.answer, await alle_namen(reader)), genomen.changes)
