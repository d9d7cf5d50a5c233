"""Rebuilds a read side from everything that was ever told, while its service goes on listening.

First the source is read to what was its end, and of every aggregate the highest version is put aside. Then each cell —
what is counted together — is counted anew, in one decision that excludes the events on it: what is stored and as new
stays, what is newer in the source comes in, and what follows from the count follows once. So a live event finds either
the old count or the new one, never half of it, and a rebuild that is broken off has done some cells and not the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import structlog

from shared.bus.history import History, Page
from shared.contracts.envelope import Contract, unpack
from shared.database.latest import Cell, Latest, Seen
from shared.database.port import AlreadyExists, Reader, StaleVersion
from shared.outbox.edge import Context, Edge, Outcome, UseCase
from shared.outbox.inbox import Heard, LaneHandler

# Seconds between the rounds of tries on a cell where live events keep being first.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
log = structlog.get_logger()

Event = TypeVar("Event", bound=Contract)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Recounted:
    """What counting a cell anew did. `elsewhere`: aggregates that are new to this cell and stored in another one; they
    are left to the handler, which takes them out there."""

    changed: bool
    elsewhere: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReadSide(Generic[Event]):
    """What a service tells of the read side it has."""

    contract: type[Event]
    cell_of: Callable[[Event], Cell]
    stored_cells: Callable[[Reader], Awaitable[Iterable[Cell]]]
    recount: Callable[[Reader, Context, Cell, Sequence[Event]], Awaitable[Outcome[Recounted]]]
    handler: LaneHandler


class Step(StrEnum):
    """Where a rebuild is."""

    READING = "lezen"
    COUNTING = "tellen"


Report = Callable[[Step, int, int], None]


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did. `unreadable`: records that are not this event; live they were parked."""

    events: int = 0
    unreadable: int = 0
    aggregates: int = 0
    cells: int = 0
    changed: int = 0
    moved: int = 0


async def rebuild(side: ReadSide[Event], edge: Edge, history: History, report: Report) -> Rebuilt:
    """Bring the read side to what `history` and the live events say together. `report` hears the step, how far, of
    how much. Raises HistoryUnreachable before anything is written; running it again is always safe."""
    done = Rebuilt()
    with Latest() as latest:
        async with aclosing(history) as pages:
            async for page in pages:
                latest.keep(readable(side, page, done))
                report(Step.READING, page.done, page.total)
        done.aggregates = len(latest)
        async with edge.database.reading() as reader:
            cells = sorted(latest.cells().union(await side.stored_cells(reader)))
        elsewhere: list[str] = []
        report(Step.COUNTING, 0, len(cells))
        for cell in cells:
            recounted = await count(side, edge, cell, latest.of_cell(cell))
            done.cells += 1
            done.changed += recounted.changed
            elsewhere += recounted.elsewhere
            report(Step.COUNTING, done.cells, len(cells))
        # Last: the cell that such an aggregate leaves must have been counted, or there is nothing to take it out of.
        for key in elsewhere:
            await move(side, edge, latest.of_key(key))
            done.moved += 1
    return done


def readable(side: ReadSide[Event], page: Page, done: Rebuilt) -> Iterable[Seen]:
    """The events of a page that this read side is made of."""
    for record in page.records:
        try:
            envelope = unpack(record.value)
            if envelope.type != side.contract.TYPE:
                continue
            event = side.contract.read(envelope.data)
        except ValueError as error:
            done.unreadable += 1
            log.warning("herbouw.onleesbaar", topic=record.topic, fout=type(error).__name__)
            continue
        done.events += 1
        yield Seen(event.aggregate(), event.version(), side.cell_of(event), record.value)


async def count(side: ReadSide[Event], edge: Edge, cell: Cell, values: Sequence[bytes]) -> Recounted:
    """Count one cell anew, with the events that the source has of it."""
    events = [side.contract.read(unpack(value).data) for value in values]

    async def use_case(reader: Reader, context: Context) -> Outcome[Recounted]:
        return await side.recount(reader, context, cell, events)

    return await insist(edge, use_case, cause=f"herbouw:{edge.clock.today().isoformat()}")


async def move(side: ReadSide[Event], edge: Edge, value: bytes) -> None:
    """Let an aggregate move to another cell, as when its event comes live."""
    envelope = unpack(value)
    heard = Heard(side.contract.read(envelope.data), envelope)

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        return Outcome(None, await side.handler(reader, context, [heard]))

    await insist(edge, use_case, cause=envelope.id)


async def insist(edge: Edge, use_case: UseCase[Answer], *, cause: str) -> Answer:
    """Carry out, again after a while when live events were first time after time."""
    for pause in PAUSES:
        try:
            return await edge.carry_out(use_case, cause=cause)
        except (StaleVersion, AlreadyExists) as error:
            log.info("herbouw.druk", tabel=error.table, wacht=pause)
            await asyncio.sleep(pause)
    return await edge.carry_out(use_case, cause=cause)
