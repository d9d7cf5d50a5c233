"""The floor: the rows of a round, written with plain sqlite3 and nothing else.

It starts from the copies made before the round, so tables, indexes and what they already hold are the product's own.
One thread; one transaction per database and message; WAL and synchronous=FULL as the product has them. Every row is
written once, as it ended: the product first keeps a message and later notes the verdict, the floor only the latter.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from tests.bench.rows import Columns, Rows, Write, connect

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")
Statement = tuple[str, tuple[object, ...]]


class Floor(NamedTuple):
    """How long it took to write a round."""

    messages: int
    transactions: int
    seconds: float


def plan(
    found: Mapping[str, Mapping[str, Rows]], each: Counter[Write], messages: int
) -> dict[str, list[list[Statement]]]:
    """Database → per message the statements of its transaction. New rows are dealt out in order; changed ones in turn,
    as often per message as was counted (`each`: writes of `watched` messages, by message)."""
    made: dict[str, list[list[Statement]]] = {}
    for database, tables in found.items():
        turns: list[list[Statement]] = [[] for _ in range(messages)]
        for table, rows in tables.items():
            insert = _insert(table, rows.columns)
            for index, row in enumerate(rows.new):
                turns[index * messages // len(rows.new)].append((insert, row))
            update = _update(table, rows.columns)
            often = round(each[Write(database, table, "update")] * messages)
            for index in range(often if rows.changed else 0):
                changed = rows.changed[index % len(rows.changed)]
                turns[index * messages // often].append((update, _for_update(rows.columns, changed)))
        made[database] = [turn for turn in turns if turn]
    return made


def _insert(table: str, columns: Columns) -> str:
    return f"INSERT INTO {table} ({', '.join(columns.names)}) VALUES ({', '.join('?' * len(columns.names))})"


def _update(table: str, columns: Columns) -> str:
    others = [name for name in columns.names if name not in columns.key]
    assignments = ", ".join(f"{name} = ?" for name in others)
    return f"UPDATE {table} SET {assignments} WHERE {' AND '.join(f'{name} = ?' for name in columns.key)}"


def _for_update(columns: Columns, row: tuple[object, ...]) -> tuple[object, ...]:
    values = dict(zip(columns.names, row, strict=True))
    others = [name for name in columns.names if name not in columns.key]
    return (*(values[name] for name in others), *(values[name] for name in columns.key))


def run(before: Mapping[str, Path], planned: Mapping[str, list[list[Statement]]], messages: int, folder: Path) -> Floor:
    """Write the round, message by message."""
    folder.mkdir(parents=True)
    work = []
    for name, turns in planned.items():
        path = folder / f"{name}.sqlite"
        shutil.copyfile(before[name], path)
        connection = connect(path)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        work.append((connection, turns))
    transactions = 0
    begin = monotonic()
    for message in range(messages):
        for connection, turns in work:
            if message >= len(turns):
                continue
            connection.execute("BEGIN IMMEDIATE")
            for text, values in turns[message]:
                connection.execute(text, values)
            connection.execute("COMMIT")
            transactions += 1
    seconds = monotonic() - begin
    for connection, _ in work:
        connection.close()
    shutil.rmtree(folder)
    return Floor(messages, transactions, seconds)
