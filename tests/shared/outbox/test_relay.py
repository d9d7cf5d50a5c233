"""What is recorded reaches every reader at least once and has effect once, whatever breaks in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlalchemy import text, update

from shared.bus.in_process import InProcessBus
from shared.bus.port import Record
from shared.database.peers import Alone
from shared.outbox.edge import Edge
from shared.outbox.relay import BATCH, Relay
from tests.shared.outbox.harness import (
    Broken,
    CutAfterPublishing,
    Heard,
    LineCut,
    changed,
    consumer_on,
    decide,
    relay_on,
    running,
)
from tests.shared.things import GEDULD, TABLES, HandClock, ThingChanged, insert_rows, rows, thing_database, things
from tests.shared.things import edge_on as make_edge


async def sent(edge: Edge) -> list[bool]:
    return [row.verzonden_op is not None for row in await rows(edge.database, TABLES.outbox)]


async def test_unsent_events_are_sent_once_in_the_order_of_recording(edge: Edge) -> None:
    bus = InProcessBus()
    heard, relay = Heard(bus), relay_on(edge, bus)
    for thing in ("c", "a", "b"):
        await decide(edge, thing)
    assert await relay.carry() == 3
    assert await relay.carry() == 0
    await decide(edge, "d")
    assert await relay.carry() == 1
    assert heard.keys == ["c", "a", "b", "d"]


async def test_sent_events_are_kept_with_the_moment_they_were_sent(edge: Edge, clock: HandClock) -> None:
    await decide(edge, "a")
    await relay_on(edge, InProcessBus()).carry()
    (row,) = await rows(edge.database, TABLES.outbox)
    assert row.verzonden_op == clock.now()


async def test_what_is_sent_is_byte_for_byte_what_was_recorded(edge: Edge) -> None:
    bus = InProcessBus()
    heard = Heard(bus)
    await decide(edge, "a")
    await relay_on(edge, bus).carry()
    (row,) = await rows(edge.database, TABLES.outbox)
    assert [record.value for record in heard.records] == [row.inhoud]


async def test_an_event_committed_late_under_a_lower_number_is_still_sent(edge: Edge) -> None:
    """The number is given out when a transaction begins to write, not when it commits: 7 can appear after 9."""
    bus = InProcessBus()
    heard, relay = Heard(bus), relay_on(edge, bus)

    async def recorded(number: int) -> None:
        record = changed(f"thing-{number}")
        fields = {"topic": record.topic, "sleutel": record.key, "inhoud": record.value}
        row = {"volgnummer": number, "id": f"e{number}", "aangemaakt_op": edge.clock.now(), **fields}
        await insert_rows(edge.database, TABLES.outbox, row)

    await recorded(9)
    await relay.carry()
    await recorded(7)
    await relay.carry()
    assert heard.keys == ["thing-9", "thing-7"]


class Counting(InProcessBus):
    """Remembers how much was published at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    async def publish(self, records: Sequence[Record]) -> None:
        self.sizes.append(len(records))
        await super().publish(records)


async def test_what_is_recorded_while_an_event_is_kept_goes_along(edge: Edge) -> None:
    bus = Counting()
    heard = Heard(bus)
    relay = Relay(edge.database, TABLES, bus, edge.clock.now, gather=1.0)
    async with running(relay, pause=60.0):
        await relay.idle()
        for thing in ("a", "b", "c"):
            await decide(edge, thing)
            relay.wake()
        async with asyncio.timeout(GEDULD):
            await relay.idle()
    assert bus.sizes == [3]
    assert heard.keys == ["a", "b", "c"]


