"""What a distributed installation stands on: a database with roles of its own, a broker, and everything set up."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from deploy.parts import NAMES
from shared.database.postgres import connect
from tests.e2e.kraamkamer import WORTEL
from tests.e2e.opstelling import omgeving, schone_omgeving

WACHTWOORD = "geheim"


class Ondergrond:
    """The addresses of an installation. `beheer`: URL of an administrator of the server; `kafka`: a broker that no
    other installation uses, for topics and groups have fixed names."""

    def __init__(self, map: Path, beheer: str, kafka: str) -> None:
        self.map = map
        self.beheer = beheer
        self.kafka = kafka
        self._merk = uuid4().hex[:8]
        self.database = f"plekregie_{self._merk}"

    def rol(self, naam: str) -> str:
        """The name of a role."""
        return f"{naam}_{self._merk}"

    def adres(self, naam: str) -> str:
        """The URL of our database for a role."""
        server = urlsplit(self.beheer)
        wie = f"{self.rol(naam)}:{WACHTWOORD}@{server.netloc.rpartition('@')[2]}"
        return urlunsplit(server._replace(netloc=wie, path=f"/{self.database}"))

    def diensten(self, *namen: str, kafka: bool = True, vandaag: date | None = None) -> dict[str, str]:
        """The settings of a process that holds these services: their own addresses, and no other's."""
        adressen = {f"PLEKREGIE_{naam.upper()}_DATABASE_URL": self.adres(naam) for naam in namen or NAMES}
        bus = {"PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS": self.kafka} if kafka else {}
        return {**schone_omgeving(), **omgeving(self.map, vandaag), **adressen, **bus}

    def beheerder(self, *, kafka: bool = True) -> dict[str, str]:
        """The settings of who sets it up."""
        eigenaar = {
            "PLEKREGIE_BEHEER_DATABASE_URL": self.beheer,
            "PLEKREGIE_EIGENAAR_DATABASE_URL": self.adres("eigenaar"),
        }
        return {**self.diensten(kafka=kafka), **eigenaar}

    def richt_in(self, *, topics: bool = True) -> None:
        """As an administrator would, once."""
        plekregie(["inrichten"], self.beheerder(kafka=topics))

    def maak_topics(self) -> None:
        """As an administrator who forgot them."""
        plekregie(["topics"], self.beheerder())

    async def ruim_op(self) -> None:
        """The server may be somebody's: leave nothing behind."""
        server = await connect(self.beheer, {})
        try:
            await server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            for naam in ("eigenaar", *NAMES):
                await server.execute(f"DROP ROLE IF EXISTS {self.rol(naam)}")
        finally:
            await server.close()


@contextmanager
def ondergrond(map: Path, beheer: str, kafka: str, *, topics: bool = True) -> Iterator[Ondergrond]:
    """Set up by `plekregie inrichten`, gone afterwards."""
    made = Ondergrond(map, beheer, kafka)
    try:
        made.richt_in(topics=topics)
        yield made
    finally:
        asyncio.run(made.ruim_op())


def plekregie(woorden: list[str], instellingen: Mapping[str, str]) -> str:
    """Run a command to its end; what it said on stdout."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", *woorden],
        cwd=WORTEL,
        env=dict(instellingen),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{woorden}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
