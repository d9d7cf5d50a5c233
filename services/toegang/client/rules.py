"""When client data can be used in a message (iJw/iWmo 3.2), judged before anything is decided on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from shared.kernel.bsn import voldoet_aan_elfproef
from shared.kernel.refusal import FieldFault

HOOFDADRES = frozenset({"01", "02", "03"})
OLDEST_YEARS = 120
ONLEESBAAR = re.compile(r"[\x00-\x1f\ufffe\uffff]")
NL_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Contact:
    """How and where a client can be reached. `soort`: 01 BRP, 02 correspondence, 03 residence, 04 temporary."""

    soort: str
    straatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    toevoeging: str | None = None
    postcode: str | None = None
    plaatsnaam: str | None = None
    land: str | None = None
    telefoon: str | None = None


@dataclass(frozen=True, slots=True)
class Clientgegevens:
    """What a 301 needs to know of a client."""

    bsn: str
    geboortedatum: date
    geslacht: str
    achternaam: str
    contact: tuple[Contact, ...]
    voorvoegsel: str | None = None
    voornamen: str | None = None
    voorletters: str | None = None


def fouten(client: Clientgegevens, vandaag: date) -> tuple[FieldFault, ...]:
    """Every fault at once; empty when the data can be used. Sources: CS002, TR002, TR061, TR006, CD005, CD025, CD034,
    CS089, and the schema's own idea of a text."""
    return (*_persoon(client, vandaag), *_contacten(client.contact), *_teksten(client))


def _persoon(client: Clientgegevens, vandaag: date) -> Iterator[FieldFault]:
    if not voldoet_aan_elfproef(client.bsn):
        yield FieldFault("client.bsn", "CS002", "Dit is geen geldig BSN: het voldoet niet aan de elfproef.")
    if client.geboortedatum > vandaag:
        yield FieldFault("client.geboortedatum", "TR134", "De geboortedatum ligt in de toekomst.")
    if vandaag.year - client.geboortedatum.year > OLDEST_YEARS:
        yield FieldFault("client.geboortedatum", "TR002", "De geboortedatum ligt meer dan 120 jaar terug.")


def _teksten(client: Clientgegevens) -> Iterator[FieldFault]:
    """What XML can't hold, or the schema wants on one line, would keep the 301 from leaving."""
    parts: list[tuple[str, Clientgegevens | Contact]] = [("client", client)]
    parts += ((f"client.contact[{nummer}]", c) for nummer, c in enumerate(client.contact))
    for plaats, deel in parts:
        for field in fields(deel):
            tekst = getattr(deel, field.name)
            if isinstance(tekst, str) and ONLEESBAAR.search(tekst):
                melding = "Schrijf deze tekst op één regel, zonder tabs en stuurtekens."
                yield FieldFault(f"{plaats}.{field.name}", "XSD", melding)


def _contacten(contacten: tuple[Contact, ...]) -> Iterator[FieldFault]:
    if not any(contact.soort in HOOFDADRES for contact in contacten):
        yield FieldFault("client.contact", "TR061", "Geef minstens één contact van soort 01, 02 of 03.")
    soorten = [contact.soort for contact in contacten]
    for nummer, contact in enumerate(contacten):
        veld = f"client.contact[{nummer}]"
        if contact.soort in soorten[:nummer]:
            yield FieldFault(f"{veld}.soort", "TR101", "Elke soort contact mag één keer voorkomen.")
        yield from _adres(veld, contact)


def _adres(veld: str, contact: Contact) -> Iterator[FieldFault]:
    if contact.telefoon is None and (contact.huisnummer is None or contact.postcode is None):
        yield FieldFault(veld, "TR006", "Geef een telefoonnummer, of een huisnummer met postcode.")
    if contact.soort in ("01", "03") and contact.postcode is None:
        yield FieldFault(f"{veld}.postcode", "CD034", "Bij soort 01 en 03 hoort een adres met postcode.")
    if (contact.huisnummer is None) != (contact.postcode is None):
        yield FieldFault(f"{veld}.huisnummer", "CD005", "Huisnummer en postcode horen bij elkaar: geef beide of geen.")
    if contact.land == "NL" and contact.huisnummer is None:
        yield FieldFault(f"{veld}.huisnummer", "CD025", "Een adres in Nederland heeft een huisnummer.")
    if contact.land == "NL" and contact.postcode is not None and not NL_POSTCODE.fullmatch(contact.postcode):
        yield FieldFault(f"{veld}.postcode", "CS089", "Een Nederlandse postcode is vier cijfers en twee hoofdletters.")