class Meanwhile(InProcessBus):
    """While it publishes for the first time, something else happens."""

    def __init__(self, other: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._other: Callable[[], Awaitable[None]] | None = other

    async def publish(self, records: Sequence[Record]) -> None:
        other, self._other = self._other, None
        if other is not None:
            await other()
        await super().publish(records)


async def record_under(edge: Edge, *numbers: int) -> None:
    """Events with these numbers in the outbox."""
    records = {number: changed(f"{number:05d}") for number in numbers}
    row = {"aangemaakt_op": edge.clock.now()}
    await insert_rows(
        edge.database,
        TABLES.outbox,
        *(
            {**row, "volgnummer": n, "id": f"e{n}", "topic": r.topic, "sleutel": r.key, "inhoud": r.value}
            for n, r in records.items()
        ),
    )


@pytest.mark.parametrize("number", [3, BATCH, 2 * BATCH + 3])
async def test_what_is_committed_while_a_batch_is_under_way_leaves_once_the_late_ones_too(
    edge: Edge, number: int
) -> None:
    async def others() -> None:
        await record_under(edge, 1, 2, number + 3, number + 4)

    bus = Meanwhile(others)
    heard = Heard(bus)
    await record_under(edge, *range(3, number + 3))
    assert await relay_on(edge, bus).carry() == number + 4
    keys = sorted(heard.keys)
    assert keys == [f"{n:05d}" for n in range(1, number + 5)]
    assert all(await sent(edge))
    # In order, but for the two that came late.
    assert [key for key in heard.keys if key > "00002"] == keys[2:]


async def test_when_sending_stops_halfway_what_was_sent_before_is_marked(edge: Edge) -> None:
    bus = Broken()
    bus.down = False

    async def break_it(records: Sequence[Record]) -> None:
        bus.down = True

    bus.subscribe("breaker", frozenset({ThingChanged.TOPIC}), break_it)
    await record_under(edge, *range(1, BATCH + 4))
    with pytest.raises(LineCut):
        await relay_on(edge, bus).carry()
    assert await sent(edge) == [True] * BATCH + [False] * 3


async def test_a_number_is_never_given_out_twice(edge: Edge) -> None:
    await decide(edge, "a")
    await edge.database.execute(text("DELETE FROM outbox"))
    await decide(edge, "b")
    assert [row.volgnummer for row in await rows(edge.database, TABLES.outbox)] == [2]


async def test_after_a_crash_between_publish_and_mark_it_is_sent_again_and_has_effect_once(edge: Edge) -> None:
    bus = CutAfterPublishing()
    async with thing_database(edge.database.path.parent, "reader") as other:  # type: ignore[attr-defined]
        reading = make_edge(other)
        bus.subscribe("reader", consumer_on(reading).topics, consumer_on(reading).deliver)
        heard, relay = Heard(bus), relay_on(edge, bus)
        await decide(edge, "a")
        with pytest.raises(LineCut):
            await relay.carry()
        assert await sent(edge) == [False]
        bus.cut = False
        await relay_on(edge, bus).carry()
        assert await sent(edge) == [True]
        assert heard.keys == ["a", "a"]
        assert [len(thing.facts) for thing in await things(other)] == [1]


async def test_with_the_broker_down_events_stay_unsent_and_leave_when_it_is_back(edge: Edge) -> None:
    bus = Broken()
    heard, relay = Heard(bus), relay_on(edge, bus)
    edge.wake = relay.wake
    async with running(relay):
        await decide(edge, "a")
        await asyncio.sleep(0.03)
        assert (heard.keys, await sent(edge)) == ([], [False])
        bus.down = False
        await asyncio.wait_for(relay.idle(), GEDULD)
    assert (heard.keys, await sent(edge)) == (["a"], [True])


async def test_a_relay_that_starts_carries_what_was_left(edge: Edge) -> None:
    bus = InProcessBus()
    heard, relay = Heard(bus), relay_on(edge, bus)
    for number in range(3):
        await decide(edge, str(number))
    async with running(relay):
        await asyncio.wait_for(relay.idle(), GEDULD)
    assert heard.keys == ["0", "1", "2"]


async def test_more_than_a_batch_is_carried_in_order(edge: Edge) -> None:
    bus = InProcessBus()
    heard, relay = Heard(bus), relay_on(edge, bus)
    records = [changed(f"{n:05d}") for n in range(BATCH + 3)]
    await insert_rows(
        edge.database,
        TABLES.outbox,
        *[
            {"id": r.key, "topic": r.topic, "sleutel": r.key, "inhoud": r.value, "aangemaakt_op": edge.clock.now()}
            for r in records
        ],
    )
    async with running(relay):
        await asyncio.wait_for(relay.idle(), GEDULD)
    assert heard.records == records


async def test_replay_is_marking_as_unsent_and_does_no_harm(edge: Edge) -> None:
    bus = InProcessBus()
    async with thing_database(edge.database.path.parent, "reader") as other:  # type: ignore[attr-defined]
        reading = make_edge(other)
        bus.subscribe("reader", consumer_on(reading).topics, consumer_on(reading).deliver)
        relay = relay_on(edge, bus)
        await decide(edge, "a")
        await relay.carry()
        await edge.database.execute(update(TABLES.outbox).values(verzonden_op=None))
        assert await relay.carry() == 1
        assert [len(thing.facts) for thing in await things(other)] == [1]


@pytest.mark.parametrize("turns", range(6))
async def test_a_stop_that_comes_together_with_a_wake_still_stops(edge: Edge, turns: int) -> None:
    relay = relay_on(edge, InProcessBus())
    task = asyncio.create_task(relay.run(pause=3600))
    await asyncio.wait_for(relay.idle(), GEDULD)
    relay.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=GEDULD)
    assert done == {task}


async def test_stopping_while_a_reader_works_leaves_the_event_unsent(edge: Edge) -> None:
    bus, reached = InProcessBus(), asyncio.Event()

    async def slow(records: Sequence[Record]) -> None:
        reached.set()
        await asyncio.Event().wait()

    bus.subscribe("slow", frozenset({"test.ding"}), slow)
    await decide(edge, "a")
    async with running(relay_on(edge, bus)):
        await asyncio.wait_for(reached.wait(), GEDULD)
    assert await sent(edge) == [False]


class Elsewhere(Alone):
    """Another process has the relay, until it is gone."""

    gone = False

    async def hold(self, name: str) -> bool:
        return self.gone


async def test_while_another_process_carries_this_one_sends_nothing_and_then_takes_over(edge: Edge) -> None:
    bus, peers = InProcessBus(), Elsewhere()
    seen: list[Record] = []

    async def keep(records: Sequence[Record]) -> None:
        seen.extend(records)

    bus.subscribe("test", frozenset({ThingChanged.TOPIC}), keep)
    relay = Relay(edge.database, TABLES, bus, edge.clock.now, peers)
    await decide(edge, "a")
    async with running(relay, pause=0.005):
        await asyncio.sleep(0.05)
        assert (seen, relay.active) == ([], False)
        peers.gone = True
        await relay.idle()
        async with asyncio.timeout(GEDULD):
            while not seen:  # noqa: ASYNC110  # it looks from outside
                await asyncio.sleep(0.005)
        assert relay.active
    assert not relay.active
