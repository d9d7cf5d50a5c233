"""How SQLAlchemy's types travel to and from asyncpg."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Integer, String
from sqlalchemy.dialects.postgresql.asyncpg import AsyncpgBigInteger, PGDialect_asyncpg
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]
NUMERIC = 1700  # oid of PostgreSQL's numeric


class Dialect(PGDialect_asyncpg):
    """JSON comes as text and is read by the column's own type: no codec to install on every new connection."""

    supports_native_json_deserialization = False
    colspecs = {**PGDialect_asyncpg.colspecs, Integer: AsyncpgBigInteger}  # noqa: RUF012  # as in the parent


DIALECT = Dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


def bind_processor(kind: TypeEngine[Any]) -> Processor | None:
    """What a value of this type passes through on its way in."""
    return kind.dialect_impl(DIALECT).bind_processor(DIALECT)


def result_processor(column: ColumnElement[Any]) -> Processor | None:
    """What a value of this column passes through on its way out."""
    if isinstance(column.type, Integer) and not isinstance(column, Column):
        return whole
    return column.type.dialect_impl(DIALECT).result_processor(DIALECT, NUMERIC)


def whole(value: int | Decimal | None) -> int | None:
    """PostgreSQL adds 64-bit integers up to a numeric; SQLite gives an int, and so do we."""
    return int(value) if isinstance(value, Decimal) else value


def cast_name(kind: TypeEngine[Any]) -> str:
    """The type of a placeholder. Text has no length here: a cast would cut a value off, the column refuses it."""
    if isinstance(kind, String):
        return "TEXT"
    return DIALECT.type_compiler_instance.process(kind.dialect_impl(DIALECT))
