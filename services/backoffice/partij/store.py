"""Rows and named queries of names."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.backoffice.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class GemeenteRow(Base, table=True):
    """A gemeente as it was last heard of; `code` is its CBS code."""

    __tablename__ = "gemeente"

    code: str = Field(primary_key=True)
    versie: int
    naam: str


class AanbiedernaamRow(Base, table=True):
    """What a contract, in its highest version, calls its aanbieder."""

    __tablename__ = "aanbiedernaam"

    overeenkomst: str = Field(primary_key=True)
    versie: int
    aanbieder: str
    naam: str


GEMEENTE = table_of(GemeenteRow)
AANBIEDERNAAM = table_of(AanbiedernaamRow)
GEMEENTE_MET_CODE = Query(select(GEMEENTE).where(GEMEENTE.c.code == bindparam("code")))
NAAM_IN = Query(select(AANBIEDERNAAM).where(AANBIEDERNAAM.c.overeenkomst == bindparam("overeenkomst")))
GEMEENTEN = Query(select(GEMEENTE.c.code, GEMEENTE.c.naam))
# The contract that was made last (ids sort by time) has the name that holds.
AANBIEDERS = Query(select(AANBIEDERNAAM.c.aanbieder, AANBIEDERNAAM.c.naam).order_by(AANBIEDERNAAM.c.overeenkomst))
