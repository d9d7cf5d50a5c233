"""One process at a time, another when that one is gone, and no failure is the last run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from shared.outbox.edge import Edge
from shared.runtime.schedule import LEASE, Schedule
from tests.shared.conftest import Logs
from tests.shared.things import TABLES, HandClock, rows

EVERY = 0.005
BSN = "999900006"


class Job:
    """Counts its runs; fails on the first few when asked."""

    def __init__(self, failures: int = 0) -> None:
        self.runs = 0
        self._failures = failures

    async def __call__(self) -> None:
        self.runs += 1
        if self.runs <= self._failures:
            raise RuntimeError(BSN)


@asynccontextmanager
async def started(schedule: Schedule) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(schedule.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while True:
            found = holds()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.002)


async def a_few_rounds() -> None:
    await asyncio.sleep(EVERY * 8)


async def test_a_job_runs_at_once_and_again_and_again(edge: Edge) -> None:
    job = Job()
    async with started(Schedule("job", edge, job, every=EVERY)):
        await until(lambda: job.runs >= 3)


async def test_waking_a_job_runs_it_before_its_time(edge: Edge) -> None:
    job = Job()
    schedule = Schedule("job", edge, job, every=3600)
    async with started(schedule):
        await until(lambda: job.runs == 1)
        schedule.wake()
        await until(lambda: job.runs == 2)


@pytest.mark.parametrize("turns", range(6))
async def test_a_stop_that_comes_together_with_a_wake_still_stops(edge: Edge, turns: int) -> None:
    job = Job()
    schedule = Schedule("job", edge, job, every=3600)
    task = asyncio.create_task(schedule.run())
    await until(lambda: job.runs == 1)
    await asyncio.sleep(0.01)
    schedule.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=2)
    assert done == {task}


async def test_a_failing_job_is_logged_without_what_it_said_and_runs_again(edge: Edge, logs: Logs) -> None:
    job = Job(failures=2)
    async with started(Schedule("job", edge, job, every=EVERY)):
        await until(lambda: job.runs >= 3)
    assert logs.text.count("taak.mislukt") == 2
    assert "RuntimeError" in logs.text
    assert BSN not in logs.text


async def test_while_one_process_holds_the_lease_another_does_not_run(edge: Edge, clock: HandClock) -> None:
    first, second = Job(), Job()
    async with started(Schedule("job", edge, first, every=EVERY)):
        await until(lambda: first.runs >= 1)
        async with started(Schedule("job", edge, second, every=EVERY)):
            for _ in range(4):
                clock.forward(seconds=LEASE.total_seconds() / 3)
                seen = first.runs
                await until(lambda seen=seen: first.runs > seen + 1)
                await a_few_rounds()
    assert second.runs == 0


async def test_after_a_crash_another_process_takes_over_when_the_lease_ends(edge: Edge, clock: HandClock) -> None:
    gone = Schedule("job", edge, Job(), every=EVERY)
    assert await gone._hold()  # it held the lease, and never came back
    other = Job()
    async with started(Schedule("job", edge, other, every=EVERY)):
        clock.forward(seconds=LEASE.total_seconds() - 1)
        await a_few_rounds()
        assert other.runs == 0
        clock.forward(seconds=2)
        await until(lambda: other.runs >= 1)
        assert not await gone._hold()


async def test_after_a_clean_stop_another_process_starts_at_once(edge: Edge) -> None:
    first, second = Job(), Job()
    async with started(Schedule("job", edge, first, every=EVERY)):
        await until(lambda: first.runs >= 1)
    async with started(Schedule("job", edge, second, every=EVERY)):
        await until(lambda: second.runs >= 1)


async def test_stopping_does_not_take_the_lease_from_another(edge: Edge) -> None:
    first, second = Job(), Job()
    async with started(Schedule("job", edge, first, every=EVERY)):
        await until(lambda: first.runs >= 1)
        async with started(Schedule("job", edge, second, every=EVERY)):
            await a_few_rounds()
        (lease,) = await rows(edge.database, TABLES.lease)
        assert lease.tot > edge.clock.now()


async def test_two_that_start_together_never_both_get_the_lease(edge: Edge) -> None:
    schedules = [Schedule("job", edge, Job(), every=EVERY) for _ in range(8)]
    held = await asyncio.gather(*(schedule._hold() for schedule in schedules))
    assert sum(held) == 1
    assert len(await rows(edge.database, TABLES.lease)) == 1


async def test_different_jobs_do_not_wait_for_each_other(edge: Edge) -> None:
    one, other = Job(), Job()
    async with started(Schedule("one", edge, one, every=EVERY)), started(Schedule("other", edge, other, every=EVERY)):
        await until(lambda: min(one.runs, other.runs) >= 2)


async def test_a_database_in_trouble_delays_a_job_and_does_not_end_it(edge: Edge, logs: Logs) -> None:
    job = Job()
    await edge.database.execute(text("ALTER TABLE lease RENAME TO away"))
    async with started(Schedule("job", edge, job, every=EVERY)) as task:
        await until(lambda: "taak.mislukt" in logs.text)
        assert not task.done()
        assert job.runs == 0
        await edge.database.execute(text("ALTER TABLE away RENAME TO lease"))
        await until(lambda: job.runs >= 1)
