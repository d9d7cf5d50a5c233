"""Rows and named queries of what a contract says beside money."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, bindparam, select
from sqlmodel import Field

from services.financien.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class ContractgegevensRow(Base, table=True):
    """Of a contract as last told. `doorlooptijden`: gemeente (null for the region), subsegment, vanaf, dagen."""

    __tablename__ = "contractgegevens"

    overeenkomst: str = Field(primary_key=True)
    versie: int
    aanbieder: str = Field(index=True)
    naam: str
    doorlooptijden: list[dict[str, Any]] = Field(sa_type=JSON)


CONTRACTGEGEVENS = table_of(ContractgegevensRow)
GEGEVENS_VAN = Query(select(CONTRACTGEGEVENS).where(CONTRACTGEGEVENS.c.overeenkomst == bindparam("overeenkomst")))
# The contract that was made last (ids sort by time) has the name that holds.
NAAM_VAN = Query(
    select(CONTRACTGEGEVENS.c.naam)
    .where(CONTRACTGEGEVENS.c.aanbieder == bindparam("aanbieder"))
    .order_by(CONTRACTGEGEVENS.c.overeenkomst.desc())
    .limit(1)
)
NAMEN = Query(select(CONTRACTGEGEVENS.c.aanbieder, CONTRACTGEGEVENS.c.naam).order_by(CONTRACTGEGEVENS.c.overeenkomst))
