"""Rows and named queries of occupancy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Index, Table, bindparam, select
from sqlmodel import Field

from services.financien.bezetting.rules import Stand
from services.financien.tables import Base
from shared.database.port import Query, Reader
from shared.database.rows import table_of
from shared.kernel.periode import Maand, Periode
from shared.kernel.verloop import Geleverd, Leverperiode


class Cel(NamedTuple):
    """Where places are counted: a provider, a gemeente and a sub-segment."""

    aanbieder: str
    gemeente: str
    subsegment: str

    def sleutel(self) -> dict[str, object]:
        """The key as columns."""
        return self._asdict()


class LeveringRow(Base, table=True):
    """A levering as backoffice last told. `perioden`: JSON of [begin, eind, tijdelijk, definitief]; `bezet`: JSON of
    [first, last] occupied days, as counted in `bezetting_mutatie`. `tijdelijk`: some stop is temporary."""

    __tablename__ = "levering"
    __table_args__ = (Index("levering_cel", "aanbieder", "gemeente", "subsegment", "tijdelijk"),)

    id: str = Field(primary_key=True)
    versie: int
    aanbieder: str
    gemeente: str
    subsegment: str
    einddatum_toewijzing: date | None
    vervallen: bool
    tijdelijk: bool
    perioden: str
    bezet: str


class MutatieRow(Base, table=True):
    """Change in occupied places of a cell on a day, over all its leveringen; adding commutes."""

    __tablename__ = "bezetting_mutatie"

    aanbieder: str = Field(primary_key=True)
    gemeente: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    dag: date = Field(primary_key=True)
    aantal: int


class CelRow(Base, table=True):
    """The stand of a cell through `dag`; `dagen`: JSON of month → place-days. Its version makes events of one cell,
    and those of the contracts that cover it, wait for each other."""

    __tablename__ = "cel"

    aanbieder: str = Field(primary_key=True)
    gemeente: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    versie: int
    dag: date
    bezet: int
    dagen: str


class Opslag(NamedTuple):
    """A levering as stored, but for its id."""

    aanbieder: str
    gemeente: str
    subsegment: str
    versie: int
    einddatum_toewijzing: date | None
    vervallen: bool
    tijdelijk: bool
    perioden: str
    bezet: str


LEVERING = table_of(LeveringRow)
MUTATIE = table_of(MutatieRow)
CEL = table_of(CelRow)


def _van_cel(table: Table) -> tuple[Any, ...]:
    return tuple(table.c[name] == bindparam(name) for name in Cel._fields)


LEVERING_OP_ID = Query(select(LEVERING).where(LEVERING.c.id == bindparam("id")))
VERSIE_OP_ID = Query(select(LEVERING.c.id, LEVERING.c.versie).where(LEVERING.c.id == bindparam("id")))
TIJDELIJK_GESTOPT = Query(
    select(LEVERING).where(*_van_cel(LEVERING), LEVERING.c.tijdelijk.is_(True)).order_by(LEVERING.c.id)
)
LEVERINGEN_VAN_CEL = Query(select(LEVERING).where(*_van_cel(LEVERING)))
MUTATIES_VAN_CEL = Query(select(MUTATIE.c.dag, MUTATIE.c.aantal).where(*_van_cel(MUTATIE)))
CEL_OP_SLEUTEL = Query(select(CEL.c.versie, CEL.c.dag, CEL.c.bezet, CEL.c.dagen).where(*_van_cel(CEL)))


async def leveringen_op_id(reader: Reader, ids: Sequence[str]) -> dict[str, Any]:
    """Id → row, of those that are stored."""
    return {row.id: row for rows in await reader.many(LEVERING_OP_ID, id=ids) for row in rows}


async def per_cel(reader: Reader, query: Query, cellen: Sequence[Cel]) -> dict[Cel, Sequence[Any]]:
    """The rows that a question by cell has for each of these."""
    if not cellen:
        return {}
    aanbieder, gemeente, subsegment = zip(*cellen, strict=True)
    gevonden = await reader.many(query, aanbieder=aanbieder, gemeente=gemeente, subsegment=subsegment)
    return dict(zip(cellen, gevonden, strict=True))


async def versies_van(reader: Reader, ids: Sequence[str]) -> dict[str, int]:
    """Id → version, of those that are stored, in whichever cell."""
    return {row.id: row.versie for rows in await reader.many(VERSIE_OP_ID, id=ids) for row in rows}


async def opgeslagen_cellen(reader: Reader) -> set[Cel]:
    """Every cell that has a row of any kind."""
    gevonden: set[Cel] = set()
    for table in (LEVERING, MUTATIE, CEL):
        sleutel = select(table.c.aanbieder, table.c.gemeente, table.c.subsegment)
        gevonden.update(Cel(*row) for row in await reader.select(sleutel.distinct()))
    return gevonden


def als_perioden(tekst: str) -> tuple[Leverperiode, ...]:
    """Stored periods."""
    return tuple(
        Leverperiode(date.fromisoformat(begin), _dag(eind), tijdelijk, _dag(definitief))
        for begin, eind, tijdelijk, definitief in orjson.loads(tekst)
    )


def perioden_als_tekst(perioden: Sequence[Geleverd]) -> str:
    """Periods as stored."""
    return orjson.dumps([(p.begindatum, p.einddatum, p.tijdelijk, p.definitief) for p in perioden]).decode()


def als_bezet(tekst: str) -> tuple[Periode, ...]:
    """Stored occupied days."""
    return tuple(Periode(date.fromisoformat(begin), _dag(eind)) for begin, eind in orjson.loads(tekst))


def bezet_als_tekst(bezet: tuple[Periode, ...]) -> str:
    """Occupied days as stored."""
    return orjson.dumps([[p.begin, p.eind] for p in bezet]).decode()


def stand_van_row(row: Any) -> Stand:
    """A row as the stand it holds."""
    dagen = {Maand.lees(maand): aantal for maand, aantal in orjson.loads(row.dagen).items()}
    return Stand(row.dag, row.bezet, dagen)


def stand_als_kolommen(stand: Stand) -> dict[str, object]:
    """A stand as stored."""
    dagen = {str(maand): aantal for maand, aantal in sorted(stand.dagen.items())}
    return {"dag": stand.dag, "bezet": stand.bezet, "dagen": orjson.dumps(dagen).decode()}


def _dag(tekst: str | None) -> date | None:
    return None if tekst is None else date.fromisoformat(tekst)
