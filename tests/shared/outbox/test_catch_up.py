"""Who begins to listen later hears what was told before, once, and whatever breaks in between (embedded mode)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.database.sqlite import SqliteDatabase
from shared.outbox import catch_up as module
from shared.outbox.catch_up import Side, catch_up
from shared.outbox.edge import Edge
from shared.outbox.inbox import Consumer, Listener
from tests.shared.outbox.harness import LineCut, consumer_on, count_it, decide, relay_on
from tests.shared.things import TABLES, ThingChanged, edge_on, rows, thing_database, things


@dataclass
class Pair:
    """Who tells, under the name that its topic begins with, and who comes to listen."""

    teller: Edge
    reader: Edge
    read: SqliteDatabase

    @property
    def consumer(self) -> Consumer:
        return consumer_on(self.reader)

    async def tell(self, *names: str) -> None:
        """Decide and send, with nobody to listen."""
        for name in names:
            await decide(self.teller, name)
        await relay_on(self.teller, InProcessBus()).carry()

    async def catch_up(self, consumer: Consumer | None = None) -> int:
        told = {"test": Side(self.teller.database, TABLES)}
        return await catch_up(consumer or self.consumer, Side(self.reader.database, TABLES), told)

    async def heard(self) -> list[str]:
        """What had effect, and how often: an event that is taken in twice would stand there twice."""
        return [f"{row.id}{len(row.facts)}" for row in await things(self.read)]


@pytest_asyncio.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        teller, reader = [
            await stack.enter_async_context(thing_database(tmp_path, name)) for name in ("teller", "reader")
        ]
        yield Pair(edge_on(teller), edge_on(reader), reader)


async def test_what_was_sent_before_one_listened_is_heard_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    await pair.tell("a", "b", "c", "d", "e")
    assert await pair.catch_up() == 5
    assert await pair.heard() == ["a1", "b1", "c1", "d1", "e1"]
    assert await pair.catch_up() == 0
    assert await pair.heard() == ["a1", "b1", "c1", "d1", "e1"]


async def test_who_listened_all_the_time_catches_up_on_nothing(pair: Pair) -> None:
    bus, consumer = InProcessBus(), pair.consumer
    bus.subscribe("reader", consumer.topics, consumer.deliver)
    await decide(pair.teller, "a")
    await relay_on(pair.teller, bus).carry()
    assert await pair.catch_up() == 0
    assert await pair.heard() == ["a1"]


async def test_what_is_unsent_is_left_to_the_relay(pair: Pair) -> None:
    await pair.tell("a")
    await decide(pair.teller, "b")
    assert await pair.catch_up() == 1
    assert await pair.heard() == ["a1"]


async def test_a_topic_that_nobody_told_anything_on_is_no_trouble(pair: Pair) -> None:
    assert await pair.catch_up() == 0


async def test_what_is_broken_off_begins_again_at_the_next_start(pair: Pair) -> None:
    """Whichever events of the batch were in by then: the newest comes last, so it can't hide the others."""

    class CutOff(Consumer):
        """The machine goes down after the last event of the first batch, with the others still to come."""

        async def deliver(self, records: Sequence[Record]) -> None:
            await super().deliver(records[-1:])
            raise LineCut

    await pair.tell("a", "b", "c")
    cut_off = CutOff("test", pair.reader, [Listener(ThingChanged, count_it)])
    with pytest.raises(LineCut):
        await pair.catch_up(cut_off)
    assert await pair.heard() == ["b1"]
    assert await pair.catch_up() == 3
    assert await pair.heard() == ["a1", "b1", "c1"]


async def test_an_event_that_was_parked_was_heard(pair: Pair) -> None:
    async def refuse(*_: object) -> None:
        raise RuntimeError

    await pair.tell("a")
    assert await pair.catch_up(consumer_on(pair.reader, refuse)) == 1
    assert len(await rows(pair.read, TABLES.parked)) == 1
    assert await pair.catch_up(consumer_on(pair.reader, refuse)) == 0
