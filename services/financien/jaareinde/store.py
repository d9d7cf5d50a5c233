"""Rows and named queries of year-ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class JaareindeRow(Base, table=True):
    """An accrual as it was posted: per aanbieder, sub-segment and month what the year costs, what stood in the books
    and what was added. `post` stands in December, `terugpost` in January. A later one of the same year adds the
    difference."""

    __tablename__ = "jaareinde"
    __table_args__ = (UniqueConstraint("gemeente", "jaar", "volgnummer", name="jaareinde_volgorde"),)

    id: str = Field(primary_key=True)
    gemeente: str
    jaar: int
    volgnummer: int
    regels: list[dict[str, Any]] = Field(sa_type=JSON)
    totaal_cent: int
    post: str
    terugpost: str
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str


JAAREINDE = append_only(table_of(JaareindeRow))
JAAREINDE_OP_ID = Query(select(JAAREINDE).where(JAAREINDE.c.id == bindparam("id")))
JAAREINDEN_VAN = Query(
    select(JAAREINDE)
    .where(JAAREINDE.c.gemeente == bindparam("gemeente"), JAAREINDE.c.jaar == bindparam("jaar"))
    .order_by(JAAREINDE.c.volgnummer)
)
