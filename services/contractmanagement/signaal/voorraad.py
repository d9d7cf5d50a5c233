"""Signals with the work on them, as a person sees them: the select behind every list and page.

Signals come and go with what is reported; the work on them stays where it was done. When a late message moves the
first day of a signal, the signal lapses and another is raised: the work is found again from there, each time anew, by
subject, kind and days in common. So nothing that comes in writes work, and the order in which it came makes no
difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select

from services.contractmanagement.overeenkomst.store import REGELGEMEENTE
from services.contractmanagement.signaal.rules.episodes import VOLTE, Soort
from services.contractmanagement.signaal.store import SIGNAAL, SIGNAALWERK, ZICHTBAAR
from services.contractmanagement.signaal.werk import Werk, Werkstatus
from shared.database.port import Reader

Stil = Literal["nee", "ja", "alle"]
VERVALLEN = "vervallen"


@dataclass(frozen=True, slots=True)
class Signaal:
    """A signal with its work; `werk` None: not for this viewer."""

    id: str
    soort: Soort
    status: str
    aanbieder: str
    gemeente: str | None
    subsegment: str
    sinds: date
    tot_en_met: date | None
    toelichting: str
    oorzaak: str
    versie: int
    onderwerp: str
    werk: Werk | None


@dataclass(frozen=True, slots=True)
class Zoek:
    """Which signals; what is None does not bound. The default is what the list shows: open, and not silent."""

    status: str | None = "open"
    aanbieder: str | None = None
    gemeente: str | None = None
    subsegment: str | None = None
    soort: Soort | None = None
    eigenaar: str | None = None
    werkstatus: Werkstatus | None = None
    stil: Stil = "nee"


def zelfde_dagen(een: FromClause, ander: FromClause) -> ColumnElement[bool]:
    """Whether two signals have a day in common."""
    return and_(
        or_(een.c.tot_en_met.is_(None), een.c.tot_en_met >= ander.c.sinds),
        or_(ander.c.tot_en_met.is_(None), ander.c.tot_en_met >= een.c.sinds),
    )


def _met_werk() -> Select[Any]:
    """Every signal with the work that was last touched, of its own or of a lapsed one about the same: same subject,
    same kind, a day in common."""
    ander, kandidaat = SIGNAAL.alias("ander"), SIGNAALWERK.alias("kandidaat")
    laatste = (
        select(kandidaat.c.signaal)
        .select_from(kandidaat.join(ander, ander.c.id == kandidaat.c.signaal))
        .where(
            kandidaat.c.onderwerp == SIGNAAL.c.onderwerp,
            kandidaat.c.soort == SIGNAAL.c.soort,
            or_(ander.c.id == SIGNAAL.c.id, and_(ander.c.status == VERVALLEN, zelfde_dagen(ander, SIGNAAL))),
        )
        .order_by(kandidaat.c.gewijzigd_op.desc(), kandidaat.c.signaal)
        .limit(1)
        .correlate(SIGNAAL)
        .scalar_subquery()
    )
    werk = SIGNAALWERK.c
    return select(*ZICHTBAAR, werk.eigenaar, werk.werkstatus, werk.stil_tot).select_from(
        SIGNAAL.outerjoin(SIGNAALWERK, werk.signaal == laatste)
    )


MET_WERK = _met_werk()


def gezocht(zoek: Zoek, vandaag: date, *, met_werk: bool = True) -> Select[Any]:
    """The select of these signals, to be ordered and paged. Who may not see the work (`met_werk` False) is shown
    silent ones as well: else their absence would tell."""
    signaal, werk = SIGNAAL.c, SIGNAALWERK.c
    wanted = {
        signaal.status: zoek.status,
        signaal.aanbieder: zoek.aanbieder,
        signaal.subsegment: zoek.subsegment,
        signaal.soort: None if zoek.soort is None else zoek.soort.value,
        werk.eigenaar: zoek.eigenaar,
    }
    statement = MET_WERK.where(*(column == value for column, value in wanted.items() if value is not None))
    if zoek.gemeente is not None:
        regional = select(REGELGEMEENTE.c.regel).where(REGELGEMEENTE.c.gemeente == zoek.gemeente)
        statement = statement.where(or_(signaal.gemeente == zoek.gemeente, signaal.onderwerp.in_(regional)))
    if zoek.werkstatus is Werkstatus.NIEUW:
        statement = statement.where(or_(werk.werkstatus.is_(None), werk.werkstatus == Werkstatus.NIEUW.value))
    elif zoek.werkstatus is not None:
        statement = statement.where(werk.werkstatus == zoek.werkstatus.value)
    if met_werk and zoek.stil == "nee":
        statement = statement.where(or_(werk.stil_tot.is_(None), werk.stil_tot <= vandaag))
    elif met_werk and zoek.stil == "ja":
        statement = statement.where(werk.stil_tot > vandaag)
    return statement


async def lees_signalen(
    reader: Reader, zoek: Zoek, vandaag: date, *, met_werk: bool = True, hoogstens: int | None = None
) -> list[Signaal]:
    """Signals by aanbieder and sub-segment, for a page. As they were last worked out: call `wissel_dag` before."""
    statement = gezocht(zoek, vandaag, met_werk=met_werk)
    ordered = statement.order_by(SIGNAAL.c.aanbieder, SIGNAAL.c.subsegment, SIGNAAL.c.id).limit(hoogstens)
    return [als_signaal(row, vandaag, met_werk=met_werk) for row in await reader.select(ordered)]


def als_signaal(row: Any, vandaag: date, *, met_werk: bool) -> Signaal:
    """A row of `gezocht` with the work as it is today."""
    return Signaal(
        id=row.id,
        soort=Soort(row.soort),
        status=row.status,
        aanbieder=row.aanbieder,
        gemeente=row.gemeente,
        subsegment=row.subsegment,
        sinds=row.sinds,
        tot_en_met=row.tot_en_met,
        toelichting=row.toelichting,
        oorzaak=row.oorzaak,
        versie=row.versie,
        onderwerp=row.onderwerp,
        werk=_werk(row).op(vandaag) if met_werk else None,
    )


def _werk(row: Any) -> Werk:
    if row.werkstatus is None:
        return Werk()
    return Werk(row.eigenaar, Werkstatus(row.werkstatus), row.stil_tot)


async def een_signaal(reader: Reader, identity: str, vandaag: date) -> Signaal | None:
    """One signal with its work, or None."""
    rows = await reader.select(MET_WERK.where(SIGNAAL.c.id == identity))
    return als_signaal(rows[0], vandaag, met_werk=True) if rows else None


async def opvolgers(reader: Reader, signaal: Signaal, vandaag: date) -> list[Signaal]:
    """Of a lapsed signal: those that now say something of the same days, of the same kind or another of its family."""
    if signaal.status != VERVALLEN:
        return []
    return await _verwant(reader, signaal, vandaag, SIGNAAL.c.status != VERVALLEN)


async def voorgangers(reader: Reader, signaal: Signaal, vandaag: date) -> list[Signaal]:
    """Lapsed signals with work of their own that said something of the same days."""
    bewerkt = select(SIGNAALWERK.c.signaal).where(SIGNAALWERK.c.onderwerp == signaal.onderwerp)
    return await _verwant(reader, signaal, vandaag, SIGNAAL.c.status == VERVALLEN, SIGNAAL.c.id.in_(bewerkt))


async def _verwant(reader: Reader, signaal: Signaal, vandaag: date, *bovendien: ColumnElement[bool]) -> list[Signaal]:
    zelf = SIGNAAL.alias("zelf")
    familie = VOLTE if signaal.soort in VOLTE else {signaal.soort}
    statement = MET_WERK.join(zelf, zelf.c.id == signaal.id).where(
        SIGNAAL.c.onderwerp == signaal.onderwerp,
        SIGNAAL.c.id != signaal.id,
        SIGNAAL.c.soort.in_([soort.value for soort in familie]),
        zelfde_dagen(zelf, SIGNAAL),
        *bovendien,
    )
    rows = await reader.select(statement.order_by(SIGNAAL.c.sinds, SIGNAAL.c.id))
    return [als_signaal(row, vandaag, met_werk=True) for row in rows]
