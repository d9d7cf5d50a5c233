"""The region at a glance: occupied and awarded places of every gemeente and aanbieder on one date (C-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select

from services.contractmanagement.benutting.handlers import Benut, benut_op
from services.contractmanagement.overeenkomst.store import CONTRACTREGEL, REGELGEMEENTE
from services.contractmanagement.signaal.voorraad import Zoek, gezocht
from shared.database.port import Reader
from shared.kernel.plekken import Plekken


@dataclass(slots=True)
class Vak:
    """Lines of one aanbieder for one gemeente together (`gemeente` None: awarded for the region)."""

    aanbieder: str
    gemeente: str | None
    honderdsten: int = 0
    bezet: int = 0
    signalen: int = 0

    @property
    def plekken(self) -> Plekken:
        """Awarded places."""
        return Plekken(self.honderdsten)

    @property
    def benutting(self) -> Fraction | None:
        """Occupied / awarded; None when nothing is awarded."""
        return Fraction(100 * self.bezet, self.honderdsten) if self.honderdsten else None


@dataclass(slots=True)
class Regiobeeld:
    """Every box that has a line on the date, by aanbieder and gemeente."""

    dag: date
    vakken: dict[tuple[str, str | None], Vak] = field(default_factory=dict)
    regels: int = 0

    @property
    def gemeenten(self) -> list[str | None]:
        """Gemeenten that have lines, the region last."""
        found = {gemeente for _, gemeente in self.vakken}
        return [*sorted(gemeente for gemeente in found if gemeente), *([None] if None in found else [])]

    @property
    def aanbieders(self) -> list[str]:
        """Aanbieders that have lines."""
        return sorted({aanbieder for aanbieder, _ in self.vakken})

    def samen(self, vakken: Iterable[Vak]) -> Vak:
        """These boxes added up."""
        totaal = Vak("", None)
        for vak in vakken:
            totaal.honderdsten += vak.honderdsten
            totaal.bezet += vak.bezet
            totaal.signalen += vak.signalen
        return totaal


def regels_op(
    dag: date, *, aanbieder: str | None = None, gemeente: str | None = None, subsegment: str | None = None
) -> Select[Any]:
    """Contract lines that run on `dag`, of this aanbieder, gemeente and sub-segment where given."""
    regel = CONTRACTREGEL.c
    statement = select(CONTRACTREGEL).where(regel.vanaf <= dag, regel.tot_en_met >= dag)
    if aanbieder is not None:
        statement = statement.where(regel.aanbieder == aanbieder)
    if subsegment is not None:
        statement = statement.where(regel.subsegment == subsegment)
    if gemeente is not None:
        concerned = select(REGELGEMEENTE.c.regel).where(REGELGEMEENTE.c.gemeente == gemeente)
        statement = statement.where(regel.id.in_(concerned))
    return statement


async def maak_regiobeeld(
    reader: Reader,
    dag: date,
    aanbieder: str | None,
    gemeente: str | None,
    subsegment: str | None,
    *,
    met_werk: bool = True,
) -> Regiobeeld:
    """The region (or what this caller may see of it) on `dag`, with its open signals; for who sees the work on them
    (`met_werk`) without the silent ones."""
    rows = await reader.select(regels_op(dag, aanbieder=aanbieder, gemeente=gemeente, subsegment=subsegment))
    beeld = Regiobeeld(dag)
    for benut in await benut_op(reader, rows, dag, gemeente):
        vak = _vak(beeld, benut)
        vak.honderdsten += benut.plekken.honderdsten
        vak.bezet += benut.bezet
        beeld.regels += 1
    signalen = gezocht(Zoek(aanbieder=aanbieder, subsegment=subsegment), dag, met_werk=met_werk).subquery()
    counted = select(signalen.c.aanbieder, signalen.c.gemeente, func.count().label("aantal"))
    for row in await reader.select(counted.group_by(signalen.c.aanbieder, signalen.c.gemeente)):
        if (open_vak := beeld.vakken.get((row.aanbieder, row.gemeente))) is not None:
            open_vak.signalen = row.aantal
    return beeld


async def regels_bij(
    reader: Reader, dag: date, aanbieder: str | None, gemeente: str | None, subsegment: str | None
) -> list[Benut]:
    """The lines behind a box, by aanbieder and sub-segment."""
    rows = await reader.select(regels_op(dag, aanbieder=aanbieder, gemeente=gemeente, subsegment=subsegment))
    found = await benut_op(reader, rows, dag, gemeente)
    return sorted(found, key=lambda benut: (benut.lijn.aanbieder, benut.lijn.regel.subsegment, benut.lijn.id))


def _vak(beeld: Regiobeeld, benut: Benut) -> Vak:
    sleutel = (benut.lijn.aanbieder, benut.lijn.regel.gemeente)
    return beeld.vakken.setdefault(sleutel, Vak(*sleutel))
