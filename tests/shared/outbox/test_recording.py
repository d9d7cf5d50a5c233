"""An event exists if and only if its decision was committed."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from sqlalchemy import text

from shared.contracts.envelope import unpack
from shared.database.changeset import Changeset
from shared.database.port import Reader, StaleVersion, StorageFull
from shared.kernel.refusal import Conflict
from shared.outbox.edge import ALONE_AFTER, TRIES, Caller, Context, Edge, Outcome
from tests.shared.outbox.harness import decide
from tests.shared.things import BY_ID, GEDULD, TABLES, THING, HandClock, ThingChanged, new_thing, rows, things
from tests.verteld import inhoud


class AlVol(Conflict):
    """A refusal like any other."""


async def test_a_decision_and_its_event_are_there_together(edge: Edge) -> None:
    await decide(edge, "a", cause="b-1")
    (row,) = await rows(edge.database, TABLES.outbox)
    envelope = unpack(row.inhoud)
    assert [thing.id for thing in await things(edge.database)] == ["a"]
    assert (row.topic, row.sleutel, row.verzonden_op) == (ThingChanged.TOPIC, "a", None)
    assert (envelope.id, envelope.subject, envelope.cause) == (row.id, "a", "b-1")
    assert inhoud(envelope) == {"ding": "a", "versie": 1, "naam": ""}


async def test_a_refused_decision_leaves_no_event(edge: Edge) -> None:
    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        outcome: Outcome[None] = Outcome(None, new_thing("a"))
        outcome.changes.publish(ThingChanged(ding="a", versie=1))
        raise AlVol("vol")

    with pytest.raises(AlVol):
        await edge.carry_out(use_case)
    assert await rows(edge.database, TABLES.outbox) == []


async def test_a_decision_that_can_not_be_written_leaves_no_event(edge: Edge) -> None:
    await edge.database.execute(text("PRAGMA max_page_count=1"))

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        outcome: Outcome[None] = Outcome(None, new_thing("a", blob=bytes(200_000)))
        outcome.changes.publish(ThingChanged(ding="a", versie=1))
        return outcome

    with pytest.raises(StorageFull):
        await edge.carry_out(use_case)
    assert await rows(edge.database, TABLES.outbox) == []


async def test_a_decision_on_old_facts_is_taken_again_on_new_ones_and_told_once(edge: Edge) -> None:
    await edge.database.commit(new_thing("a"))
    seen: list[int] = []

    async def use_case(reader: Reader, context: Context) -> Outcome[int]:
        row = await reader.one(BY_ID, id="a")
        seen.append(row.versie)
        if len(seen) == 1:
            faster = Changeset()
            faster.update(THING, {"id": "a"}, version=row.versie, name="faster")
            await edge.database.commit(faster)
        outcome = Outcome(row.versie + 1)
        outcome.changes.update(THING, {"id": "a"}, version=row.versie, name="slower")
        outcome.changes.publish(ThingChanged(ding="a", versie=row.versie + 1))
        return outcome

    assert await edge.carry_out(use_case) == 3
    assert seen == [1, 2]
    assert [inhoud(unpack(row.inhoud))["versie"] for row in await rows(edge.database, TABLES.outbox)] == [3]


async def test_who_is_always_too_late_hears_it_in_the_end(edge: Edge) -> None:
    tried: list[int] = []

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        tried.append(1)
        outcome: Outcome[None] = Outcome(None)
        outcome.changes.update(THING, {"id": "never there"}, version=1, name="x")
        return outcome

    with pytest.raises(StaleVersion):
        await edge.carry_out(use_case)
    assert len(tried) == TRIES


async def test_who_keeps_losing_to_later_ones_is_let_through(edge: Edge) -> None:
    """A use case that takes long would otherwise never win from a stream of short ones on the same row."""
    await edge.database.commit(new_thing("a"))
    overtaken = asyncio.Event()
    tried: list[int] = []
    done = False

    async def long(reader: Reader, context: Context) -> Outcome[None]:
        row = await reader.one(BY_ID, id="a")
        tried.append(row.versie)
        overtaken.clear()
        # Overtaken for certain, until it goes alone; then those that were under way still get the time.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GEDULD if len(tried) <= ALONE_AFTER else 0.2):
                await overtaken.wait()
        outcome: Outcome[None] = Outcome(None)
        outcome.changes.update(THING, {"id": "a"}, version=row.versie, name="long")
        return outcome

    async def short(reader: Reader, context: Context) -> Outcome[None]:
        row = await reader.one(BY_ID, id="a")
        outcome: Outcome[None] = Outcome(None)
        outcome.changes.update(THING, {"id": "a"}, version=row.versie, name="short")
        return outcome

    async def stream() -> None:
        while not done:
            await edge.carry_out(short)
            overtaken.set()

    streaming = [asyncio.create_task(stream()) for _ in range(3)]
    await edge.carry_out(long)
    done = True
    await asyncio.gather(*streaming)
    # Those that were under way when it got its turn may still be first, once each.
    assert ALONE_AFTER < len(tried) <= ALONE_AFTER + 1 + len(streaming)


async def test_per_aggregate_the_order_of_events_is_the_order_of_commits(edge: Edge) -> None:
    await edge.database.commit(new_thing("a"))

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        row = await reader.one(BY_ID, id="a")
        await asyncio.sleep(0)
        outcome: Outcome[None] = Outcome(None)
        outcome.changes.update(THING, {"id": "a"}, version=row.versie, name=context.new_id())
        outcome.changes.publish(ThingChanged(ding="a", versie=row.versie + 1))
        return outcome

    await asyncio.gather(*(edge.carry_out(use_case) for _ in range(8)))
    told = [inhoud(unpack(row.inhoud))["versie"] for row in await rows(edge.database, TABLES.outbox)]
    assert told == list(range(2, 10))


async def test_the_relay_is_woken_only_when_there_is_something_to_carry(edge: Edge) -> None:
    woken: list[bool] = []
    edge.wake = lambda: woken.append(True)

    async def silent(reader: Reader, context: Context) -> Outcome[None]:
        return Outcome(None, new_thing("silent"))

    await edge.carry_out(silent)
    assert woken == []
    await decide(edge, "a")
    assert woken == [True]


async def test_a_use_case_knows_its_caller_and_the_moment_and_nothing_else_of_the_world(
    edge: Edge, clock: HandClock
) -> None:
    caller = Caller("jansen", "consulent", gemeente="0294")

    async def use_case(reader: Reader, context: Context) -> Outcome[Context]:
        return Outcome(context)

    context = await edge.carry_out(use_case, caller=caller, cause="c")
    assert (context.now, context.today, context.caller, context.cause) == (clock.now(), clock.today(), caller, "c")
    assert (caller.namens, Caller("x", "aanbieder", aanbieder="1").namens, Caller("x", "beheer").namens) == (
        "0294",
        "1",
        "regio",
    )
