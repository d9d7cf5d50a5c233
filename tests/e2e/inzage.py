"""A look into the data of a running product, beside it: what no API shows (the outbox, what was taken in)."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from shared.database.postgres import connect
from shared.database.postgres.connections import Connection

Rij = tuple[Any, ...]
Uitkomst = TypeVar("Uitkomst")


class Inzage(Protocol):
    """The tables of every service. Statements are such that both engines take them."""

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        """The rows of a question."""

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        """Change rows as no API would; `?` for each value."""

    def sluit(self) -> None:
        """Let go of the database."""


class InSqlite:
    """The files of the embedded mode."""

    def __init__(self, map: Path) -> None:
        self._map = map

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        uri = f"file:{self._map / dienst}.sqlite?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        eigen = [als_tekst(waarde) if isinstance(waarde, datetime) else waarde for waarde in waarden]
        file = self._map / f"{dienst}.sqlite"
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as connection, connection:
            connection.execute(sql, eigen)

    def sluit(self) -> None:
        pass


def als_tekst(moment: datetime) -> str:
    """As SQLite keeps times: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class InPostgres:
    """The schemas of one database, on connections that live in a thread: the tests themselves know no event loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lijnen: dict[str, Connection] = {}
        self._loop = asyncio.new_event_loop()
        self._draad = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._draad.start()

    def vraag(self, dienst: str, sql: str) -> list[Rij]:
        async def rows() -> list[Rij]:
            return [tuple(row) for row in await (await self._lijn(dienst)).fetch(sql)]

        return self._doe(rows())

    def wijzig(self, dienst: str, sql: str, *waarden: object) -> None:
        delen = sql.split("?")
        genummerd = "".join(f"{deel}${nummer}" for nummer, deel in enumerate(delen[:-1], 1)) + delen[-1]

        async def change() -> None:
            await (await self._lijn(dienst)).execute(genummerd, *waarden)

        self._doe(change())

    def sluit(self) -> None:
        async def close() -> None:
            for lijn in self._lijnen.values():
                lijn.terminate()

        self._doe(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._draad.join()
        self._loop.close()

    async def _lijn(self, dienst: str) -> Connection:
        lijn = self._lijnen.get(dienst)
        if lijn is None or lijn.is_closed():
            lijn = self._lijnen[dienst] = await connect(self._url, {"search_path": dienst})
        return lijn

    def _doe(self, werk: Coroutine[Any, Any, Uitkomst]) -> Uitkomst:
        return asyncio.run_coroutine_threadsafe(werk, self._loop).result(60)


def geleden(minuten: int) -> datetime:
    """So many minutes ago."""
    return datetime.now(UTC) - timedelta(minutes=minuten)
