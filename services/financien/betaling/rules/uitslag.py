"""What the bank says of a payment, and what that does to it. Said twice, or late, it does nothing more (F-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.bedrag import Bedrag


class Betaalstatus(StrEnum):
    """Where a payment stands. `teruggeboekt`: carried out, and the money came back."""

    KLAARGEZET = "klaargezet"
    AANGEBODEN = "aangeboden"
    GEACCEPTEERD = "geaccepteerd"
    UITGEVOERD = "uitgevoerd"
    AFGEWEZEN = "afgewezen"
    TERUGGEBOEKT = "teruggeboekt"
    INGETROKKEN = "ingetrokken"


GESLAAGD = frozenset({Betaalstatus.UITGEVOERD})
MISLUKT = frozenset({Betaalstatus.AFGEWEZEN, Betaalstatus.TERUGGEBOEKT})
BIJ_BANK = frozenset({Betaalstatus.AANGEBODEN, Betaalstatus.GEACCEPTEERD})


class Uitslag(StrEnum):
    """What the bank says, whatever kind of message it says it in."""

    GEACCEPTEERD = "geaccepteerd"
    UITGEVOERD = "uitgevoerd"
    AFGEWEZEN = "afgewezen"
    TERUGGEBOEKT = "teruggeboekt"


@dataclass(frozen=True, slots=True)
class Melding:
    """What a bank message says of one payment (`kenmerk`: its EndToEndId) or, when `heel`, of a whole file (its
    MsgId). `bedrag` and `dag` where the message has them; `reden` the bank's code."""

    kenmerk: str
    uitslag: Uitslag
    reden: str | None = None
    bedrag: Bedrag | None = None
    dag: date | None = None
    heel: bool = False


class Gevolg(StrEnum):
    """What to do with a payment: nothing new; note; book as paid; undo the order; book what came back, perhaps with
    the payment itself that was not seen yet; or leave it to a person."""

    NIETS = "niets"
    NOTEER = "noteer"
    BOEK = "boek"
    DRAAI_TERUG = "draai_terug"
    BOEK_TERUG = "boek_terug"
    BOEK_HEEN_EN_TERUG = "boek_heen_en_terug"
    STRIJDIG = "strijdig"


# What the bank said before decides: money never moves twice, and what contradicts is for a person to look at.
GEVOLGEN: dict[Uitslag, dict[Betaalstatus, Gevolg]] = {
    Uitslag.GEACCEPTEERD: {
        Betaalstatus.AANGEBODEN: Gevolg.NOTEER,
        Betaalstatus.GEACCEPTEERD: Gevolg.NIETS,
        Betaalstatus.UITGEVOERD: Gevolg.NIETS,
        Betaalstatus.AFGEWEZEN: Gevolg.NIETS,
        Betaalstatus.TERUGGEBOEKT: Gevolg.NIETS,
    },
    Uitslag.UITGEVOERD: {
        Betaalstatus.AANGEBODEN: Gevolg.BOEK,
        Betaalstatus.GEACCEPTEERD: Gevolg.BOEK,
        Betaalstatus.UITGEVOERD: Gevolg.NIETS,
        # A return that was read before the booking it returns.
        Betaalstatus.TERUGGEBOEKT: Gevolg.NIETS,
    },
    Uitslag.AFGEWEZEN: {
        Betaalstatus.AANGEBODEN: Gevolg.DRAAI_TERUG,
        Betaalstatus.GEACCEPTEERD: Gevolg.DRAAI_TERUG,
        Betaalstatus.AFGEWEZEN: Gevolg.NIETS,
        Betaalstatus.TERUGGEBOEKT: Gevolg.NIETS,
    },
    Uitslag.TERUGGEBOEKT: {
        Betaalstatus.AANGEBODEN: Gevolg.BOEK_HEEN_EN_TERUG,
        Betaalstatus.GEACCEPTEERD: Gevolg.BOEK_HEEN_EN_TERUG,
        Betaalstatus.UITGEVOERD: Gevolg.BOEK_TERUG,
        Betaalstatus.TERUGGEBOEKT: Gevolg.NIETS,
    },
}
NIEUW = {
    Uitslag.GEACCEPTEERD: Betaalstatus.GEACCEPTEERD,
    Uitslag.UITGEVOERD: Betaalstatus.UITGEVOERD,
    Uitslag.AFGEWEZEN: Betaalstatus.AFGEWEZEN,
    Uitslag.TERUGGEBOEKT: Betaalstatus.TERUGGEBOEKT,
}


