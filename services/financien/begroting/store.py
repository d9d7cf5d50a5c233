"""Rows and named queries of the budget; every entry stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class BegrotingRow(Base, table=True):
    """What a gemeente budgeted for a year: of a sub-segment, or of a law (`jeugdwet`, `wmo`). Of one year and part the
    last entry holds."""

    __tablename__ = "begroting"

    gemeente: str = Field(primary_key=True)
    jaar: int = Field(primary_key=True)
    onderdeel: str = Field(primary_key=True)
    volgnummer: int = Field(primary_key=True)
    bedrag_cent: int
    bron: str
    ingevoerd_op: datetime = Field(sa_type=UtcDateTime)
    ingevoerd_door: str


BEGROTING = append_only(table_of(BegrotingRow))
BEGROTING_VAN = Query(
    select(BEGROTING)
    .where(BEGROTING.c.gemeente == bindparam("gemeente"), BEGROTING.c.jaar == bindparam("jaar"))
    .order_by(BEGROTING.c.onderdeel, BEGROTING.c.volgnummer)
)
