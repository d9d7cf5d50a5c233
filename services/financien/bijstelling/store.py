"""Rows and named queries of adjustments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, bindparam, select
from sqlmodel import Field

from services.financien.bezetting.rules import bezet_deel, hoogstens_vier_decimalen, vier_decimalen
from services.financien.bijstelling.rules import Aanleiding
from services.financien.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand


class BijstellingRow(Base, table=True):
    """An adjustment of the advance of one lijn after one quarter. `termijnen` and `oude_termijnen`: month → cents.
    `aanleiding`: what it rests on, as `aanleiding_als_kolom` writes it. `stappen`: who did what and when, in order."""

    __tablename__ = "bijstelling"

    id: str = Field(primary_key=True)
    versie: int
    lijn: str = Field(foreign_key="lijn.id", index=True)
    aanbieder: str = Field(index=True)
    gemeente: str = Field(index=True)
    subsegment: str
    kwartaal: str
    status: str
    lumpsum_cent: int
    gerealiseerd_cent: int
    verwacht_cent: int
    gemiddeld_bezet: str
    termijnen: dict[str, int] = Field(sa_type=JSON)
    oude_termijnen: dict[str, int] = Field(sa_type=JSON)
    aanleiding: dict[str, Any] = Field(sa_type=JSON)
    reactie: str | None
    gemeld_op: datetime | None = Field(sa_type=UtcDateTime)
    reactie_uiterlijk: date | None
    stappen: list[dict[str, str | None]] = Field(sa_type=JSON)


BIJSTELLING = table_of(BijstellingRow)
BIJSTELLING_OP_ID = Query(select(BIJSTELLING).where(BIJSTELLING.c.id == bindparam("id")))


def termijnen_als_kolom(termijnen: Mapping[Maand, Bedrag]) -> dict[str, int]:
    """Proposed terms as stored."""
    return {str(maand): bedrag.cent for maand, bedrag in sorted(termijnen.items())}


def aanleiding_als_kolom(aanleiding: Aanleiding, vastgelegd: Bedrag) -> dict[str, Any]:
    """What a proposal rests on, as stored; `vastgelegd` is what the fixed terms pay together."""
    return {
        "drempel": aanleiding.drempel,
        "vastgelegd_cent": vastgelegd.cent,
        "oorzaak": aanleiding.oorzaak,
        "maanden": [
            {
                "maand": str(maand),
                "plekken": hoogstens_vier_decimalen(plekken),
                "bezette_dagen": dagen,
                "gemiddeld_bezet": vier_decimalen(bezet_deel({maand: dagen}, maand)),
            }
            for maand, plekken, dagen in aanleiding.maanden
        ],
    }
