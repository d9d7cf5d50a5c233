"""How the product is started and reached: inside this process, or as a process of its own that may be killed."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

import httpx
import uvicorn

from deploy.all_in_one import PARTS, AllInOne, build
from shared.kernel.clock import SystemClock
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol

WORTEL = Path(__file__).resolve().parents[2]
VANDAAG = date(2026, 8, 19)
GEDULD = 30.0


class Opstelling(Protocol):
    """A running product."""

    url: str

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        """A bearer token."""

    def rust(self) -> None:
        """Wait until nothing is under way between the services."""

    def stop(self) -> None:
        """Stop in good order."""


class Ingebouwd:
    """The all-in-one in a thread of this process, behind a real HTTP server."""

    def __init__(self, map: Path, vandaag: date = VANDAAG) -> None:
        settings = load_settings(omgeving(map, vandaag))
        self._klaar = threading.Event()
        # Named protocol: asyncio switches Nagle's delay off only where it sees TCP.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._product: AllInOne
        self._loop: asyncio.AbstractEventLoop
        self._server: uvicorn.Server
        self._thread = threading.Thread(target=lambda: asyncio.run(self._draai(settings)), daemon=True)
        self._thread.start()
        assert self._klaar.wait(GEDULD), "the product did not start"
        wacht_op(self.url)

    async def _draai(self, settings: object) -> None:
        self._loop = asyncio.get_running_loop()
        self._product = build(settings)  # type: ignore[arg-type]
        config = uvicorn.Config(self._product.app, log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._klaar.set()
        await self._server.serve(sockets=[self._socket])

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        return self._product.issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder)

    def rust(self) -> None:
        asyncio.run_coroutine_threadsafe(self._product.settle(), self._loop).result(GEDULD)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(GEDULD)
        assert not self._thread.is_alive(), "the product did not stop"


class Proces:
    """`plekregie start` as a process of its own, on a free port with its own data."""

    def __init__(self, map: Path, *opties: str, vandaag: date | None = VANDAAG) -> None:
        self.map = map
        port = vrije_poort()
        self.url = f"http://127.0.0.1:{port}"
        self._opties = opties
        self.omgeving = {**schone_omgeving(), **omgeving(map, vandaag), "PLEKREGIE_PORT": str(port)}
        self._issuer: Issuer | None = None
        self._proces: subprocess.Popen[bytes] | None = None
        self.uitvoer = map.parent / f"{map.name}.log"

    def start(self, *, geduld: float = GEDULD) -> "Proces":
        """Start (again) and wait until it can take requests."""
        with self.uitvoer.open("ab") as uitvoer:
            self._proces = subprocess.Popen(
                [sys.executable, "-m", "deploy.cli", "start", *self._opties],
                cwd=WORTEL,
                env=self.omgeving,
                stdout=uitvoer,
                stderr=uitvoer,
            )
        wacht_op(self.url, geduld, self.leeft)
        return self

    @property
    def pid(self) -> int:
        assert self._proces is not None
        return self._proces.pid

    def leeft(self) -> bool:
        return self._proces is not None and self._proces.poll() is None

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str:
        if self._issuer is None:
            self._issuer = Issuer(self.map / "sleutels", SystemClock())
        return self._issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder)

    def rust(self) -> None:
        einde = time.monotonic() + GEDULD
        while any(self.vraag(part.name, "select 1 from outbox where verzonden_op is null limit 1") for part in PARTS):
            assert time.monotonic() < einde, "events stay under way"
            time.sleep(0.02)

    def vraag(self, dienst: str, sql: str) -> list[tuple[object, ...]]:
        """Look into the data of a service."""
        with sqlite3.connect(f"file:{self.map / dienst}.sqlite?mode=ro", uri=True, timeout=10) as connection:
            rows: list[tuple[object, ...]] = connection.execute(sql).fetchall()
        connection.close()
        return rows

    def dood(self) -> None:
        """Kill -9: no time for a last word."""
        os.kill(self.pid, signal.SIGKILL)
        assert self._proces is not None
        self._proces.wait(GEDULD)

    def onderbreek(self) -> int:
        """Ctrl-C; the exit code."""
        assert self._proces is not None
        self._proces.send_signal(signal.SIGINT)
        return self._proces.wait(GEDULD)

    def stop(self) -> None:
        if self.leeft():
            assert self._proces is not None
            self._proces.terminate()
            self._proces.wait(GEDULD)


class Sterveling(Proces):
    """The same, started and killed time and again: its children come from a nursery that has read the code already."""

    def __init__(self, map: Path) -> None:
        super().__init__(map)
        self._kraamkamer = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.kraamkamer"],
            cwd=WORTEL,
            env=dict(schone_omgeving()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._kind = 0

    def start(self, *, geduld: float = GEDULD) -> "Sterveling":
        opdracht = {"omgeving": self.omgeving, "opties": list(self._opties), "uitvoer": str(self.uitvoer)}
        assert self._kraamkamer.stdin is not None
        assert self._kraamkamer.stdout is not None
        self._kraamkamer.stdin.write(json.dumps(opdracht) + "\n")
        self._kraamkamer.stdin.flush()
        self._kind = int(self._kraamkamer.stdout.readline())
        wacht_op(self.url, geduld, self.leeft)
        return self

    @property
    def pid(self) -> int:
        return self._kind

    def leeft(self) -> bool:
        try:
            os.kill(self._kind, 0)
        except ProcessLookupError:
            return False
        return self._kind != 0

    def dood(self) -> None:
        self._beeindig(signal.SIGKILL)

    def stop(self) -> None:
        if self._kind and self.leeft():
            self._beeindig(signal.SIGTERM)
        assert self._kraamkamer.stdin is not None
        self._kraamkamer.stdin.close()
        self._kraamkamer.wait(GEDULD)

    def _beeindig(self, teken: signal.Signals) -> None:
        os.kill(self._kind, teken)
        einde = time.monotonic() + GEDULD
        while self.leeft():
            assert time.monotonic() < einde, "the product does not end"
            time.sleep(0.001)


def omgeving(map: Path, vandaag: date | None) -> dict[str, str]:
    """Settings of a product with its own data, in trial mode where `vandaag` is fixed."""
    vast = {"PLEKREGIE_PROEF": "true", "PLEKREGIE_VANDAAG": vandaag.isoformat()} if vandaag else {}
    return {"PLEKREGIE_DATA_DIR": str(map), **vast}


def schone_omgeving() -> Mapping[str, str]:
    """This environment without the product's own settings."""
    return {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith("PLEKREGIE_")}


def vrije_poort() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wacht_op(url: str, geduld: float = GEDULD, leeft: object = None) -> None:
    """Until every service says that it can take requests."""
    einde = time.monotonic() + geduld
    while True:
        try:
            if all(httpx.get(f"{url}/{part.name}/v1/readyz", timeout=5).status_code == 200 for part in PARTS):
                return
        except httpx.TransportError:
            pass
        assert not callable(leeft) or leeft(), "the product ended"
        assert time.monotonic() < einde, "the product does not answer"
        time.sleep(0.02)
