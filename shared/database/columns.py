"""Column types that both engines keep exactly."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Integer, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.compiler import DDLCompiler, TypeCompiler


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with a time zone. SQLite would drop the offset: naive values are refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without time zone can't be stored: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


@compiles(Integer, "postgresql")
def _whole_number(kind: Integer, compiler: TypeCompiler, *, type_expression: object = None, **_: Any) -> str:
    """SQLite keeps 64 bits in every whole number. PostgreSQL's INTEGER has 32, too few for the cents of a region: a
    column gets the wider type there."""
    return "BIGINT" if isinstance(type_expression, Column) else "INTEGER"


@compiles(CreateColumn, "postgresql")
def _numbered(element: CreateColumn, compiler: DDLCompiler, **how: Any) -> str | None:
    """The same for numbers that the database hands out."""
    made = compiler.visit_create_column(element, **how)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    return None if made is None else str(made).replace(" SERIAL", " BIGSERIAL")
