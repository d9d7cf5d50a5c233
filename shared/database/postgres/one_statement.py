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

from shared.database.changeset import Shape, bound_columns
from shared.database.postgres.arranging import Group
from shared.database.postgres.dialect import Processor, bind_processor, cast_name
from shared.database.postgres.errors import STALE


class Plan(NamedTuple):
    """What the text of the statement depends on: shape, whether there are more rows, whether they are counted."""

    shape: Shape
    many: bool
    expected: bool


class OneStatement:
    """The compiled statement of one plan."""

    def __init__(self, plan: tuple[Plan, ...]) -> None:
        self._plan = plan
        self._number = 0
        self._converters = [converters(part.shape) for part in plan]
        self.text = self._text()

    def values(self, groups: Sequence[Group]) -> list[object]:
        """What to bind for these groups: of more rows, one list per column."""
        bound: list[object] = []
        for (_, rows, _), converting, plan in zip(groups, self._converters, self._plan, strict=True):
            made = [converted(row, converting) for row in rows] if converting else rows
            if plan.many:
                bound.extend([list(column) for column in zip(*made, strict=True)])
            else:
                bound.extend(made[0])
        return bound

    def _text(self) -> str:
        parts: list[str] = []
        gate = ""
        for number, plan in enumerate(self._plan):
            last = number == len(self._plan) - 1
            insert = plan.shape.kind == "insert"
            sql = self._write(plan, gate)
            if insert:
                parts.append(sql if last else f"w{number} AS ({sql})")
                continue
            parts.append(f"w{number} AS ({sql} RETURNING 1)")
            parts.append(f"g{number} AS ({self._gate(number, plan)})")
            gate = f"(SELECT ok FROM g{number})"
        if self._plan[-1].shape.kind != "insert":
            parts.append(f"SELECT {gate}")
        *before, main = parts
        return f"WITH {', '.join(before)} {main}" if before else main

    def _gate(self, number: int, plan: Plan) -> str:
        if not plan.expected:
            return f"SELECT count(*) >= 0 AS ok FROM w{number}"
        wanted = f"cardinality(${self._number})" if plan.many else "1"
        # The cast of this text to a boolean is refused by the server, and that ends the transaction.
        complaint = f"'{STALE} {plan.shape.table.name} ' || count(*)"
        return f"SELECT CASE WHEN count(*) = {wanted} THEN true ELSE ({complaint})::boolean END AS ok FROM w{number}"

    def _write(self, plan: Plan, gate: str) -> str:
        shape = plan.shape
        marks = self._marks(plan)
        table = shape.table.name
        names = bound_columns(shape)
        source = f"unnest({', '.join(marks)}) AS v({', '.join(f'c{i}' for i in range(len(names)))})"
        given = [f"v.c{i}" for i in range(len(names))] if plan.many else marks
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

    def _marks(self, plan: Plan) -> list[str]:
        marks = []
        for name in bound_columns(plan.shape):
            self._number += 1
            kind = cast_name(plan.shape.table.c[name].type)
            marks.append(f"${self._number}::{kind}{'[]' if plan.many else ''}")
        return marks


def on_conflict(shape: Shape) -> str:
    """What an insert does when the row is there: nothing for `insert`, replace for `put`, add for `add`."""
    if shape.kind == "insert":
        return ""
    others = [name for name in shape.columns if name not in shape.key]
    old = "t.{0} + " if shape.kind == "add" else ""
    change = ", ".join(f"{name} = {old.format(name)}excluded.{name}" for name in others)
    return f" ON CONFLICT ({', '.join(shape.key)}) " + (f"DO UPDATE SET {change}" if change else "DO NOTHING")


def converters(shape: Shape) -> tuple[tuple[int, Processor], ...]:
    """Place and conversion of the columns that need one."""
    found = ((i, bind_processor(shape.table.c[name].type)) for i, name in enumerate(bound_columns(shape)))
    return tuple((i, process) for i, process in found if process is not None)


def converted(row: tuple[object, ...], converting: tuple[tuple[int, Processor], ...]) -> list[object]:
    """A row as it is bound."""
    values = list(row)
    for index, process in converting:
        values[index] = process(values[index])
    return values
