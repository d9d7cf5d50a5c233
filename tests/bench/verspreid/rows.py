"""What a round of messages wrote in PostgreSQL, and statements that write the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.database.postgres.connections import Connection

TABLES = """
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
  coalesce(array_agg(a.attname::text) FILTER (WHERE a.attnum = ANY(i.indkey)), '{}') AS key,
  coalesce(array_agg(a.attname::text) FILTER (WHERE d.adbin IS NOT NULL), '{}') AS numbered
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = $1::regnamespace AND c.relname <> 'alembic_version'
GROUP BY c.relname ORDER BY c.relname
"""


class Table(NamedTuple):
    """A table; `numbered`: columns that the database fills in."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbered: tuple[str, ...]


class Statement(NamedTuple):
    """SQL with `$1`, and its values."""

    text: str
    values: tuple[object, ...]


@dataclass(slots=True)
class Written:
    """The rows of one table that a round made or changed, as they ended."""

    table: Table
    new: list[tuple[object, ...]] = field(default_factory=list)
    changed: list[tuple[object, ...]] = field(default_factory=list)


async def tables(connection: Connection, schema: str) -> list[Table]:
    """Every table of a service."""
    rows = [tuple(row) for row in await connection.fetch(TABLES, schema)]
    return [Table(name, tuple(columns), tuple(key), tuple(numbered)) for name, columns, key, numbered in rows]


async def copy(connection: Connection, source: str, targets: Iterable[str]) -> None:
    """Make these schemas hold the same rows as the source."""
    for target in targets:
        for table in await tables(connection, source):
            names = ", ".join(table.columns)
            await connection.execute(f"TRUNCATE {target}.{table.name} RESTART IDENTITY CASCADE")
            await connection.execute(
                f"INSERT INTO {target}.{table.name} ({names}) SELECT {names} FROM {source}.{table.name}"
            )
            for column in table.numbered:
                sequence = f"pg_get_serial_sequence('{target}.{table.name}', '{column}')"
                highest = f"(SELECT coalesce(max({column}), 0) + 1 FROM {target}.{table.name})"
                await connection.execute(f"SELECT setval({sequence}, {highest}, false)")
            await connection.execute(f"ANALYZE {target}.{table.name}")


async def difference(connection: Connection, before: str, after: str) -> list[Written]:
    """What came and what changed."""
    found = []
    for table in await tables(connection, after):
        same = " AND ".join(f"b.{name} = a.{name}" for name in table.key)
        names = ", ".join(f"a.{name}" for name in table.columns)
        joined = f"SELECT {names} FROM {after}.{table.name} a LEFT JOIN {before}.{table.name} b ON {same} WHERE"
        absent = f"b.{table.key[0]} IS NULL"
        order = ", ".join(f"a.{name}" for name in table.key)
        new = await connection.fetch(f"{joined} {absent} ORDER BY {order}")
        # As text: a column of JSON can't be compared.
        changed = await connection.fetch(f"{joined} NOT {absent} AND a::text <> b::text ORDER BY {order}")
        if new or changed:
            found.append(Written(table, [tuple(row) for row in new], [tuple(row) for row in changed]))
    return found


def plan(written: Sequence[Written], messages: int) -> list[list[Statement]]:
    """Per message the statements of its transaction: the rows are dealt out in order. Rows of one table that one
    message makes go in one statement."""
    turns: list[list[Statement]] = [[] for _ in range(messages)]
    for one in written:
        for rows, statement in ((one.changed, update), (one.new, insert)):
            dealt: list[list[tuple[object, ...]]] = [[] for _ in range(messages)]
            for index, row in enumerate(rows):
                dealt[index * messages // len(rows)].append(row)
            for turn, mine in zip(turns, dealt, strict=True):
                if mine:
                    turn.extend(statement(one.table, mine))
    return turns


def insert(table: Table, rows: Sequence[tuple[object, ...]]) -> list[Statement]:
    """One statement for all; numbers are handed out by the database."""
    places = [i for i, name in enumerate(table.columns) if name not in table.numbered]
    names = ", ".join(table.columns[i] for i in places)
    marks = [
        f"({', '.join(f'${number * len(places) + i + 1}' for i in range(len(places)))})" for number in range(len(rows))
    ]
    text = f"INSERT INTO {table.name} ({names}) VALUES {', '.join(marks)}"
    return [Statement(text, tuple(row[i] for row in rows for i in places))]


def update(table: Table, rows: Sequence[tuple[object, ...]]) -> list[Statement]:
    """One statement for each."""
    others = [name for name in table.columns if name not in table.key]
    order = [table.columns.index(name) for name in (*others, *table.key)]
    sets = ", ".join(f"{name} = ${i + 1}" for i, name in enumerate(others))
    keys = " AND ".join(f"{name} = ${len(others) + i + 1}" for i, name in enumerate(table.key))
    text = f"UPDATE {table.name} SET {sets} WHERE {keys}"
    return [Statement(text, tuple(row[i] for i in order)) for row in rows]


def in_one(statements: Sequence[Statement]) -> Statement:
    """The same writes as a single statement."""
    texts: list[str] = []
    values: list[object] = []
    for text, bound in statements:
        texts.append(_shifted(text, len(values)))
        values.extend(bound)
    *first, last = texts
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(first))
    return Statement(f"WITH {parts} {last}" if parts else last, tuple(values))


def _shifted(text: str, by: int) -> str:
    head, *rest = text.split("$")
    shifted = [head]
    for piece in rest:
        digits = len(piece) - len(piece.lstrip("0123456789"))
        shifted.append(f"${int(piece[:digits]) + by}{piece[digits:]}")
    return "".join(shifted)
