"""Rows and named queries of the archive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, bindparam, select
from sqlmodel import Field

from services.backoffice.bericht.rules import Richting, Status
from services.backoffice.tables import Base
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of


class BerichtRow(Base, table=True):
    """A text. `inhoud` is encrypted and bound to `id`; `van` and `aan` are who really sent and who receives (a retour
    keeps the header of the message it answers). `heenbericht` is what a retour answers, `retour` the answer."""

    __tablename__ = "bericht"
    # Who asks for messages asks for its own, and an answer is held against what was sent: never the whole archive.
    __table_args__ = (
        Index("bericht_van", "van", "identificatie"),
        Index("bericht_aan", "aan", "id"),
        Index("bericht_beller_aanbieder", "beller_aanbieder", "id"),
    )

    id: str = Field(primary_key=True)
    versie: int
    richting: str
    soort: str | None = Field(default=None)
    van: str | None
    aan: str | None
    identificatie: str | None
    dagtekening: date | None
    vingerafdruk: str
    inhoud: bytes
    lengte: int
    status: str = Field(index=True)
    retourcodes: list[str] = Field(sa_type=JSON)
    fouten: list[dict[str, object]] = Field(sa_type=JSON)
    wacht_tot: date | None = Field(index=True)
    heenbericht: str | None
    retour: str | None
    tijdstip: datetime = Field(sa_type=UtcDateTime)
    beller: str
    beller_aanbieder: str | None
    beller_gemeente: str | None


class IdentificatieRow(Base, table=True):
    """Which message holds an Identificatie of a sender and kind (TR056)."""

    __tablename__ = "identificatie"

    soort: str = Field(primary_key=True)
    afzender: str = Field(primary_key=True)
    identificatie: str = Field(primary_key=True)
    bericht: str
    vingerafdruk: str


BERICHT = table_of(BerichtRow)
IDENTIFICATIE = table_of(IdentificatieRow)

BY_ID = Query(select(BERICHT).where(BERICHT.c.id == bindparam("id")))
HOLDER = Query(
    select(IDENTIFICATIE.c.bericht, IDENTIFICATIE.c.vingerafdruk).where(
        IDENTIFICATIE.c.soort == bindparam("soort"),
        IDENTIFICATIE.c.afzender == bindparam("afzender"),
        IDENTIFICATIE.c.identificatie == bindparam("identificatie"),
    )
)
OVERDUE = Query(
    select(BERICHT.c.id)
    .where(BERICHT.c.status == Status.WACHT, BERICHT.c.wacht_tot < bindparam("vandaag"))
    .order_by(BERICHT.c.tijdstip, BERICHT.c.id)
)
SENT = Query(
    select(BERICHT).where(
        BERICHT.c.richting == Richting.UIT,
        BERICHT.c.soort == bindparam("soort"),
        BERICHT.c.van == bindparam("van"),
        BERICHT.c.identificatie == bindparam("identificatie"),
    )
)
UNDECIDED = Query(
    select(BERICHT)
    .where(BERICHT.c.status == Status.ONTVANGEN, BERICHT.c.tijdstip < bindparam("voor"))
    .order_by(BERICHT.c.tijdstip)
    .limit(100)
)
