"""Rows and named queries of the offer."""

from __future__ import annotations

from sqlalchemy import JSON, bindparam, or_, select
from sqlmodel import Field

from services.toegang.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class SubsegmentRow(Base, table=True):
    """A sub-segment as contractmanagement last told."""

    __tablename__ = "subsegment"

    code: str = Field(primary_key=True)
    versie: int
    naam: str
    wet: str


class OvereenkomstRow(Base, table=True):
    """The lines of a contract: `[[gemeenten], subsegment]` each, with the contract's period."""

    __tablename__ = "overeenkomst"

    id: str = Field(primary_key=True)
    versie: int
    aanbieder: str = Field(index=True)
    begindatum: str
    einddatum: str
    regels: list[list[object]] = Field(sa_type=JSON)


class SignaalRow(Base, table=True):
    """An open occupancy alert."""

    __tablename__ = "signaal"

    id: str = Field(primary_key=True)
    versie: int
    status: str
    soort: str
    aanbieder: str = Field(index=True)
    gemeente: str | None
    subsegment: str


SUBSEGMENT = table_of(SubsegmentRow)
OVEREENKOMST = table_of(OvereenkomstRow)
SIGNAAL = table_of(SignaalRow)

SUBSEGMENT_BY_CODE = Query(select(SUBSEGMENT).where(SUBSEGMENT.c.code == bindparam("code")))
VERSION_OF = {
    table.name: Query(select(table.c.versie).where(column == bindparam("id")))
    for table, column in ((SUBSEGMENT, SUBSEGMENT.c.code), (OVEREENKOMST, OVEREENKOMST.c.id), (SIGNAAL, SIGNAAL.c.id))
}
CONTRACTS_OF = Query(select(OVEREENKOMST).where(OVEREENKOMST.c.aanbieder == bindparam("aanbieder")))
OPEN_SIGNALS = Query(
    select(SIGNAAL.c.soort).where(
        SIGNAAL.c.aanbieder == bindparam("aanbieder"),
        SIGNAAL.c.subsegment == bindparam("subsegment"),
        SIGNAAL.c.status == "open",
        or_(SIGNAAL.c.gemeente == bindparam("gemeente"), SIGNAAL.c.gemeente.is_(None)),
    )
)
