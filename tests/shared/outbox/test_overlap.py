"""Batches that overlap: per lane in order, around an event without a lane in order, and after trouble nothing ahead of
what failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader, StorageUnavailable
from shared.outbox.edge import Context, Edge
from shared.outbox.inbox import Consumer, Heard
from shared.outbox.parked import parked_events
from tests.shared.outbox.harness import changed
from tests.shared.outbox.test_lanes import ManyAtOnce, Watched, everything, laned
from tests.shared.things import GEDULD, TABLES, rows, things


class Held(Watched):
    """Holds the decision on one event until it is let go, and then fails with trouble of our storage or not."""

    def __init__(self, held: str, *, trouble: bool = False) -> None:
        super().__init__()
        self.held = held
        self.trouble = trouble
        self.waiting, self.go = asyncio.Event(), asyncio.Event()

    async def wait(self, ids: Sequence[str]) -> None:
        if self.held in ids:
            self.waiting.set()
            await self.go.wait()
            if self.trouble:
                self.trouble = False
                raise StorageUnavailable("locked")

    async def lane(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        changes = await super().lane(reader, context, heard)
        await self.wait([item.envelope.id for item in heard])
        return changes

    async def one(self, reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        changes = await super().one(reader, context, event, envelope)
        await self.wait([envelope.id])
        return changes


async def begun(consumer: Consumer, *records: Record) -> Awaitable[None]:
    """A batch up to where the next one may begin."""
    async with asyncio.timeout(GEDULD):
        return await consumer.begin(records)


async def some_turns() -> None:
    """Long enough for whoever may go on to go on."""
    for _ in range(50):
        await asyncio.sleep(0.001)


async def facts(edge: Edge) -> dict[str, list[str]]:
    return {thing.id: thing.facts for thing in await things(edge.database)}


async def test_a_lane_of_the_next_batch_waits_and_the_others_do_not(edge: Edge) -> None:
    handler = Held("e-a-1")
    consumer = laned(edge, handler)
    first = await begun(consumer, changed("a"), changed("b"))
    await handler.waiting.wait()
    second = await begun(consumer, changed("a", 2), changed("c"))
    await some_turns()
    assert set(handler.begun) == {"e-a-1", "e-b-1", "e-c-1"}
    handler.go.set()
    await asyncio.gather(first, second)
    assert await facts(edge) == {"a": ["e-a-1", "e-a-2"], "b": ["e-b-1"], "c": ["e-c-1"]}


async def test_many_lanes_that_share_one_wait_for_it(edge: Edge) -> None:
    class HeldMany(Held, ManyAtOnce):
        pass

    handler = HeldMany("e-b-1")
    consumer = laned(edge, handler, many=True)
    first = await begun(consumer, changed("a"), changed("b"))
    await handler.waiting.wait()
    second = await begun(consumer, changed("b", 2), changed("c"))
    await some_turns()
    assert "e-b-2" not in handler.begun
    handler.go.set()
    await asyncio.gather(first, second)
    assert await facts(edge) == {"a": ["e-a-1"], "b": ["e-b-1", "e-b-2"], "c": ["e-c-1"]}


async def test_an_event_without_a_lane_waits_for_the_batch_before_it(edge: Edge) -> None:
    handler = Held("e-b-1")
    consumer = laned(edge, handler)
    first = await begun(consumer, changed("b"))
    await handler.waiting.wait()
    second = asyncio.create_task(consumer.begin([everything("alles"), changed("c")]))
    await some_turns()
    assert handler.begun == ["e-b-1"]
    handler.go.set()
    await asyncio.gather(first, await second)
    assert handler.begun == ["e-b-1", "alles", "e-c-1"]


async def test_a_batch_that_ends_with_an_event_without_a_lane_lets_none_begin_before_it_is_done(edge: Edge) -> None:
    handler = Held("alles")
    consumer = laned(edge, handler)
    first = asyncio.create_task(consumer.begin([everything("alles")]))
    await handler.waiting.wait()
    await some_turns()
    assert not first.done()
    handler.go.set()
    await (await first)


async def test_behind_what_our_storage_could_not_take_nothing_of_its_lane_is_taken_in(edge: Edge) -> None:
    handler = Held("e-a-1", trouble=True)
    consumer = laned(edge, handler)
    first = await begun(consumer, changed("a"), changed("b"))
    await handler.waiting.wait()
    second = await begun(consumer, changed("a", 2), changed("c"))
    handler.go.set()
    for batch in (first, second):
        with pytest.raises(StorageUnavailable):
            await batch
    assert await facts(edge) == {"b": ["e-b-1"], "c": ["e-c-1"]}
    # Both are delivered again, in order.
    await consumer.deliver([changed("a"), changed("b")])
    await consumer.deliver([changed("a", 2), changed("c")])
    assert await facts(edge) == {"a": ["e-a-1", "e-a-2"], "b": ["e-b-1"], "c": ["e-c-1"]}
    assert await parked_events(edge) == []


async def test_behind_what_our_storage_could_not_take_no_event_without_a_lane_is_taken_in(edge: Edge) -> None:
    handler = Held("e-a-1", trouble=True)
    consumer = laned(edge, handler)
    first = await begun(consumer, changed("a"))
    await handler.waiting.wait()
    second = asyncio.create_task(consumer.begin([changed("b"), everything("alles")]))
    # Its first lane is done and nothing stands in line any more, but for what failed.
    await some_turns()
    handler.go.set()
    with pytest.raises(StorageUnavailable):
        await first
    with pytest.raises(StorageUnavailable):
        await second
    assert "alles" not in handler.begun
    assert {row.gebeurtenis for row in await rows(edge.database, TABLES.inbox)} == {"e-b-1"}


async def test_a_batch_that_is_broken_off_lets_nothing_of_its_lanes_through(edge: Edge) -> None:
    handler = Held("e-a-1")
    consumer = laned(edge, handler)
    first = asyncio.ensure_future(await begun(consumer, changed("a")))
    await handler.waiting.wait()
    second = await begun(consumer, changed("a", 2))
    first.cancel()
    with pytest.raises(StorageUnavailable):
        await second
    assert await facts(edge) == {}
    handler.go.set()
    await consumer.deliver([changed("a"), changed("a", 2)])
    assert await facts(edge) == {"a": ["e-a-1", "e-a-2"]}
