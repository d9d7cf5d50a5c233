"""Utilisation on a reference date: one row per contract line that is valid then (C-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.contractmanagement.benutting.rules import benutting
from services.contractmanagement.bezetting.store import BEZETTING_MUTATIE
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.store import als_lijn
from shared.database.port import Reader
from shared.kernel.plekken import Plekken


@dataclass(frozen=True, slots=True)
class Benut:
    """A contract line on the reference date."""

    lijn: Lijn
    plekken: Plekken
    bezet: int

    @property
    def benutting(self) -> Decimal | None:
        """Occupied / awarded, four decimals; None when nothing is awarded."""
        return benutting(self.bezet, self.plekken)


async def benut_op(reader: Reader, rows: Sequence[Any], peildatum: date, gemeente: str | None) -> list[Benut]:
    """The utilisation of these contract lines (rows), all valid on `peildatum`; with `gemeente` only those that cover
    it then. On a future date open leveringen count through the end of their toewijzing."""
    lijnen = [als_lijn(row) for row in rows]
    bezet = await _bezet_per_cel(reader, lijnen, peildatum)
    return [
        Benut(lijn, versie.plekken, sum(bezet.get(_cel(lijn, naam), 0) for naam in _gedekt(lijn, peildatum)))
        for lijn in lijnen
        if (versie := lijn.regel.versie_op(peildatum)) is not None
        and (gemeente is None or lijn.dekt(gemeente, peildatum))
    ]


def _gedekt(lijn: Lijn, dag: date) -> list[str]:
    return [gemeente for gemeente in lijn.dekking if lijn.dekt(gemeente, dag)]


def _cel(lijn: Lijn, gemeente: str) -> tuple[str, str, str]:
    return lijn.aanbieder, lijn.regel.subsegment, gemeente


async def _bezet_per_cel(reader: Reader, lijnen: Sequence[Lijn], peildatum: date) -> dict[tuple[str, str, str], int]:
    """Occupied places per (aanbieder, sub-segment, gemeente) of these lines' providers."""
    table = BEZETTING_MUTATIE.c
    cel = (table.aanbieder, table.subsegment, table.gemeente)
    statement = (
        select(*cel, func.sum(table.aantal).label("bezet"))
        .where(
            table.aanbieder.in_(sorted({lijn.aanbieder for lijn in lijnen})),
            table.subsegment.in_(sorted({lijn.regel.subsegment for lijn in lijnen})),
            table.dag <= peildatum,
        )
        .group_by(*cel)
    )
    rows = await reader.select(statement) if lijnen else ()
    return {(row.aanbieder, row.subsegment, row.gemeente): int(row.bezet) for row in rows}
