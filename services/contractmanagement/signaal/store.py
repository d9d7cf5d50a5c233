"""Rows and named queries of signals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, bindparam, select
from sqlmodel import Field

from services.contractmanagement.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class SignaalRow(Base, table=True):
    """A signal with its history: open, closed, or turned out never to have been (`vervallen`).

    `onderwerp` is the contract line or cell; id = made of onderwerp, soort and sinds, so that the same fact is the
    same signal whatever the order of messages. `oorzaak`: the event (or turn of the day) that raised it.
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
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


SIGNAAL = table_of(SignaalRow)
_KOLOMMEN = (
    *(SIGNAAL.c.id, SIGNAAL.c.versie, SIGNAAL.c.onderwerp, SIGNAAL.c.soort, SIGNAAL.c.status),
    *(SIGNAAL.c.aanbieder, SIGNAAL.c.gemeente, SIGNAAL.c.subsegment),
    *(SIGNAAL.c.sinds, SIGNAAL.c.tot_en_met, SIGNAAL.c.toelichting, SIGNAAL.c.oorzaak),
)
VAN_ONDERWERP = Query(select(*_KOLOMMEN).where(SIGNAAL.c.onderwerp == bindparam("onderwerp")))
VAN_AANBOD = Query(
    select(*_KOLOMMEN).where(
        SIGNAAL.c.aanbieder == bindparam("aanbieder"), SIGNAAL.c.subsegment == bindparam("subsegment")
    )
)
