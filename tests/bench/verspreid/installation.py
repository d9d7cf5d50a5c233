"""An installation on PostgreSQL and Kafka, with the commands that an installation has."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from deploy.parts import NAMES
from shared.kernel.clock import SystemClock
from shared.web.identity import Issuer, Rol
from tests.bench.client import Connection, request
from tests.bench.server import ROOT, BenchError, free_port
from tests.bench.verspreid.processor import Meter
from tests.bench.verspreid.servers import Servers
from tests.bench.verspreid.under_way import UnderWay

START, STOP, COMMAND = 60.0, 40.0, 120.0  # seconds to wait for each
LOOK = 0.05


@dataclass(slots=True)
class Process:
    """A command that keeps running, on a port of its own."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    folder: Path
    port: int = field(default_factory=free_port)
    _process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def __aenter__(self) -> Process:
        environment = {**self.environment, "PLEKREGIE_PORT": str(self.port)}
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deploy.cli", *self.arguments),
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START
        while time.monotonic() < until and self._process.returncode is None:
            if await self._ready():
                return self
            await asyncio.sleep(LOOK)
        await self.__aexit__(None, None, None)
        raise BenchError(f"{self.name} does not get ready:\n{(self.folder / f'{self.name}.log').read_text()[-3000:]}")

    async def _ready(self) -> bool:
        try:
            connection = await Connection.open(self.port)
        except OSError:
            return False
        try:
            return (await connection.call(request("GET", "/readyz", ""))).status == 200
        finally:
            connection.close()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP)
        except TimeoutError:
            process.kill()
            await process.wait()


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings and keys in `folder`, rows in a schema per service with a role of its own."""

    servers: Servers
    folder: Path
    environment: dict[str, str]
    toegang_port: int

    def process(self, *arguments: str, port: int | None = None) -> Process:
        """A command that is not running yet."""
        made = Process("-".join(arguments).replace("--", ""), arguments, self.environment, self.folder)
        if port is not None:
            made.port = port
        return made

    @asynccontextmanager
    async def apart(self, serving: Sequence[str], working: Sequence[str]) -> AsyncIterator[dict[str, Process]]:
        """These services' HTTP sides and workers, by name (`serve financien`)."""
        found: dict[str, Process] = {}
        async with AsyncExitStack() as stack:
            for name in serving:
                port = self.toegang_port if name == "toegang" else None
                found[f"serve {name}"] = self.process("serve", name, port=port)
            for name in working:
                found[f"worker {name}"] = self.process("worker", name)
            await asyncio.gather(*(stack.enter_async_context(process) for process in found.values()))
            yield found

    async def command(self, *arguments: str) -> str:
        """A command that ends by itself; what it said on stdout. Raises BenchError when it refuses."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", *arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said, complained = await asyncio.wait_for(process.communicate(), COMMAND)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise BenchError(f"{' '.join(arguments)}: {complained.decode(errors='replace')[-3000:]}")
        return said.decode()


def meter(servers: Servers, processes: dict[str, Process]) -> Meter:
    """Of the servers and of these processes."""
    return Meter({**servers.meter.single, **{name: one.pid for name, one in processes.items()}}, servers.meter.family)


@dataclass(frozen=True, slots=True)
class OnePort:
    """The installation as the region's loader sees it: everything behind one port."""

    port: int
    issuer: Issuer
    events: UnderWay

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        """A bearer token."""
        return self.issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder)

    async def quiet(self) -> float:
        """Wait until every event has been carried and taken in; the moment at which that was seen."""
        return await self.events.quiet()


def issuer(installation: Installation) -> Issuer:
    """Makes tokens with the installation's own key."""
    return Issuer(Path(installation.environment["PLEKREGIE_KEYS_DIR"]), SystemClock())


async def install(servers: Servers, folder: Path) -> Installation:
    """`plekregie inrichten`: roles, schemas, topics and keys."""
    toegang = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PLEKREGIE_")}
    environment = {
        **own,
        "PYTHONPATH": str(ROOT),
        "PLEKREGIE_DATA_DIR": str(folder / "data"),
        "PLEKREGIE_KEYS_DIR": str(folder / "sleutels"),
        "PLEKREGIE_BEHEER_DATABASE_URL": servers.admin,
        "PLEKREGIE_EIGENAAR_DATABASE_URL": servers.as_user("eigenaar", secrets.token_hex(12)),
        **{f"PLEKREGIE_{name.upper()}_DATABASE_URL": servers.as_user(name, secrets.token_hex(12)) for name in NAMES},
        "PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS": servers.bootstrap,
        "PLEKREGIE_TOEGANG_URL": f"http://127.0.0.1:{toegang}",
    }
    made = Installation(servers, folder, environment, toegang)
    await made.command("inrichten")
    return made
