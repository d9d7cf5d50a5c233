"""Rows and named queries of contracts and lijnen."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, Index, Select, bindparam, select
from sqlmodel import Field

from services.financien.lumpsum.rules import Contractlijn, Tarief
from services.financien.overeenkomst.rules import Lijn
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand


class OvereenkomstRow(Base, table=True):
    """A contract as contractmanagement last told; shares and tolerances as decimal strings."""

    __tablename__ = "overeenkomst"

    id: str = Field(primary_key=True)
    versie: int
    aanbieder: str = Field(index=True)
    begindatum: date
    einddatum: date
    tolerantie: str
    maximum: str | None
    minimum: str | None
    bijstellingsdrempel: str
    houdt_dagen: int


class LijnRow(Base, table=True):
    """A lijn; months as `2026-01`. `tarieven`: JSON of [month, places (numerator, denominator), cents per year];
    `versie` counts the changes of the lijn and its terms."""

    __tablename__ = "lijn"
    __table_args__ = (Index("lijn_cel", "aanbieder", "gemeente", "subsegment"),)

    id: str = Field(primary_key=True)
    versie: int
    overeenkomst: str = Field(foreign_key="overeenkomst.id", index=True)
    aanbieder: str
    gemeente: str = Field(index=True)
    subsegment: str
    begin: str
    eind: str
    tarieven: str
    ongedekt: str


class OvereenkomstversieRow(Base, table=True):
    """A contract as it was told in one version: kept, so that an older amount can still be explained. `inhoud` is the
    data of the event."""

    __tablename__ = "overeenkomst_versie"

    overeenkomst: str = Field(primary_key=True)
    versie: int = Field(primary_key=True)
    aanbieder: str
    soort: str
    kenmerk: str | None
    indexeren: bool
    gehoord_op: datetime = Field(sa_type=UtcDateTime)
    inhoud: dict[str, Any] = Field(sa_type=JSON)


OVEREENKOMST = table_of(OvereenkomstRow)
LIJN = table_of(LijnRow)
OVEREENKOMSTVERSIE = append_only(table_of(OvereenkomstversieRow))


def lijnen() -> Select[Any]:
    """Lijnen with the settings of their contract, to be filtered; `lijn_van` reads the rows."""
    o = OVEREENKOMST.c
    settings = (o.tolerantie, o.maximum, o.minimum, o.bijstellingsdrempel, o.houdt_dagen)
    return select(*LIJN.c, *settings).join(OVEREENKOMST, o.id == LIJN.c.overeenkomst)


VERSIES_VAN_OVEREENKOMST = Query(
    select(OVEREENKOMSTVERSIE)
    .where(OVEREENKOMSTVERSIE.c.overeenkomst == bindparam("overeenkomst"))
    .order_by(OVEREENKOMSTVERSIE.c.versie)
)
BEGIN_VAN = Query(
    select(OVEREENKOMST.c.begindatum, OVEREENKOMST.c.aanbieder).where(OVEREENKOMST.c.id == bindparam("id"))
)
VERSIE_VAN = Query(select(OVEREENKOMST.c.versie).where(OVEREENKOMST.c.id == bindparam("id")))
LIJN_OP_ID = Query(lijnen().where(LIJN.c.id == bindparam("id")))
LIJNEN_VAN_OVEREENKOMST = Query(lijnen().where(LIJN.c.overeenkomst == bindparam("overeenkomst")).order_by(LIJN.c.id))
LIJNEN_VAN_CEL = Query(
    lijnen()
    .where(
        LIJN.c.aanbieder == bindparam("aanbieder"),
        LIJN.c.gemeente == bindparam("gemeente"),
        LIJN.c.subsegment == bindparam("subsegment"),
    )
    .order_by(LIJN.c.begin, LIJN.c.id)
)
LIJNEN_VAN_GEMEENTE = Query(
    lijnen()
    .where(LIJN.c.gemeente == bindparam("gemeente"))
    .order_by(LIJN.c.aanbieder, LIJN.c.subsegment, LIJN.c.begin, LIJN.c.id)
)


def lijn_van(row: Any) -> Lijn:
    """A row as the lijn it holds."""
    contract, ongedekt = _gelezen(row.begin, row.eind, row.tarieven, row.ongedekt)
    return Lijn(
        row.id,
        row.versie,
        row.overeenkomst,
        row.aanbieder,
        row.gemeente,
        row.subsegment,
        contract,
        ongedekt,
        row.houdt_dagen,
    )


def als_kolommen(contract: Contractlijn, ongedekt: frozenset[Maand]) -> dict[str, str]:
    """What a lijn was awarded, as stored."""
    tarieven = [
        [str(tarief.vanaf), tarief.plekken.numerator, tarief.plekken.denominator, tarief.prijs_per_plek.cent]
        for tarief in contract.tarieven
    ]
    return {
        "begin": str(contract.begin),
        "eind": str(contract.eind),
        "tarieven": orjson.dumps(tarieven).decode(),
        "ongedekt": orjson.dumps([str(maand) for maand in sorted(ongedekt)]).decode(),
    }


@lru_cache(maxsize=8192)
def _gelezen(begin: str, eind: str, tarieven: str, ongedekt: str) -> tuple[Contractlijn, frozenset[Maand]]:
    # Remembered by its own text: the event path reads the same few lijnen over and over.
    gelezen = tuple(
        Tarief(Maand.lees(vanaf), Fraction(teller, noemer), Bedrag(cent))
        for vanaf, teller, noemer, cent in orjson.loads(tarieven)
    )
    contract = Contractlijn(Maand.lees(begin), Maand.lees(eind), gelezen)
    return contract, frozenset(Maand.lees(maand) for maand in orjson.loads(ongedekt))
