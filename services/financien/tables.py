"""The registry of this service's tables, apart from those of the other services."""

from __future__ import annotations

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.outbox.tables import event_tables


class Base(SQLModel, registry=registry()):
    """Base of every row of financien."""


EVENT_TABLES = event_tables(Base.metadata)
