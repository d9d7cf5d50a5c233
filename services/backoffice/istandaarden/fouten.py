"""What can be wrong with a message, and the three ways to say so."""

from collections.abc import Iterable
from dataclasses import dataclass


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
