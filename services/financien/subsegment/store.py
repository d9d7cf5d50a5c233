"""Rows and named queries of sub-segments."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class SubsegmentRow(Base, table=True):
    """A sub-segment as it was last heard of."""

    __tablename__ = "subsegment"

    code: str = Field(primary_key=True)
    versie: int
    naam: str
    segment: str
    wet: str | None  # None: heard before this was kept


SUBSEGMENT = table_of(SubsegmentRow)
SUBSEGMENT_MET_CODE = Query(select(SUBSEGMENT).where(SUBSEGMENT.c.code == bindparam("code")))
SUBSEGMENTEN = Query(select(SUBSEGMENT).order_by(SUBSEGMENT.c.code))
