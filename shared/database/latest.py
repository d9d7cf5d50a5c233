"""Of many aggregates the highest version, put aside on disk while a topic is read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import NamedTuple

Cell = tuple[str, ...]

# Nothing here outlives the process, so nothing needs to survive a crash; 32 MB of memory, whatever there is on disk.
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-32000")
SCHEMA = (
    "CREATE TABLE latest (sleutel TEXT NOT NULL, versie INTEGER NOT NULL, cel TEXT NOT NULL, inhoud BLOB NOT NULL)",
    "CREATE UNIQUE INDEX latest_sleutel ON latest (sleutel)",
)
KEEP = (
    "INSERT INTO latest VALUES (?, ?, ?, ?) ON CONFLICT (sleutel) DO UPDATE"
    " SET versie = excluded.versie, cel = excluded.cel, inhoud = excluded.inhoud WHERE excluded.versie > versie"
)


class Seen(NamedTuple):
    """An aggregate at one version, in the cell it then counts in."""

    key: str
    version: int
    cell: Cell
    value: bytes


class Latest:
    """First everything is kept, then asked for. In a file in the system's folder for temporary ones (`TMPDIR`), which
    is gone when this is closed or the process ends, however that ends."""

    def __init__(self) -> None:
        # An empty name: SQLite's own temporary database.
        self._connection = sqlite3.connect("", isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        for statement in SCHEMA:
            self._connection.execute(statement)

    def __enter__(self) -> Latest:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._connection.close()

    def keep(self, seen: Iterable[Seen]) -> None:
        """Keep each, unless its aggregate is here with a version as high."""
        rows = [(item.key, item.version, json.dumps(item.cell), item.value) for item in seen]
        self._connection.execute("BEGIN")
        self._connection.executemany(KEEP, rows)
        self._connection.execute("COMMIT")

    def cells(self) -> set[Cell]:
        """Every cell that something is in."""
        self._connection.execute("CREATE INDEX IF NOT EXISTS latest_cel ON latest (cel)")
        return {tuple(json.loads(cell)) for (cell,) in self._connection.execute("SELECT DISTINCT cel FROM latest")}

    def of_cell(self, cell: Cell) -> Sequence[bytes]:
        """What is in a cell, in order of key."""
        found = self._connection.execute("SELECT inhoud FROM latest WHERE cel = ? ORDER BY sleutel", [json.dumps(cell)])
        return [value for (value,) in found]

    def of_key(self, key: str) -> bytes:
        """One aggregate that is here. Raises KeyError when it is not."""
        for (value,) in self._connection.execute("SELECT inhoud FROM latest WHERE sleutel = ?", [key]):
            assert isinstance(value, bytes)
            return value
        raise KeyError(key)

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM latest").fetchone()
        assert isinstance(count, int)
        return count
