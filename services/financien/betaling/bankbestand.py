"""Writes the payment file (pain.001.001.09). A batch always gives the same bytes and the same MsgId, so that a bank
that gets it twice sees that it is one file; the library by itself gives random names and the moment of writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from lxml import etree
from sepaxml import SepaTransfer

from shared.kernel.bedrag import Bedrag
from shared.kernel.clock import AMSTERDAM

SCHEMA = "pain.001.001.09"
NS = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
GEEN_BANKTEKEN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")  # what SEPA banks take
DUBBELE_SCHUINE_STREEP = re.compile(r"/{2,}")


class BestandOngeldig(RuntimeError):
    """What was written does not keep to the ISO schema: a fault of ours, and no file leaves."""


@dataclass(frozen=True, slots=True)
class Overboeking:
    """One payment in the file."""

    kenmerk: str
    naam: str
    iban: str
    bedrag: Bedrag
    omschrijving: str


@dataclass(frozen=True, slots=True)
class Bestandsinhoud:
    """Everything that the file depends on. `moment` is that of the second approval; `bic` of the payer's bank."""

    kenmerk: str
    moment: datetime
    uitvoerdatum: date
    naam: str
    iban: str
    bic: str | None
    overboekingen: tuple[Overboeking, ...]


def schrijf(inhoud: Bestandsinhoud) -> bytes:
    """The file, checked against the ISO schema. Raises `BestandOngeldig`."""
    rekening = {"name": inhoud.naam, "IBAN": inhoud.iban, "currency": "EUR", "batch": True}
    if inhoud.bic is not None:
        rekening["BIC"] = inhoud.bic
    opdracht = SepaTransfer(rekening, schema=SCHEMA)
    for overboeking in inhoud.overboekingen:
        opdracht.add_payment(
            {
                "name": overboeking.naam,
                "IBAN": overboeking.iban,
                "amount": overboeking.bedrag.cent,
                "execution_date": inhoud.uitvoerdatum,
                "description": overboeking.omschrijving,
                "endtoend_id": overboeking.kenmerk,
            }
        )
    wortel = etree.fromstring(opdracht.export(validate=False))
    _maak_vast(wortel, inhoud)
    keur(wortel)
    return etree.tostring(wortel, xml_declaration=True, encoding="UTF-8")


def _maak_vast(wortel: etree._Element, inhoud: Bestandsinhoud) -> None:
    """Put our own names and moment in the place of the library's, and only characters that banks take."""
    _zet(wortel, "//p:GrpHdr/p:MsgId", inhoud.kenmerk)
    _zet(wortel, "//p:GrpHdr/p:CreDtTm", inhoud.moment.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M:%S"))
    _zet(wortel, "//p:PmtInf/p:PmtInfId", f"{inhoud.kenmerk}-1"[:35])
    # One booking on the statement for every payment: that is how camt.053 can tell them apart.
    _zet(wortel, "//p:PmtInf/p:BtchBookg", "false")
    for tekst in _alle(wortel, "//p:Nm | //p:Ustrd"):
        tekst.text = bankteken(tekst.text or "")
    for bank in _alle(wortel, "//p:DbtrAgt/p:FinInstnId[not(*)]"):
        etree.SubElement(etree.SubElement(bank, f"{{{NS['p']}}}Othr"), f"{{{NS['p']}}}Id").text = "NOTPROVIDED"


def bankteken(tekst: str) -> str:
    """A text in the characters that banks take; `&` becomes `+`, another stranger a space. Never empty."""
    over = DUBBELE_SCHUINE_STREEP.sub("/", GEEN_BANKTEKEN.sub(" ", tekst.replace("&", "+")))
    return " ".join(over.split()).strip("/") or "onbekend"


def keur(wortel: etree._Element) -> None:
    """Raises `BestandOngeldig`; the message names the kind of fault, never account numbers."""
    schema = _schema()
    if not schema.validate(wortel):
        fout = schema.error_log.last_error  # type: ignore[attr-defined]  # missing in lxml-stubs
        raise BestandOngeldig(f"{SCHEMA}: {'onbekend' if fout is None else fout.type_name}")


def _schema() -> etree.XMLSchema:
    """Read for each file: a few milliseconds, and never shared between threads."""
    return etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / f"{SCHEMA}.xsd").read_bytes()))


def _alle(wortel: etree._Element, pad: str) -> Iterable[etree._Element]:
    gevonden = wortel.xpath(pad, namespaces=NS)
    assert isinstance(gevonden, list)
    return [element for element in gevonden if isinstance(element, etree._Element)]


def _zet(wortel: etree._Element, pad: str, tekst: str) -> None:
    (element,) = _alle(wortel, pad)
    element.text = tekst
