"""Each event has effect once; what can't be handled is parked, and the next one goes on."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope, unpack
from shared.database.changeset import Changeset
from shared.database.port import Reader, StorageFull, StorageUnavailable
from shared.outbox.edge import Context, Edge
from shared.outbox.parked import drive_again, parked_events
from tests.shared.conftest import Logs
from tests.shared.outbox.harness import NO_PAUSES, LineCut, changed, consumer_on, count_it
from tests.shared.things import BY_ID, TABLES, THING, HandClock, ThingChanged, new_thing, rows, things


class Stumbling:
    """A handler that fails for one thing, a number of times or for good."""

    def __init__(self, thing: str, times: float = float("inf"), error: Exception | None = None) -> None:
        self.thing, self.times, self.tried = thing, times, 0
        self.error = error or RuntimeError("kan niet")

    async def __call__(self, reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        assert isinstance(event, ThingChanged)
        if event.ding == self.thing:
            self.tried += 1
            if self.tried <= self.times:
                raise self.error
        return await count_it(reader, context, event, envelope)


async def test_the_same_event_twice_has_effect_once(edge: Edge) -> None:
    consumer = consumer_on(edge)
    await consumer.deliver([changed("a"), changed("a")])
    await consumer.deliver([changed("a")])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"]]
    assert [row.gebeurtenis for row in await rows(edge.database, TABLES.inbox)] == ["e-a-1"]


async def test_two_events_of_one_thing_both_have_effect(edge: Edge) -> None:
    await consumer_on(edge).deliver([changed("a", 1), changed("a", 2)])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1", "e-a-2"]]


async def test_after_a_crash_between_commit_and_acknowledgement_the_event_is_a_no_op(edge: Edge) -> None:
    consumer = consumer_on(edge)

    async def deliver_and_crash() -> None:
        await consumer.deliver([changed("a")])
        raise LineCut

    with pytest.raises(LineCut):
        await deliver_and_crash()
    await consumer_on(edge).deliver([changed("a")])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"]]


async def test_an_event_nobody_here_reads_is_passed_over_without_a_mark(edge: Edge) -> None:
    other = changed("a")._replace(value=changed("a").value.replace(b"ding.gewijzigd", b"iets.gewijzigd"))
    await consumer_on(edge).deliver([other])
    assert await rows(edge.database, TABLES.inbox) == []
    assert await parked_events(edge) == []


async def test_a_failing_handler_is_tried_again_and_can_still_succeed(edge: Edge) -> None:
    handler = Stumbling("a", times=2)
    await consumer_on(edge, handler).deliver([changed("a")])
    assert handler.tried == 3
    assert [thing.id for thing in await things(edge.database)] == ["a"]
    assert await parked_events(edge) == []


async def test_what_keeps_failing_is_parked_with_its_error_and_body_and_the_others_go_on(
    edge: Edge, clock: HandClock, logs: Logs
) -> None:
    handler = Stumbling("b")
    name, labels = "plekregie_geparkeerd_total", {"lezer": "test", "type": ThingChanged.TYPE}
    before = REGISTRY.get_sample_value(name, labels) or 0
    await consumer_on(edge, handler).deliver([changed("a"), changed("b"), changed("c")])
    assert [thing.id for thing in await things(edge.database)] == ["a", "c"]
    (row,) = await parked_events(edge)
    assert (row.gebeurtenis, row.topic, row.sleutel, row.inhoud) == ("e-b-1", "test.ding", "b", changed("b").value)
    assert (row.fout, row.pogingen, row.geparkeerd_op) == ("RuntimeError: kan niet", len(NO_PAUSES) + 1, clock.now())
    assert handler.tried == len(NO_PAUSES) + 1
    assert REGISTRY.get_sample_value(name, labels) == before + 1
    assert "gebeurtenis.geparkeerd" in logs.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"specversion":"1.0"}',
        changed("a").value.replace(b'"id":"e-a-1"', b'"id":null'),
        changed("a").value.replace(b'"id":"e-a-1"', b'"id":""'),
        changed("a").value.replace(b'"versie":1', b'"versie":"een"'),
        changed("a").value.replace(b'"data":{', b'"data":[],"x":{'),
        changed("a").value.replace(b'"time":"2026', b'"time":"zomer'),
    ],
)
async def test_what_is_no_event_at_all_is_parked_whole_and_does_not_hold_up_the_next(edge: Edge, body: bytes) -> None:
    await consumer_on(edge).deliver([Record("test.ding", "k", body), changed("next")])
    (row,) = await parked_events(edge)
    assert row.inhoud == body
    assert [thing.id for thing in await things(edge.database)] == ["next"]


async def test_the_same_unreadable_bytes_are_parked_once(edge: Edge) -> None:
    await consumer_on(edge).deliver([Record("test.ding", "k", b"x"), Record("test.ding", "k", b"x")])
    assert len(await parked_events(edge)) == 1


async def test_a_parked_event_driven_again_has_its_effect_and_is_kept_as_solved(edge: Edge, clock: HandClock) -> None:
    handler = Stumbling("a", times=len(NO_PAUSES) + 1)
    consumer = consumer_on(edge, handler)
    await consumer.deliver([changed("a")])
    (row,) = await parked_events(edge)
    clock.forward(hours=1)
    await drive_again(edge, consumer, row)
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"]]
    assert await parked_events(edge) == []
    assert [kept.opgelost_op for kept in await parked_events(edge, also_solved=True)] == [clock.now()]


async def test_driving_again_twice_has_effect_once(edge: Edge) -> None:
    consumer = consumer_on(edge, Stumbling("a", times=len(NO_PAUSES) + 1))
    await consumer.deliver([changed("a")])
    (row,) = await parked_events(edge)
    await drive_again(edge, consumer, row)
    await drive_again(edge, consumer, row)
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"]]


async def test_driving_again_what_still_fails_says_so_and_keeps_it_parked(edge: Edge) -> None:
    consumer = consumer_on(edge, Stumbling("a"))
    await consumer.deliver([changed("a")])
    (row,) = await parked_events(edge)
    with pytest.raises(RuntimeError, match="kan niet"):
        await drive_again(edge, consumer, row)
    assert len(await parked_events(edge)) == 1


@pytest.mark.parametrize("trouble", [StorageFull("vol"), StorageUnavailable("op slot")])
async def test_trouble_of_our_own_storage_is_no_fault_of_the_event(edge: Edge, trouble: Exception) -> None:
    handler = Stumbling("a", times=1, error=trouble)
    consumer = consumer_on(edge, handler)
    with pytest.raises(type(trouble)):
        await consumer.deliver([changed("a")])
    assert handler.tried == 1
    assert await parked_events(edge) == []
    await consumer.deliver([changed("a")])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"]]


async def test_an_event_that_finds_the_disk_full_is_not_parked_and_works_later(edge: Edge) -> None:
    async def big(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        return new_thing(event.aggregate(), blob=bytes(200_000))

    consumer = consumer_on(edge, big)
    await edge.database.execute(text("PRAGMA max_page_count=1"))
    with pytest.raises(StorageFull):
        await consumer.deliver([changed("a")])
    await edge.database.execute(text("PRAGMA max_page_count=100000"))
    assert await parked_events(edge) == []
    await consumer.deliver([changed("a")])
    assert [thing.id for thing in await things(edge.database)] == ["a"]


async def test_a_stale_version_inside_a_handler_lets_it_decide_again(edge: Edge) -> None:
    await edge.database.commit(new_thing("a", facts=[]))
    seen: list[Any] = []

    async def overtaken(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        row = await reader.one(BY_ID, id="a")
        seen.append(row.versie)
        if len(seen) == 1:
            faster = Changeset()
            faster.update(THING, {"id": "a"}, version=row.versie, facts=["faster"])
            await edge.database.commit(faster)
        return await count_it(reader, context, event, envelope)

    await consumer_on(edge, overtaken).deliver([changed("a")])
    assert seen == [1, 2]
    assert [thing.facts for thing in await things(edge.database)] == [["faster", "e-a-1"]]
    assert await parked_events(edge) == []


async def test_what_a_handler_publishes_names_the_event_that_caused_it(edge: Edge) -> None:
    async def pass_on(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        changes = new_thing(event.aggregate())
        changes.publish(ThingChanged(ding="next", versie=1))
        return changes

    await consumer_on(edge, pass_on).deliver([changed("a")])
    assert [unpack(row.inhoud).cause for row in await rows(edge.database, TABLES.outbox)] == ["e-a-1"]
