"""Different lanes are handled side by side, the events of one at once; around an event without a lane, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

import pytest

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader, StorageUnavailable
from shared.outbox.edge import Context, Edge
from shared.outbox.inbox import Consumer, Heard, LaneListener, Listener
from shared.outbox.parked import parked_events
from tests.shared.outbox.harness import NO_PAUSES, changed, count_it, packed
from tests.shared.things import BY_ID, TABLES, THING, ThingChanged, rows, things


class EverythingChanged(ThingChanged):
    """An event that touches what any lane holds."""

    TYPE: ClassVar[str] = "nl.plekregie.alles.gewijzigd.v1"


class Watched:
    """Notes which events are decided on together and how many decisions are under way at a time."""

    def __init__(self, refuses: str = "") -> None:
        self.begun: list[str] = []
        self.decisions: list[list[str]] = []
        self.together = 0
        self._now = 0
        self._refuses = refuses

    async def lane(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        ids = [item.envelope.id for item in heard]
        self.begun += ids
        self.decisions.append(ids)
        self._now += 1
        self.together = max(self.together, self._now)
        await asyncio.sleep(0)
        self._now -= 1
        if self._refuses in ids:
            raise RuntimeError("this one never goes well")
        changes = Changeset()
        first = heard[0].event
        assert isinstance(first, ThingChanged)
        row = await reader.one(BY_ID, id=first.ding)
        if row is None:
            changes.insert(THING, id=first.ding, versie=1, facts=ids)
        else:
            changes.update(THING, {"id": first.ding}, version=row.versie, facts=[*row.facts, *ids])
        return changes

    async def one(self, reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        self.begun.append(envelope.id)
        return await count_it(reader, context, event, envelope)


class ManyAtOnce(Watched):
    """Decides on all that came, whatever the lane: a thing each."""

    async def lane(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        changes = Changeset()
        for ding in dict.fromkeys(item.event.aggregate() for item in heard):
            of_one = [item for item in heard if item.event.aggregate() == ding]
            changes.statements += (await super().lane(reader, context, of_one)).statements
        self.decisions.append([item.envelope.id for item in heard])
        return changes


def laned(edge: Edge, handler: Watched, *, many: bool = False) -> Consumer:
    listeners = [
        LaneListener(ThingChanged, handler.lane, ("ding",), many=many),
        Listener(EverythingChanged, handler.one),
    ]
    return Consumer("test", edge, listeners, pauses=NO_PAUSES)


def everything(identity: str) -> Record:
    return packed(EverythingChanged(ding="a", versie=9), identity=identity)


async def test_events_of_different_lanes_are_handled_side_by_side(edge: Edge) -> None:
    handler = Watched()
    await laned(edge, handler).deliver([changed(name) for name in "abc"])
    assert handler.together == 3
    assert [thing.id for thing in await things(edge.database)] == ["a", "b", "c"]


async def test_events_of_one_lane_are_decided_on_at_once_and_in_order(edge: Edge) -> None:
    handler = Watched()
    await laned(edge, handler).deliver([changed("a", versie) for versie in range(1, 6)])
    assert len(handler.decisions) == 1
    assert [thing.facts for thing in await things(edge.database)] == [[f"e-a-{versie}" for versie in range(1, 6)]]


async def test_an_event_without_a_lane_waits_for_those_before_it_and_those_after_it_wait(edge: Edge) -> None:
    handler = Watched()
    batch = [changed("a"), changed("b"), everything("alles"), changed("c"), changed("d")]
    await laned(edge, handler).deliver(batch)
    assert handler.begun[2] == "alles"
    assert {*handler.begun[:2]} == {"e-a-1", "e-b-1"}


async def test_a_duplicate_in_one_batch_has_effect_once(edge: Edge) -> None:
    await laned(edge, Watched()).deliver([changed("a"), changed("b"), changed("a")])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1"], ["e-b-1"]]


async def test_what_was_heard_before_is_left_out_of_the_decision(edge: Edge) -> None:
    handler = Watched()
    consumer = laned(edge, handler)
    await consumer.deliver([changed("a", 2)])
    await consumer.deliver([changed("a", versie) for versie in (1, 2, 3)])
    # Taken to be new at first; the mark of the one that was not refuses that decision as a whole.
    assert handler.decisions[-1] == ["e-a-1", "e-a-3"]
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-2", "e-a-1", "e-a-3"]]


async def test_many_lanes_are_decided_on_at_once_as_many_as_the_database_likes(edge: Edge) -> None:
    handler = ManyAtOnce()
    size = edge.database.lanes_at_once
    names = [f"{n:03d}" for n in range(size + 1)]
    await laned(edge, handler, many=True).deliver([changed(name, versie) for versie in (1, 2) for name in names])
    assert [len(ids) for ids in handler.decisions if len(ids) > 2] == [2 * size]
    assert [thing.facts for thing in await things(edge.database)] == [[f"e-{n}-1", f"e-{n}-2"] for n in names]


async def test_of_many_lanes_only_the_event_that_never_goes_well_is_parked(edge: Edge) -> None:
    handler = ManyAtOnce(refuses="e-b-2")
    await laned(edge, handler, many=True).deliver([changed(name, versie) for versie in (1, 2, 3) for name in "abc"])
    facts = {thing.id: thing.facts for thing in await things(edge.database)}
    assert facts == {n: [f"e-{n}-{v}" for v in (1, 2, 3) if (n, v) != ("b", 2)] for n in "abc"}
    assert [row.gebeurtenis for row in await parked_events(edge)] == ["e-b-2"]


async def test_of_many_lanes_what_was_heard_before_has_effect_once(edge: Edge) -> None:
    consumer = laned(edge, ManyAtOnce(), many=True)
    await consumer.deliver([changed("a"), changed("b")])
    await consumer.deliver([changed("b"), changed("b", 2), changed("c"), changed("a")])
    facts = {thing.id: thing.facts for thing in await things(edge.database)}
    assert facts == {"a": ["e-a-1"], "b": ["e-b-1", "e-b-2"], "c": ["e-c-1"]}
    assert not await parked_events(edge)


async def test_one_that_never_goes_well_is_parked_alone_and_the_rest_of_its_lane_has_effect(edge: Edge) -> None:
    await laned(edge, Watched(refuses="e-a-2")).deliver([changed("a", versie) for versie in (1, 2, 3)])
    assert [thing.facts for thing in await things(edge.database)] == [["e-a-1", "e-a-3"]]
    assert [row.gebeurtenis for row in await parked_events(edge)] == ["e-a-2"]


async def test_what_can_not_be_read_is_parked_and_holds_up_no_lane(edge: Edge) -> None:
    unreadable = [changed("x")._replace(value=value) for value in (b"{", b"[]", b'{"data": 1}')]
    await laned(edge, Watched()).deliver([changed("a"), *unreadable, changed("b")])
    assert [thing.id for thing in await things(edge.database)] == ["a", "b"]
    assert len(await parked_events(edge)) == 3


async def test_trouble_of_the_storage_is_passed_on_after_the_other_lanes_came_to_rest(edge: Edge) -> None:
    class Troubled(Watched):
        async def lane(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
            if heard[0].envelope.id == "e-a-1":
                raise StorageUnavailable("locked")
            return await super().lane(reader, context, heard)

    with pytest.raises(StorageUnavailable):
        await laned(edge, Troubled()).deliver([changed(name) for name in "abc"])
    assert {row.gebeurtenis for row in await rows(edge.database, TABLES.inbox)} == {"e-b-1", "e-c-1"}
