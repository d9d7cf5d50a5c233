"""Rows and named queries of account numbers and payment points; every entry stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field

from services.financien.betaalgegevens.rules import Betaalpunt, Doel, Instelling, Nummerstatus, Rekeningnummer
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class RekeningnummerRow(Base, table=True):
    """An account number in the administration of a gemeente: its own (`houder` gemeente), or that of an aanbieder.
    Administrations are apart: who works for one gemeente can't redirect the money of another."""

    __tablename__ = "rekeningnummer"
    __table_args__ = (UniqueConstraint("gemeente", "houder", "code", "volgnummer", name="rekeningnummer_volgorde"),)

    id: str = Field(primary_key=True)
    versie: int
    gemeente: str
    houder: str
    code: str = Field(index=True)
    volgnummer: int
    iban: str
    naam: str
    vanaf: date
    status: str
    ingevoerd_op: datetime = Field(sa_type=UtcDateTime)
    ingevoerd_door: str
    beslist_op: datetime | None = Field(sa_type=UtcDateTime)
    beslist_door: str | None


class BetaalpuntRow(Base, table=True):
    """From which date which gemeente pays for another, per purpose (F-3)."""

    __tablename__ = "betaalpunt"
    __table_args__ = (UniqueConstraint("gemeente", "doel", "volgnummer", name="betaalpunt_volgorde"),)

    id: str = Field(primary_key=True)
    gemeente: str
    doel: str
    volgnummer: int
    betaalpunt: str = Field(index=True)
    vanaf: date
    ingevoerd_op: datetime = Field(sa_type=UtcDateTime)
    ingevoerd_door: str


REKENINGNUMMER = table_of(RekeningnummerRow)
BETAALPUNT = append_only(table_of(BetaalpuntRow))

REKENINGNUMMER_OP_ID = Query(select(REKENINGNUMMER).where(REKENINGNUMMER.c.id == bindparam("id")))
REKENINGNUMMERS_VAN_HOUDER = Query(
    select(REKENINGNUMMER)
    .where(
        REKENINGNUMMER.c.gemeente == bindparam("gemeente"),
        REKENINGNUMMER.c.houder == bindparam("houder"),
        REKENINGNUMMER.c.code == bindparam("code"),
    )
    .order_by(REKENINGNUMMER.c.volgnummer)
)
REKENINGNUMMERS_BIJ = Query(
    select(REKENINGNUMMER)
    .where(REKENINGNUMMER.c.gemeente == bindparam("gemeente"))
    .order_by(REKENINGNUMMER.c.houder, REKENINGNUMMER.c.code, REKENINGNUMMER.c.volgnummer)
)
BETAALPUNTEN_VAN = Query(
    select(BETAALPUNT)
    .where(BETAALPUNT.c.gemeente == bindparam("gemeente"), BETAALPUNT.c.doel == bindparam("doel"))
    .order_by(BETAALPUNT.c.volgnummer)
)
# Whoever ever named this payment point, and the gemeente itself: nobody else can be paid for by it.
BETAALPUNTEN_ROND = Query(
    select(BETAALPUNT)
    .where(
        BETAALPUNT.c.gemeente.in_(select(BETAALPUNT.c.gemeente).where(BETAALPUNT.c.betaalpunt == bindparam("betaler")))
        | (BETAALPUNT.c.gemeente == bindparam("betaler"))
    )
    .order_by(BETAALPUNT.c.gemeente, BETAALPUNT.c.doel, BETAALPUNT.c.volgnummer)
)


def rekeningnummer_van(row: Any) -> Rekeningnummer:
    """A row as rules know it."""
    return Rekeningnummer(
        row.id, row.volgnummer, row.iban, row.naam, row.vanaf, Nummerstatus(row.status), row.ingevoerd_door
    )


def betaalpunten_van(rows: Iterable[Any]) -> dict[Instelling, list[Betaalpunt]]:
    """Rows as rules know them."""
    gevonden: dict[Instelling, list[Betaalpunt]] = {}
    for row in rows:
        punt = Betaalpunt(row.volgnummer, row.betaalpunt, row.vanaf)
        gevonden.setdefault((row.gemeente, Doel(row.doel)), []).append(punt)
    return gevonden
