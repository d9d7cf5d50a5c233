"""A piece of work in a process of its own: fast event loop and garbage collector as in the processes of the product.

`python -m tests.bench.verspreid.apart QUESTION ANSWER`: reads a pickled `Work` and writes what came of it.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time
from typing import Protocol

import uvicorn

from shared.runtime.memory import settle
from tests.bench.server import BenchError
from tests.bench.verspreid.processor import Meter

LIMIT = 120.0  # seconds that a piece of work may take


@dataclass(frozen=True, slots=True)
class Took:
    """What it took: so many events, in so many seconds; processor seconds by process."""

    events: int
    seconds: float
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Per second."""
        return self.events / self.seconds


class Work(Protocol):
    """Something that can be pickled, and measures itself: what leads up to it does not count."""

    async def run(self) -> Took: ...


class Stopwatch:
    """From here on it counts."""

    def __init__(self, servers: Meter) -> None:
        self._servers = servers
        self._before = servers.read()
        self._cpu = process_time()
        self._begin = monotonic()

    def stop(self, events: int) -> Took:
        """What it took until now; this process itself is called `proces`."""
        seconds = monotonic() - self._begin
        return Took(events, seconds, {"proces": process_time() - self._cpu, **self._servers.since(self._before)})


async def apart(work: Work, folder: Path) -> Took:
    """Run it; a process that takes too long is ended by its own id."""
    question, answer = folder / "work.pickle", folder / "took.pickle"
    question.write_bytes(pickle.dumps(work))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.verspreid.apart", str(question), str(answer)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), LIMIT)
    except TimeoutError:
        raise BenchError(f"{type(work).__name__} took over {LIMIT} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise BenchError(f"{type(work).__name__} failed:\n{said.decode(errors='replace')[-3000:]}")
    took: Took = pickle.loads(answer.read_bytes())
    return took


def main() -> None:
    """Entry point of the process."""
    question, answer = Path(sys.argv[1]), Path(sys.argv[2])
    # Made by `apart`, in a folder of our own: never anything from outside.
    work: Work = pickle.loads(question.read_bytes())
    settle()
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        answer.write_bytes(pickle.dumps(runner.run(work.run())))


if __name__ == "__main__":
    # Under its own name, so that the pickles name importable classes.
    from tests.bench.verspreid.apart import main as run

    run()
