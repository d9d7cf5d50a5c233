"""Rows and named queries of offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Field

from services.contractmanagement.tables import Base
from shared.database.port import Query, Reader
from shared.database.rows import table_of


class Aanbod(NamedTuple):
    """What one aanbieder offers in one sub-segment."""

    aanbieder: str
    subsegment: str


class Cel(NamedTuple):
    """Its part in one gemeente."""

    aanbod: Aanbod
    gemeente: str


class AanbodRow(Base, table=True):
    """Every decision on an offer raises `versie`, so that of two at the same time one is taken again.

    `berekend_tot`: the day for which its signals were last worked out.
    """

    __tablename__ = "aanbod"

    aanbieder: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    versie: int
    berekend_tot: date = Field(index=True)


AANBOD = table_of(AanbodRow)
BY_KEY = Query(
    select(AANBOD.c.versie, AANBOD.c.berekend_tot).where(
        AANBOD.c.aanbieder == bindparam("aanbieder"), AANBOD.c.subsegment == bindparam("subsegment")
    )
)


async def per_aanbod(reader: Reader, query: Query, aanbod: Sequence[Aanbod]) -> dict[Aanbod, Sequence[Any]]:
    """What a question about an offer gives, for many of them at once."""
    aanbieders, subsegmenten = [een.aanbieder for een in aanbod], [een.subsegment for een in aanbod]
    found = await reader.many(query, aanbieder=aanbieders, subsegment=subsegmenten)
    return dict(zip(aanbod, found, strict=True))


async def per_cel(reader: Reader, query: Query, cellen: Sequence[Cel]) -> dict[Cel, Sequence[Any]]:
    """What a question about a cell gives, for many of them at once."""
    found = await reader.many(
        query,
        aanbieder=[cel.aanbod.aanbieder for cel in cellen],
        subsegment=[cel.aanbod.subsegment for cel in cellen],
        gemeente=[cel.gemeente for cel in cellen],
    )
    return dict(zip(cellen, found, strict=True))
