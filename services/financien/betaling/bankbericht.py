"""Reads what the bank sends back: pain.002 (what became of a file) and camt.053 (what was booked). Read by namespace,
any version of these messages; no outside references, no document type, bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from lxml import etree

from services.financien.betaling.rules.uitslag import Melding, Uitslag
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import Invalid

MAXIMAAL_BYTES: Final = 25 * 1024 * 1024
MAXIMAAL_ELEMENTEN: Final = 2_000_000  # elements cost far more memory than bytes
SOORT: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(pain\.002|camt\.053)\.001\.[0-9]{2}\}Document")
BEDRAG: Final = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2})0*)?")
NIET_GEGEVEN: Final = "NOTPROVIDED"

_ONTLEDER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    attribute_defaults=False,
    huge_tree=False,
    recover=False,
    remove_comments=True,
    remove_pis=True,
)
# ISO 20022 external payment status: what is said before the money left says no more than that the bank took it.
STATUSSEN: Final = {
    "RJCT": Uitslag.AFGEWEZEN,
    "CANC": Uitslag.AFGEWEZEN,
    "ACSC": Uitslag.UITGEVOERD,
    "ACCC": Uitslag.UITGEVOERD,
    "ACCP": Uitslag.GEACCEPTEERD,
    "ACTC": Uitslag.GEACCEPTEERD,
    "ACSP": Uitslag.GEACCEPTEERD,
    "ACWC": Uitslag.GEACCEPTEERD,
    "ACWP": Uitslag.GEACCEPTEERD,
    "PDNG": Uitslag.GEACCEPTEERD,
    "RCVD": Uitslag.GEACCEPTEERD,
}
GEMENGD: Final = "PART"  # each payment has its own status further on


class BankberichtOnbruikbaar(Invalid):
    """No message of the bank that this version can read."""

    title = "Dit bestand van de bank is niet te lezen"


@dataclass(frozen=True, slots=True)
class Bankbericht:
    """What one file says, debits before credits; `andere`: bookings that name no payment of anybody's file."""

    soort: str
    meldingen: tuple[Melding, ...]
    andere: int = 0


def lees(data: bytes) -> Bankbericht:
    """Refuses `BankberichtOnbruikbaar`: too large, no well-formed XML, a DOCTYPE, another message, an unknown value."""
    wortel = _ontleed(data)
    gevonden = SOORT.fullmatch(str(wortel.tag))
    if gevonden is None:
        raise BankberichtOnbruikbaar("Dit is geen pain.002 of camt.053. Vraag de bank om een van die bestanden.")
    if gevonden[1] == "pain.002":
        return Bankbericht("pain.002", tuple(_meldingen_van_status(wortel)))
    meldingen, andere = _meldingen_van_afschrift(wortel)
    # Money goes out before it comes back, also where a statement tells it the other way round.
    meldingen.sort(key=lambda melding: melding.uitslag is Uitslag.TERUGGEBOEKT)
    return Bankbericht("camt.053", tuple(meldingen), andere)


def _ontleed(data: bytes) -> etree._Element:
    if len(data) > MAXIMAAL_BYTES or data.count(b"<") > MAXIMAAL_ELEMENTEN:
        raise BankberichtOnbruikbaar("Het bestand is groter dan 25 MB of heeft te veel elementen. Vraag het in delen.")
    try:
        wortel = etree.fromstring(data, _ONTLEDER)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise BankberichtOnbruikbaar("Dit is geen goed gevormde XML. Haal het bestand opnieuw bij de bank.") from None
    if wortel.getroottree().docinfo.internalDTD is not None:
        raise BankberichtOnbruikbaar("Het bestand heeft een DOCTYPE. Dat is niet toegestaan.")
    return wortel


def _meldingen_van_status(wortel: etree._Element) -> Iterator[Melding]:
    for rapport in _onder(wortel, "CstmrPmtStsRpt"):
        for groep in _onder(rapport, "OrgnlGrpInfAndSts"):
            yield from _status(groep, _tekst(groep, "OrgnlMsgId"), _tekst(groep, "GrpSts"), heel=True)
        for opdracht in _onder(rapport, "OrgnlPmtInfAndSts"):
            groep_id = _tekst(rapport, "OrgnlGrpInfAndSts", "OrgnlMsgId")
            # One PmtInf per file of ours, so its status is that of the file.
            yield from _status(opdracht, groep_id, _tekst(opdracht, "PmtInfSts"), heel=True)
            for betaling in _onder(opdracht, "TxInfAndSts"):
                yield from _status(betaling, _tekst(betaling, "OrgnlEndToEndId"), _tekst(betaling, "TxSts"))
        for betaling in _onder(rapport, "TxInfAndSts"):  # older versions put them here
            yield from _status(betaling, _tekst(betaling, "OrgnlEndToEndId"), _tekst(betaling, "TxSts"))


