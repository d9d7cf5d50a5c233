"""Reads all that one contract line shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.bezetting.rules import verloop_van
from services.contractmanagement.bezetting.store import LEVERING, als_bezet, lees_mutaties
from services.contractmanagement.contractregel.rules import (
    Leveringcijfers,
    Maandstand,
    leveringcijfers,
    maandstanden,
)
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.store import CONTRACTREGEL, als_lijn
from services.contractmanagement.signaal.store import SIGNAAL
from shared.database.port import Query, Reader
from shared.kernel.refusal import NotFound
from shared.kernel.verloop import Verloop

REGEL_BY_ID = Query(select(CONTRACTREGEL).where(CONTRACTREGEL.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class Regelbeeld:
    """A contract line with everything that is shown of it. `overeenkomst`: the id of its contract."""

    lijn: Lijn
    overeenkomst: str
    verloop: Verloop
    maanden: Sequence[Maandstand]
    leveringen: Leveringcijfers
    signalen: Sequence[Any]


async def maak_regelbeeld(
    reader: Reader, id: str, vandaag: date, aanbieder: str | None, gemeente: str | None
) -> Regelbeeld:
    """One line, for who may see this aanbieder and gemeente (None: all). Refuses `NotFound`."""
    row = await reader.one(REGEL_BY_ID, id=id)
    lijn = None if row is None else als_lijn(row)
    if lijn is None or aanbieder not in (None, lijn.aanbieder) or (gemeente and gemeente not in lijn.dekking):
        raise NotFound("Deze contractregel bestaat niet, of is niet van uw organisatie.")
    aanbod = Aanbod(lijn.aanbieder, lijn.regel.subsegment)
    verloop = verloop_van(lijn, await lees_mutaties(reader, aanbod))
    leveringen = await reader.select(
        select(LEVERING.c.bezet).where(
            LEVERING.c.aanbieder == aanbod.aanbieder,
            LEVERING.c.subsegment == aanbod.subsegment,
            LEVERING.c.gemeente.in_(sorted(lijn.dekking)),
            LEVERING.c.vervallen.is_(False),
        )
    )
    signalen = await reader.select(
        select(SIGNAAL)
        .where(SIGNAAL.c.onderwerp == lijn.id, SIGNAAL.c.status != "vervallen")
        .order_by(SIGNAAL.c.sinds.desc(), SIGNAAL.c.id)
    )
    return Regelbeeld(
        lijn,
        row.overeenkomst,
        verloop,
        maandstanden(lijn, verloop, vandaag),
        leveringcijfers(lijn, [als_bezet(levering.bezet) for levering in leveringen], vandaag),
        signalen,
    )
