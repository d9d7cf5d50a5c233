"""Rows and named queries of settlements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class AfrekeningRow(Base, table=True):
    """A settlement as it was calculated; nothing is booked yet (F-5: concept). `regels` hold amounts in cents."""

    __tablename__ = "afrekening"

    id: str = Field(primary_key=True)
    versie: int
    status: str
    gemeente: str = Field(index=True)
    aanbieder: str = Field(index=True)
    begindatum: date
    einddatum: date
    regels: list[dict[str, str | int]] = Field(sa_type=JSON)
    totaal_cent: int
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str


AFREKENING = table_of(AfrekeningRow)
AFREKENING_OP_ID = Query(select(AFREKENING).where(AFREKENING.c.id == bindparam("id")))
