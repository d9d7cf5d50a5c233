"""Rows and named queries of terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Field

from services.financien.betaalschema.rules import Termijn
from services.financien.overeenkomst.store import LIJN
from services.financien.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand


class TermijnRow(Base, table=True):
    """The term of one lijn and month (`2026-01`); the version that guards it is the lijn's."""

    __tablename__ = "termijn"

    lijn: str = Field(primary_key=True, foreign_key="lijn.id")
    maand: str = Field(primary_key=True)
    voorschot_cent: int
    bijstelling_cent: int


TERMIJN = table_of(TermijnRow)
TERMIJNEN_VAN_LIJN = Query(select(TERMIJN).where(TERMIJN.c.lijn == bindparam("lijn")).order_by(TERMIJN.c.maand))
TERMIJNEN_VAN_OVEREENKOMST = Query(
    select(TERMIJN)
    .join(LIJN, LIJN.c.id == TERMIJN.c.lijn)
    .where(LIJN.c.overeenkomst == bindparam("overeenkomst"))
    .order_by(TERMIJN.c.lijn, TERMIJN.c.maand)
)


def paren() -> Select[Any]:
    """(gemeente, aanbieder) that have terms, to be filtered: one row of the betaalschema each."""
    return select(LIJN.c.gemeente, LIJN.c.aanbieder).join(TERMIJN, TERMIJN.c.lijn == LIJN.c.id).distinct()


def termijnen() -> Select[Any]:
    """Terms with whose they are, to be filtered."""
    return select(LIJN.c.gemeente, LIJN.c.aanbieder, LIJN.c.subsegment, *TERMIJN.c).join(
        LIJN, LIJN.c.id == TERMIJN.c.lijn
    )


def schema_van(rows: Iterable[Any]) -> dict[Maand, Termijn]:
    """Rows of one lijn as its terms."""
    return {Maand.lees(row.maand): termijn_van(row) for row in rows}


def termijn_van(row: Any) -> Termijn:
    """One row as a term."""
    return Termijn(Bedrag(row.voorschot_cent), Bedrag(row.bijstelling_cent))
