"""Named queries of next year's proposals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from services.financien.overeenkomst.store import LIJN

CEL = (LIJN.c.gemeente, LIJN.c.aanbieder, LIJN.c.subsegment)
REGIO = (LIJN.c.aanbieder, LIJN.c.subsegment)


def cellen(eerste: str, laatste: str, *, regio: bool) -> Select[Any]:
    """What has a lijn with a month from `eerste` through `laatste`, to be filtered: per gemeente, aanbieder and
    sub-segment, or with all gemeenten together."""
    kolommen = REGIO if regio else CEL
    return select(*kolommen).where(LIJN.c.begin <= laatste, LIJN.c.eind >= eerste).distinct()


def gemeenten_van(aanbieder: str, subsegment: str) -> Select[Any]:
    """Which gemeenten ever had a lijn of this aanbieder and sub-segment."""
    return (
        select(LIJN.c.gemeente)
        .where(LIJN.c.aanbieder == aanbieder, LIJN.c.subsegment == subsegment)
        .distinct()
        .order_by(LIJN.c.gemeente)
    )
