"""A booking moves cents from one account to another, so that every post adds up to zero by what it is (F-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand


class Rekening(StrEnum):
    """The accounts of one gemeente. Their sign follows from use: a balance is what came in (debet) minus what went
    out (credit)."""

    LASTEN = "lasten"  # cost of care, per sub-segment
    VOORSCHOTTEN = "voorschotten"  # released in advance and not yet settled, per aanbieder and sub-segment
    TE_BETALEN = "te_betalen"  # owed to an aanbieder
    TE_VORDEREN = "te_vorderen"  # owed by an aanbieder
    BANK = "bank"
    ONDERWEG = "onderweg"  # handed to the bank, not yet confirmed
    TRANSITORISCH = "transitorisch"  # cost of a year that is not settled yet
    REGIO = "regio"  # between gemeenten, when one pays for the others


@dataclass(frozen=True, slots=True)
class Boeking:
    """`bedrag` goes from `credit` to `debet`. `maand` is the month it is about, whenever it is booked; `tegenpartij`
    the other gemeente, on account `regio`. Refuses (ValueError) nothing, less than nothing, and one account twice."""

    debet: Rekening
    credit: Rekening
    bedrag: Bedrag
    aanbieder: str | None = None
    subsegment: str | None = None
    maand: Maand | None = None
    tegenpartij: str | None = None

    def __post_init__(self) -> None:
        if self.bedrag.cent <= 0:
            raise ValueError(f"Een boeking verplaatst ten minste een cent, niet {self.bedrag.als_euro()}.")
        if self.debet is self.credit:
            raise ValueError(f"Een boeking gaat van de ene rekening naar een andere, niet van {self.debet} naar zich.")

    def omgekeerd(self) -> Boeking:
        """The same amount, back."""
        return Boeking(
            self.credit, self.debet, self.bedrag, self.aanbieder, self.subsegment, self.maand, self.tegenpartij
        )


@dataclass(frozen=True, slots=True)
class Oorzaak:
    """What a post follows from: its kind (`termijn`, `afrekening`, `betaalbatch` …) and its id there."""

    soort: str
    id: str


@dataclass(frozen=True, slots=True)
class Journaalpost:
    """The bookings of one cause in one gemeente, as decided. `sleutel` names the fact: a second post of that name is
    refused, so that nothing is booked twice. `herroept` is the id of the post that this one undoes. Refuses
    (ValueError) a post without bookings."""

    gemeente: str
    boekdatum: date
    soort: str
    omschrijving: str
    oorzaak: Oorzaak
    sleutel: str
    boekingen: tuple[Boeking, ...]
    herroept: str | None = None

    def __post_init__(self) -> None:
        if not self.boekingen:
            raise ValueError("Een journaalpost heeft ten minste een boeking.")

    @property
    def periode(self) -> Maand:
        """The month in whose books it stands."""
        return Maand.van(self.boekdatum)
