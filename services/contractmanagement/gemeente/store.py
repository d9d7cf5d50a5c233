"""Rows and named queries of gemeenten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.contractmanagement.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query, Reader
from shared.database.rows import table_of


class GemeenteRow(Base, table=True):
    """A gemeente with its name as it now is."""

    __tablename__ = "gemeente"

    code: str = Field(primary_key=True)
    versie: int
    naam: str
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


GEMEENTE = table_of(GemeenteRow)
BY_CODE = Query(select(GEMEENTE).where(GEMEENTE.c.code == bindparam("code")))
NAMEN = Query(select(GEMEENTE.c.code, GEMEENTE.c.naam))


async def names_of(reader: Reader) -> dict[str, str]:
    """CBS code → name, of the gemeenten that have one."""
    return {row.code: row.naam for row in await reader.all(NAMEN)}
