"""Events of different lanes are handled side by side; within a lane, and around an event without one, in order."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope
from shared.database.changeset import Changeset
from shared.database.port import Reader, StorageUnavailable
from shared.outbox.edge import Context, Edge
from shared.outbox.inbox import Consumer, Listener
from shared.outbox.parked import parked_events
from tests.shared.outbox.harness import NO_PAUSES, changed, count_it, packed
from tests.shared.things import TABLES, ThingChanged, rows, things


class EverythingChanged(ThingChanged):
    """An event that touches what any lane holds."""

    TYPE: ClassVar[str] = "nl.plekregie.alles.gewijzigd.v1"


class Watched:
    """Notes when an event begins, and waits until told that the others may have begun too."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.together = 0
        self._now = 0

    async def __call__(self, reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
        assert isinstance(event, ThingChanged)
        self.begun.append(envelope.id)
        self._now += 1
        self.together = max(self.together, self._now)
        await asyncio.sleep(0)
        self._now -= 1
        return await count_it(reader, context, event, envelope)


def laned(edge: Edge, handler: Watched) -> Consumer:
    listeners = [Listener(ThingChanged, handler, lane=("ding",)), Listener(EverythingChanged, handler)]
    return Consumer("test", edge, listeners, pauses=NO_PAUSES)


def everything(identity: str) -> Record:
    return packed(EverythingChanged(ding="a", versie=9), identity=identity)


async def test_events_of_different_lanes_are_handled_side_by_side(edge: Edge) -> None:
    handler = Watched()
    await laned(edge, handler).deliver([changed(name) for name in "abc"])
    assert handler.together == 3
    assert [thing.id for thing in await things(edge.database)] == ["a", "b", "c"]


async def test_events_of_one_lane_keep_their_order_and_never_meet(edge: Edge) -> None:
    handler = Watched()
    await laned(edge, handler).deliver([changed("a", versie) for versie in range(1, 6)])
    assert handler.together == 1
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


async def test_what_can_not_be_read_is_parked_and_holds_up_no_lane(edge: Edge) -> None:
    unreadable = [changed("x")._replace(value=value) for value in (b"{", b"[]", b'{"data": 1}')]
    await laned(edge, Watched()).deliver([changed("a"), *unreadable, changed("b")])
    assert [thing.id for thing in await things(edge.database)] == ["a", "b"]
    assert len(await parked_events(edge)) == 3


async def test_trouble_of_the_storage_is_passed_on_after_the_other_lanes_came_to_rest(edge: Edge) -> None:
    class Troubled(Watched):
        async def __call__(self, reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
            if envelope.id == "e-a-1":
                raise StorageUnavailable("locked")
            return await super().__call__(reader, context, event, envelope)

    with pytest.raises(StorageUnavailable):
        await laned(edge, Troubled()).deliver([changed(name) for name in "abc"])
    assert {row.gebeurtenis for row in await rows(edge.database, TABLES.inbox)} == {"e-b-1", "e-c-1"}
