"""Rows and named queries of the ledger. Posts, bookings and closings are append-only, in the database as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Select, UniqueConstraint, bindparam, func, select
from sqlmodel import Field

from services.financien.grootboek.rules.boeking import Boeking, Journaalpost, Oorzaak, Rekening
from services.financien.grootboek.rules.keten import Geboekt
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.changeset import Changeset
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand


class KetenRow(Base, table=True):
    """The head of the chain of a gemeente: number and hash of its last post, and its last closed month. Its version
    lets posts and closings of one gemeente wait for each other."""

    __tablename__ = "grootboek_keten"

    gemeente: str = Field(primary_key=True)
    versie: int
    volgnummer: int
    hash: str
    gesloten_tot: str | None


class JournaalpostRow(Base, table=True):
    """A post; `sleutel` names the fact that is booked, `herroept` the post that is undone, each at most once."""

    __tablename__ = "journaalpost"
    __table_args__ = (
        UniqueConstraint("gemeente", "volgnummer", name="journaalpost_volgorde"),
        Index("journaalpost_boekdatum", "gemeente", "boekdatum"),
        Index("journaalpost_oorzaak", "oorzaak_soort", "oorzaak_id"),
    )

    id: str = Field(primary_key=True)
    gemeente: str
    volgnummer: int
    boekdatum: date
    periode: str
    soort: str
    omschrijving: str
    oorzaak_soort: str
    oorzaak_id: str
    sleutel: str = Field(unique=True)
    herroept: str | None = Field(unique=True)
    persoon: str
    vastgelegd_op: datetime = Field(sa_type=UtcDateTime)
    vorige: str
    hash: str


class BoekingRow(Base, table=True):
    """A booking of a post: `bedrag_cent` goes from `credit` to `debet`, so a post adds up to zero by what it is."""

    __tablename__ = "boeking"
    __table_args__ = (
        CheckConstraint("bedrag_cent > 0", name="boeking_positief"),
        CheckConstraint("debet <> credit", name="boeking_verplaatst"),
    )

    post: str = Field(primary_key=True, foreign_key="journaalpost.id")
    nummer: int = Field(primary_key=True)
    debet: str
    credit: str
    bedrag_cent: int
    aanbieder: str | None = Field(index=True)
    subsegment: str | None
    maand: str | None
    tegenpartij: str | None


class AfsluitingRow(Base, table=True):
    """A closed month, with where the chain stood then: an anchor that can be kept elsewhere."""

    __tablename__ = "grootboek_afsluiting"

    gemeente: str = Field(primary_key=True)
    maand: str = Field(primary_key=True)
    volgnummer: int
    hash: str
    persoon: str
    vastgelegd_op: datetime = Field(sa_type=UtcDateTime)


class RubriekRow(Base, table=True):
    """Where cost of a sub-segment goes in the books of a gemeente, from a date; `overig` is every other one."""

    __tablename__ = "grootboek_rubriek"

    gemeente: str = Field(primary_key=True)
    subsegment: str = Field(primary_key=True)
    ingangsdatum: date = Field(primary_key=True)
    taakveld: str
    kostenplaats: str
    gewijzigd_op: datetime = Field(sa_type=UtcDateTime)
    gewijzigd_door: str


KETEN = table_of(KetenRow)
POST = append_only(table_of(JournaalpostRow))
BOEKING = append_only(table_of(BoekingRow))
AFSLUITING = append_only(table_of(AfsluitingRow))
RUBRIEK = table_of(RubriekRow)

KETEN_VAN = Query(select(KETEN).where(KETEN.c.gemeente == bindparam("gemeente")))
POST_OP_ID = Query(select(POST).where(POST.c.id == bindparam("id")))
HERROEPING_VAN = Query(select(POST.c.id).where(POST.c.herroept == bindparam("id")))
POSTEN_VAN_OORZAAK = Query(
    select(POST)
    .where(POST.c.oorzaak_soort == bindparam("soort"), POST.c.oorzaak_id == bindparam("id"))
    .order_by(POST.c.volgnummer)
)
BOEKINGEN_VAN = Query(select(BOEKING).where(BOEKING.c.post == bindparam("post")).order_by(BOEKING.c.nummer))
STUK_VAN_KETEN = Query(
    select(POST)
    .where(POST.c.gemeente == bindparam("gemeente"), POST.c.volgnummer > bindparam("na"))
    .order_by(POST.c.volgnummer)
    .limit(bindparam("aantal"))
)
BOEKINGEN_VAN_STUK = Query(
    select(BOEKING)
    .join(POST, POST.c.id == BOEKING.c.post)
    .where(POST.c.gemeente == bindparam("gemeente"), POST.c.volgnummer.between(bindparam("van"), bindparam("tot")))
    .order_by(POST.c.volgnummer, BOEKING.c.nummer)
)
AFSLUITINGEN_VAN = Query(
    select(AFSLUITING).where(AFSLUITING.c.gemeente == bindparam("gemeente")).order_by(AFSLUITING.c.maand)
)
RUBRIEKEN_VAN = Query(
    select(RUBRIEK)
    .where(RUBRIEK.c.gemeente == bindparam("gemeente"))
    .order_by(RUBRIEK.c.subsegment, RUBRIEK.c.ingangsdatum)
)
MOST_ASKED = 500  # values in one question


def bekende_sleutels(sleutels: Sequence[str]) -> Select[Any]:
    """Which of these facts were booked before."""
    return select(POST.c.sleutel).where(POST.c.sleutel.in_(sleutels))


def boekingen_van(posten: Sequence[str]) -> Select[Any]:
    """The bookings of some posts."""
    return select(BOEKING).where(BOEKING.c.post.in_(posten)).order_by(BOEKING.c.post, BOEKING.c.nummer)


def posten(
    gemeente: str | None = None, vanaf: date | None = None, tot: date | None = None, aanbieder: str | None = None
) -> Select[Any]:
    """Posts to be shown; `vanaf` and `tot` bound the day on which they are booked, both included."""
    statement = select(POST)
    if gemeente is not None:
        statement = statement.where(POST.c.gemeente == gemeente)
    if vanaf is not None:
        statement = statement.where(POST.c.boekdatum >= vanaf)
    if tot is not None:
        statement = statement.where(POST.c.boekdatum <= tot)
    if aanbieder is not None:
        statement = statement.where(POST.c.id.in_(select(BOEKING.c.post).where(BOEKING.c.aanbieder == aanbieder)))
    return statement


def kanten(gemeente: str, peildatum: date) -> tuple[Select[Any], Select[Any]]:
    """Sums of debet and of credit per account, aanbieder and sub-segment, of posts through a day."""

    def kant(rekening: Any) -> Select[Any]:
        groep = (rekening, BOEKING.c.aanbieder, BOEKING.c.subsegment)
        return (
            select(*groep, func.sum(BOEKING.c.bedrag_cent).label("cent"))
            .join(POST, POST.c.id == BOEKING.c.post)
            .where(POST.c.gemeente == gemeente, POST.c.boekdatum <= peildatum)
            .group_by(*groep)
        )

    return kant(BOEKING.c.debet), kant(BOEKING.c.credit)


def schrijf(changes: Changeset, geboekt: Geboekt) -> None:
    """A post and its bookings as new rows."""
    post = geboekt.post
    changes.insert(
        POST,
        id=geboekt.id,
        gemeente=post.gemeente,
        volgnummer=geboekt.volgnummer,
        boekdatum=post.boekdatum,
        periode=str(post.periode),
        soort=post.soort,
        omschrijving=post.omschrijving,
        oorzaak_soort=post.oorzaak.soort,
        oorzaak_id=post.oorzaak.id,
        sleutel=post.sleutel,
        herroept=post.herroept,
        persoon=geboekt.persoon,
        vastgelegd_op=geboekt.vastgelegd_op,
        vorige=geboekt.vorige,
        hash=geboekt.hash,
    )
    for nummer, boeking in enumerate(post.boekingen, start=1):
        changes.insert(
            BOEKING,
            post=geboekt.id,
            nummer=nummer,
            debet=str(boeking.debet),
            credit=str(boeking.credit),
            bedrag_cent=boeking.bedrag.cent,
            aanbieder=boeking.aanbieder,
            subsegment=boeking.subsegment,
            maand=None if boeking.maand is None else str(boeking.maand),
            tegenpartij=boeking.tegenpartij,
        )


def boeking_van(row: Any) -> Boeking:
    """A row as the booking it holds."""
    return Boeking(
        Rekening(row.debet),
        Rekening(row.credit),
        Bedrag(row.bedrag_cent),
        row.aanbieder,
        row.subsegment,
        None if row.maand is None else Maand.lees(row.maand),
        row.tegenpartij,
    )


def geboekt_van(row: Any, boekingen: Iterable[Any]) -> Geboekt:
    """Rows as the post they hold."""
    post = Journaalpost(
        row.gemeente,
        row.boekdatum,
        row.soort,
        row.omschrijving,
        Oorzaak(row.oorzaak_soort, row.oorzaak_id),
        row.sleutel,
        tuple(boeking_van(boeking) for boeking in boekingen),
        row.herroept,
    )
    return Geboekt(post, row.id, row.volgnummer, row.persoon, row.vastgelegd_op, row.vorige, row.hash)
