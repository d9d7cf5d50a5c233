"""Processes on one PostgreSQL schema: what one has no other gets, a dead one has nothing, a ring is heard."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from shared.database.port import StorageUnavailable
from shared.database.postgres import PostgresPeers, connect

pytestmark = pytest.mark.distributed
ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def peer(url: str, schema: str, heard: Callable[[], None] | None = None) -> AsyncIterator[PostgresPeers]:
    made = PostgresPeers(url, schema)
    await made.start(heard)
    try:
        yield made
    finally:
        await made.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  # it looks from outside
            await asyncio.sleep(0.005)


async def test_what_one_process_holds_no_other_gets_until_it_stops(postgres_url: str, schema: str) -> None:
    async with peer(postgres_url, schema) as second:
        async with peer(postgres_url, schema) as first:
            assert await first.hold("relay")
            assert await first.hold("relay")
            assert not await second.hold("relay")
            assert await second.hold("taak/dagwissel")
        assert await second.hold("relay")


async def test_services_do_not_stand_in_each_others_way(postgres_url: str, schema: str) -> None:
    async with peer(postgres_url, schema) as first, peer(postgres_url, f"{schema}_ander") as second:
        assert await first.hold("relay")
        assert await second.hold("relay")


async def test_of_many_that_try_together_one_gets_it(postgres_url: str, schema: str) -> None:
    made = [PostgresPeers(postgres_url, schema) for _ in range(8)]
    try:
        assert sum(await asyncio.gather(*(one.hold("relay") for one in made))) == 1
    finally:
        await asyncio.gather(*(one.stop() for one in made))


async def test_a_process_that_is_killed_holds_nothing(postgres_url: str, schema: str) -> None:
    code = (
        "import asyncio, sys; from shared.database.postgres import PostgresPeers\n"
        "async def main():\n"
        f"    peers = PostgresPeers({postgres_url!r}, {schema!r})\n"
        "    print(await peers.hold('relay'), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"True\n"
    async with peer(postgres_url, schema) as other:
        assert not await other.hold("relay")
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with asyncio.timeout(10):
            while not await other.hold("relay"):  # noqa: ASYNC110  # the server notices the end by itself
                await asyncio.sleep(0.01)


async def test_a_lost_connection_is_found_out_and_what_was_held_may_be_taken(postgres_url: str, schema: str) -> None:
    async with peer(postgres_url, schema) as first, peer(postgres_url, schema) as second:
        assert await first.hold("relay")
        await end_connections(postgres_url, schema)
        await until_sure(second)
        assert await second.hold("relay")
        await until_sure(first)
        assert not await first.hold("relay")


async def test_a_process_is_not_kept_out_by_its_own_connection_that_the_server_still_holds(
    postgres_url: str, schema: str
) -> None:
    async with line_to(postgres_url) as line, peer(line.url, schema) as first, peer(postgres_url, schema) as second:
        assert await first.hold("relay")
        line.cut()
        await until_sure(first)
        assert await first.hold("relay")
        assert not await second.hold("relay")


async def test_a_process_never_ends_the_connection_of_another(postgres_url: str, schema: str) -> None:
    async with line_to(postgres_url) as line, peer(line.url, schema) as first, peer(postgres_url, schema) as second:
        assert await second.hold("relay")
        await first.hold("taak/dagwissel")
        line.cut()
        await until_sure(first)
        assert not await first.hold("relay")
        assert await second.hold("relay")


async def test_a_ring_is_heard_by_the_others_and_not_by_who_rang(postgres_url: str, schema: str) -> None:
    heard: list[str] = []
    async with (
        peer(postgres_url, schema, lambda: heard.append("eerste")) as first,
        peer(postgres_url, schema, lambda: heard.append("tweede")) as second,
    ):
        await first.hold("x")
        await second.hold("y")
        heard.clear()
        first.ring()
        await until(lambda: "tweede" in heard)
        assert "eerste" not in heard


async def test_rings_are_heard_again_after_the_connection_was_lost(postgres_url: str, schema: str) -> None:
    heard: list[None] = []
    async with peer(postgres_url, schema, lambda: heard.append(None)) as listener, peer(postgres_url, schema) as caller:
        await listener.hold("x")
        await end_connections(postgres_url, schema)
        await until_sure(listener)
        await until_sure(caller)
        heard.clear()
        caller.ring()
        await until(lambda: bool(heard))


class Line:
    """A way to the server that can be cut so that only our end knows: the server's end stays open and silent, as after
    a network that fell away or a machine that was moved."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._moving: set[asyncio.Task[None]] = set()
        self._ends: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        login = self._parts.netloc.rpartition("@")[0]
        self.url = urlunsplit(self._parts._replace(netloc=f"{login}@127.0.0.1:{port}"))

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        beyond = await asyncio.open_connection(self._parts.hostname, self._parts.port)
        self._ends.append((writer, beyond[1]))
        for source, target in ((reader, beyond[1]), (beyond[0], writer)):
            task = asyncio.create_task(self._move(source, target))
            self._moving.add(task)
            task.add_done_callback(self._moving.discard)

    async def _move(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
        target.close()

    def cut(self) -> None:
        """What is there now is lost to our end; what is opened hereafter works."""
        for task in tuple(self._moving):
            task.cancel()
        for ours, _ in self._ends:
            ours.transport.abort()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for _, beyond in self._ends:
            beyond.transport.abort()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    line = Line(url)
    await line.start()
    try:
        yield line
    finally:
        await line.stop()


async def end_connections(url: str, schema: str) -> None:
    """As a restart of the server or a lost network would."""
    administrator = await connect(url, {})
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(application_name, $1)",
        f"plekregie-{schema}",
    )
    await administrator.close()


async def until_sure(peers: PostgresPeers) -> None:
    """Until it has a connection again."""
    async with asyncio.timeout(10):
        while True:
            try:
                await peers.hold("anders/" + str(id(peers)))
                return
            except StorageUnavailable:
                await asyncio.sleep(0.01)
