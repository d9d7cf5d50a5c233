"""Parked events: list them, drive them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from shared.bus.port import Record
from shared.outbox.edge import Edge
from shared.outbox.inbox import Consumer


async def parked_events(edge: Edge, *, also_solved: bool = False) -> Sequence[Any]:
    """Rows of the parking table, oldest first."""
    parked = edge.tables.parked
    statement = select(parked).order_by(parked.c.geparkeerd_op)
    if not also_solved:
        statement = statement.where(parked.c.opgelost_op.is_(None))
    async with edge.database.reading() as reader:
        return await reader.select(statement)


async def drive_again(edge: Edge, consumer: Consumer, row: Any) -> None:
    """Handle a parked event once more. Raises what it fails on; on success it is marked as solved (and kept)."""
    await consumer.handle(Record(row.topic, row.sleutel, row.inhoud))
    parked = edge.tables.parked
    await edge.database.execute(
        update(parked).where(parked.c.gebeurtenis == row.gebeurtenis).values(opgelost_op=edge.clock.now())
    )
