"""Rows and named queries of occupancy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, Index, bindparam, select
from sqlmodel import Field

from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.tables import Base
from shared.database.port import Query, Reader
from shared.database.rows import table_of
from shared.kernel.periode import Periode
from shared.kernel.verloop import Geleverd, Leverperiode


class LeveringRow(Base, table=True):
    """A levering as backoffice last told. `bezet`: the periods as they were counted; `tijdelijk`: some stop was
    temporary, so that a contract's kept days may touch it."""

    __tablename__ = "levering"
    __table_args__ = (Index("levering_tijdelijk", "aanbieder", "subsegment", "tijdelijk"),)

    id: str = Field(primary_key=True)
    versie: int
    aanbieder: str
    gemeente: str
    subsegment: str
    einddatum_toewijzing: date | None
    vervallen: bool
    tijdelijk: bool
    perioden: list[list[Any]] = Field(sa_type=JSON)
    bezet: list[list[Any]] = Field(sa_type=JSON)


class BezettingMutatieRow(Base, table=True):
    """Change in occupied places of a cell on a day: + on a first day, − on the day after a last one; never 0."""

    __tablename__ = "bezetting_mutatie"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy's own way

    aanbieder: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    gemeente: str = Field(primary_key=True)
    dag: date = Field(primary_key=True)
    aantal: int


LEVERING = table_of(LeveringRow)
BEZETTING_MUTATIE = table_of(BezettingMutatieRow)

VERSION_BY_ID = Query(select(LEVERING.c.id, LEVERING.c.versie).where(LEVERING.c.id == bindparam("id")))
LEVERING_BY_ID = Query(select(LEVERING).where(LEVERING.c.id == bindparam("id")))
TIJDELIJK_GESTOPT = Query(
    select(LEVERING)
    .where(
        LEVERING.c.aanbieder == bindparam("aanbieder"),
        LEVERING.c.subsegment == bindparam("subsegment"),
        LEVERING.c.tijdelijk.is_(True),
    )
    .order_by(LEVERING.c.id)
)
LEVERINGEN_VAN_AANBOD = Query(
    select(LEVERING).where(
        LEVERING.c.aanbieder == bindparam("aanbieder"), LEVERING.c.subsegment == bindparam("subsegment")
    )
)
_VAN_AANBOD = (
    BEZETTING_MUTATIE.c.aanbieder == bindparam("aanbieder"),
    BEZETTING_MUTATIE.c.subsegment == bindparam("subsegment"),
)
_KOLOMMEN = (BEZETTING_MUTATIE.c.gemeente, BEZETTING_MUTATIE.c.dag, BEZETTING_MUTATIE.c.aantal)
MUTATIES_VAN_AANBOD = Query(select(*_KOLOMMEN).where(*_VAN_AANBOD))
MUTATIES_VAN_CEL = Query(select(*_KOLOMMEN).where(*_VAN_AANBOD, BEZETTING_MUTATIE.c.gemeente == bindparam("gemeente")))


async def lees_mutaties(reader: Reader, aanbod: Aanbod) -> dict[str, dict[date, int]]:
    """Gemeente → changes per day, of the whole offer."""
    return per_gemeente(await reader.all(MUTATIES_VAN_AANBOD, **aanbod._asdict()))


def per_gemeente(rows: Iterable[Any]) -> dict[str, dict[date, int]]:
    """Gemeente → changes per day."""
    gelezen: dict[str, dict[date, int]] = {}
    for row in rows:
        gelezen.setdefault(row.gemeente, {})[row.dag] = row.aantal
    return gelezen


async def leveringen_op_id(reader: Reader, ids: Sequence[str]) -> dict[str, Any]:
    """Id → row, of those that are stored."""
    return {row.id: row for rows in await reader.many(LEVERING_BY_ID, id=ids) for row in rows}


async def versies_van(reader: Reader, ids: Sequence[str]) -> dict[str, int]:
    """Id → version, of those that are stored, in whichever offer."""
    return {row.id: row.versie for rows in await reader.many(VERSION_BY_ID, id=ids) for row in rows}


async def opgeslagen_aanbod(reader: Reader) -> set[Aanbod]:
    """Every offer of which something is stored or counted."""
    gevonden: set[Aanbod] = set()
    for table in (LEVERING, BEZETTING_MUTATIE):
        rows = await reader.select(select(table.c.aanbieder, table.c.subsegment).distinct())
        gevonden.update(Aanbod(*row) for row in rows)
    return gevonden


def _tekst(dag: date | None) -> str | None:
    return None if dag is None else dag.isoformat()


def _dag(tekst: str | None) -> date | None:
    return None if tekst is None else date.fromisoformat(tekst)


def perioden_als_json(perioden: Sequence[Geleverd]) -> list[list[object]]:
    """Deliveries as stored."""
    return [[_tekst(p.begindatum), _tekst(p.einddatum), p.tijdelijk, _tekst(p.definitief)] for p in perioden]


def als_perioden(stored: Sequence[Sequence[Any]]) -> tuple[Leverperiode, ...]:
    """Stored deliveries."""
    return tuple(
        Leverperiode(date.fromisoformat(begin), _dag(eind), tijdelijk, _dag(definitief))
        for begin, eind, tijdelijk, definitief in stored
    )


def bezet_als_json(bezet: Sequence[Periode]) -> list[list[str | None]]:
    """Occupied periods as stored."""
    return [[p.begin.isoformat(), _tekst(p.eind)] for p in bezet]


def als_bezet(stored: Sequence[Sequence[Any]]) -> tuple[Periode, ...]:
    """Stored occupied periods."""
    return tuple(Periode(date.fromisoformat(begin), _dag(eind)) for begin, eind in stored)
