"""The technical tables that every service has beside its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from shared.database.columns import UtcDateTime


@dataclass(frozen=True, slots=True)
class EventTables:
    """outbox: to be sent and sent; inbox: what was taken in; parked: what could not be handled; answers: stored
    answers of calls with an Idempotency-Key; processing: who saw or decided what."""

    outbox: Table
    inbox: Table
    parked: Table
    answers: Table
    processing: Table


def event_tables(metadata: MetaData) -> EventTables:
    """Make the technical tables in a service's own metadata."""
    outbox = Table(
        "outbox",
        metadata,
        Column("volgnummer", Integer, primary_key=True, autoincrement=True),
        Column("id", String, nullable=False, unique=True),
        Column("topic", String, nullable=False),
        Column("sleutel", String, nullable=False),
        Column("inhoud", LargeBinary, nullable=False),
        Column("aangemaakt_op", UtcDateTime, nullable=False),
        Column("verzonden_op", UtcDateTime),
        sqlite_autoincrement=True,
    )
    unsent = outbox.c.verzonden_op.is_(None)
    Index("outbox_te_verzenden", outbox.c.volgnummer, sqlite_where=unsent, postgresql_where=unsent)
    inbox = Table(
        "inbox",
        metadata,
        Column("gebeurtenis", String, primary_key=True),
        Column("ontvangen_op", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    parked = Table(
        "geparkeerd",
        metadata,
        Column("gebeurtenis", String, primary_key=True),
        Column("topic", String, nullable=False),
        Column("sleutel", String, nullable=False),
        Column("inhoud", LargeBinary, nullable=False),
        Column("fout", Text, nullable=False),
        Column("pogingen", Integer, nullable=False),
        Column("geparkeerd_op", UtcDateTime, nullable=False),
        Column("opgelost_op", UtcDateTime),
    )
    answers = Table(
        "antwoord",
        metadata,
        Column("beller", String, primary_key=True),
        Column("route", String, primary_key=True),
        Column("sleutel", String, primary_key=True),
        Column("vingerafdruk", String, nullable=False),
        Column("status", Integer, nullable=False),
        Column("kop", Text, nullable=False),
        Column("inhoud", LargeBinary, nullable=False),
        Column("bewaard_op", UtcDateTime, nullable=False),
    )
    processing = Table(
        "verwerking",
        metadata,
        Column("id", String, primary_key=True),
        Column("tijdstip", UtcDateTime, nullable=False),
        Column("gebruiker", String, nullable=False),
        Column("rol", String, nullable=False),
        Column("namens", String, nullable=False),
        Column("handeling", String, nullable=False),
        Column("betrokkene", String, nullable=False, index=True),
        Column("grondslag", String, nullable=False),
    )
    return EventTables(outbox, inbox, parked, answers, processing)
