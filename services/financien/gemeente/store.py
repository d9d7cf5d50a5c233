"""Rows and named queries of gemeenten."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class GemeenteRow(Base, table=True):
    """A gemeente as it was last heard of; `code` is its CBS code."""

    __tablename__ = "gemeente"

    code: str = Field(primary_key=True)
    versie: int
    naam: str


GEMEENTE = table_of(GemeenteRow)
GEMEENTE_MET_CODE = Query(select(GEMEENTE).where(GEMEENTE.c.code == bindparam("code")))
GEMEENTEN = Query(select(GEMEENTE).order_by(GEMEENTE.c.code))
