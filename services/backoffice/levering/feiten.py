"""What came in: the start and stop classes of the messages, with their logical keys (305/307, OP033, IV008).

Plain values, no decisions. A status 2 does not exist for these messages (OP033x2) and never gets this far.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

EERSTE: Final = 1
VERWIJDERING: Final = 3

# Code list JZ588 (iJw) and WMO588 (iWmo): 20 is the temporary stop in both.
REDEN_TIJDELIJK: Final = "20"

# Retourcode per rule. TR382 answers with 9069: the code list still calls that rule TR069.
TR063: Final = "9063"
TR071: Final = "9071"
TR074: Final = "9074"
TR326: Final = "9326"
TR382: Final = "9069"
TR413: Final = "9413"
TR414: Final = "9414"
TR415: Final = "9415"


@dataclass(frozen=True, slots=True, order=True)
class Startsleutel:
    """Logical key of a StartProduct within its levering.

    `product` is category and code in one writing ("54Z01"), the category alone ("54"), or "" when the class
    names none.
    """

    product: str
    begindatum: date


@dataclass(frozen=True, slots=True, order=True)
class Stopsleutel:
    """Logical key of a StopProduct within its levering; `reden` is the code of RedenBeeindiging."""

    product: str
    begindatum: date
    einddatum: date
    reden: str

    @property
    def start(self) -> Startsleutel:
        """The start that this stop ends (TR382: same product and Begindatum)."""
        return Startsleutel(self.product, self.begindatum)

    @property
    def tijdelijk(self) -> bool:
        """Whether the delivery may go on later (RedenBeeindiging 20)."""
        return self.reden == REDEN_TIJDELIJK


Sleutel: TypeAlias = Startsleutel | Stopsleutel


@dataclass(frozen=True, slots=True)
class Aanlevering:
    """One start or stop class of one message.

    `bericht` identifies the message, `index` the class inside it: together they are unique. `status` is
    StatusAanlevering: 1 delivers the key, 3 deletes it.
    """

    bericht: str
    index: int
    sleutel: Sleutel
    status: Literal[1, 3]

    @property
    def soort(self) -> Literal["start", "stop"]:
        """Which class it is: follows from the key, so the two cannot differ."""
        return "start" if isinstance(self.sleutel, Startsleutel) else "stop"


@dataclass(frozen=True, slots=True, order=True)
class Fout:
    """A cross-message fault of one class: message, class inside it, retourcode."""

    bericht: str
    index: int
    retourcode: str
