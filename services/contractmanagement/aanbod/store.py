"""Rows and named queries of offers."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.contractmanagement.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class Aanbod(NamedTuple):
    """What one aanbieder offers in one sub-segment."""

    aanbieder: str
    subsegment: str


class AanbodRow(Base, table=True):
    """Every decision on an offer raises `versie`, so that of two at the same time one is taken again.

    `berekend_tot`: the day for which its signals were last worked out.
    """

    __tablename__ = "aanbod"

    aanbieder: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    versie: int
    berekend_tot: date = Field(index=True)


AANBOD = table_of(AanbodRow)
BY_KEY = Query(
    select(AANBOD.c.versie, AANBOD.c.berekend_tot).where(
        AANBOD.c.aanbieder == bindparam("aanbieder"), AANBOD.c.subsegment == bindparam("subsegment")
    )
)
