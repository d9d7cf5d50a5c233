"""Rows and named queries of batches, payments, files for the bank and what the bank sent back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Select, UniqueConstraint, bindparam, or_, select
from sqlmodel import Field

from services.financien.betaalgegevens.rules import Doel
from services.financien.betaling.rules.boekingen import SOORT, Opdracht
from services.financien.betaling.rules.samenstelling import Onderdeel, OpenPost
from services.financien.grootboek.rules import Rekening
from services.financien.grootboek.store import BOEKING, POST
from services.financien.tables import Base
from shared.database.append_only import append_only
from shared.database.columns import UtcDateTime
from shared.database.port import Query
from shared.database.rows import table_of
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

Row = dict[str, Any]
MOST_ASKED = 500  # values in one question


class BetaalbatchRow(Base, table=True):
    """A batch of the gemeente that pays. `kenmerk` is the MsgId of its file; `goedkeuringen` and `stappen`: who and
    when. What it pays never changes."""

    __tablename__ = "betaalbatch"

    id: str = Field(primary_key=True)
    versie: int
    betaler: str = Field(index=True)
    kenmerk: str = Field(unique=True)
    uitvoerdatum: date
    status: str
    aantal: int
    totaal_cent: int
    iban: str
    naam: str
    goedkeuringen: list[dict[str, str]] = Field(sa_type=JSON)
    goedgekeurd_op: datetime | None = Field(sa_type=UtcDateTime)
    stappen: list[dict[str, str]] = Field(sa_type=JSON)
    overgeslagen: list[dict[str, Any]] = Field(sa_type=JSON)


class BetalingRow(Base, table=True):
    """One payment of a batch: what `betaler` pays of what `gemeente` owes to `aanbieder`. `kenmerk` is its EndToEndId;
    `opbouw`: purpose, segment, sub-segment, month, cents."""

    __tablename__ = "betaling"
    __table_args__ = (
        UniqueConstraint("batch", "gemeente", "aanbieder", name="betaling_een_per_aanbieder"),
        CheckConstraint("bedrag_cent > 0", name="betaling_positief"),
    )

    id: str = Field(primary_key=True)
    versie: int
    batch: str = Field(foreign_key="betaalbatch.id")
    betaler: str = Field(index=True)
    gemeente: str = Field(index=True)
    aanbieder: str = Field(index=True)
    kenmerk: str = Field(unique=True)
    uitvoerdatum: date
    bedrag_cent: int
    iban: str
    naam: str
    omschrijving: str
    status: str
    reden: str | None
    uitgevoerd_op: date | None
    opbouw: list[dict[str, Any]] = Field(sa_type=JSON)


class BetaalpostRow(Base, table=True):
    """An item of the ledger that a live payment took: its key makes sure that there is one. Freed when the payment is
    withdrawn, refused or returned; then the item is open again."""

    __tablename__ = "betaalpost"

    post: str = Field(primary_key=True)
    nummer: int = Field(primary_key=True)
    betaling: str = Field(foreign_key="betaling.id", index=True)


class BetaalbestandRow(Base, table=True):
    """The file for the bank, as it was made: it is never made anew."""

    __tablename__ = "betaalbestand"

    batch: str = Field(primary_key=True, foreign_key="betaalbatch.id")
    inhoud: bytes
    vingerafdruk: str
    gemaakt_op: datetime = Field(sa_type=UtcDateTime)


class TerugmeldingRow(Base, table=True):
    """What the bank sent, kept whole and encrypted (a statement names residents); `uitkomst` is what it did here. The
    same bytes have effect once."""

    __tablename__ = "terugmelding"
    __table_args__ = (UniqueConstraint("gemeente", "vingerafdruk", name="terugmelding_eenmaal"),)

    id: str = Field(primary_key=True)
    gemeente: str = Field(index=True)
    soort: str
    vingerafdruk: str
    inhoud: bytes
    lengte: int
    ontvangen_op: datetime = Field(sa_type=UtcDateTime)
    ontvangen_door: str
    uitkomst: dict[str, Any] = Field(sa_type=JSON)


BATCH = table_of(BetaalbatchRow)
BETALING = table_of(BetalingRow)
BETAALPOST = table_of(BetaalpostRow)
BESTAND = append_only(table_of(BetaalbestandRow))
TERUGMELDING = append_only(table_of(TerugmeldingRow))

BATCH_OP_ID = Query(select(BATCH).where(BATCH.c.id == bindparam("id")))
BATCH_MET_KENMERK = Query(
    select(BATCH).where(BATCH.c.kenmerk == bindparam("kenmerk"), BATCH.c.betaler == bindparam("betaler"))
)
BETALINGEN_VAN_BATCH = Query(
    select(BETALING).where(BETALING.c.batch == bindparam("batch")).order_by(BETALING.c.gemeente, BETALING.c.aanbieder)
)
BETALING_OP_ID = Query(select(BETALING).where(BETALING.c.id == bindparam("id")))
GENOMEN_POSTEN = Query(
    select(*BOEKING.c, POST.c.omschrijving, POST.c.oorzaak_soort, POST.c.oorzaak_id)
    .join(BETAALPOST, (BETAALPOST.c.post == BOEKING.c.post) & (BETAALPOST.c.nummer == BOEKING.c.nummer))
    .join(POST, POST.c.id == BOEKING.c.post)
    .where(BETAALPOST.c.betaling == bindparam("betaling"))
    .order_by(POST.c.volgnummer, BOEKING.c.nummer)
)
BETAALPOSTEN_VAN_BATCH = Query(
    select(BETAALPOST)
    .join(BETALING, BETALING.c.id == BETAALPOST.c.betaling)
    .where(BETALING.c.batch == bindparam("batch"))
)
BETAALPOSTEN_VAN_BETALING = Query(select(BETAALPOST).where(BETAALPOST.c.betaling == bindparam("betaling")))
BESTAND_VAN_BATCH = Query(select(BESTAND).where(BESTAND.c.batch == bindparam("batch")))
TERUGMELDING_KOLOMMEN = [column for column in TERUGMELDING.c if column.name != "inhoud"]
TERUGMELDING_OP_ID = Query(select(TERUGMELDING).where(TERUGMELDING.c.id == bindparam("id")))
TERUGMELDING_EERDER = Query(
    select(*TERUGMELDING_KOLOMMEN).where(
        TERUGMELDING.c.gemeente == bindparam("gemeente"), TERUGMELDING.c.vingerafdruk == bindparam("vingerafdruk")
    )
)


def open_posten(gemeenten: Sequence[str]) -> Select[Any]:
    """Bookings on `te_betalen` that no live payment took, of these gemeenten; those of payments are no debts."""
    te_betalen = str(Rekening.TE_BETALEN)
    return (
        select(*BOEKING.c, POST.c.gemeente, POST.c.oorzaak_soort)
        .join(POST, POST.c.id == BOEKING.c.post)
        .outerjoin(BETAALPOST, (BETAALPOST.c.post == BOEKING.c.post) & (BETAALPOST.c.nummer == BOEKING.c.nummer))
        .where(
            POST.c.gemeente.in_(gemeenten),
            POST.c.oorzaak_soort != SOORT,
            or_(BOEKING.c.debet == te_betalen, BOEKING.c.credit == te_betalen),
            BOEKING.c.aanbieder.is_not(None),
            BETAALPOST.c.betaling.is_(None),
        )
    )


def open_post_van(row: Any) -> OpenPost:
    """A row of `open_posten` as rules know it: what was credited is owed, what was debited takes back."""
    owed = row.credit == Rekening.TE_BETALEN
    return OpenPost(
        row.post,
        row.nummer,
        row.gemeente,
        row.aanbieder,
        Doel.AFREKENING if row.oorzaak_soort == "afrekening" else Doel.BETALING,
        row.subsegment,
        None if row.maand is None else Maand.lees(row.maand),
        Bedrag(row.bedrag_cent if owed else -row.bedrag_cent),
    )


def betalingen_met_kenmerk(kenmerken: Sequence[str], betaler: str) -> Select[Any]:
    """Payments of a payer by their EndToEndId."""
    return select(BETALING).where(BETALING.c.kenmerk.in_(kenmerken), BETALING.c.betaler == betaler)


def opbouw_als_kolom(onderdelen: Iterable[Onderdeel]) -> list[Row]:
    """The build-up as stored."""
    return [
        {
            "doel": str(deel.doel),
            "segment": deel.segment,
            "subsegment": deel.subsegment,
            "maand": None if deel.maand is None else str(deel.maand),
            "bedrag_cent": deel.bedrag.cent,
        }
        for deel in onderdelen
    ]


def opdracht_van(row: Row) -> Opdracht:
    """A payment as it is booked."""
    onderdelen = tuple(
        Onderdeel(
            Doel(deel["doel"]),
            deel["segment"],
            deel["subsegment"],
            None if deel["maand"] is None else Maand.lees(deel["maand"]),
            Bedrag(deel["bedrag_cent"]),
        )
        for deel in row["opbouw"]
    )
    return Opdracht(row["id"], row["kenmerk"], row["betaler"], row["gemeente"], row["aanbieder"], onderdelen)
