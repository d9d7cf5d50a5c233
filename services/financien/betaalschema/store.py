"""Rows and named queries of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Select, bindparam, func, select
from sqlmodel import Field

from services.financien.betaalschema.rules import Opbouw, Termijn
from services.financien.overeenkomst.store import LIJN, OVEREENKOMST
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
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


class SchemaversieRow(Base, table=True):
    """The betaalschema of one contract year as it became: sub-segment → month → cents, and what made it so
    (`oorzaak_soort`: overeenkomst, wijziging, indexatie, bijstelling). Never changed: a later one comes beside it."""

    __tablename__ = "betaalschema_versie"

    betaalschema: str = Field(primary_key=True)
    versie: int = Field(primary_key=True)
    overeenkomst: str = Field(index=True)
    gemeente: str
    aanbieder: str
    begin: str
    oorzaak_soort: str
    oorzaak_id: str
    kenmerk: str | None
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)
    gemaakt_door: str
    opbouw: dict[str, dict[str, int]] = Field(sa_type=JSON)


class SchemapublicatieRow(Base, table=True):
    """When a version was told to the provider, by whom; `dag` is the calendar day."""

    __tablename__ = "betaalschema_publicatie"

    betaalschema: str = Field(primary_key=True)
    versie: int = Field(primary_key=True)
    dag: date
    gepubliceerd_op: datetime = Field(sa_type=UtcDateTime)
    gepubliceerd_door: str


TERMIJN = table_of(TermijnRow)
SCHEMAVERSIE = append_only(table_of(SchemaversieRow))
SCHEMAPUBLICATIE = append_only(table_of(SchemapublicatieRow))
TERMIJNEN_VAN_LIJN = Query(select(TERMIJN).where(TERMIJN.c.lijn == bindparam("lijn")).order_by(TERMIJN.c.maand))
TERMIJNEN_VAN_OVEREENKOMST = Query(
    select(TERMIJN)
    .join(LIJN, LIJN.c.id == TERMIJN.c.lijn)
    .where(LIJN.c.overeenkomst == bindparam("overeenkomst"))
    .order_by(TERMIJN.c.lijn, TERMIJN.c.maand)
)
OPBOUW_BIJ_GEMEENTE = Query(
    select(LIJN.c.subsegment, *TERMIJN.c)
    .join(LIJN, LIJN.c.id == TERMIJN.c.lijn)
    .where(LIJN.c.overeenkomst == bindparam("overeenkomst"), LIJN.c.gemeente == bindparam("gemeente"))
)
VERSIES_VAN_SCHEMA = Query(
    select(SCHEMAVERSIE).where(SCHEMAVERSIE.c.betaalschema == bindparam("betaalschema")).order_by(SCHEMAVERSIE.c.versie)
)
PUBLICATIES_VAN_SCHEMA = Query(
    select(SCHEMAPUBLICATIE)
    .where(SCHEMAPUBLICATIE.c.betaalschema == bindparam("betaalschema"))
    .order_by(SCHEMAPUBLICATIE.c.versie)
)
VERSIES_BIJ_OVEREENKOMST = Query(
    select(SCHEMAVERSIE)
    .where(SCHEMAVERSIE.c.overeenkomst == bindparam("overeenkomst"))
    .order_by(SCHEMAVERSIE.c.betaalschema, SCHEMAVERSIE.c.versie)
)
MOST_ASKED = 500  # ids in one question


def nieuwste_versies(ids: Iterable[str]) -> Select[Any]:
    """Schema and number of its newest version."""
    kolom = SCHEMAVERSIE.c.betaalschema
    return select(kolom, func.max(SCHEMAVERSIE.c.versie).label("versie")).where(kolom.in_(ids)).group_by(kolom)


def publicaties_van(ids: Iterable[str]) -> Select[Any]:
    """Every publication of these schemas."""
    return select(SCHEMAPUBLICATIE).where(SCHEMAPUBLICATIE.c.betaalschema.in_(ids))


def paren() -> Select[Any]:
    """(gemeente, aanbieder) that have terms, to be filtered: one row of the betaalschema each."""
    return select(LIJN.c.gemeente, LIJN.c.aanbieder).join(TERMIJN, TERMIJN.c.lijn == LIJN.c.id).distinct()


def termijnen() -> Select[Any]:
    """Terms with whose they are, to be filtered."""
    wie = (LIJN.c.gemeente, LIJN.c.aanbieder, LIJN.c.subsegment, LIJN.c.overeenkomst, OVEREENKOMST.c.begindatum)
    return (
        select(*wie, *TERMIJN.c)
        .join(LIJN, LIJN.c.id == TERMIJN.c.lijn)
        .join(OVEREENKOMST, OVEREENKOMST.c.id == LIJN.c.overeenkomst)
    )


def opbouw_als_kolom(opbouw: Opbouw) -> dict[str, dict[str, int]]:
    """Amounts per sub-segment and month as stored."""
    return {
        subsegment: {str(maand): bedrag.cent for maand, bedrag in sorted(maanden.items())}
        for subsegment, maanden in sorted(opbouw.items())
    }


def opbouw_van(kolom: Mapping[str, Mapping[str, int]]) -> dict[str, dict[Maand, Bedrag]]:
    """Stored amounts per sub-segment and month."""
    return {
        subsegment: {Maand.lees(maand): Bedrag(cent) for maand, cent in maanden.items()}
        for subsegment, maanden in kolom.items()
    }


def schema_van(rows: Iterable[Any]) -> dict[Maand, Termijn]:
    """Rows of one lijn as its terms."""
    return {Maand.lees(row.maand): termijn_van(row) for row in rows}


def termijn_van(row: Any) -> Termijn:
    """One row as a term."""
    return Termijn(Bedrag(row.voorschot_cent), Bedrag(row.bijstelling_cent))
