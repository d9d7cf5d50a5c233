"""The load: so many senders at once, each with its own connection, in a process of its own.

Reads a pickled `Load` (made by this bench itself) from the file named, and writes a pickled `Sent` beside it.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.bench.client import Answer, Connection


@dataclass(frozen=True, slots=True)
class Load:
    """Requests to send to `port`; with `per_second` not faster than that, else as fast as the answers come."""

    port: int
    requests: list[bytes]
    senders: int
    per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """When the first request left and the last answer came (monotonic clock), the answers, and how long each took."""

    begin: float
    end: float
    answers: list[Answer]
    seconds: list[float]


async def send(load: Load) -> Sent:
    """Send everything once."""
    connections = [await Connection.open(load.port) for _ in range(load.senders)]
    answers = [Answer(0, b"")] * len(load.requests)
    seconds = [0.0] * len(load.requests)
    turns: Iterator[tuple[int, bytes]] = iter(enumerate(load.requests))
    begin = monotonic()

    async def work(connection: Connection) -> None:
        for index, raw in turns:
            if load.per_second is not None:
                await asyncio.sleep(begin + index / load.per_second - monotonic())
            started = monotonic()
            answers[index] = await connection.call(raw)
            seconds[index] = monotonic() - started
        connection.close()

    await asyncio.gather(*map(work, connections))
    return Sent(begin, monotonic(), answers, seconds)


async def send_apart(load: Load, folder: Path) -> Sent:
    """Send everything from a process of its own; what is left of it is ended by its own id."""
    question, answer = folder / "load.pickle", folder / "sent.pickle"
    question.write_bytes(pickle.dumps(load))
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.senders", question, answer)
    try:
        if await process.wait():
            raise RuntimeError("the senders failed")
    finally:
        if process.returncode is None:
            process.kill()
    made: Sent = pickle.loads(answer.read_bytes())
    return made


def main() -> None:
    """Entry point of the process."""
    question, answer = Path(sys.argv[1]), Path(sys.argv[2])
    # Made by send_apart, in a folder of our own: never anything from outside.
    load: Load = pickle.loads(question.read_bytes())
    try:
        import uvloop  # not on Windows
    except ImportError:
        answer.write_bytes(pickle.dumps(asyncio.run(send(load))))
    else:
        answer.write_bytes(pickle.dumps(uvloop.run(send(load))))


if __name__ == "__main__":
    # Under its own name, so that the pickles name importable classes.
    from tests.bench.senders import main as run

    run()
