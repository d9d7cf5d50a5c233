"""Named queries of releasing terms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select

from services.financien.betaalschema.store import TERMIJN
from services.financien.grootboek.store import POST
from services.financien.overeenkomst.store import LIJN, OVEREENKOMST
from services.financien.vrijgave.rules import SOORT
from shared.database.port import Query

MOST_TOGETHER = 200  # terms in one commit, so that no other decision of the gemeente waits long
_VAN_LIJN = (TERMIJN.c.lijn == LIJN.c.id, TERMIJN.c.maand <= bindparam("maand"))
_SLEUTEL = literal(f"{SOORT}/") + TERMIJN.c.lijn + literal(":") + TERMIJN.c.maand
_IETS = TERMIJN.c.voorschot_cent + TERMIJN.c.bijstelling_cent > 0
_GEBOEKT = select(POST.c.id).where(POST.c.sleutel == _SLEUTEL).exists()

_STAND: tuple[ColumnElement[Any], ...] = (func.count().label("aantal"), func.sum(LIJN.c.versie).label("versies"))
STAND_VAN_LIJNEN = Query(select(*_STAND).select_from(LIJN))
GEMEENTEN = Query(select(LIJN.c.gemeente).join(TERMIJN, _VAN_LIJN[0]).where(_VAN_LIJN[1], _IETS, ~_GEBOEKT).distinct())
NOG_VRIJ_TE_GEVEN = Query(
    select(LIJN.c.gemeente, LIJN.c.aanbieder, LIJN.c.subsegment, LIJN.c.overeenkomst, OVEREENKOMST.c.versie, *TERMIJN.c)
    .join(TERMIJN, _VAN_LIJN[0])
    .join(OVEREENKOMST, OVEREENKOMST.c.id == LIJN.c.overeenkomst)
    .where(_VAN_LIJN[1], _IETS, ~_GEBOEKT, LIJN.c.gemeente == bindparam("gemeente"))
    .order_by(TERMIJN.c.maand, LIJN.c.aanbieder, LIJN.c.subsegment, TERMIJN.c.lijn)
    .limit(MOST_TOGETHER)
)
