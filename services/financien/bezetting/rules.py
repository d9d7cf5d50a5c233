"""Average occupied places and realised amount (domain.md, "How the amounts are computed"; F-4, F-5)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from services.financien.lumpsum.rules import Contractlijn
from shared.kernel.bedrag import Bedrag, rond_af
from shared.kernel.periode import Maand


def bezet_deel(dagen: Mapping[Maand, int], maand: Maand) -> Fraction:
    """Average occupied places of one month: D_j / days_j; a month without occupied days counts 0."""
    return Fraction(dagen.get(maand, 0), maand.dagen)


def gemiddeld_bezet(dagen: Mapping[Maand, int], maanden: Iterable[Maand]) -> Fraction:
    """Average occupied places over whole months (domain.md, "Average occupied places"), unrounded.

    `dagen`: occupied place-days per month, none after today. Refuses (ValueError) when there is no month.
    """
    delen = [bezet_deel(dagen, maand) for maand in maanden]
    if not delen:
        raise ValueError("Een gemiddelde bezetting heeft ten minste een maand nodig.")
    return sum(delen, Fraction(0)) / len(delen)


def exact_gerealiseerd(lijn: Contractlijn, dagen: Mapping[Maand, int], maanden: Iterable[Maand]) -> Fraction:
    """Unrounded realised amount in cents: sum of (D_j / days_j) x P_j / 12."""
    return sum((bezet_deel(dagen, maand) * lijn.maandprijs_in(maand) for maand in maanden), Fraction(0))


def gerealiseerd(lijn: Contractlijn, dagen: Mapping[Maand, int], maanden: Iterable[Maand]) -> Bedrag:
    """Realised amount of the months, rounded once per line (domain.md, "Realised amount").

    Occupied days in a month outside the contract line count nowhere.
    """
    return rond_af(exact_gerealiseerd(lijn, dagen, maanden))
