"""When a person may state what the bank does not say, and who confirms it (F-8). The bank's own word goes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.financien.betaalgegevens.rules import TweedePersoonNodig, zelfde_persoon
from services.financien.betaling.rules.uitslag import BIJ_BANK, HAND, Betaalstatus, Melding, Uitslag
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import Conflict, FieldFault, Invalid
from shared.kernel.werkdag import plus_werkdagen

WACHT_WERKDAGEN = 5  # after the day of payment: a bank may be late, and what it pays then would be paid twice


class BetalingNietBijBank(Conflict):
    """Only of a payment that is at the bank something can be missing."""

    title = "De betaling is niet in behandeling bij de bank"


class BankverklaringStaatOpen(Conflict):
    """One at a time: what the first says must be decided."""

    title = "Er ligt al een verklaring"


class BankverklaringBeslist(Conflict):
    """It was confirmed or refused before."""

    title = "Over deze verklaring is al beslist"


class BankHeeftNogTijd(Conflict):
    """That nothing was paid can only be said when it can't come any more."""

    title = "De bank kan nog betalen"


class AfschriftKloptNiet(Invalid):
    """What is read from the statement can't be this payment."""

    title = "Dit past niet bij de betaling"


class Bevinding(StrEnum):
    """What the bank's statement shows."""

    BETAALD = "betaald"
    NIET_BETAALD = "niet_betaald"


class Verklaringstatus(StrEnum):
    """It works only when it is `bevestigd`."""

    VOORGESTELD = "voorgesteld"
    BEVESTIGD = "bevestigd"
    AFGEWEZEN = "afgewezen"


@dataclass(frozen=True, slots=True)
class Afschrift:
    """What was read: `dag` and `bedrag` of the booking, neither where there is none."""

    bevinding: Bevinding
    dag: date | None
    bedrag: Bedrag | None


def keur_bij_bank(status: Betaalstatus) -> None:
    """The bank has the payment and said nothing final. Refuses BetalingNietBijBank."""
    if status not in BIJ_BANK:
        raise BetalingNietBijBank(f"Deze betaling is {status}. Een verklaring kan alleen zolang de bank haar heeft.")


def keur_afschrift(
    gelezen: Afschrift, bedrag: Bedrag, uitvoerdatum: date, vandaag: date, feestdagen: Callable[[date], bool]
) -> None:
    """Whether what was read can be this payment. Refuses AfschriftKloptNiet, BankHeeftNogTijd."""
    if gelezen.bevinding is Bevinding.NIET_BETAALD:
        _keur_niet_betaald(gelezen, uitvoerdatum, vandaag, feestdagen)
        return
    fouten = []
    if gelezen.dag is None or not uitvoerdatum <= gelezen.dag <= vandaag:
        fouten.append(FieldFault("dag", "F-8", f"Geef de boekdatum op het afschrift, van {uitvoerdatum} tot vandaag."))
    if gelezen.bedrag != bedrag:
        melding = f"Geef het bedrag op het afschrift. De betaling is {bedrag.als_euro()}; anders is het een andere."
        fouten.append(FieldFault("bedrag", "F-8", melding))
    if fouten:
        raise AfschriftKloptNiet("Neem dag en bedrag over van het rekeningafschrift.", *fouten)


def _keur_niet_betaald(
    gelezen: Afschrift, uitvoerdatum: date, vandaag: date, feestdagen: Callable[[date], bool]
) -> None:
    if gelezen.dag is not None or gelezen.bedrag is not None:
        melding = "Wat niet op het afschrift staat, heeft geen dag en geen bedrag. Laat beide weg."
        raise AfschriftKloptNiet(melding, FieldFault("dag" if gelezen.dag else "bedrag", "F-8", melding))
    vanaf = plus_werkdagen(uitvoerdatum, WACHT_WERKDAGEN, feestdagen)
    if vandaag < vanaf:
        melding = f"Dat niet is betaald, kan vanaf {vanaf}: {WACHT_WERKDAGEN} werkdagen na de uitvoerdatum. "
        raise BankHeeftNogTijd(f"{melding}Laat de bank de opdracht intrekken, anders kan zij alsnog betalen.")


def keur_open(status: Verklaringstatus) -> None:
    """Nobody decided on it yet. Refuses BankverklaringBeslist."""
    if status is not Verklaringstatus.VOORGESTELD:
        raise BankverklaringBeslist(f"Deze verklaring is {status}. Doe zo nodig een nieuwe.")


def keur_bevestiger(indiener: str, bevestiger: str) -> None:
    """Who read the statement does not confirm it. Refuses TweedePersoonNodig."""
    if zelfde_persoon(indiener, bevestiger):
        raise TweedePersoonNodig("U hebt dit zelf verklaard. Laat een collega het afschrift bekijken en bevestigen.")


def als_melding(gelezen: Afschrift, kenmerk: str) -> Melding:
    """The same as if the bank had said it."""
    uitslag = Uitslag.UITGEVOERD if gelezen.bevinding is Bevinding.BETAALD else Uitslag.AFGEWEZEN
    return Melding(kenmerk, uitslag, HAND, gelezen.bedrag, gelezen.dag)
