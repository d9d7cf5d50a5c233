"""Which account number and which payment point hold on a day, and who may let a number be used (F-3, F-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from unicodedata import normalize

from shared.kernel.refusal import Conflict


class TweedePersoonNodig(Conflict):
    """Four eyes: the same person can't take both steps, in whatever role or with whatever token."""

    title = "Hiervoor is een tweede persoon nodig"


class Houder(StrEnum):
    """Whose account it is."""

    GEMEENTE = "gemeente"
    AANBIEDER = "aanbieder"


class Nummerstatus(StrEnum):
    """A number is used only when it is `geldig`. `vervangen`: a later proposal for the same date came instead."""

    VOORGESTELD = "voorgesteld"
    GELDIG = "geldig"
    AFGEWEZEN = "afgewezen"
    VERVANGEN = "vervangen"


class Doel(StrEnum):
    """What is paid: advances, or what a settlement left (F-3: each may have its own payment point)."""

    BETALING = "betaling"
    AFREKENING = "afrekening"


@dataclass(frozen=True, slots=True)
class Rekeningnummer:
    """An account number from a date, as entered by a person; `volgnummer` counts the entries of one holder."""

    id: str
    volgnummer: int
    iban: str
    naam: str
    vanaf: date
    status: Nummerstatus
    ingevoerd_door: str


@dataclass(frozen=True, slots=True)
class Betaalpunt:
    """Which gemeente pays for a purpose from a date; `volgnummer` counts the entries."""

    volgnummer: int
    betaalpunt: str
    vanaf: date


def zelfde_persoon(een: str, ander: str) -> bool:
    """Whether two names of users are one person: capitals and spaces around make nobody else."""
    return _persoon(een) == _persoon(ander)


def _persoon(gebruiker: str) -> str:
    return " ".join(normalize("NFKC", gebruiker).casefold().split())


def eerste_status(houder: Houder) -> Nummerstatus:
    """A gemeente's own number holds at once; to an aanbieder's number money goes only after a second person looked."""
    return Nummerstatus.GELDIG if houder is Houder.GEMEENTE else Nummerstatus.VOORGESTELD


def keur_tweede_persoon(invoerder: str, beslisser: str) -> None:
    """Who entered a number does not confirm it. Refuses TweedePersoonNodig."""
    if zelfde_persoon(invoerder, beslisser):
        raise TweedePersoonNodig(
            "U hebt dit rekeningnummer zelf ingevoerd. Laat een collega het bevestigen, "
            "na controle bij de aanbieder via een bekend telefoonnummer."
        )


def geldend(nummers: Iterable[Rekeningnummer], dag: date) -> Rekeningnummer | None:
    """The number in use on a day: that of the latest date not after it, the last entry of that date; None without."""
    bruikbaar = [nummer for nummer in nummers if nummer.status is Nummerstatus.GELDIG and nummer.vanaf <= dag]
    return max(bruikbaar, key=lambda nummer: (nummer.vanaf, nummer.volgnummer), default=None)


Instelling = tuple[str, Doel]


def betaler(punten: Mapping[Instelling, Iterable[Betaalpunt]], gemeente: str, doel: Doel, dag: date) -> str:
    """Who pays for a gemeente on a day (F-3): itself, unless it named a payment point."""
    genoemd = [punt for punt in punten.get((gemeente, doel), ()) if punt.vanaf <= dag]
    laatste = max(genoemd, key=lambda punt: (punt.vanaf, punt.volgnummer), default=None)
    return gemeente if laatste is None else laatste.betaalpunt
