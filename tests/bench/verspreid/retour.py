"""(a) 305 in → retour out over HTTP, against the bare route that writes the same rows, under the same load."""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from shared.database.postgres.connections import Connection as Database
from tests.bench.client import Connection, request
from tests.bench.senders import Load, Sent, send_apart
from tests.bench.server import ROOT, BenchError, check, free_port
from tests.bench.verspreid.apart import Took
from tests.bench.verspreid.bare_route import READY, WARM, Task
from tests.bench.verspreid.compared import Compared
from tests.bench.verspreid.installation import Installation, Process, meter
from tests.bench.verspreid.processor import Meter
from tests.bench.verspreid.rows import copy, difference, in_one, plan
from tests.bench.verspreid.servers import Servers
from tests.bench.verspreid.storage import connected, make_schema

SERVICE, PLAIN, WHOLE = "backoffice", "bench_kaal", "bench_kaal_een"
AIM = 0.5
START, LOOK = 30.0, 0.02


class Retour:
    """Rounds of product, bare route in a transaction, bare route in one statement."""

    def __init__(self, installation: Installation, senders: int, warm_up: Sequence[bytes]) -> None:
        """`warm_up`: requests for the product, so that it compiles what it compiles once."""
        self._installation = installation
        self._senders = senders
        self._warm_up = list(warm_up)
        self.latencies: dict[str, list[float]] = {"product": [], "bare": [], "whole": []}
        self.rows: list[dict[str, object]] = []

    @property
    def _servers(self) -> Servers:
        return self._installation.servers

    async def measure(self, rounds: Sequence[list[bytes]]) -> Compared:
        """One round for every list of requests."""
        for schema in (PLAIN, WHOLE):
            make_schema(self._servers, schema, SERVICE)
        compared = Compared("a", "305 → retour, berichten", AIM, "kale route, lxml en asyncpg in een transactie")
        database = await connected(self._servers, SERVICE)
        try:
            async with self._installation.apart([SERVICE], []) as processes:
                serve = processes[f"serve {SERVICE}"]
                await self._send(serve.port, self._warm_up)
                for requests in rounds:
                    await self._round(compared, database, serve, requests)
        finally:
            await database.close()
        return compared

    async def _round(self, compared: Compared, database: Database, serve: Process, requests: list[bytes]) -> None:
        await copy(database, SERVICE, (PLAIN, WHOLE))
        await database.execute("CHECKPOINT")
        sent, product = await self._timed("product", serve.port, requests, meter(self._servers, {"proces": serve}))
        written = await difference(database, PLAIN, SERVICE)
        self.rows = [
            {"table": one.table.name, "new": len(one.new) / len(requests), "changed": len(one.changed) / len(requests)}
            for one in written
        ]
        turns = plan(written, len(requests))
        answer = sent.answers[0].body
        bare = await self._bare(
            "bare", database, Task(self._servers.admin, PLAIN, self._senders, False, turns, answer), requests
        )
        single = [[in_one(turn)] for turn in turns]
        whole = await self._bare(
            "whole", database, Task(self._servers.admin, WHOLE, self._senders, True, single, answer), requests
        )
        compared.add(product, bare, one_statement=whole)

    async def _bare(self, name: str, database: Database, task: Task, requests: list[bytes]) -> Took:
        async with bare_route(self._installation.folder, task) as (port, pid):
            warm = [raw.replace(b"\r\n", f"\r\n{WARM}: 1\r\n".encode(), 1) for raw in requests[: len(self._warm_up)]]
            await self._send(port, warm)
            await database.execute("CHECKPOINT")
            servers = self._servers.meter
            _, took = await self._timed(name, port, requests, Meter({**servers.single, "proces": pid}, servers.family))
            return took

    async def _timed(self, name: str, port: int, requests: list[bytes], processes: Meter) -> tuple[Sent, Took]:
        before = processes.read()
        sent = await self._send(port, requests)
        self.latencies[name].extend(sent.seconds)
        return sent, Took(len(requests), sent.end - sent.begin, processes.since(before))

    async def _send(self, port: int, requests: list[bytes]) -> Sent:
        sent = await send_apart(Load(port, requests, self._senders), self._installation.folder)
        for answer in sent.answers:
            check(answer, 200)
        return sent


@asynccontextmanager
async def bare_route(folder: Path, task: Task) -> AsyncIterator[tuple[int, int]]:
    """The bare route in its own process: its port and its process id."""
    file, port = folder / "task.pickle", free_port()
    file.write_bytes(pickle.dumps(task))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.verspreid.bare_route", str(port), str(file)), cwd=ROOT
    )
    try:
        until = time.monotonic() + START
        while not await answers(port):
            if process.returncode is not None or time.monotonic() > until:
                raise BenchError("the bare route does not start")
            await asyncio.sleep(LOOK)
        yield port, process.pid
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answers(port: int) -> bool:
    """Whether somebody serves here."""
    try:
        connection = await Connection.open(port)
    except OSError:
        return False
    try:
        return (await connection.call(request("GET", READY, ""))).status == 200
    finally:
        connection.close()
