"""Named queries of a financial year: its lijnen, settlements and bookings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from services.financien.afrekening.store import AFREKENING
from services.financien.grootboek.rules import Rekening
from services.financien.grootboek.store import BOEKING, POST
from services.financien.overeenkomst.store import LIJN, lijnen
from shared.database.port import Query

TERMIJN_SOORTEN = ("termijn", "herroeping_termijn")
JAAREINDE_SOORTEN = ("jaareinde", "jaareinde_terug")

LIJNEN_IN_JAAR = Query(
    lijnen()
    .where(
        LIJN.c.gemeente == bindparam("gemeente"),
        LIJN.c.begin <= bindparam("laatste"),
        LIJN.c.eind >= bindparam("eerste"),
    )
    .order_by(LIJN.c.aanbieder, LIJN.c.subsegment, LIJN.c.begin, LIJN.c.id)
)
VASTGESTELD_IN_JAAR = Query(
    select(AFREKENING.c.aanbieder, AFREKENING.c.corrigeert, AFREKENING.c.regels)
    .where(
        AFREKENING.c.gemeente == bindparam("gemeente"),
        AFREKENING.c.status == "vastgesteld",
        AFREKENING.c.begindatum <= bindparam("laatste"),
        AFREKENING.c.einddatum >= bindparam("eerste"),
    )
    .order_by(AFREKENING.c.id)
)


def _kant(rekening: ColumnElement[str], welke: Rekening, *soorten: ColumnElement[bool]) -> Query:
    """Sums per aanbieder, sub-segment and month of one side of an account, about the months of a year."""
    wie = (BOEKING.c.aanbieder, BOEKING.c.subsegment, BOEKING.c.maand)
    return Query(
        select(*wie, func.sum(BOEKING.c.bedrag_cent).label("cent"))
        .join(POST, POST.c.id == BOEKING.c.post)
        .where(
            POST.c.gemeente == bindparam("gemeente"),
            BOEKING.c.maand.between(bindparam("eerste"), bindparam("laatste")),
            rekening == str(welke),
            *soorten,
        )
        .group_by(*wie)
    )


# Not `in`: a named query is compiled once, and a list of values would have to be filled in each time.
_TERMIJN = or_(*(POST.c.soort == soort for soort in TERMIJN_SOORTEN))
_GEEN_JAAREINDE = and_(*(POST.c.soort != soort for soort in JAAREINDE_SOORTEN))
# (debet, credit) of what is compared or posted.
VOORSCHOTTEN = (
    _kant(BOEKING.c.debet, Rekening.VOORSCHOTTEN, _TERMIJN),
    _kant(BOEKING.c.credit, Rekening.VOORSCHOTTEN, _TERMIJN),
)
LASTEN = (
    _kant(BOEKING.c.debet, Rekening.LASTEN, _GEEN_JAAREINDE),
    _kant(BOEKING.c.credit, Rekening.LASTEN, _GEEN_JAAREINDE),
)
# What of it stands in the books through a day (`tot`), whenever the month was.
LASTEN_TOT = (
    _kant(BOEKING.c.debet, Rekening.LASTEN, _GEEN_JAAREINDE, POST.c.boekdatum <= bindparam("tot")),
    _kant(BOEKING.c.credit, Rekening.LASTEN, _GEEN_JAAREINDE, POST.c.boekdatum <= bindparam("tot")),
)
OVERGEBOEKT = (
    _kant(BOEKING.c.debet, Rekening.LASTEN, POST.c.soort == JAAREINDE_SOORTEN[0]),
    _kant(BOEKING.c.credit, Rekening.LASTEN, POST.c.soort == JAAREINDE_SOORTEN[0]),
)


def gemeenten_in_jaar(eerste: str, laatste: str) -> Select[Any]:
    """Gemeenten that have a lijn in a year, to be filtered."""
    return select(LIJN.c.gemeente).where(LIJN.c.begin <= laatste, LIJN.c.eind >= eerste).distinct()
