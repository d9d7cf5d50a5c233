"""The real all-in-one, as `plekregie start` runs it, in a process of its own on a free port."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
import time
from pathlib import Path

from deploy.all_in_one import PARTS, database_file
from shared.kernel.clock import SystemClock
from shared.runtime.settings import Settings, load_settings
from shared.web.identity import Issuer, Rol
from tests.bench.client import Answer, Connection, request

ROOT = Path(__file__).resolve().parents[2]
START, STOP = 60.0, 20.0  # seconds to wait for either
QUIET = 60.0
LOOK = 0.01
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """The bench itself can't go on: the product answered something else than it should."""


class Server:
    """Start it with `with`; it is stopped by its own process id."""

    def __init__(self, folder: Path, *, profile: Path | None = None) -> None:
        self.settings: Settings = load_settings(
            {"PLEKREGIE_DATA_DIR": str(folder / "data"), "PLEKREGIE_PORT": str(free_port())}
        )
        self.port = self.settings.port
        self._folder = folder
        self._profile = profile
        self._process: asyncio.subprocess.Process | None = None
        self._issuer: Issuer | None = None

    async def __aenter__(self) -> Server:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLEKREGIE_")}
        environment |= {
            "PLEKREGIE_DATA_DIR": str(self.settings.data_dir),
            "PLEKREGIE_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        module = ["deploy.cli", "start", "--leeg"]
        if self._profile is not None:
            module = ["tests.bench.profiled", str(self._profile)]
        with (self._folder / "server.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *module), cwd=self._folder, env=environment, stdout=log, stderr=log
            )
        await self._ready()
        self._issuer = Issuer(self.settings.keys, SystemClock())
        return self

    async def _ready(self) -> None:
        assert self._process is not None
        until = time.monotonic() + START
        while time.monotonic() < until and self._process.returncode is None:
            try:
                connection = await Connection.open(self.port)
                answer = await connection.call(request("GET", "/readyz", ""))
            except OSError:
                await asyncio.sleep(LOOK)
                continue
            connection.close()
            if answer.status == 200:
                return
        await self.__aexit__()
        raise BenchError((self._folder / "server.log").read_text())

    async def __aexit__(self, *_: object) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP)
        except TimeoutError:
            process.kill()
            await process.wait()

    def begin_profile(self) -> None:
        """From here on the profile counts, when one is made."""
        if self._profile is not None and self._process is not None:
            self._process.send_signal(signal.SIGUSR1)

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        """A bearer token."""
        assert self._issuer is not None
        return self._issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder)

    def databases(self) -> dict[str, Path]:
        """Service → its file."""
        return {part.name: database_file(self.settings, part.name) for part in PARTS}

    def cpu_seconds(self) -> float | None:
        """Processor time of the server so far; None where the system does not tell (no /proc)."""
        assert self._process is not None
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    async def quiet(self) -> float:
        """Wait until every event has been carried and taken in; the moment (monotonic) at which that was seen. Looks in
        the files, so that the server has no work from it. An event is marked as sent after its readers have committed,
        and what they publish is unsent by then: nothing unsent anywhere means done."""
        until = time.monotonic() + QUIET
        connections = [sqlite3.connect(f"file:{path}?mode=ro", uri=True) for path in self.databases().values()]
        try:
            while time.monotonic() < until:
                # The readers first: what they publish later comes from an event that is still unsent before them.
                if not any(map(_unsent, connections)) and not any(map(_unsent, connections)):
                    return time.monotonic()
                await asyncio.sleep(LOOK)
        finally:
            for connection in connections:
                connection.close()
        raise BenchError(f"events are still under way after {QUIET} s")


def _unsent(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM outbox WHERE verzonden_op IS NULL LIMIT 1").fetchone() is not None


def check(answer: Answer, *allowed: int) -> Answer:
    """Raises BenchError when the product said something else."""
    if answer.status not in allowed:
        raise BenchError(f"{answer.status}: {answer.body.decode(errors='replace')[:2000]}")
    return answer


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
