"""Rows and named queries of letters. A letter that was sent is kept as it was: rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, bindparam, select
from sqlmodel import Field

from services.financien.brief.rules import Afzender
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class BriefRow(Base, table=True):
    """A document that went to an aanbieder about `onderwerp` (of kind `onderwerp_soort`), with the version of the
    template it was made with and the SHA-256 of its bytes."""

    __tablename__ = "brief"
    __table_args__ = (Index("brief_onderwerp", "onderwerp_soort", "onderwerp", "soort"),)

    id: str = Field(primary_key=True)
    soort: str
    onderwerp_soort: str
    onderwerp: str
    gemeente: str
    aanbieder: str
    bestandsnaam: str
    mediatype: str
    vorm: str
    vingerafdruk: str
    inhoud: bytes
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str


class AfzenderRow(Base, table=True):
    """Who writes on behalf of a gemeente, and how long an aanbieder gets to react."""

    __tablename__ = "afzender"

    gemeente: str = Field(primary_key=True)
    versie: int
    naam: str
    adres: list[str] = Field(sa_type=JSON)
    contact: str | None
    reactietermijn_dagen: int
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)
    gewijzigd_door: str


BRIEF = append_only(table_of(BriefRow))
AFZENDER = table_of(AfzenderRow)

AFZENDER_VAN = Query(select(AFZENDER).where(AFZENDER.c.gemeente == bindparam("gemeente")))
BRIEF_OP_ID = Query(select(BRIEF).where(BRIEF.c.id == bindparam("id")))
LAATSTE_BRIEF = Query(
    select(BRIEF)
    .where(
        BRIEF.c.onderwerp_soort == bindparam("onderwerp_soort"),
        BRIEF.c.onderwerp == bindparam("onderwerp"),
        BRIEF.c.soort == bindparam("soort"),
    )
    .order_by(BRIEF.c.gemaakt_op.desc(), BRIEF.c.id.desc())
    .limit(1)
)


def afzender_van_row(row: Any) -> Afzender:
    """A row as rules know it."""
    return Afzender(row.gemeente, row.naam, tuple(row.adres), row.contact, row.reactietermijn_dagen)
