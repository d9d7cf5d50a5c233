"""Which writes of a changeset go together in one statement, in which order, and whether they can at all.

The parts of one SQL statement see the tables as they were, so two of them may never write the same row. Rows that get
locked are locked in one order by everybody (table, then key), so that changesets don't wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Table, UniqueConstraint

from shared.database.changeset import Shape, Statement, bound_columns


class Group(NamedTuple):
    """Writes of one shape. `expected` says whether every row must be touched."""

    shape: Shape
    rows: list[tuple[object, ...]]
    expected: bool


def arranged(statements: Sequence[Statement]) -> list[Group] | None:
    """The groups in the order in which the statement runs them; None when two writes may touch the same row."""
    by_shape: dict[Shape, Group] = {}
    for shape, rows, expected in statements:
        if shape not in by_shape:
            by_shape[shape] = Group(shape, [], expected is not None)
        by_shape[shape].rows.extend(rows)
    found = sorted(by_shape.values(), key=place)
    others = [group for group in found if group.shape.kind != "insert"]
    for group in others:
        if len(group.rows) > 1:
            if group.shape.kind == "add":
                group.rows[:] = added_up(group)
            in_order_of_key(group)
    groups = [*others, *(group for group in found if group.shape.kind == "insert")]
    return groups if all_apart(groups) else None


def place(group: Group) -> tuple[object, ...]:
    """By table, and from there in one order, however they came: so that the same ones are the same statement."""
    kind, table, columns, key, guard = group.shape
    return table.name, kind, columns, key, guard or ""


def in_order_of_key(group: Group) -> None:
    """Sort the rows: any fixed order will do, as long as everybody has the same."""
    group.rows.sort(key=itemgetter(*key_places(group.shape)))


def key_places(shape: Shape) -> tuple[int, ...]:
    """Where in the bound values the key stands."""
    columns = bound_columns(shape)
    if shape.kind in ("update", "delete"):
        start = len(shape.columns)
        return tuple(range(start, start + len(shape.key)))
    return tuple(columns.index(name) for name in shape.key)


def added_up(group: Group) -> list[tuple[object, ...]]:
    """Amounts for the same counter in one row."""
    places = key_places(group.shape)
    key_of = itemgetter(*places)
    if len(set(map(key_of, group.rows))) == len(group.rows):
        return group.rows
    sums: dict[object, tuple[object, ...]] = {}
    for row in group.rows:
        key = key_of(row)
        if key in sums:
            pairs = enumerate(zip(sums[key], row, strict=True))
            # `add` takes whole numbers only
            row = tuple(old if i in places else old + new for i, (old, new) in pairs)  # type: ignore[operator]
        sums[key] = row
    return list(sums.values())


def all_apart(groups: Sequence[Group]) -> bool:
    """Whether no two writes can touch the same row. Rows are apart when a column that tells both has other values."""
    tables: dict[Table, list[Group]] = {}
    for group in groups:
        tables.setdefault(group.shape.table, []).append(group)
    return all(told_apart(same) for same in tables.values())


def told_apart(groups: Sequence[Group]) -> bool:
    """Whether the rows of these groups of one table all differ in the columns that tell them all."""
    if len(groups) == 1 and (len(groups[0].rows) == 1 or groups[0].shape.kind == "insert"):
        return True
    if any(may_free_a_value(group.shape) for group in groups):
        return False
    common = set(identifying(groups[0].shape)).intersection(*(identifying(group.shape) for group in groups))
    for group in groups:
        if group.shape.kind == "update":
            common.difference_update(group.shape.columns)
    if not common:
        return False
    seen: set[object] = set()
    for group in groups:
        columns = identifying(group.shape)
        places = [columns[name] for name in sorted(common)]
        keys = set(map(itemgetter(*places), group.rows))
        if seen & keys or (group.shape.kind != "insert" and len(keys) < len(group.rows)):
            return False
        seen |= keys
    return True


def may_free_a_value(shape: Shape) -> bool:
    """Whether a write can free a unique value beside the key, so that the next one can take it: then order counts."""
    others = unique_beside_key(shape.table)
    return bool(others) and (
        shape.kind == "delete" or (shape.kind != "insert" and not others.isdisjoint(shape.columns))
    )


@cache
def unique_beside_key(table: Table) -> frozenset[str]:
    """The columns of a table's unique rules other than its primary key."""
    rules = [rule.columns for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    rules += [index.columns for index in table.indexes if index.unique]
    return frozenset(column.name for columns in rules for column in columns)


def identifying(shape: Shape) -> dict[str, int]:
    """The columns that say which row is meant, with their place: the key, or of an insert the primary key."""
    if shape.kind == "insert":
        return {c.name: shape.columns.index(c.name) for c in shape.table.primary_key if c.name in shape.columns}
    return dict(zip(shape.key, key_places(shape), strict=True))