# A file handed in twice is refused the second time for being double; the first may well have been paid.
DUBBEL = frozenset({"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"})


def gevolg(status: Betaalstatus, bedrag: Bedrag, melding: Melding) -> Gevolg:
    """What a message does to a payment. Another amount than ours, a fact that contradicts an earlier one, and a
    refusal for being double are `strijdig`: nothing is booked, nothing becomes payable again."""
    if melding.bedrag is not None and melding.bedrag != bedrag:
        return Gevolg.STRIJDIG
    if melding.uitslag is Uitslag.AFGEWEZEN and melding.reden in DUBBEL:
        return Gevolg.STRIJDIG
    return GEVOLGEN[melding.uitslag].get(status, Gevolg.STRIJDIG)


# No code of a bank: two people of the gemeente read it on the bank's statement.
HAND = "HAND"
REDENEN = {
    HAND: "Twee personen van de gemeente hebben dit vastgesteld op het rekeningafschrift.",
    "AB05": "De bank van de ontvanger antwoordde niet op tijd.",
    "AC01": "De IBAN klopt niet. Vraag de aanbieder om het juiste nummer.",
    "AC04": "De rekening van de ontvanger is opgeheven. Vraag de aanbieder om een nieuw nummer.",
    "AC06": "De rekening van de ontvanger is geblokkeerd. Neem contact op met de aanbieder.",
    "AC13": "De rekening is van een soort die deze betaling niet kan ontvangen.",
    "AG01": "Deze rekening kan geen overboeking ontvangen of doen.",
    "AG02": "De bank kent deze soort betaling niet. Neem contact op met de bank.",
    "AM04": "Er staat te weinig geld op de rekening van de gemeente.",
    "AM05": "De bank ziet deze betaling als dubbel. Kijk op het rekeningafschrift voordat u opnieuw betaalt.",
    "AM09": "Het bedrag klopt niet volgens de bank.",
    "BE04": "Het adres van de ontvanger ontbreekt.",
    "CUST": "De ontvanger heeft het bedrag teruggestuurd.",
    "DT01": "De bank kan op de gevraagde datum niet betalen. Maak een batch met een latere datum.",
    "DUPL": "De bank heeft dit bestand al eerder gekregen. Kijk op het rekeningafschrift voordat u opnieuw betaalt.",
    **dict.fromkeys(sorted(DUBBEL - {"AM05", "DUPL"}), "De bank kent dit kenmerk al. Kijk op het rekeningafschrift."),
    "FF01": "De bank kan het bestand niet lezen. Meld dit bij de beheerder van Plekregie.",
    "FOCR": "De bank stuurt het bedrag terug na een verzoek om terug te boeken.",
    "MS02": "De ontvanger heeft de betaling geweigerd, zonder reden.",
    "MS03": "De bank geeft geen reden.",
    "NARR": "De bank geeft de reden in een los bericht.",
    "RC01": "De BIC klopt niet. Controleer de rekening van de ontvanger.",
    "RR01": "Een gegeven van de gemeente ontbreekt, vanwege regels van toezicht.",
    "RR02": "De naam of het adres van de gemeente ontbreekt.",
    "RR03": "De naam of het adres van de ontvanger ontbreekt.",
    "RR04": "De bank voert de betaling niet uit vanwege regels van toezicht.",
    "TM01": "Het bestand kwam te laat voor deze dag. Maak een batch met een latere datum.",
}


def reden_in_woorden(code: str | None) -> str | None:
    """The bank's reason in plain Dutch; of a code that is not in the list, the code."""
    return None if code is None else REDENEN.get(code, f"De bank geeft code {code}. Vraag de bank wat dit betekent.")
