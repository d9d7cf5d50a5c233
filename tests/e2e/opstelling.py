"""How the product is started and reached: inside this process, or as a process of its own that may be killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Protocol

import httpx
import uvicorn

from deploy.all_in_one import AllInOne, build
from deploy.parts import NAMES
from shared.kernel.clock import SystemClock
from shared.runtime.service import Service
from shared.runtime.settings import Settings, load_settings
from shared.web.identity import Issuer, Rol
from tests.e2e.inzage import InSqlite, Rij
from tests.e2e.kraamkamer import WORTEL, Kind, Kraamkamer
from tests.poorten import vrije_poort

VANDAAG = date(2026, 8, 19)
GEDULD = 120.0  # seconds; only a machine that does much else comes near it


class Opstelling(Protocol):
    """A running product."""

    def client(self, timeout: float = GEDULD) -> httpx.Client:
        """A client that reaches every service under its public path."""

    def token(
        self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None, gebruiker: str | None = None
    ) -> str:
        """A bearer token; without a name, of who usually has this role."""

    def rust(self) -> None:
        """Wait until nothing is under way between the services."""

    def stop(self) -> None:
        """Stop in good order."""


class Doelwit(Opstelling, Protocol):
    """A running product that may be hit, and looked into."""

    def raak(self, random: Random) -> str:
        """Kill -9 one of its processes, whatever it is doing, and start it again; which one."""

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        """Look into the data of a service."""

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        """Change the data of a service as no API would."""

    def dood(self) -> None:
        """Kill -9 every process: no time for a last word."""

    def start(self) -> object:
        """Start (again) what does not run, and wait until it can take requests."""

    def uitvoer_van(self) -> str:
        """Everything that its processes said so far."""

    def pid_van(self, dienst: str) -> int:
        """The process that takes the requests of a service."""

    def leeft(self) -> bool:
        """Whether every process runs."""


class Ingebouwd:
    """The all-in-one in a thread of this process, behind a real HTTP server."""

    def __init__(
        self,
        map: Path,
        vandaag: date = VANDAAG,
        instellingen: Mapping[str, str] | None = None,
        rust: Callable[[], None] | None = None,
    ) -> None:
        """`instellingen`: where the data and the bus are, when not in the folder and in the process; `rust`: how to
        wait there until nothing is under way."""
        settings = load_settings({**(instellingen or {}), **omgeving(map, vandaag)})
        self._rust = rust
        self._mislukt: BaseException | None = None
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
        if self._mislukt is not None:
            raise self._mislukt
        with self.client() as http:
            wacht_op(http)

    async def _draai(self, settings: Settings) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            self._product = build(settings)
        except BaseException as error:
            self._mislukt = error
            self._klaar.set()
            return
        config = uvicorn.Config(self._product.app, log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._klaar.set()
        await self._server.serve(sockets=[self._socket])

    @property
    def diensten(self) -> Mapping[str, Service]:
        """What runs."""
        return self._product.services

    def client(self, timeout: float = GEDULD) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=timeout)

    def zet_kalender(self, dag: date) -> None:
        """It is this day now; what is due is done."""
        self._product.clock.fixed_today = dag
        for service in self._product.services.values():
            for schedule in service.schedules:
                self._loop.call_soon_threadsafe(schedule.wake)

    def token(
        self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None, gebruiker: str | None = None
    ) -> str:
        return self._product.issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder, gebruiker=gebruiker)

    def rust(self) -> None:
        if self._rust is not None:
            self._rust()
            return
        asyncio.run_coroutine_threadsafe(self._product.settle(), self._loop).result(GEDULD)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(GEDULD)
        assert not self._thread.is_alive(), "the product did not stop"


class Proces:
    """`plekregie start` as a process of its own, on a free port with its own data."""

    def __init__(
        self,
        map: Path,
        *opties: str,
        vandaag: date | None = VANDAAG,
        instellingen: Mapping[str, str] | None = None,
    ) -> None:
        """`instellingen`: as for Ingebouwd."""
        self.map = map
        port = vrije_poort()
        self.url = f"http://127.0.0.1:{port}"
        self._opties = opties
        omgeving_hier = {**(instellingen or schone_omgeving()), **omgeving(map, vandaag)}
        self.omgeving = {**omgeving_hier, "PLEKREGIE_PORT": str(port)}
        self._issuer: Issuer | None = None
        self._proces: subprocess.Popen[bytes] | None = None
        self.uitvoer = map.parent / f"{map.name}.log"
        self._inzage = InSqlite(map)

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
        with self.client() as http:
            wacht_op(http, geduld, self.leeft)
        return self

    def client(self, timeout: float = GEDULD) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=timeout)

    @property
    def pid(self) -> int:
        assert self._proces is not None
        return self._proces.pid

    def pid_van(self, dienst: str) -> int:
        return self.pid

    def leeft(self) -> bool:
        return self._proces is not None and self._proces.poll() is None

    def token(
        self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None, gebruiker: str | None = None
    ) -> str:
        if self._issuer is None:
            self._issuer = Issuer(self.map / "sleutels", SystemClock())
        return self._issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder, gebruiker=gebruiker)

    def rust(self) -> None:
        # An event is sent when every reader has taken it in: delivering is part of publishing here.
        einde = time.monotonic() + GEDULD
        while any(self.vraag(naam, "select 1 from outbox where verzonden_op is null limit 1") for naam in NAMES):
            assert time.monotonic() < einde, "events stay under way"
            time.sleep(0.02)

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        return self._inzage.vraag(dienst, sql)

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        self._inzage.wijzig(dienst, sql, *waarden)

    def uitvoer_van(self) -> str:
        return self.uitvoer.read_text()

    def raak(self, random: Random) -> str:
        self.dood()
        self.start()
        return "start"

    def dood(self) -> None:
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
        self._kraamkamer = Kraamkamer(schone_omgeving())
        self._kind: Kind | None = None

    def start(self, *, geduld: float = GEDULD) -> "Sterveling":
        self._kind = self._kraamkamer.baar(["start", *self._opties], self.omgeving, self.uitvoer)
        with self.client() as http:
            wacht_op(http, geduld, self.leeft)
        return self

    @property
    def pid(self) -> int:
        assert self._kind is not None
        return self._kind.pid

    def leeft(self) -> bool:
        return self._kind is not None and self._kind.leeft()

    def dood(self) -> None:
        assert self._kind is not None
        self._kind.beeindig(signal.SIGKILL)

    def stop(self) -> None:
        if self._kind is not None:
            self._kind.beeindig(signal.SIGTERM)
        self._kraamkamer.sluit()


def omgeving(map: Path, vandaag: date | None) -> dict[str, str]:
    """Settings of a product with its own data, in trial mode where `vandaag` is fixed."""
    vast = {"PLEKREGIE_PROEF": "true", "PLEKREGIE_VANDAAG": vandaag.isoformat()} if vandaag else {}
    return {"PLEKREGIE_DATA_DIR": str(map), **vast}


def schone_omgeving() -> Mapping[str, str]:
    """This environment without the product's own settings."""
    return {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith("PLEKREGIE_")}


def wacht_op(
    http: httpx.Client,
    geduld: float = GEDULD,
    leeft: Callable[[], bool] = lambda: True,
    adressen: Iterable[str] = tuple(f"/{naam}/v1/readyz" for naam in NAMES),
) -> None:
    """Until every service says that it can take requests."""
    einde = time.monotonic() + geduld
    for adres in adressen:
        while not gereed(http, adres):
            assert leeft(), "the product ended"
            assert time.monotonic() < einde, f"the product does not answer on {adres}"
            time.sleep(0.02)


def gereed(http: httpx.Client, adres: str) -> bool:
    """Whether an address of health says so."""
    try:
        return http.get(adres, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