def _status(element: etree._Element, kenmerk: str | None, code: str | None, *, heel: bool = False) -> Iterator[Melding]:
    if kenmerk is None or code is None or code == GEMENGD:
        return
    uitslag = STATUSSEN.get(code)
    if uitslag is None:
        raise BankberichtOnbruikbaar("Het bestand noemt een status die hier niet bekend is. Meld dit bij de beheerder.")
    yield Melding(kenmerk, uitslag, _reden(element, "StsRsnInf"), heel=heel)


def _meldingen_van_afschrift(wortel: etree._Element) -> tuple[list[Melding], int]:
    meldingen: list[Melding] = []
    andere = 0
    for afschrift in _onder(wortel, "BkToCstmrStmt", "Stmt"):
        for boeking in _onder(afschrift, "Ntry"):
            if (_tekst(boeking, "Sts", "Cd") or _tekst(boeking, "Sts")) != "BOOK":
                continue
            gevonden = list(_meldingen_van_boeking(boeking))
            meldingen += gevonden
            andere += not gevonden
    return meldingen, andere


def _meldingen_van_boeking(boeking: etree._Element) -> Iterator[Melding]:
    dag = _datum(boeking, "BookgDt", "Dt") or _datum(boeking, "BookgDt", "DtTm")
    details = list(_onder(boeking, "NtryDtls", "TxDtls"))
    for detail in details:
        kenmerk = _tekst(detail, "Refs", "EndToEndId")
        if kenmerk is None or kenmerk == NIET_GEGEVEN:
            continue
        richting = _tekst(detail, "CdtDbtInd") or _tekst(boeking, "CdtDbtInd")
        bedrag = _bedrag(_eerste(detail, ("Amt",), ("AmtDtls", "TxAmt", "Amt")))
        if bedrag is None and len(details) == 1:
            bedrag = _bedrag(_eerste(boeking, ("Amt",)))
        if richting == "DBIT":
            yield Melding(kenmerk, Uitslag.UITGEVOERD, None, bedrag, dag)
        elif _is_terug(boeking, detail):
            yield Melding(kenmerk, Uitslag.TERUGGEBOEKT, _reden(detail, "RtrInf"), bedrag, dag)


def _is_terug(boeking: etree._Element, detail: etree._Element) -> bool:
    """A credit that gives money back, not one from somebody else who used the same text as ours."""
    return next(_onder(detail, "RtrInf"), None) is not None or _tekst(boeking, "RvslInd") == "true"


def _reden(element: etree._Element, blok: str) -> str | None:
    for reden in _onder(element, blok, "Rsn"):
        code = _tekst(reden, "Cd") or _tekst(reden, "Prtry")
        if code is not None:
            return code[:35]
    return None


def _bedrag(element: etree._Element | None) -> Bedrag | None:
    if element is None:
        return None
    gevonden = BEDRAG.fullmatch((element.text or "").strip())
    if gevonden is None or element.get("Ccy") != "EUR":
        raise BankberichtOnbruikbaar("Een bedrag in het bestand is niet in hele eurocenten. Meld dit bij de beheerder.")
    return Bedrag(int(gevonden[1]) * 100 + int((gevonden[2] or "").ljust(2, "0")))


def _datum(element: etree._Element, *pad: str) -> date | None:
    tekst = _tekst(element, *pad)
    if tekst is None:
        return None
    try:
        return date.fromisoformat(tekst[:10])
    except ValueError:
        raise BankberichtOnbruikbaar("Een boekdatum in het bestand bestaat niet. Meld dit bij de beheerder.") from None


def _onder(element: etree._Element, *pad: str) -> Iterator[etree._Element]:
    """Descendants by their local names, one level each."""
    if not pad:
        yield element
        return
    for kind in element.iterchildren(f"{{*}}{pad[0]}"):
        yield from _onder(kind, *pad[1:])


def _eerste(element: etree._Element, *paden: Iterable[str]) -> etree._Element | None:
    return next((gevonden for pad in paden for gevonden in _onder(element, *pad)), None)


def _tekst(element: etree._Element, *pad: str) -> str | None:
    gevonden = next(_onder(element, *pad), None)
    return None if gevonden is None else (gevonden.text or "").strip() or None
