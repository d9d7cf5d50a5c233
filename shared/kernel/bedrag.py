"""Money: whole euro cents, never float (domain.md, "Everywhere")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

_EURO = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Bedrag:
    """An amount in whole euro cents; may be negative."""

    cent: int

    @classmethod
    def van_euro(cls, tekst: str) -> "Bedrag":
        """Reads euros such as `38500.00` (minus allowed, at most two decimals); else ValueError."""
        gevonden = _EURO.fullmatch(tekst)
        if gevonden is None:
            raise ValueError(
                f"'{tekst}' is geen bedrag: schrijf euro's met een punt en hoogstens twee decimalen, "
                "bijvoorbeeld 38500.00."
            )
        minteken, euro, decimalen = gevonden.groups(default="")
        cent = int(euro) * 100 + int(decimalen.ljust(2, "0"))
        return cls(-cent if minteken else cent)

    def als_euro(self) -> str:
        """Euros with two decimals: `38500.00`, `-0.05`."""
        euro, cent = divmod(abs(self.cent), 100)
        return f"{'-' if self.cent < 0 else ''}{euro}.{cent:02d}"

    def __add__(self, ander: "Bedrag") -> "Bedrag":
        return Bedrag(self.cent + ander.cent)

    def __sub__(self, ander: "Bedrag") -> "Bedrag":
        return Bedrag(self.cent - ander.cent)

    def __neg__(self) -> "Bedrag":
        return Bedrag(-self.cent)


def som(bedragen: Iterable[Bedrag]) -> Bedrag:
    """The sum of amounts; of none it is 0 cents."""
    return Bedrag(sum(bedrag.cent for bedrag in bedragen))


def rond_af(exact: Fraction) -> Bedrag:
    """Exact CENTS to whole cents, half away from zero (domain.md, "How the amounts are computed")."""
    heel = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Bedrag(heel if exact >= 0 else -heel)
