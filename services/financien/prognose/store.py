"""Rows and named queries of forecasts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.financien.overeenkomst.store import LIJN
from services.financien.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class PrognoseRow(Base, table=True):
    """The forecast of a lijn as last published; `oorzaak` is the event that led to it."""

    __tablename__ = "prognose"

    lijn: str = Field(primary_key=True, foreign_key="lijn.id")
    versie: int
    stand: date
    lumpsum_cent: int
    gerealiseerd_cent: int
    verwacht_cent: int
    oorzaak: str


PROGNOSE = table_of(PrognoseRow)
PROGNOSE_VAN_LIJN = Query(select(PROGNOSE).where(PROGNOSE.c.lijn == bindparam("lijn")))
PROGNOSES_VAN_CEL = Query(
    select(PROGNOSE)
    .join(LIJN, LIJN.c.id == PROGNOSE.c.lijn)
    .where(
        LIJN.c.aanbieder == bindparam("aanbieder"),
        LIJN.c.gemeente == bindparam("gemeente"),
        LIJN.c.subsegment == bindparam("subsegment"),
    )
)
