"""Selects as asyncpg runs them: text with `$1`, positional values, named tuples back."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BinaryExpression,
    BindParameter,
    ClauseElement,
    Integer,
    Select,
    all_,
    any_,
    bindparam,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import replacement_traverse

from shared.database.postgres.dialect import DIALECT, Processor, bind_processor, result_processor


@dataclass(slots=True)
class Compiled:
    """A statement with its parameters: by position, the name, a value that is fixed, and a conversion."""

    text: str
    names: tuple[str, ...]
    fixed: dict[str, Any]
    binds: dict[str, Processor]

    def values(self, params: dict[str, object]) -> list[object]:
        """What to bind, in order. A parameter without value is a fault of the caller: KeyError."""
        found = []
        for name in self.names:
            value = params[name] if name in params else self.fixed[name]
            process = self.binds.get(name)
            found.append(process(value) if process else value)
        return found


@dataclass(slots=True)
class CompiledQuery:
    """A select: the statement, and how a record becomes a named tuple."""

    statement: Compiled
    row: Callable[[Iterable[Any]], Any]
    results: tuple[tuple[int, Processor], ...]

    def rows(self, records: Sequence[Iterable[Any]]) -> list[Any]:
        if not self.results:
            return [self.row(record) for record in records]
        made = []
        for record in records:
            values = list(record)
            for index, process in self.results:
                values[index] = process(values[index])
            made.append(self.row(values))
        return made


def compile_query(statement: Select[Any]) -> CompiledQuery:
    """Compile a select once, with the conversions of its columns."""
    columns = list(statement.selected_columns)
    row = namedtuple("row", [c.key or f"c{i}" for i, c in enumerate(columns)], rename=True)  # type: ignore[misc]
    made = ((i, result_processor(column)) for i, column in enumerate(columns))
    return CompiledQuery(compiled(statement), row._make, tuple((i, p) for i, p in made if p is not None))


def compiled(statement: ClauseElement) -> Compiled:
    """Any select, update or delete."""
    adapted = cast(ClauseElement, replacement_traverse(statement, {}, list_as_array))
    made = adapted.compile(dialect=DIALECT)
    assert isinstance(made, SQLCompiler)
    if made.post_compile_params:
        raise ValueError("a list can only be asked for with in_() or not_in()")
    binds = {name: process for p, name in made.bind_names.items() if (process := bind_processor(p.type))}
    known = {name: p.effective_value for p, name in made.bind_names.items() if not p.required}
    return Compiled(str(made), tuple(made.positiontup or ()), known, binds)


def list_as_array(element: object, **_: object) -> ClauseElement | None:
    """`x IN (…)` as `x = ANY(array)`, `x NOT IN (…)` as `x != ALL(array)`: one text, so one prepared statement, for a
    list of any length."""
    if not isinstance(element, BinaryExpression) or element.operator not in (operators.in_op, operators.not_in_op):
        return None
    listed = element.right
    if not isinstance(listed, BindParameter) or not listed.expanding:
        return None
    kind = BigInteger() if isinstance(element.left.type, Integer) else element.left.type
    array = bindparam(None, list(cast(Iterable[object], listed.effective_value)), type_=ARRAY(kind))
    return element.left == any_(array) if element.operator is operators.in_op else element.left != all_(array)
