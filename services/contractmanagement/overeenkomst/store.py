"""Rows and named queries of contracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, bindparam, or_, select
from sqlmodel import Field

from services.contractmanagement.overeenkomst.rules.dekking import Lijn, maak_lijn
from services.contractmanagement.overeenkomst.rules.drempels import STANDAARD, Drempelversie, Drempelwaarden
from services.contractmanagement.overeenkomst.rules.inhoud import (
    Aanleiding,
    Contractregel,
    Instellingen,
    Overeenkomst,
    Regelversie,
)
from services.contractmanagement.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query, Reader
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.plekken import Plekken


class OvereenkomstRow(Base, table=True):
    """A contract as it now stands; its lines are rows of their own. `drempels`: dated thresholds, none when these are
    and stay the defaults."""

    __tablename__ = "overeenkomst"

    id: str = Field(primary_key=True)
    versie: int
    aanbieder: str = Field(index=True)
    naam: str
    begindatum: date
    einddatum: date
    instellingen: dict[str, Any] = Field(sa_type=JSON)
    drempels: list[dict[str, Any]] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)
    gewijzigd_door: str


class ContractregelRow(Base, table=True):
    """A line with its dated versions (places in hundredths, prices in cents). What it has of its contract stands here
    so that an event needs one query: aanbieder, last day and kept days never change, `drempels` is written on every
    line of a contract at once."""

    __tablename__ = "contractregel"
    __table_args__ = (Index("contractregel_aanbod", "aanbieder", "subsegment", "id"),)

    id: str = Field(primary_key=True)
    overeenkomst: str = Field(foreign_key="overeenkomst.id", index=True)
    nummer: int
    aanbieder: str
    gemeente: str | None
    subsegment: str
    vanaf: date
    tot_en_met: date
    houdt_dagen: int
    versies: list[dict[str, Any]] = Field(sa_type=JSON)
    drempels: list[dict[str, Any]] | None = Field(sa_column=Column(JSON(none_as_null=True)))


class RegelgemeenteRow(Base, table=True):
    """Which gemeenten a line concerns on any date, to filter lists by."""

    __tablename__ = "regelgemeente"

    regel: str = Field(primary_key=True)
    gemeente: str = Field(primary_key=True, index=True)
    overeenkomst: str = Field(index=True)


OVEREENKOMST = table_of(OvereenkomstRow)
CONTRACTREGEL = table_of(ContractregelRow)
REGELGEMEENTE = table_of(RegelgemeenteRow)

BY_ID = Query(select(OVEREENKOMST).where(OVEREENKOMST.c.id == bindparam("id")))
CONCERNS = Query(
    select(REGELGEMEENTE.c.regel).where(
        REGELGEMEENTE.c.regel == bindparam("regel"), REGELGEMEENTE.c.gemeente == bindparam("gemeente")
    )
)
NAMEN = Query(
    select(OVEREENKOMST.c.aanbieder, OVEREENKOMST.c.naam).order_by(OVEREENKOMST.c.begindatum, OVEREENKOMST.c.id)
)
REGELS_VAN = Query(
    select(CONTRACTREGEL)
    .where(CONTRACTREGEL.c.overeenkomst == bindparam("overeenkomst"))
    .order_by(CONTRACTREGEL.c.nummer)
)
REGELS_VAN_AANBOD = Query(
    select(CONTRACTREGEL)
    .where(
        CONTRACTREGEL.c.aanbieder == bindparam("aanbieder"),
        CONTRACTREGEL.c.subsegment == bindparam("subsegment"),
    )
    .order_by(CONTRACTREGEL.c.id)
)
# Those that may cover a gemeente: its own, and those for the region.
REGELS_VAN_CEL = Query(
    select(CONTRACTREGEL)
    .where(
        CONTRACTREGEL.c.aanbieder == bindparam("aanbieder"),
        CONTRACTREGEL.c.subsegment == bindparam("subsegment"),
        or_(CONTRACTREGEL.c.gemeente == bindparam("gemeente"), CONTRACTREGEL.c.gemeente.is_(None)),
    )
    .order_by(CONTRACTREGEL.c.id)
)


def versie_als_json(versie: Regelversie) -> dict[str, object]:
    """A dated version as stored."""
    return {
        "vanaf": versie.vanaf.isoformat(),
        "plekken": versie.plekken.honderdsten,
        "prijs_cent": versie.prijs_per_plek.cent,
        "verdeelsleutel": None if versie.verdeelsleutel is None else dict(versie.verdeelsleutel),
        "doorlooptijd": versie.opgegeven_doorlooptijd_dagen,
        **({} if versie.aanleiding is None else {"aanleiding": asdict(versie.aanleiding)}),
    }


def _versie(stored: dict[str, Any]) -> Regelversie:
    sleutel = stored["verdeelsleutel"]
    return Regelversie(
        vanaf=date.fromisoformat(stored["vanaf"]),
        plekken=Plekken(stored["plekken"]),
        prijs_per_plek=Bedrag(stored["prijs_cent"]),
        verdeelsleutel=None if sleutel is None else tuple(sleutel.items()),
        opgegeven_doorlooptijd_dagen=stored["doorlooptijd"],
        aanleiding=Aanleiding(**stored["aanleiding"]) if "aanleiding" in stored else None,
    )


def drempels_als_json(versies: Sequence[Drempelversie]) -> list[dict[str, str]] | None:
    """Dated thresholds as stored; nothing for the defaults, so that most lines have nothing to read."""
    if all(versie.waarden == STANDAARD for versie in versies):
        return None
    return [{"vanaf": versie.vanaf.isoformat(), **asdict(versie.waarden)} for versie in versies]


def als_drempels(stored: Sequence[dict[str, Any]] | None) -> tuple[Drempelversie, ...]:
    """Stored thresholds; none for the defaults."""
    return () if stored is None else tuple(_drempelversie(**versie) for versie in stored)


def _drempelversie(vanaf: str, **waarden: str) -> Drempelversie:
    return Drempelversie(date.fromisoformat(vanaf), Drempelwaarden(**waarden))


def als_regel(row: Any) -> Contractregel:
    """A stored line with its versions."""
    return Contractregel(row.gemeente, row.subsegment, tuple(_versie(stored) for stored in row.versies))


def als_lijn(row: Any) -> Lijn:
    """A stored line with the days it covers."""
    return maak_lijn(row.id, row.aanbieder, als_regel(row), row.tot_en_met, row.houdt_dagen, als_drempels(row.drempels))


def als_overeenkomst(row: Any, regels: Iterable[Any]) -> Overeenkomst:
    """A stored contract with its stored lines, in the order in which they were agreed."""
    return Overeenkomst(
        id=row.id,
        aanbieder=row.aanbieder,
        naam=row.naam,
        begindatum=row.begindatum,
        einddatum=row.einddatum,
        instellingen=Instellingen(**row.instellingen),
        regels=tuple(als_regel(regel) for regel in regels),
        drempels=als_drempels(row.drempels) or (Drempelversie(row.begindatum, STANDAARD),),
    )


async def names_of(reader: Reader) -> dict[str, str]:
    """AGB code → name of every aanbieder with a contract, as its contract that begins last has it."""
    return {row.aanbieder: row.naam for row in await reader.all(NAMEN)}
