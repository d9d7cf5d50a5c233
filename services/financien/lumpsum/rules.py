"""Lump sum and advances of one contract line (domain.md, "How the amounts are computed"; F-1, F-2)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from shared.kernel.bedrag import Bedrag, rond_af, som
from shared.kernel.periode import Maand, maanden
from shared.kernel.refusal import FieldFault, Invalid


class MaandBuitenContract(Invalid):
    """Refusal: a month was asked for in which the contract line does not run, or no month at all."""

    title = "De maanden vallen buiten de contractregel"


@dataclass(frozen=True, slots=True)
class Tarief:
    """What holds from month `vanaf`: places for this gemeente and price per place per YEAR.

    A regional award has already been multiplied by the share of the gemeente, so places may be any fraction.
    """

    vanaf: Maand
    plekken: Fraction
    prijs_per_plek: Bedrag


@dataclass(frozen=True)
class Contractlijn:
    """One aanbieder, gemeente and sub-segment, `begin` through `eind`; months before any tarief count 0."""

    begin: Maand
    eind: Maand
    tarieven: tuple[Tarief, ...]

    def __post_init__(self) -> None:
        if self.eind < self.begin:
            raise ValueError(f"De laatste maand {self.eind} ligt voor de eerste maand {self.begin}.")
        if any(later.vanaf <= eerder.vanaf for eerder, later in pairwise(self.tarieven)):
            raise ValueError("Tarieven staan op volgorde van ingang, met hoogstens een per maand.")

    @cached_property
    def _vingerafdruk(self) -> int:
        return hash((self.begin, self.eind, self.tarieven))

    def __hash__(self) -> int:
        # Looked up with every occupancy event; the hash of a fraction is a sum in itself.
        return self._vingerafdruk

    def maanden(self) -> tuple[Maand, ...]:
        """The months of the contract line."""
        return maanden(self.begin, self.eind)

    def tarief_in(self, maand: Maand) -> Tarief | None:
        """The tarief of `maand`; None outside the contract line and before its first tarief."""
        if not self.begin <= maand <= self.eind:
            return None
        index = bisect_right(self.tarieven, maand, key=lambda tarief: tarief.vanaf)
        return self.tarieven[index - 1] if index else None

    def plekken_in(self, maand: Maand) -> Fraction:
        """Awarded places in `maand`: p_j."""
        tarief = self.tarief_in(maand)
        return Fraction(0) if tarief is None else tarief.plekken

    def jaarprijs_in(self, maand: Maand) -> int:
        """Price in cents per YEAR of one place that holds in `maand`: P_j."""
        tarief = self.tarief_in(maand)
        return 0 if tarief is None else tarief.prijs_per_plek.cent

    def maandprijs_in(self, maand: Maand) -> Fraction:
        """Exact price in cents of one place during `maand`: P_j / 12."""
        return Fraction(self.jaarprijs_in(maand), 12)


def keur_maanden(lijn: Contractlijn, gevraagd: Iterable[Maand]) -> tuple[Maand, ...]:
    """The asked months, sorted, each once. Refuses none, or one outside the line: MaandBuitenContract."""
    reeks = tuple(sorted(set(gevraagd)))
    if not reeks or reeks[0] < lijn.begin or lijn.eind < reeks[-1]:
        uitweg = f"Kies maanden binnen de looptijd van de contractregel: {lijn.begin} tot en met {lijn.eind}."
        raise MaandBuitenContract(uitweg, FieldFault("begindatum", "F-5", uitweg))
    return reeks


def exacte_lumpsum(lijn: Contractlijn, reeks: Iterable[Maand]) -> Fraction:
    """Unrounded lump sum in cents of some months: sum of p_j x P_j / 12."""
    return sum((lijn.plekken_in(maand) * lijn.maandprijs_in(maand) for maand in reeks), Fraction(0))


@lru_cache(maxsize=8192)  # asked with every occupancy event, the same as long as the contract
def lumpsum(lijn: Contractlijn) -> Bedrag:
    """Lump sum L of the whole line, rounded once (domain.md, "Lump sum"; F-1)."""
    return rond_af(exacte_lumpsum(lijn, lijn.maanden()))


def voorschotten(lijn: Contractlijn) -> dict[Maand, Bedrag]:
    """Advance per month: rounded(C_k) - rounded(C_k-1); they add up to L (domain.md, "Advance"; F-2)."""
    reeks = lijn.maanden()
    termijnen = dict(zip(reeks, verdeel(exacte_lumpsum(lijn, (maand,)) for maand in reeks), strict=True))
    assert som(termijnen.values()) == lumpsum(lijn)
    return termijnen


def verdeel(delen: Iterable[Fraction]) -> list[Bedrag]:
    """Rounds exact parts (cents) cumulatively: they add up to the rounded whole (domain.md, "Advance")."""
    standen = [rond_af(stand) for stand in accumulate(delen, initial=Fraction(0))]
    return [na - voor for voor, na in pairwise(standen)]
