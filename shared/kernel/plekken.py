"""A number of places (plekken) as awarded in a contract: at most two decimals, kept as whole hundredths."""

import re
from dataclasses import dataclass
from fractions import Fraction

_PLEKKEN = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Plekken:
    """Awarded places in hundredths of a place, 0 or more."""

    honderdsten: int

    def __post_init__(self) -> None:
        if self.honderdsten < 0:
            raise ValueError("Een aantal plekken is 0 of meer.")

    @classmethod
    def lees(cls, tekst: str) -> "Plekken":
        """Reads `12` or `12.5`, at most two decimals, no sign; refuses (ValueError) anything else."""
        gevonden = _PLEKKEN.fullmatch(tekst)
        if gevonden is None:
            raise ValueError(
                f"'{tekst}' is geen aantal plekken: schrijf 0 of meer, met een punt "
                "en hoogstens twee decimalen, bijvoorbeeld 12.5."
            )
        heel, decimalen = gevonden.groups(default="")
        return cls(int(heel) * 100 + int(decimalen.ljust(2, "0")))

    def als_tekst(self) -> str:
        """The shortest way to write it: `12`, `12.5`, `0.25`."""
        heel, rest = divmod(self.honderdsten, 100)
        return f"{heel}.{rest:02d}".rstrip("0") if rest else str(heel)

    def als_breuk(self) -> Fraction:
        """The number of places as an exact fraction."""
        return Fraction(self.honderdsten, 100)
