"""Rows and named queries of sub-segments."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.backoffice.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class SubsegmentRow(Base, table=True):
    """A sub-segment as contractmanagement last told."""

    __tablename__ = "subsegment"

    code: str = Field(primary_key=True)
    versie: int
    wet: str
    productcategorie: str
    met_toewijzing: bool


SUBSEGMENT = table_of(SubsegmentRow)
BY_CODE = Query(select(SUBSEGMENT).where(SUBSEGMENT.c.code == bindparam("code")))
