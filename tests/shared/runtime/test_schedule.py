"""One process at a time, another when that one is gone, and no failure is the last run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from shared.database.peers import Alone
from shared.database.port import StorageUnavailable
from shared.runtime.schedule import Schedule
from tests.shared.conftest import Logs
from tests.shared.things import GEDULD

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


class Shared(Alone):
    """A process among others on one database, as far as holding goes: `held` is what they have between them."""

    def __init__(self, held: set[str]) -> None:
        self._held = held
        self._mine: set[str] = set()
        self.trouble = False

    async def hold(self, name: str) -> bool:
        if self.trouble:
            raise StorageUnavailable("away")
        self._mine &= self._held
        if name not in self._held:
            self._held.add(name)
            self._mine.add(name)
        return name in self._mine


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
    async with asyncio.timeout(GEDULD):
        while True:
            found = holds()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.002)


async def a_few_rounds() -> None:
    await asyncio.sleep(EVERY * 8)


async def test_a_job_runs_at_once_and_again_and_again() -> None:
    job = Job()
    async with started(Schedule("job", Alone(), job, every=EVERY)):
        await until(lambda: job.runs >= 3)


async def test_waking_a_job_runs_it_before_its_time() -> None:
    job = Job()
    schedule = Schedule("job", Alone(), job, every=3600)
    async with started(schedule):
        await until(lambda: job.runs == 1)
        schedule.wake()
        await until(lambda: job.runs == 2)


@pytest.mark.parametrize("turns", range(6))
async def test_a_stop_that_comes_together_with_a_wake_still_stops(turns: int) -> None:
    job = Job()
    schedule = Schedule("job", Alone(), job, every=3600)
    task = asyncio.create_task(schedule.run())
    await until(lambda: job.runs == 1)
    await asyncio.sleep(0.01)
    schedule.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=GEDULD)
    assert done == {task}


async def test_a_failing_job_is_logged_without_what_it_said_and_runs_again(logs: Logs) -> None:
    job = Job(failures=2)
    async with started(Schedule("job", Alone(), job, every=EVERY)):
        await until(lambda: job.runs >= 3)
    assert logs.text.count("taak.mislukt") == 2
    assert "RuntimeError" in logs.text
    assert BSN not in logs.text


async def test_what_another_process_holds_does_not_run_here_until_it_is_free() -> None:
    first, second, held = Job(), Job(), set[str]()
    async with started(Schedule("job", Shared(held), second, every=EVERY)):
        await until(lambda: second.runs >= 1)
        async with started(Schedule("job", Shared(held), first, every=EVERY)):
            await a_few_rounds()
            assert first.runs == 0
            held.clear()  # as when the process that had it ended
            seen = second.runs
            await until(lambda: first.runs >= 1 or second.runs > seen)


async def test_different_jobs_do_not_wait_for_each_other() -> None:
    one, other = Job(), Job()
    async with (
        started(Schedule("one", Alone(), one, every=EVERY)),
        started(Schedule("other", Alone(), other, every=EVERY)),
    ):
        await until(lambda: min(one.runs, other.runs) >= 2)


async def test_a_database_in_trouble_delays_a_job_and_does_not_end_it(logs: Logs) -> None:
    job, peers = Job(), Shared(set())
    peers.trouble = True
    async with started(Schedule("job", peers, job, every=EVERY)) as task:
        await until(lambda: "taak.wacht_op_opslag" in logs.text)
        assert not task.done()
        assert job.runs == 0
        peers.trouble = False
        await until(lambda: job.runs >= 1)
