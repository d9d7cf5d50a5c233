"""Rows and named queries of leveringen."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, and_, bindparam, join, select
from sqlmodel import Field

from services.backoffice.bericht.store import BERICHT
from services.backoffice.tables import Base
from services.backoffice.toewijzing.store import TOEWIJZING
from shared.database.port import Query
from shared.database.rows import table_of


class LeveringRow(Base, table=True):
    """All that was reported of one toewijzing (its id) or, without one, of one client and product (a keyed hash).
    `versie` guards the set of deliveries; `perioden` is what was last published."""

    __tablename__ = "levering"

    id: str = Field(primary_key=True)
    versie: int
    toewijzing: str | None
    client: str
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str
    perioden: list[dict[str, object]] = Field(sa_type=JSON)


class AanleveringRow(Base, table=True):
    """One start or stop class of a message. Those of a refused message are marked, and count no more."""

    __tablename__ = "aanlevering"

    bericht: str = Field(primary_key=True)
    nummer: int = Field(primary_key=True)
    levering: str = Field(index=True)
    soort: str
    product: str
    begindatum: date
    einddatum: date | None
    reden: str | None
    status: int
    vervallen: bool


LEVERING = table_of(LeveringRow)
AANLEVERING = table_of(AanleveringRow)

BY_ID = Query(select(LEVERING).where(LEVERING.c.id == bindparam("id")))
# The levering, with each delivery of its set; once with nothing beside it when the set is empty.
_WITH_SET = select(
    *LEVERING.c,
    AANLEVERING.c.bericht,
    AANLEVERING.c.nummer,
    AANLEVERING.c.soort,
    AANLEVERING.c.product,
    AANLEVERING.c.begindatum,
    AANLEVERING.c.einddatum,
    AANLEVERING.c.reden,
    AANLEVERING.c.status,
    BERICHT.c.status.label("stand"),
).join_from(
    LEVERING,
    join(AANLEVERING, BERICHT, BERICHT.c.id == AANLEVERING.c.bericht),
    and_(AANLEVERING.c.levering == LEVERING.c.id, AANLEVERING.c.vervallen.is_(False)),
    isouter=True,
)
WITH_SET = Query(_WITH_SET.where(LEVERING.c.id == bindparam("id")))
# The same, of a toewijzing that is still to be looked up: both at the same moment.
WITH_SET_BY_NUMMER = Query(
    _WITH_SET.where(
        LEVERING.c.id
        == select(TOEWIJZING.c.id)
        .where(
            TOEWIJZING.c.gemeente == bindparam("gemeente"),
            TOEWIJZING.c.wet == bindparam("wet"),
            TOEWIJZING.c.nummer == bindparam("nummer"),
        )
        .scalar_subquery()
    )
)
LEVERINGEN_OF = Query(select(AANLEVERING.c.levering).where(AANLEVERING.c.bericht == bindparam("bericht")).distinct())
AANLEVERINGEN_VAN = Query(
    select(
        *AANLEVERING.c,
        BERICHT.c.status.label("stand"),
        BERICHT.c.soort.label("berichtsoort"),
        BERICHT.c.tijdstip,
    )
    .join(BERICHT, BERICHT.c.id == AANLEVERING.c.bericht)
    .where(AANLEVERING.c.levering == bindparam("levering"))
    .order_by(BERICHT.c.tijdstip, AANLEVERING.c.bericht, AANLEVERING.c.nummer)
)
