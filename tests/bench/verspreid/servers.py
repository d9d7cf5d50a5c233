"""PostgreSQL and Kafka for the bench: started here, with a database of its own.

Those of the system come first and Docker after them: without its network in between the figures are those of the
servers, and their processor time can be read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from shared.database.postgres import connect
from tests.bench.verspreid.processor import Meter, parent_of, stat
from tests.distributed import kafka, postgres_server

POSTGRES, KAFKA = "postgres", "kafka"


class NoServers(Exception):
    """One of the two can't be had here; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class Servers:
    """`admin`: URL of an administrator in a database of our own. `mark` makes names that nobody else uses."""

    admin: str
    bootstrap: str
    mark: str
    meter: Meter

    def as_user(self, name: str, password: str) -> str:
        """The URL of a role in our database."""
        parts = urlsplit(self.admin)
        return urlunsplit(parts._replace(netloc=f"{name}_{self.mark}:{password}@{parts.netloc.rpartition('@')[2]}"))


@asynccontextmanager
async def servers() -> AsyncIterator[Servers]:
    """Both, for as long as they are needed; roles and database are gone afterwards. Raises NoServers."""
    with ExitStack() as stack:
        try:
            # Starting takes seconds of waiting: not in the event loop.
            server = (await asyncio.to_thread(lambda: stack.enter_context(database_server()))).url
            broker = await asyncio.to_thread(lambda: stack.enter_context(message_broker()))
        except (postgres_server.NoServer, kafka.NoServer) as missing:
            raise NoServers(str(missing)) from missing
        mark = uuid4().hex[:8]
        database = f"bench_{mark}"
        connection = await connect(server, {})
        try:
            # As `inrichten` makes it: text in the order of its bytes.
            how = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
            await connection.execute(f"CREATE DATABASE {database} {how}")
            postmaster = parent_of(int(await connection.fetchval("SELECT pg_backend_pid()")), POSTGRES)
            made = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
            yield Servers(made, broker.bootstrap, mark, meter(postmaster, getattr(broker, "pid", None)))
        finally:
            await connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            owned = await connection.fetch("SELECT rolname FROM pg_roles WHERE rolname LIKE $1", f"%\\_{mark}")
            for (role,) in map(tuple, owned):
                await connection.execute(f"DROP ROLE {role}")
            await connection.close()


def database_server() -> AbstractContextManager[postgres_server.Server]:
    """Raises NoServer, when it is entered."""
    binaries = postgres_server.find_binaries()
    return postgres_server.own_server() if binaries is None else postgres_server.on_this_machine(binaries)


@contextmanager
def message_broker() -> Iterator[kafka.Broker]:
    """Raises NoServer."""
    try:
        jars = kafka.find_jars()
    except kafka.NoServer:
        with kafka.own_broker() as contained:
            yield contained
    else:
        with kafka.on_this_machine(jars, 1) as (broker,):
            yield broker


def meter(postmaster: int | None, broker: int | None) -> Meter:
    """Of the servers that are processes of this machine."""
    return Meter(
        {} if broker is None or not stat(broker) else {KAFKA: broker},
        {} if postmaster is None else {POSTGRES: postmaster},
    )
