"""What becomes of a toewijzing when its indicatie changes (B-2, IV066, IV099)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """`te_verzenden`: decided, the 301 is being made; `tegengehouden`: it can't be made, a person must look."""

    TE_VERZENDEN = "te_verzenden"
    VERZONDEN = "verzonden"
    VERWIJDERD = "verwijderd"
    TEGENGEHOUDEN = "tegengehouden"


VERLENGD, VERKORT, VERWIJDERD = "04", "05", "13"


@dataclass(frozen=True, slots=True)
class Wijziging:
    """The new end of a toewijzing and why (RedenWijziging)."""

    einddatum: date | None
    reden: str
    verwijderd: bool = False


def wijziging(ingangsdatum: date, huidig: date | None, nieuw: date | None, *, ingetrokken: bool) -> Wijziging | None:
    """What a changed indicatie means; None when nothing changes. Removal: reden 13, end = start (CS335)."""
    if ingetrokken:
        return Wijziging(ingangsdatum, VERWIJDERD, verwijderd=True)
    if nieuw == huidig:
        return None
    longer = nieuw is None or (huidig is not None and nieuw > huidig)
    return Wijziging(nieuw, VERLENGD if longer else VERKORT)


def loopt_of_komt(einddatum: date | None, vandaag: date) -> bool:
    """Whether a 301 made today must hold this assignment (OP087)."""
    return einddatum is None or einddatum >= vandaag
