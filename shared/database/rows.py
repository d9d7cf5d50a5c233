"""From a SQLModel row class to its table. Rows describe tables; they are never request bodies."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table
from sqlmodel import SQLModel


def table_of(row: type[SQLModel]) -> Table:
    """The table of a `table=True` class."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]  # set by SQLAlchemy's mapper
