"""Rows and named queries of statements by people about payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field

from services.financien.bankverklaring.rules import Afschrift, Bevinding
from services.financien.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag


class BankverklaringRow(Base, table=True):
    """What was read of a payment on the bank's statement, why that was needed, and who decided on it. `volgnummer`
    counts those of a payment, so that two made at the same time wait for each other."""

    __tablename__ = "bankverklaring"
    __table_args__ = (UniqueConstraint("betaling", "volgnummer", name="bankverklaring_volgorde"),)

    id: str = Field(primary_key=True)
    versie: int
    betaling: str = Field(foreign_key="betaling.id")
    betaler: str = Field(index=True)
    volgnummer: int
    bevinding: str
    dag: date | None
    bedrag_cent: int | None
    reden: str
    status: str
    ingediend_op: datetime = Field(sa_type=UtcDateTime)
    ingediend_door: str
    beslist_op: datetime | None = Field(sa_type=UtcDateTime)
    beslist_door: str | None


BANKVERKLARING = table_of(BankverklaringRow)
BANKVERKLARING_OP_ID = Query(select(BANKVERKLARING).where(BANKVERKLARING.c.id == bindparam("id")))
BANKVERKLARINGEN_VAN = Query(
    select(BANKVERKLARING)
    .where(BANKVERKLARING.c.betaling == bindparam("betaling"))
    .order_by(BANKVERKLARING.c.volgnummer)
)


def afschrift_van(row: Any) -> Afschrift:
    """A row as what was read."""
    return Afschrift(
        Bevinding(row.bevinding), row.dag, None if row.bedrag_cent is None else Bedrag(int(row.bedrag_cent))
    )
