"""Selects as asyncpg runs them: text with `$1`, positional values, named tuples back."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
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
from sqlalchemy.types import NullType

from shared.database.postgres.dialect import DIALECT, Processor, bind_processor, cast_name, result_processor

PLACEHOLDER = re.compile(r"\$([0-9]+)")


@dataclass(slots=True)
class Compiled:
    """A statement with its parameters: by position, the name, a value that is fixed, and a conversion."""

    text: str
    names: tuple[str, ...]
    fixed: dict[str, Any]
    binds: dict[str, Processor]
    types: tuple[str, ...] | None

    def together(self) -> str:
        """The same question for many sets of values at once: for each parameter an array. The server plans it as it
        plans the single one, and does it for one set after the other; the first column says which. Empty when it has
        no parameters, or one whose type SQLAlchemy does not know."""
        return f"SELECT v.n, q.* FROM {self.each()}" if self.types else ""

    def each(self) -> str:
        """What stands behind FROM, to run it (`q`) for each set of values (`v`, with its number `n`)."""
        types = self.types or ()
        arrays = ", ".join(f"${i}::{kind}[]" for i, kind in enumerate(types, 1))
        names = ", ".join(f"p{i}" for i in range(1, len(types) + 1))
        once = PLACEHOLDER.sub(r"v.p\1", self.text)
        return f"unnest({arrays}) WITH ORDINALITY AS v({names}, n), LATERAL ({once}) AS q"

    def values(self, params: dict[str, object]) -> tuple[object, ...]:
        """What to bind, in order. A parameter without value is a fault of the caller: KeyError."""
        found = []
        for name in self.names:
            value = params[name] if name in params else self.fixed[name]
            process = self.binds.get(name)
            found.append(process(value) if process else value)
        return tuple(found)

    def sets(self, params: dict[str, Sequence[object]]) -> list[tuple[object, ...]]:
        """What to bind for every set of values, of which there is a list per name."""
        asked = len(next(iter(params.values())))
        columns = []
        for name in self.names:
            values = params[name] if name in params else [self.fixed[name]] * asked
            process = self.binds.get(name)
            columns.append([process(value) for value in values] if process else values)
        return list(zip(*columns, strict=True))


@dataclass(slots=True, eq=False)
class CompiledQuery:
    """A select: the statement, and how a record becomes a named tuple."""

    statement: Compiled
    row: Callable[[Iterable[Any]], Any]
    results: tuple[tuple[int, Processor], ...]
    together: str
    named: bool = True  # will be asked again
    number: int = field(default_factory=count().__next__)

    def apart(self, records: Sequence[Any], asked: int) -> list[list[Any]]:
        """The rows of `together`, per question in the order of the questions."""
        found: list[list[Any]] = [[] for _ in range(asked)]
        for record in records:
            found[record[0] - 1].append(tuple(record)[1:])
        return [self.rows(rows) if rows else rows for rows in found]

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


def numbered_on(text: str, before: int) -> str:
    """The same statement, its parameters numbered on behind so many others."""
    return PLACEHOLDER.sub(lambda found: f"${int(found[1]) + before}", text) if before else text


def compile_query(statement: Select[Any]) -> CompiledQuery:
    """Compile a select once, with the conversions of its columns."""
    columns = list(statement.selected_columns)
    row = namedtuple("row", [c.key or f"c{i}" for i, c in enumerate(columns)], rename=True)  # type: ignore[misc]
    made = ((i, result_processor(column)) for i, column in enumerate(columns))
    one = compiled(statement)
    results = tuple((i, p) for i, p in made if p is not None)
    return CompiledQuery(one, row._make, results, one.together())


def compiled(statement: ClauseElement) -> Compiled:
    """Any select, update or delete."""
    adapted = cast(ClauseElement, replacement_traverse(statement, {}, list_as_array))
    made = adapted.compile(dialect=DIALECT)
    assert isinstance(made, SQLCompiler)
    if made.post_compile_params:
        raise ValueError("a list can only be asked for with in_() or not_in()")
    binds = {name: process for p, name in made.bind_names.items() if (process := bind_processor(p.type))}
    known = {name: p.effective_value for p, name in made.bind_names.items() if not p.required}
    names = tuple(made.positiontup or ())
    kinds = {name: p.type for p, name in made.bind_names.items()}
    typed = not any(isinstance(kinds[name], NullType) for name in names)
    return Compiled(str(made), names, known, binds, tuple(cast_name(kinds[name]) for name in names) if typed else None)


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
