"""The product as it runs distributed: four times `serve`, four times `worker`, on PostgreSQL and Kafka."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx

from deploy.parts import NAMES
from shared.kernel.clock import SystemClock
from shared.web.identity import Issuer, Rol
from tests.e2e.inzage import InPostgres, Rij
from tests.e2e.kraamkamer import Kind, Kraamkamer
from tests.e2e.ondergrond import Ondergrond
from tests.e2e.opstelling import GEDULD, VANDAAG, gereed, schone_omgeving
from tests.e2e.rust import Rust
from tests.poorten import vrije_poort

ADRES = "http://plekregie"  # nobody listens there: `PerDienst` knows where each service is


class Lid:
    """One process: `serve` or `worker` of a service."""

    def __init__(self, ondergrond: Ondergrond, naam: str, extra: Mapping[str, str]) -> None:
        """`naam`: the words of its command; more words only tell it from others."""
        self.naam = naam
        self.soort, self.dienst = naam.split()[:2]
        self.poort = vrije_poort()
        self.url = f"http://127.0.0.1:{self.poort}"
        self.uitvoer = ondergrond.map / f"{naam.replace(' ', '-')}.log"
        # Not the broker's address for who only serves: it must do without.
        eigen = ondergrond.diensten(self.dienst, kafka=self.soort == "worker", vandaag=VANDAAG)
        self.omgeving = {**eigen, **extra, "PLEKREGIE_PORT": str(self.poort)}
        self.kind: Kind | None = None

    def start(self, kraamkamer: Kraamkamer) -> None:
        """Start (again), without waiting."""
        self.kind = kraamkamer.baar([self.soort, self.dienst], self.omgeving, self.uitvoer)

    def leeft(self) -> bool:
        return self.kind is not None and self.kind.leeft()

    def wacht(self, adres: str, geduld: float = GEDULD) -> None:
        """Until an address of its health says yes."""
        einde = time.monotonic() + geduld
        with httpx.Client(base_url=self.url) as http:
            while not gereed(http, adres):
                assert self.leeft(), f"{self.naam} ended: {self.uitvoer.read_text()[-3000:]}"
                assert time.monotonic() < einde, f"{self.naam}: no {adres} in {geduld} s: {self.gezondheid()}"
                time.sleep(0.02)

    def op_gang(self) -> None:
        """Until it can do what it is for: take requests, or begin its work."""
        self.wacht("/readyz" if self.soort == "serve" else "/healthz")

    def gezondheid(self) -> tuple[int, Any]:
        """Status and text of `/readyz`; status 0 when it does not answer."""
        try:
            antwoord = httpx.get(f"{self.url}/readyz", timeout=GEDULD)
        except httpx.TransportError as fout:
            return 0, type(fout).__name__
        return antwoord.status_code, antwoord.json()

    def beeindig(self, teken: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        if self.kind is not None:
            self.kind.beeindig(teken)


class PerDienst(httpx.BaseTransport):
    """Does what a gateway does: the first part of the path says which service gets the request."""

    def __init__(self, diensten: Mapping[str, str]) -> None:
        self._diensten = diensten
        # A line for each request, as the gateway does: one that stood idle may just be closing at the other end, and
        # then a request goes without an answer that nothing was wrong with.
        self._lijnen = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        eerste = request.url.path.split("/")[1]
        doel = httpx.URL(self._diensten.get(eerste) or next(iter(self._diensten.values())))
        request.url = request.url.copy_with(scheme=doel.scheme, host=doel.host, port=doel.port)
        return self._lijnen.handle_request(request)

    def close(self) -> None:
        self._lijnen.close()


class Verspreid:
    """Eight processes, started with the commands that an installation uses."""

    def __init__(self, ondergrond: Ondergrond) -> None:
        self.ondergrond = ondergrond
        ondergrond.map.mkdir(parents=True, exist_ok=True)
        self.inzage = InPostgres(ondergrond.adres("eigenaar"))
        self._rust = Rust(self.inzage)
        self._kraamkamer = Kraamkamer(schone_omgeving())
        self._issuer = Issuer(ondergrond.map / "sleutels", SystemClock())
        self._aan_de_beurt: list[str] = []
        leden = [Lid(ondergrond, f"serve {dienst}", {}) for dienst in NAMES]
        toegang = next(lid.url for lid in leden if lid.dienst == "toegang")
        self._samen = {"PLEKREGIE_TOEGANG_URL": toegang}
        leden += [Lid(ondergrond, f"worker {dienst}", self._samen) for dienst in NAMES]
        self.leden = {lid.naam: lid for lid in leden}

    def start(self) -> "Verspreid":
        gestart = [lid for lid in self.leden.values() if not lid.leeft()]
        for lid in gestart:
            lid.start(self._kraamkamer)
        for lid in gestart:
            lid.op_gang()
        return self

    def nog_een_worker(self, dienst: str) -> Lid:
        """One more worker of a service, not started."""
        lid = Lid(self.ondergrond, f"worker {dienst} nog een", self._samen)
        self.leden[lid.naam] = lid
        return lid

    def herstart(self, lid: Lid) -> None:
        """Start one process (again) and wait until it is on its way."""
        lid.start(self._kraamkamer)
        lid.op_gang()

    def workers(self) -> list[Lid]:
        return [lid for lid in self.leden.values() if lid.soort == "worker"]

    def serves(self) -> list[Lid]:
        return [lid for lid in self.leden.values() if lid.soort == "serve"]

    def client(self, timeout: float = GEDULD) -> httpx.Client:
        diensten = {lid.dienst: lid.url for lid in self.serves()}
        return httpx.Client(base_url=ADRES, timeout=timeout, transport=PerDienst(diensten))

    def token(
        self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None, gebruiker: str | None = None
    ) -> str:
        return self._issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder, gebruiker=gebruiker)

    def rust(self) -> None:
        self._rust.wacht()

    def onderweg(self, waarheen: str = "") -> int:
        """How many events have not arrived yet, everywhere or at one of them; a hundred of a kind at most."""
        return sum(waarheen in ("", doel) for doel, *_ in self._rust.onderweg())

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        return self.inzage.vraag(dienst, sql)

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        self.inzage.wijzig(dienst, sql, *waarden)

    def pid_van(self, dienst: str) -> int:
        kind = self.leden[f"serve {dienst}"].kind
        assert kind is not None
        return kind.pid

    def leeft(self) -> bool:
        return all(lid.leeft() for lid in self.leden.values())

    def uitvoer_van(self) -> str:
        return "".join(lid.uitvoer.read_text() for lid in self.leden.values() if lid.uitvoer.exists())

    def raak(self, random: Random) -> str:
        """Each gets its turn: in an order that the seed decides, all eight before one comes again."""
        if not self._aan_de_beurt:
            self._aan_de_beurt = random.sample(sorted(self.leden), len(self.leden))
        lid = self.leden[self._aan_de_beurt.pop()]
        lid.beeindig(signal.SIGKILL)
        self.herstart(lid)
        return lid.naam

    def dood(self) -> None:
        for lid in self.leden.values():
            lid.beeindig(signal.SIGKILL)

    def stop(self) -> None:
        """Stop in good order, and let go of everything."""
        try:
            for lid in self.leden.values():
                if lid.kind is not None:
                    lid.kind.meld(signal.SIGTERM)
            for lid in self.leden.values():
                lid.beeindig(signal.SIGTERM)
        finally:
            self.dood()
            self._kraamkamer.sluit()
            self.inzage.sluit()


@contextmanager
def verspreid(ondergrond: Ondergrond) -> Iterator[Verspreid]:
    """Running, and stopped afterwards."""
    made = Verspreid(ondergrond)
    try:
        yield made.start()
    finally:
        made.stop()
