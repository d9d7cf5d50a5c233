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
    """A settlement as it was calculated (concept), and booked once it is fixed (F-5). `regels` hold amounts in cents,
    with the months they are made of; `stappen`: who did what and when, in order."""

    __tablename__ = "afrekening"

    id: str = Field(primary_key=True)
    versie: int
    status: str
    gemeente: str = Field(index=True)
    aanbieder: str = Field(index=True)
    begindatum: date
    einddatum: date
    regels: list[dict[str, Any]] = Field(sa_type=JSON)
    totaal_cent: int
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str
    stappen: list[dict[str, str | None]] = Field(sa_type=JSON)


AFREKENING = table_of(AfrekeningRow)
AFREKENING_OP_ID = Query(select(AFREKENING).where(AFREKENING.c.id == bindparam("id")))
VASTGESTELD_VAN = Query(
    select(AFREKENING.c.begindatum, AFREKENING.c.einddatum).where(
        AFREKENING.c.status == bindparam("status"),
        AFREKENING.c.gemeente == bindparam("gemeente"),
        AFREKENING.c.aanbieder == bindparam("aanbieder"),
    )
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
