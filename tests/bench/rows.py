"""What a message writes, read from the real databases: counted by triggers, and the rows themselves by comparison."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

LOG = "bench_log"
BUSY = 10.0
Op = Literal["insert", "update", "delete"]


class Write(NamedTuple):
    """A kind of write."""

    database: str
    table: str
    op: Op


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, and those of its key."""

    names: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(slots=True)
class Rows:
    """The rows of one table that a round made or changed, as they ended."""

    columns: Columns
    new: list[tuple[object, ...]] = field(default_factory=list)
    changed: list[tuple[object, ...]] = field(default_factory=list)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that commits by itself and waits for the product's own writer."""
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY)


def tables(connection: sqlite3.Connection) -> dict[str, Columns]:
    """Every table of the product in this file."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?"
    names = [str(row[0]) for row in connection.execute(query, (LOG,))]
    return {name: _columns(connection, name) for name in names}


def _columns(connection: sqlite3.Connection, table: str) -> Columns:
    info = connection.execute(f"PRAGMA table_info({table})").fetchall()
    key = sorted((row[5], row[1]) for row in info if row[5])
    return Columns(tuple(row[1] for row in info), tuple(name for _, name in key))


def watch(databases: Mapping[str, Path]) -> None:
    """Note every write from now on, in the files themselves."""
    for path in databases.values():
        connection = connect(path)
        found = tables(connection)
        connection.execute(f"CREATE TABLE {LOG} (tabel TEXT, op TEXT, sleutel TEXT)")
        for table, columns in found.items():
            for op, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
                key = ", ".join(f"{row}.{name}" for name in columns.key) or f"{row}.rowid"
                connection.execute(
                    f"CREATE TRIGGER bench_{table}_{op} AFTER {op.upper()} ON {table} BEGIN "
                    f"INSERT INTO {LOG} VALUES ('{table}', '{op}', json_array({key})); END"
                )
        connection.close()


def seen(databases: Mapping[str, Path]) -> Counter[Write]:
    """The rows written since the last look, each once: a row that was made and then changed counts as made."""
    found: Counter[Write] = Counter()
    for name, path in databases.items():
        connection = connect(path)
        ops: dict[tuple[str, str], set[Op]] = {}
        for table, op, key in connection.execute(f"SELECT tabel, op, sleutel FROM {LOG} ORDER BY rowid"):
            ops.setdefault((table, key), set()).add(op)
        connection.execute(f"DELETE FROM {LOG}")
        connection.close()
        for (table, _), kinds in ops.items():
            if kinds >= {"insert", "delete"}:
                continue
            kind: Op = "insert" if "insert" in kinds else "delete" if "delete" in kinds else "update"
            found[Write(name, table, kind)] += 1
    return found


def unwatch(databases: Mapping[str, Path]) -> None:
    """Leave no trace of `watch`."""
    for path in databases.values():
        connection = connect(path)
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'bench_%'"
        for (trigger,) in connection.execute(query).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(f"DROP TABLE {LOG}")
        connection.close()


def keep(databases: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """A consistent copy of every database as it now is."""
    folder.mkdir(parents=True)
    copies = {name: folder / f"{name}.sqlite" for name in databases}
    for name, path in databases.items():
        source, target = connect(path), connect(copies[name])
        source.backup(target)
        source.close()
        target.close()
    return copies


def difference(before: Path, after: Path) -> dict[str, Rows]:
    """What came and what changed between two copies of one database, per table."""
    connection = connect(after)
    connection.execute("ATTACH DATABASE ? AS before", (str(before),))
    found: dict[str, Rows] = {}
    for table, columns in tables(connection).items():
        if not columns.key:
            continue
        same = " AND ".join(f"b.{name} = a.{name}" for name in columns.key)
        differs = " OR ".join(f"b.{name} IS NOT a.{name}" for name in columns.names)
        names = ", ".join(f"a.{name}" for name in columns.names)
        rows = Rows(columns)
        absent = f"b.{columns.key[0]} IS NULL"
        joined = f"SELECT {names} FROM main.{table} a LEFT JOIN before.{table} b ON {same} WHERE"
        rows.new = connection.execute(f"{joined} {absent} ORDER BY a.{', a.'.join(columns.key)}").fetchall()
        rows.changed = connection.execute(f"{joined} NOT {absent} AND ({differs})").fetchall()
        if rows.new or rows.changed:
            found[table] = rows
    connection.close()
    return found


def size(rows: list[tuple[object, ...]]) -> int:
    """Mean size of rows in bytes, as values."""
    total = sum(len(v) if isinstance(v, bytes | str) else 8 for row in rows for v in row if v is not None)
    return round(total / len(rows)) if rows else 0
