"""Schemas of the bench itself: the tables of a service, without the service."""

from __future__ import annotations

from pathlib import Path

from deploy.parts import PARTS
from shared.database.engines import Address
from shared.database.postgres import connect
from shared.database.postgres.connections import Connection
from tests.bench.verspreid.servers import Servers

MIGRATIONS: dict[str, Path] = {part.name: part.migrations for part in PARTS}


def make_schema(servers: Servers, name: str, service: str) -> None:
    """The migrated, empty tables of a service in a schema of this name."""
    Address(servers.admin, name).migrate(MIGRATIONS[service])


async def connected(servers: Servers, schema: str) -> Connection:
    """A connection as administrator that sees this schema alone, without a limit of time."""
    return await connect(servers.admin, {"search_path": schema}, patience=None)
