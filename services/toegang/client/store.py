"""Rows and named queries of clients."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field

from services.toegang.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class ClientRow(Base, table=True):
    """A client of one gemeente. `id` is the pseudonym that events carry; `gegevens` is encrypted JSON bound to it."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("gemeente", "bsn_hash"),)

    id: str = Field(primary_key=True)
    gemeente: str
    bsn_hash: str
    gegevens: bytes
    versie: int
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)


CLIENT = table_of(ClientRow)
COLUMNS = (CLIENT.c.id, CLIENT.c.gemeente, CLIENT.c.gegevens, CLIENT.c.versie)

BY_BSN = Query(
    select(*COLUMNS).where(CLIENT.c.gemeente == bindparam("gemeente"), CLIENT.c.bsn_hash == bindparam("bsn_hash"))
)
BY_ID = Query(select(*COLUMNS).where(CLIENT.c.id == bindparam("id")))
