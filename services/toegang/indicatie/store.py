"""Rows and named queries of indicaties."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, bindparam, select
from sqlmodel import Field

from services.toegang.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class IndicatieRow(Base, table=True):
    """An indicatie as it now stands. `resultaatafspraken` (about a person) is encrypted JSON bound to `id`."""

    __tablename__ = "indicatie"

    id: str = Field(primary_key=True)
    versie: int
    client: str = Field(foreign_key="client.id", index=True)
    wet: str
    gemeente: str = Field(index=True)
    subsegment: str
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None
    ingetrokken: bool
    resultaatafspraken: bytes
    evaluatiemomenten: list[str] = Field(sa_type=JSON)
    vastgesteld_op: datetime = Field(sa_type=UtcDateTime)
    vastgesteld_door: str


INDICATIE = table_of(IndicatieRow)
BY_ID = Query(select(INDICATIE).where(INDICATIE.c.id == bindparam("id")))
OF_CLIENT = Query(
    select(INDICATIE).where(
        INDICATIE.c.client == bindparam("client"),
        INDICATIE.c.aanbieder == bindparam("aanbieder"),
        INDICATIE.c.subsegment == bindparam("subsegment"),
        INDICATIE.c.ingetrokken.is_(False),
    )
)
