"""The health of a background side says what is stuck, and is quiet when nothing is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from shared.bus.in_process import InProcessBus
from shared.bus.port import Progress
from shared.database.port import Reader, StorageUnavailable
from shared.database.sqlite import SqliteDatabase
from shared.outbox.edge import Edge
from shared.runtime.progress import LATE, Report, Watch
from shared.runtime.service import Service
from tests.shared.outbox.harness import changed, consumer_on, decide, relay_on
from tests.shared.things import HandClock, edge_on


class Slow(InProcessBus):
    """A bus with a group of readers, that stands where the test says."""

    group = Progress("things", 0, 0, None)

    async def progress(self) -> Sequence[Progress]:
        return [self.group]


def watched(edge: Edge, bus: InProcessBus, now: Callable[[], float] = time.monotonic) -> Watch:
    return Watch(Service("things", "/things/v1", FastAPI(), edge, relay_on(edge, bus), None), bus, now=now)


async def reasons(watch: Watch) -> str:
    return " ".join((await watch.measure()).reasons)


async def test_nothing_to_do_is_well(edge: Edge) -> None:
    assert await reasons(watched(edge, InProcessBus())) == ""


async def test_an_event_that_waits_too_long_to_be_sent_is_named(edge: Edge, clock: HandClock) -> None:
    watch = watched(edge, InProcessBus())
    await decide(edge, "a")
    clock.forward(seconds=LATE - 1)
    assert await reasons(watch) == ""
    clock.forward(seconds=2)
    assert "wacht 31 seconden op verzending" in await reasons(watch)
    await relay_on(edge, InProcessBus()).carry()
    assert await reasons(watch) == ""


async def test_a_group_in_trouble_is_named_with_its_trouble(edge: Edge) -> None:
    bus = Slow()
    bus.group = Progress("things", 4, 0, "KafkaConnectionError")
    assert "things kan niet lezen of verwerken (KafkaConnectionError)" in await reasons(watched(edge, bus))


async def test_a_broker_that_does_not_say_is_named(edge: Edge) -> None:
    bus = Slow()
    bus.group = Progress("things", None, 0, None)
    assert "Kafka zegt niet" in await reasons(watched(edge, bus))


async def test_a_group_that_stands_still_with_work_before_it_is_named(edge: Edge) -> None:
    now = 1000.0
    bus = Slow()
    watch = watched(edge, bus, lambda: now)
    bus.group = Progress("things", 4, 10, None)
    assert await reasons(watch) == ""
    now += LATE + 1
    assert "staat 31 seconden stil, met 4 te gaan" in await reasons(watch)
    bus.group = Progress("things", 9, 11, None)  # it does something again, though more came
    assert await reasons(watch) == ""
    now += LATE + 1
    bus.group = Progress("things", 0, 11, None)  # nothing left to do is no standing still
    assert await reasons(watch) == ""


async def test_parked_events_are_counted_and_are_no_reason_to_call_a_worker_ill(edge: Edge) -> None:
    async def refuse(*_: Any) -> Any:
        raise RuntimeError("never")

    watch = watched(edge, InProcessBus())
    await consumer_on(edge, refuse).deliver([changed("a")])
    report = await watch.measure()
    assert (report.parked, report.reasons) == (1, [])
    assert report.as_json()["geparkeerd"] == 1
    assert report.as_json()["status"] == "ok"


class Away(SqliteDatabase):
    """A database that does not answer."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        raise StorageUnavailable("away")
        yield


async def test_a_database_that_is_away_is_named_and_measuring_goes_on(tmp_path: Path) -> None:
    watch = watched(edge_on(Away(tmp_path / "x.sqlite")), InProcessBus())
    assert "database" in await reasons(watch)
    assert "database" in await reasons(watch)


class Silent(InProcessBus):
    """A bus of which nothing is heard any more."""

    async def progress(self) -> Sequence[Progress]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_what_was_found_well_is_not_said_for_as_long_as_nothing_is_heard(edge: Edge) -> None:
    service = Service("things", "/things/v1", FastAPI(), edge, relay_on(edge, InProcessBus()), None)
    watch = Watch(service, Silent(), patience=0.01)
    watch.report = Report()
    running = asyncio.create_task(watch.run())
    async with asyncio.timeout(30):
        while not watch.report.reasons:  # noqa: ASYNC110  # as its health address would look
            await asyncio.sleep(0.01)
    running.cancel()
    assert "kan niet worden gemeten" in watch.report.reasons[0]


async def test_until_the_first_measurement_it_does_not_call_itself_well(edge: Edge) -> None:
    assert watched(edge, InProcessBus()).report.reasons
