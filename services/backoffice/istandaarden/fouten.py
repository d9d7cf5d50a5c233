"""What can be wrong with a message, and the three ways to say so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

MEESTE_FOUTEN: Final = 100
"""Who gets so many findings back has enough to do, and an answer stays small."""
MEEST_GETELD: Final = 10_000
"""Beyond this many, how many more there are is not counted either."""


@dataclass(frozen=True, slots=True)
class Fout:
    """One finding: where (element path, 1-based index on repeated elements), which rule, which return code, what to do.

    `retourcode` is None on level 1: a message that its schema refuses gets no return message (IV032).
    `melding` is Dutch and never repeats a value from the message: it may reach screens and logs.
    """

    plaats: str
    regel: str
    retourcode: str | None
    melding: str


def begrens(fouten: Iterable[Fout]) -> tuple[Fout, ...]:
    """The first MEESTE_FOUTEN findings, and when there are more a last line that says how many."""
    rij: Iterator[Fout] = iter(fouten)
    eerste = tuple(islice(rij, MEESTE_FOUTEN))
    meer = sum(1 for _ in islice(rij, MEEST_GETELD - MEESTE_FOUTEN))
    return (*eerste, slotregel(meer, eerste[0].retourcode)) if meer else eerste


def slotregel(meer: int, retourcode: str | None) -> Fout:
    """The line after the first MEESTE_FOUTEN findings, when there are `meer` of them."""
    aantal = f"ten minste {meer}" if meer + MEESTE_FOUTEN >= MEEST_GETELD else f"{meer}"
    melding = f"En nog {aantal}. Herstel eerst de fouten hierboven en controleer het bericht dan opnieuw."
    return Fout("Bericht", "MEER", retourcode, melding)


class Onleesbaar(Exception):
    """No well-formed XML, refused as unsafe, or no message that this version knows; `reden` is Dutch."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


class Schemafout(Exception):
    """Level 1: the message does not have the shape that the standard describes."""

    def __init__(self, bericht: str, fouten: Iterable[Fout]) -> None:
        self.bericht = bericht
        self.fouten = tuple(fouten)
        super().__init__(f"{bericht}: {len(self.fouten)} schemafout(en)")


class Afgekeurd(Exception):
    """Level 2: the message breaks rules that it alone can break (return code 0001)."""

    def __init__(self, bericht: str, fouten: Iterable[Fout]) -> None:
        self.bericht = bericht
        self.fouten = tuple(fouten)
        super().__init__(f"{bericht}: {len(self.fouten)} regel(s) overtreden")
