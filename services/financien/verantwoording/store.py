"""Rows and named queries of accountability."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class InformatiesetRow(Base, table=True):
    """What gemeenten and providers agreed to account for over a year: fields, and which regime holds when
    (`regimes`: regime, first and last month). Of one year the last entry holds; every entry stays."""

    __tablename__ = "informatieset"

    jaar: int = Field(primary_key=True)
    volgnummer: int = Field(primary_key=True)
    velden: list[str] = Field(sa_type=JSON)
    regimes: list[dict[str, str]] = Field(sa_type=JSON)
    bron: str
    ingevoerd_op: datetime = Field(sa_type=UtcDateTime)
    ingevoerd_door: str


INFORMATIESET = append_only(table_of(InformatiesetRow))
INFORMATIESETS_VAN = Query(
    select(INFORMATIESET).where(INFORMATIESET.c.jaar == bindparam("jaar")).order_by(INFORMATIESET.c.volgnummer)
)
