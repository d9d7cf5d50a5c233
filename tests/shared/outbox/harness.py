"""One service that listens to the thing event, and buses that fail where a machine can."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope, pack
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context, Edge, Outcome
from shared.outbox.inbox import Consumer, Listener
from shared.outbox.relay import Relay
from tests.shared.things import BY_ID, TABLES, THING, HandClock, ThingChanged

NO_PAUSES = (0.0, 0.0, 0.0)
SOURCE = "urn:nld:oin:1:systeem:things"


class LineCut(Exception):
    """The machine went down here."""


class CutAfterPublishing(InProcessBus):
    """Every record is safe at its readers, and then the line is cut before the relay can hear it."""

    cut = True

    async def publish(self, records: Sequence[Record]) -> None:
        await super().publish(records)
        if self.cut:
            raise LineCut


class Broken(InProcessBus):
    """A broker that is down until it is not."""

    down = True

    async def publish(self, records: Sequence[Record]) -> None:
        if self.down:
            raise LineCut
        await super().publish(records)


def packed(event: Contract, *, identity: str) -> Record:
    """An event as it comes over the bus."""
    value = pack(event, id=identity, source=SOURCE, time=HandClock().now(), cause=None)
    return Record(event.TOPIC, event.aggregate(), value)


def changed(thing: str, versie: int = 1, *, identity: str | None = None) -> Record:
    return packed(ThingChanged(ding=thing, versie=versie), identity=identity or f"e-{thing}-{versie}")


async def count_it(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """A handler that is not idempotent by itself: it adds one to the thing for every event it is given."""
    assert isinstance(event, ThingChanged)
    changes = Changeset()
    row = await reader.one(BY_ID, id=event.ding)
    if row is None:
        changes.insert(THING, id=event.ding, versie=1, facts=[envelope.id])
    else:
        changes.update(THING, {"id": event.ding}, version=row.versie, facts=[*row.facts, envelope.id])
    return changes


def consumer_on(edge: Edge, handler: Any = count_it) -> Consumer:
    return Consumer("test", edge, [Listener(ThingChanged, handler)], pauses=NO_PAUSES)


def relay_on(edge: Edge, bus: InProcessBus) -> Relay:
    return Relay(edge.database, TABLES, bus, edge.clock.now)


async def decide(edge: Edge, thing: str, *, cause: str | None = None) -> None:
    """A decision that makes a thing and tells of it."""

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        outcome: Outcome[None] = Outcome(None)
        outcome.changes.insert(THING, id=thing, versie=1)
        outcome.changes.publish(ThingChanged(ding=thing, versie=1))
        return outcome

    await edge.carry_out(use_case, cause=cause)


@asynccontextmanager
async def running(relay: Relay, *, pause: float = 1.0) -> AsyncIterator[None]:
    """The relay in the background, as a service runs it."""
    task = asyncio.create_task(relay.run(pause=pause))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Heard:
    """A reader that remembers what it was given."""

    def __init__(self, bus: InProcessBus) -> None:
        self.records: list[Record] = []
        bus.subscribe("heard", frozenset({ThingChanged.TOPIC}), self.deliver)

    async def deliver(self, records: Sequence[Record]) -> None:
        self.records.extend(records)

    @property
    def keys(self) -> list[str]:
        return [record.key for record in self.records]
