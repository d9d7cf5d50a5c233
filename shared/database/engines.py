"""Which engine a service gets: SQLite in the data folder, or its own schema in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.database.migrations import on_database, upgrade, version_of
from shared.database.peers import Alone, Peers
from shared.database.port import Database
from shared.database.postgres import PostgresDatabase, PostgresPeers
from shared.database.sqlite import SqliteDatabase
from shared.database.urls import checked

SQLITE = "sqlite:///"
OWNER = "eigenaar"


class Storage(Protocol):
    """The settings that say where the data are. Beside these: `<service>_database_url`, for a service that has its own
    role or server, and `eigenaar_database_url`, the role that owns the tables and runs the migrations."""

    @property
    def data_dir(self) -> Path:
        """Folder of the SQLite files."""

    @property
    def database_url(self) -> str:
        """PostgreSQL for every service; empty for SQLite."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one service's tables are. `schema` is empty for SQLite."""

    url: str
    schema: str = ""

    @property
    def made(self) -> bool:
        """Whether there is something to open: a server is named, or the file exists. Opening a file makes it."""
        return bool(self.schema) or Path(self.url.removeprefix(SQLITE)).exists()

    def open(self) -> Database:
        """The database, to be closed by the caller. Nothing is connected yet."""
        if self.schema:
            return PostgresDatabase(self.url, self.schema)
        return SqliteDatabase(Path(self.url.removeprefix(SQLITE)))

    def peers(self) -> Peers:
        """The other processes on these tables. SQLite files belong to one process."""
        return PostgresPeers(self.url, self.schema) if self.schema else Alone()

    def migrate(self, folder: Path) -> str | None:
        """Bring the schema to the newest version; the version it then has."""
        return upgrade(self.url, folder, schema=self.schema)

    def version(self) -> str | None:
        """The version the schema has; None when it has none yet."""
        return on_database(self.url, version_of, schema=self.schema)


def address_of(settings: Storage, service: str, *, owner: bool = False) -> Address:
    """Where a service's tables are. `owner`: as the role that may change the schema, where there is such a role."""
    own = str(getattr(settings, f"{service}_database_url", ""))
    if owner:
        own = str(getattr(settings, f"{OWNER}_database_url", "")) or own
    url = own or settings.database_url
    if not url:
        return Address(f"{SQLITE}{settings.data_dir / f'{service}.sqlite'}")
    return Address(checked(url), service)


def database_for(settings: Storage, service: str) -> Database:
    """The database of one service, as its own role."""
    return address_of(settings, service).open()
