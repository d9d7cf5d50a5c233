"""The index of prices, and what it makes of a price and a contract (issue 5; agreed per region, year and law)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.kernel.bedrag import Bedrag, rond_af


@dataclass(frozen=True, slots=True)
class Cijfer:
    """Growth of prices in a year, as shares: forecast beforehand, definitive afterwards (None: not known yet)."""

    prognose: Fraction
    definitief: Fraction | None


@dataclass(frozen=True, slots=True)
class Index:
    """What prices grow by on 1 January of `jaar`, and how that came about."""

    jaar: int
    waarde: Fraction
    prognose: Fraction
    nacalculatie: Fraction


def index_van(jaar: int, cijfer: Cijfer | None, vorig: Cijfer | None) -> Index | None:
    """index(t+1) = forecast(t+1) + (definitive(t) − forecast(t)), exactly; None when one of the three is unknown."""
    if cijfer is None or vorig is None or vorig.definitief is None:
        return None
    nacalculatie = vorig.definitief - vorig.prognose
    return Index(jaar, cijfer.prognose + nacalculatie, cijfer.prognose, nacalculatie)


def geindexeerde_prijs(prijs: Bedrag, index: Fraction) -> Bedrag:
    """A price per place per year after indexation: price × (1 + index), rounded to whole cents, half away from zero
    (domain.md, "How the amounts are computed": rounded). A price never comes below zero."""
    return max(rond_af(prijs.cent * (1 + index)), Bedrag(0))


@dataclass(frozen=True, slots=True)
class Prijs:
    """What a line has from a date, and whether that came of the indexation of `geindexeerd`."""

    vanaf: date
    prijs: Bedrag
    geindexeerd: str | None


def te_indexeren(prijzen: Iterable[Prijs], jaar: int) -> Iterator[Prijs]:
    """The prices of a line that 1 January of `jaar` changes: the one that holds then (as from that day), and those that
    begin later in the year. Prices ascend by date. None when the line does not run before that day, or when it was
    done; a later price that carries the year was done already, and a price agreed for a later year is left alone."""
    eerste, kenmerk = date(jaar, 1, 1), str(jaar)
    bekend = tuple(prijzen)
    geldend = [prijs for prijs in bekend if prijs.vanaf <= eerste]
    if not geldend or bekend[0].vanaf == eerste:
        return
    nu = geldend[-1]
    if nu.vanaf == eerste and nu.geindexeerd == kenmerk:
        return
    yield Prijs(eerste, nu.prijs, nu.geindexeerd)
    for later in bekend:
        if eerste < later.vanaf <= date(jaar, 12, 31) and later.geindexeerd != kenmerk:
            yield later


def is_geindexeerd(prijzen: Iterable[Prijs], jaar: int) -> bool:
    """Whether the line has its price of 1 January from the indexation of `jaar`."""
    return any(prijs.vanaf == date(jaar, 1, 1) and prijs.geindexeerd == str(jaar) for prijs in prijzen)


def als_aandeel(waarde: Fraction) -> str:
    """A share as it was entered: at most six decimals, so that nothing is lost."""
    miljoensten = waarde * 1_000_000
    assert miljoensten.denominator == 1, "figures have at most six decimals"
    teken = "-" if miljoensten < 0 else ""
    heel, rest = divmod(abs(miljoensten.numerator), 1_000_000)
    return f"{teken}{heel}.{rest:06d}".rstrip("0").rstrip(".")
