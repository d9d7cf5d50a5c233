"""Rows and named queries of sub-segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.contractmanagement.subsegment.rules import Subsegment
from services.contractmanagement.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query, Reader
from shared.database.rows import table_of


class SubsegmentRow(Base, table=True):
    """A sub-segment as it now stands."""

    __tablename__ = "subsegment"

    code: str = Field(primary_key=True)
    versie: int
    naam: str
    segment: str
    wet: str
    productcategorie: str
    bekostiging: str
    met_toewijzing: bool
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


SUBSEGMENT = table_of(SubsegmentRow)
BY_CODE = Query(select(SUBSEGMENT).where(SUBSEGMENT.c.code == bindparam("code")))
NAMEN = Query(select(SUBSEGMENT.c.code, SUBSEGMENT.c.naam))


def als_subsegment(row: Any) -> Subsegment:
    """A row as what it holds."""
    return Subsegment(
        code=row.code,
        naam=row.naam,
        segment=row.segment,
        wet=row.wet,
        productcategorie=row.productcategorie,
        bekostiging=row.bekostiging,
        met_toewijzing=row.met_toewijzing,
    )


async def names_of(reader: Reader) -> dict[str, str]:
    """Code → name of every sub-segment."""
    return {row.code: row.naam for row in await reader.all(NAMEN)}
