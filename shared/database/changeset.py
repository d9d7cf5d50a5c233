"""A changeset: everything one decision writes, with the versions it was decided upon.

It is a plain list of statements over tables, so that an engine can send them in one go: SQLite commits the
changesets that wait together, PostgreSQL can pipeline them. No ORM state, no connection, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sqlalchemy import Table

Kind = Literal["insert", "update", "put", "add", "delete"]


class Shape(NamedTuple):
    """What a statement looks like without its values; engines compile each shape to SQL once."""

    kind: Kind
    table: Table
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    guard: str | None = None


class Statement(NamedTuple):
    """Writes of one shape, one per row of values. `expected` is the number of rows that each must touch, None when any
    number will do."""

    shape: Shape
    rows: Sequence[tuple[object, ...]]
    expected: int | None = None


class Told(NamedTuple):
    """An outgoing event. `cause`: what led to it, where that is not the cause of the decision as a whole."""

    event: object
    cause: str | None


@dataclass(slots=True)
class Changeset:
    """Collects writes and outgoing events of one decision; order is kept."""

    statements: list[Statement] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)

    def insert(self, table: Table, **values: object) -> None:
        """A new row; an existing one with the same key or unique value refuses the whole changeset."""
        self.statements.append(Statement(Shape("insert", table, tuple(values)), (tuple(values.values()),)))

    def insert_many(self, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
        """New rows, as `insert`: the values in the order of the columns."""
        shape = Shape("insert", table, columns)
        if rows:
            self.statements.append(Statement(shape, rows))

    def update(self, table: Table, key: Mapping[str, object], *, version: int | None = None, **values: object) -> None:
        """Change exactly one row. With `version` the row must still carry it; it goes up by one (else: stale)."""
        guard = None
        params = (*values.values(), *key.values())
        if version is not None:
            guard, params = "versie", (*values.values(), version + 1, *key.values(), version)
            values = {**values, "versie": version + 1}
        shape = Shape("update", table, tuple(values), tuple(key), guard)
        self.statements.append(Statement(shape, (params,), expected=1))

    def put(self, table: Table, key: tuple[str, ...], **values: object) -> None:
        """Insert, or replace the other columns of the row that has this key."""
        self.statements.append(Statement(Shape("put", table, tuple(values), key), (tuple(values.values()),)))

    def add(self, table: Table, key: Mapping[str, object], **amounts: int) -> None:
        """Add to counters of a row, made on first use. Commutes, so it needs no version."""
        values = {**key, **amounts}
        self.statements.append(Statement(Shape("add", table, tuple(values), tuple(key)), (tuple(values.values()),)))

    def add_many(
        self, table: Table, key: tuple[str, ...], amounts: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Counters of rows, as `add`: per row the key and what to add, in the order of these columns."""
        shape = Shape("add", table, (*key, *amounts), key)
        if rows:
            self.statements.append(Statement(shape, rows))

    def delete(self, table: Table, **key: object) -> None:
        """Remove derived rows (never received or booked facts)."""
        self.statements.append(Statement(Shape("delete", table, (), tuple(key)), (tuple(key.values()),)))

    def publish(self, event: object, *, cause: str | None = None) -> None:
        """An event that leaves with this decision: the edge writes it to the outbox of the same transaction."""
        self.events.append(Told(event, cause))


def sql_text(shape: Shape, placeholder: Literal["?", "$"]) -> str:
    """SQL for a shape: `?` as in sqlite3, `$` numbered as in PostgreSQL."""
    numbers = iter(range(1, 1000))

    def mark() -> str:
        return "?" if placeholder == "?" else f"${next(numbers)}"

    table = shape.table.name
    if shape.kind == "delete":
        return f"DELETE FROM {table} WHERE {' AND '.join(f'{c} = {mark()}' for c in shape.key)}"
    if shape.kind == "update":
        assignments = ", ".join(f"{c} = {mark()}" for c in shape.columns)
        conditions = [f"{c} = {mark()}" for c in shape.key]
        if shape.guard is not None:
            conditions.append(f"{shape.guard} = {mark()}")
        return f"UPDATE {table} SET {assignments} WHERE {' AND '.join(conditions)}"
    insert = f"INSERT INTO {table} ({', '.join(shape.columns)}) VALUES ({', '.join(mark() for _ in shape.columns)})"
    if shape.kind == "insert":
        return insert
    others = [c for c in shape.columns if c not in shape.key]
    if shape.kind == "put":
        change = ", ".join(f"{c} = excluded.{c}" for c in others)
    else:
        change = ", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in others)
    action = f"DO UPDATE SET {change}" if change else "DO NOTHING"
    return f"{insert} ON CONFLICT ({', '.join(shape.key)}) {action}"


def bound_columns(shape: Shape) -> tuple[str, ...]:
    """The columns whose values the statement binds, in the order of its placeholders."""
    guard = () if shape.guard is None else (shape.guard,)
    if shape.kind in ("update", "delete"):
        return (*shape.columns, *shape.key, *guard)
    return shape.columns
