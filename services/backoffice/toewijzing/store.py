"""Rows and named queries of toewijzingen."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field

from services.backoffice.tables import Base
from shared.database.port import Query
from shared.database.rows import table_of


class ToewijzingRow(Base, table=True):
    """A toewijzing as it now stands. `client` is toegang's pseudonym, `bsn_hash` the keyed hash by which a 305 is
    matched (known once the 301 has left). `te_melden`: something changed that no 301 has told yet."""

    __tablename__ = "toewijzing"
    __table_args__ = (UniqueConstraint("gemeente", "wet", "nummer"),)

    id: str = Field(primary_key=True)
    versie: int
    indicatie: str = Field(unique=True)
    indicatie_versie: int
    nummer: int
    client: str = Field(index=True)
    bsn_hash: str | None
    wet: str
    gemeente: str
    aanbieder: str = Field(index=True)
    subsegment: str
    ingangsdatum: date
    einddatum: date | None
    toewijzingsdatum: date | None
    toewijzingstijd: time | None
    status: str
    te_melden: bool = Field(index=True)
    reden_wijziging: str | None
    toelichting: str | None


class NummerreeksRow(Base, table=True):
    """The last number given out in a gemeente and law (OP275)."""

    __tablename__ = "nummerreeks"

    gemeente: str = Field(primary_key=True)
    wet: str = Field(primary_key=True)
    laatste: int
    versie: int


TOEWIJZING = table_of(ToewijzingRow)
NUMMERREEKS = table_of(NummerreeksRow)

BY_ID = Query(select(TOEWIJZING).where(TOEWIJZING.c.id == bindparam("id")))
BY_INDICATIE = Query(select(TOEWIJZING).where(TOEWIJZING.c.indicatie == bindparam("indicatie")))
BY_NUMMER = Query(
    select(TOEWIJZING).where(
        TOEWIJZING.c.gemeente == bindparam("gemeente"),
        TOEWIJZING.c.wet == bindparam("wet"),
        TOEWIJZING.c.nummer == bindparam("nummer"),
    )
)
LAST_NUMBER = Query(
    select(NUMMERREEKS).where(NUMMERREEKS.c.gemeente == bindparam("gemeente"), NUMMERREEKS.c.wet == bindparam("wet"))
)
TO_REPORT = Query(select(TOEWIJZING).where(TOEWIJZING.c.te_melden.is_(True)).order_by(TOEWIJZING.c.id).limit(500))
OF_CLIENT = Query(
    select(TOEWIJZING)
    .where(
        TOEWIJZING.c.client == bindparam("client"),
        TOEWIJZING.c.gemeente == bindparam("gemeente"),
        TOEWIJZING.c.aanbieder == bindparam("aanbieder"),
        TOEWIJZING.c.wet == bindparam("wet"),
    )
    .order_by(TOEWIJZING.c.nummer)
)
