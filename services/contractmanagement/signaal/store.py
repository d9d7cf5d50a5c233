"""Rows and named queries of signals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, Text, bindparam, or_, select
from sqlmodel import Field

from services.contractmanagement.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class SignaalRow(Base, table=True):
    """A signal with its history: open, closed, or turned out never to have been (`vervallen`).

    `onderwerp` is the contract line or cell; id = made of onderwerp, soort and sinds, so that the same fact is the
    same signal whatever the order of messages. `oorzaak`: the event (or turn of the day) that raised it.
    `geschiedenis`: a line for every version, in the row because the row is written anyway.
    """

    __tablename__ = "signaal"
    __table_args__ = (Index("signaal_aanbod", "aanbieder", "subsegment"),)

    id: str = Field(primary_key=True)
    versie: int
    onderwerp: str = Field(index=True)
    soort: str
    status: str
    aanbieder: str
    gemeente: str | None
    subsegment: str
    sinds: date
    tot_en_met: date | None
    toelichting: str
    oorzaak: str
    geschiedenis: str = Field(sa_type=Text)
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


class SignaalwerkRow(Base, table=True):
    """What people made of a signal, there from the first step on. Nothing that comes in touches it. `onderwerp` and
    `soort` are those of the signal, to find the work on a signal that lapsed."""

    __tablename__ = "signaalwerk"
    __table_args__ = (Index("signaalwerk_onderwerp", "onderwerp", "soort"),)

    signaal: str = Field(primary_key=True)
    versie: int
    onderwerp: str
    soort: str
    eigenaar: str | None
    werkstatus: str
    stil_tot: date | None
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


class SignaalstapRow(Base, table=True):
    """One step of one person, only ever added. `inhoud`: what was named, by its name."""

    __tablename__ = "signaalstap"

    signaal: str = Field(primary_key=True)
    nummer: int = Field(primary_key=True)
    tijdstip: datetime = Field(sa_type=UtcDateTime)
    gebruiker: str
    inhoud: dict[str, str | None] = Field(sa_type=JSON)


SIGNAAL = table_of(SignaalRow)
SIGNAALWERK = table_of(SignaalwerkRow)
SIGNAALSTAP = append_only(table_of(SignaalstapRow))
ZICHTBAAR = (
    *(SIGNAAL.c.id, SIGNAAL.c.versie, SIGNAAL.c.onderwerp, SIGNAAL.c.soort, SIGNAAL.c.status),
    *(SIGNAAL.c.aanbieder, SIGNAAL.c.gemeente, SIGNAAL.c.subsegment),
    *(SIGNAAL.c.sinds, SIGNAAL.c.tot_en_met, SIGNAAL.c.toelichting, SIGNAAL.c.oorzaak),
)
_KOLOMMEN = (*ZICHTBAAR, SIGNAAL.c.geschiedenis)
# Of a cell and of every line that may cover it: those of its gemeente, and those of the region.
VAN_CEL = Query(
    select(*_KOLOMMEN).where(
        SIGNAAL.c.aanbieder == bindparam("aanbieder"),
        SIGNAAL.c.subsegment == bindparam("subsegment"),
        or_(SIGNAAL.c.gemeente == bindparam("gemeente"), SIGNAAL.c.gemeente.is_(None)),
    )
)
VAN_AANBOD = Query(
    select(*_KOLOMMEN).where(
        SIGNAAL.c.aanbieder == bindparam("aanbieder"), SIGNAAL.c.subsegment == bindparam("subsegment")
    )
)
GESCHIEDENIS = Query(
    select(SIGNAAL.c.geschiedenis, SIGNAAL.c.oorzaak, SIGNAAL.c.gewijzigd_op).where(SIGNAAL.c.id == bindparam("id"))
)
WERK_VAN = Query(select(SIGNAALWERK.c.versie).where(SIGNAALWERK.c.signaal == bindparam("signaal")))
STAPPEN_VAN = Query(
    select(SIGNAALSTAP).where(SIGNAALSTAP.c.signaal == bindparam("signaal")).order_by(SIGNAALSTAP.c.nummer)
)
