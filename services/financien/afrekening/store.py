"""Rows and named queries of settlements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, bindparam, func, select
from sqlmodel import Field

from services.financien.grootboek.rules import Rekening
from services.financien.grootboek.store import BOEKING, POST
from services.financien.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class AfrekeningRow(Base, table=True):
    """A settlement as it was calculated (concept), sent, and booked once it is fixed (F-5). `regels` hold amounts in
    cents, with the months they are made of; `stappen`: who did what and when, in order. A correctie names in
    `corrigeert` the first settlement of its months. `verrekening`: how its outcome was booked; null: a settlement of
    before there was a choice."""

    __tablename__ = "afrekening"

    id: str = Field(primary_key=True)
    versie: int
    soort: str
    corrigeert: str | None = Field(index=True)
    status: str
    gemeente: str = Field(index=True)
    aanbieder: str = Field(index=True)
    begindatum: date
    einddatum: date
    regels: list[dict[str, Any]] = Field(sa_type=JSON)
    totaal_cent: int
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str
    verzonden_op: datetime | None = Field(sa_type=UtcDateTime)
    reactie: str | None
    reactie_uiterlijk: date | None
    bezwaren: list[dict[str, str]] = Field(sa_type=JSON)
    verrekening: str | None
    stappen: list[dict[str, str | None]] = Field(sa_type=JSON)


AFREKENING = table_of(AfrekeningRow)
AFREKENING_OP_ID = Query(select(AFREKENING).where(AFREKENING.c.id == bindparam("id")))
# Every settlement of an aanbieder in a gemeente that has one of these days, but those that were withdrawn or replaced.
LOPEND_VAN = Query(
    select(AFREKENING)
    .where(
        AFREKENING.c.gemeente == bindparam("gemeente"),
        AFREKENING.c.aanbieder == bindparam("aanbieder"),
        AFREKENING.c.begindatum <= bindparam("einddatum"),
        AFREKENING.c.einddatum >= bindparam("begindatum"),
        AFREKENING.c.status != "ingetrokken",
        AFREKENING.c.status != "vervangen",
    )
    .order_by(AFREKENING.c.id)
)
# A first settlement and its corrections, in the order in which they were fixed: a correction is made after that.
VASTGESTELD_ROND = Query(
    select(AFREKENING)
    .where(
        (AFREKENING.c.id == bindparam("eerste")) | (AFREKENING.c.corrigeert == bindparam("eerste")),
        AFREKENING.c.status == "vastgesteld",
    )
    .order_by(AFREKENING.c.id)
)


def _som(rekening: ColumnElement[str]) -> Query:
    """What was booked on one side of account `voorschotten` for some months of an aanbieder."""
    return Query(
        select(func.sum(BOEKING.c.bedrag_cent).label("cent"))
        .join(POST, POST.c.id == BOEKING.c.post)
        .where(
            POST.c.gemeente == bindparam("gemeente"),
            BOEKING.c.aanbieder == bindparam("aanbieder"),
            BOEKING.c.maand.between(bindparam("van"), bindparam("tot")),
            rekening == str(Rekening.VOORSCHOTTEN),
        )
    )


OP_VOORSCHOTTEN, VAN_VOORSCHOTTEN = _som(BOEKING.c.debet), _som(BOEKING.c.credit)
