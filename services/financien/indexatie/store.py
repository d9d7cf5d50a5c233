"""Rows and named queries of index figures; every entry stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlmodel import Field

from services.financien.overeenkomst.store import LIJN, OVEREENKOMST, OVEREENKOMSTVERSIE
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class IndexcijferRow(Base, table=True):
    """The forecast and, once known, the definitive growth of prices of a law and year, as shares (`0.0325`). Of one
    year the last entry holds."""

    __tablename__ = "indexcijfer"

    wet: str = Field(primary_key=True)
    jaar: int = Field(primary_key=True)
    volgnummer: int = Field(primary_key=True)
    prognose: str
    definitief: str | None
    bron: str
    ingevoerd_op: datetime = Field(sa_type=UtcDateTime)
    ingevoerd_door: str


INDEXCIJFER = append_only(table_of(IndexcijferRow))
INDEXCIJFERS = Query(select(INDEXCIJFER).order_by(INDEXCIJFER.c.wet, INDEXCIJFER.c.jaar, INDEXCIJFER.c.volgnummer))
INDEXCIJFERS_VAN = Query(
    select(INDEXCIJFER)
    .where(INDEXCIJFER.c.wet == bindparam("wet"), INDEXCIJFER.c.jaar == bindparam("jaar"))
    .order_by(INDEXCIJFER.c.volgnummer)
)


def te_indexeren_overeenkomsten(jaar: int) -> Select[Any]:
    """The newest version of each contract that is indexed and runs through 1 January of a year, to be filtered."""
    eerste = date(jaar, 1, 1)
    o = OVEREENKOMST.c
    return (
        select(OVEREENKOMSTVERSIE)
        .join(OVEREENKOMST, (o.id == OVEREENKOMSTVERSIE.c.overeenkomst) & (o.versie == OVEREENKOMSTVERSIE.c.versie))
        .where(OVEREENKOMSTVERSIE.c.indexeren.is_(True), o.begindatum < eerste, o.einddatum >= eerste)
    )


def van_gemeente(gemeente: str) -> ColumnElement[bool]:
    """Whether a contract has a lijn of this gemeente."""
    return OVEREENKOMSTVERSIE.c.overeenkomst.in_(select(LIJN.c.overeenkomst).where(LIJN.c.gemeente == gemeente))
