"""Use cases of letters: make and keep one in the decision that sends it, show it again, say who the sender is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.financien.bereik import begrens
from services.financien.brief.opmaak import VORM, als_pdf
from services.financien.brief.rules import Afzender, Document, Tabel
from services.financien.brief.store import (
    AFZENDER,
    AFZENDER_VAN,
    BRIEF,
    BRIEF_OP_ID,
    LAATSTE_BRIEF,
    afzender_van_row,
)
from services.financien.brief.werkblad import als_xlsx
from services.financien.gemeente.handlers import gemeente_voluit
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context, Outcome

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BriefOnbekend(NotFound):
    """No such letter for this caller."""


@dataclass(frozen=True, slots=True)
class Onderwerp:
    """What a letter is about, and whose it is."""

    soort: str
    id: str
    gemeente: str
    aanbieder: str


@dataclass(frozen=True, slots=True)
class Bestand:
    """A document ready to be sent."""

    naam: str
    mediatype: str
    inhoud: bytes


async def maak_pdf(context: Context, document: Document, naam: str) -> Bestand:
    """The document as PDF. Away from the event loop: it keeps a processor busy for some tens of milliseconds."""
    return Bestand(f"{naam}.pdf", PDF, await asyncio.to_thread(als_pdf, document, context.now))


async def maak_xlsx(context: Context, titel: str, tabellen: tuple[Tabel, ...], naam: str) -> Bestand:
    """Tables as a spreadsheet."""
    return Bestand(f"{naam}.xlsx", XLSX, await asyncio.to_thread(als_xlsx, titel, tabellen, context.now))


def bewaar(changes: Changeset, context: Context, soort: str, onderwerp: Onderwerp, bestand: Bestand) -> str:
    """Keep what is sent, byte for byte; its id."""
    identity = context.new_id()
    changes.insert(
        BRIEF,
        id=identity,
        soort=soort,
        onderwerp_soort=onderwerp.soort,
        onderwerp=onderwerp.id,
        gemeente=onderwerp.gemeente,
        aanbieder=onderwerp.aanbieder,
        bestandsnaam=bestand.naam,
        mediatype=bestand.mediatype,
        vorm=VORM,
        vingerafdruk=sha256(bestand.inhoud).hexdigest(),
        inhoud=bestand.inhoud,
        gemaakt_op=context.now,
        gemaakt_door=context.caller.gebruiker,
    )
    return identity


async def laatste(reader: Reader, onderwerp_soort: str, onderwerp: str, soort: str) -> Bestand | None:
    """The last document of a kind that was sent about something; that the caller may see it is for the asker."""
    row = await reader.one(LAATSTE_BRIEF, onderwerp_soort=onderwerp_soort, onderwerp=onderwerp, soort=soort)
    return None if row is None else Bestand(row.bestandsnaam, row.mediatype, bytes(row.inhoud))


async def toon(reader: Reader, context: Context, identity: str) -> Bestand:
    """A document that was sent, for the gemeente it came from and the aanbieder it went to. Refuses `BriefOnbekend`."""
    row = await reader.one(BRIEF_OP_ID, id=identity)
    caller = context.caller
    eigen = row is not None and caller.gemeente in (None, row.gemeente) and caller.aanbieder in (None, row.aanbieder)
    if not eigen:
        raise BriefOnbekend("Dit document is bij u niet bekend.")
    return Bestand(row.bestandsnaam, row.mediatype, bytes(row.inhoud))


async def afzender(reader: Reader, gemeente: str) -> Afzender:
    """Who writes on behalf of a gemeente: what was laid down, else the gemeente by its name."""
    row = await reader.one(AFZENDER_VAN, gemeente=gemeente)
    return Afzender(gemeente, await gemeente_voluit(reader, gemeente)) if row is None else afzender_van_row(row)


async def leg_afzender_vast(reader: Reader, context: Context, nieuw: Afzender) -> Outcome[Afzender]:
    """Say who writes on behalf of a gemeente; letters that were sent stay what they are. Refuses `AndereGemeente`."""
    begrens(context.caller, nieuw.gemeente, None)
    row = await reader.one(AFZENDER_VAN, gemeente=nieuw.gemeente)
    outcome = Outcome(nieuw)
    waarden: dict[str, Any] = {
        "naam": nieuw.naam,
        "adres": list(nieuw.adres),
        "contact": nieuw.contact,
        "reactietermijn_dagen": nieuw.reactietermijn_dagen,
        "gewijzigd_op": context.now,
        "gewijzigd_door": context.caller.gebruiker,
    }
    if row is None:
        outcome.changes.insert(AFZENDER, gemeente=nieuw.gemeente, versie=1, **waarden)
    else:
        outcome.changes.update(AFZENDER, {"gemeente": nieuw.gemeente}, version=row.versie, **waarden)
    return outcome
