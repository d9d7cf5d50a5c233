"""A changeset as one SQL statement: one round trip, one transaction.

Every write becomes a part (CTE) of the statement. The server promises no order between parts, so
- each write but an insert is followed by a gate: a part that counts the rows that were touched, and makes the whole
  statement fail when that is not the number it must be;
- the next write asks the gate before it first. Inserts come after all gates: an outbox row gets its number when the
  rows it tells about are locked, so that per aggregate the order of events is the order of commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import LargeBinary

from shared.database.changeset import Shape, bound_columns
from shared.database.postgres.arranging import Group
from shared.database.postgres.dialect import Processor, bind_processor, cast_name
from shared.database.postgres.errors import STALE

MOST_EMPTY = 6  # shapes that a statement has more than is written
MOST_BYTES = 65536  # of one value in a list of rows; an event has no more


class Plan(NamedTuple):
    """What the text of the statement depends on: shape, whether it has a list of rows, whether they are counted."""

    shape: Shape
    many: bool
    expected: bool


class Statements:
    """What was compiled. A statement for more shapes does for fewer: the lists of the others are empty. Else each
    combination that a batch happens to hold would be a statement of its own, which every connection has to have planned
    first."""

    def __init__(self) -> None:
        self._made: dict[tuple[Plan, ...], OneStatement] = {}

    def for_groups(self, groups: Sequence[Group]) -> tuple[OneStatement, Sequence[Group]]:
        """The statement, and the groups to bind to it."""
        lists = len(groups) > 1 and not any(heavy(rows[0]) for _, rows, _ in groups)
        plan = tuple(Plan(shape, lists or len(rows) > 1, expected) for shape, rows, expected in groups)
        made = self._made.get(plan)
        if made is None:
            made = self._made[plan] = (self._wider(plan) if lists else None) or OneStatement(plan)
        if len(made.plan) == len(plan):
            return made, groups
        given = {group.shape: group for group in groups}
        return made, [given.get(part.shape) or Group(part.shape, [], part.expected) for part in made.plan]

    def _wider(self, plan: tuple[Plan, ...]) -> OneStatement | None:
        """The one with the fewest shapes beside these."""
        wanted = set(plan)
        found = [
            made
            for made in self._made.values()
            if len(made.plan) <= len(plan) + MOST_EMPTY and wanted.issubset(made.plan)
        ]
        return min(found, key=lambda made: len(made.plan), default=None)


def heavy(row: tuple[object, ...]) -> bool:
    """Whether it holds a file, that would be twice as long in JSON."""
    return any(isinstance(value, bytes) and len(value) > MOST_BYTES for value in row)


class OneStatement:
    """The compiled statement of one plan."""

    def __init__(self, plan: tuple[Plan, ...]) -> None:
        self.plan = plan
        self._number = 0
        self._converters = [converters(part.shape, in_json=part.many) for part in plan]
        self.text = self._text()

    def values(self, groups: Sequence[Group]) -> list[object]:
        """What to bind for these groups: the values of a row, or all rows as one JSON text."""
        bound: list[object] = []
        for (_, rows, _), converting, plan in zip(groups, self._converters, self.plan, strict=True):
            if plan.many:
                bound.append(as_json(rows, converting))
            else:
                bound.extend(converted(rows[0], converting))
        return bound

    def _text(self) -> str:
        parts: list[str] = []
        gate = ""
        for number, plan in enumerate(self.plan):
            last = number == len(self.plan) - 1
            insert = plan.shape.kind == "insert"
            sql = self._write(plan, gate)
            if insert:
                parts.append(sql if last else f"w{number} AS ({sql})")
                continue
            parts.append(f"w{number} AS ({sql} RETURNING 1)")
            parts.append(f"g{number} AS ({self._gate(number, plan)})")
            gate = f"(SELECT ok FROM g{number})"
        if self.plan[-1].shape.kind != "insert":
            parts.append(f"SELECT {gate}")
        *before, main = parts
        return f"WITH {', '.join(before)} {main}" if before else main

    def _gate(self, number: int, plan: Plan) -> str:
        if not plan.expected:
            return f"SELECT count(*) >= 0 AS ok FROM w{number}"
        wanted = f"jsonb_array_length(${self._number})" if plan.many else "1"
        # The cast of this text to a boolean is refused by the server, and that ends the transaction.
        complaint = f"'{STALE} {plan.shape.table.name} ' || count(*)"
        return f"SELECT CASE WHEN count(*) = {wanted} THEN true ELSE ({complaint})::boolean END AS ok FROM w{number}"

    def _write(self, plan: Plan, gate: str) -> str:
        shape = plan.shape
        given = self._given(plan)
        table = shape.table.name
        names = bound_columns(shape)
        source = f"jsonb_array_elements(${self._number}::jsonb) AS v(r)"
        asked = [gate] if gate else []
        if shape.kind in ("update", "delete"):
            start = len(shape.columns) if shape.kind == "update" else 0
            where = [f"t.{name} = {value}" for name, value in list(zip(names, given, strict=True))[start:]]
            conditions = f"WHERE {' AND '.join([*where, *asked])}"
            if shape.kind == "delete":
                return f"DELETE FROM {table} AS t {f'USING {source} ' if plan.many else ''}{conditions}"
            sets = ", ".join(f"{n} = {v}" for n, v in list(zip(names, given, strict=True))[:start])
            return f"UPDATE {table} AS t SET {sets} {f'FROM {source} ' if plan.many else ''}{conditions}"
        selected = f"SELECT {', '.join(given)}"
        if plan.many:
            selected += f" FROM {source}"
        if asked:
            selected += f" WHERE {gate}"
        return f"INSERT INTO {table} AS t ({', '.join(names)}) {selected}{on_conflict(shape)}"

    def _given(self, plan: Plan) -> list[str]:
        """The values of a row in SQL: parameters, or what stands at its place in a row of the JSON."""
        kinds = [cast_name(plan.shape.table.c[name].type) for name in bound_columns(plan.shape)]
        if plan.many:
            self._number += 1
            return [f"(v.r->>{place})::{kind}" for place, kind in enumerate(kinds)]
        first = self._number + 1
        self._number += len(kinds)
        return [f"${number}::{kind}" for number, kind in enumerate(kinds, first)]


def on_conflict(shape: Shape) -> str:
    """What an insert does when the row is there: nothing for `insert`, replace for `put`, add for `add`."""
    if shape.kind == "insert":
        return ""
    others = [name for name in shape.columns if name not in shape.key]
    old = "t.{0} + " if shape.kind == "add" else ""
    change = ", ".join(f"{name} = {old.format(name)}excluded.{name}" for name in others)
    return f" ON CONFLICT ({', '.join(shape.key)}) " + (f"DO UPDATE SET {change}" if change else "DO NOTHING")


def converters(shape: Shape, *, in_json: bool = False) -> tuple[tuple[int, Processor], ...]:
    """Place and conversion of the columns that need one."""
    kinds = [shape.table.c[name].type for name in bound_columns(shape)]
    found = (
        (i, as_hex if in_json and isinstance(kind, LargeBinary) else bind_processor(kind))
        for i, kind in enumerate(kinds)
    )
    return tuple((i, process) for i, process in found if process is not None)


def as_json(rows: Sequence[tuple[object, ...]], converting: tuple[tuple[int, Processor], ...]) -> str:
    """Rows as one text. The driver looks at every element of an array before it sends it, which for a batch of a reader
    costs more than making the rows."""
    if not converting:
        return orjson.dumps(rows).decode()
    made = [list(row) for row in rows]
    for place, process in converting:
        before = after = None
        for row in made:
            if row[place] is not before:  # the moment of a decision is the same in all its rows
                before = row[place]
                after = process(before)
            row[place] = after
    return orjson.dumps(made).decode()


def as_hex(value: bytes | None) -> str | None:
    """Bytes as PostgreSQL reads them from text."""
    return None if value is None else f"\\x{value.hex()}"


def converted(row: tuple[object, ...], converting: tuple[tuple[int, Processor], ...]) -> list[object]:
    """A row as it is bound."""
    values = list(row)
    for index, process in converting:
        values[index] = process(values[index])
    return values
