"""Average occupied places and realised amount (domain.md, "How the amounts are computed"; F-4, F-5)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import lcm

from services.financien.lumpsum.rules import Contractlijn
from shared.kernel.bedrag import Bedrag, rond_af
from shared.kernel.periode import Maand, maanden
from shared.kernel.verloop import Verloop

MAANDLENGTEN = lcm(28, 29, 30, 31)
EENHEID = 12 * MAANDLENGTEN


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
    # Over one denominator that every month length divides, so that the sum stays in whole numbers.
    tellers = (dagen.get(maand, 0) * lijn.jaarprijs_in(maand) * (MAANDLENGTEN // maand.dagen) for maand in maanden)
    return Fraction(sum(tellers), EENHEID)


def gerealiseerd(lijn: Contractlijn, dagen: Mapping[Maand, int], maanden: Iterable[Maand]) -> Bedrag:
    """Realised amount of the months, rounded once per line (domain.md, "Realised amount").

    Occupied days in a month outside the contract line count nowhere.
    """
    return rond_af(exact_gerealiseerd(lijn, dagen, maanden))


@dataclass(frozen=True, slots=True)
class Dagprijzen:
    """What a place costs in a contract line, worked out once. `per_dag`: one place-day in cents times `EENHEID`, so
    that sums stay in whole numbers; `jaarprijzen`: the prices per YEAR of its months added up from the last one."""

    maanden: tuple[Maand, ...]
    per_dag: Mapping[Maand, int]
    jaarprijzen: tuple[int, ...]

    def gerealiseerd(self, dagen: Mapping[Maand, int], tot_en_met: Maand) -> Bedrag:
        """As `gerealiseerd` over the months of the line through `tot_en_met`."""
        per_dag = self.per_dag
        teller = sum(aantal * per_dag.get(maand, 0) for maand, aantal in dagen.items() if maand <= tot_en_met)
        return rond_af(Fraction(teller, EENHEID))

    def jaarprijzen_na(self, maand: Maand) -> int:
        """P_j in cents, added up over the months of the line after this one."""
        return self.jaarprijzen[bisect_right(self.maanden, maand)]


@lru_cache(maxsize=8192)  # asked with every occupancy event, the same as long as the contract
def dagprijzen(lijn: Contractlijn) -> Dagprijzen:
    """The prices of a contract line."""
    reeks = lijn.maanden()
    per_dag = {maand: lijn.jaarprijs_in(maand) * (MAANDLENGTEN // maand.dagen) for maand in reeks}
    samen = accumulate((lijn.jaarprijs_in(maand) for maand in reversed(reeks)), initial=0)
    return Dagprijzen(reeks, per_dag, tuple(samen)[::-1])


@dataclass(frozen=True, slots=True)
class Stand:
    """Occupancy through `dag`: places occupied on that day, place-days per month (months without any are absent)."""

    dag: date
    bezet: int
    dagen: Mapping[Maand, int]


def stand_van(verloop: Verloop, dag: date) -> Stand:
    """The stand counted from all changes; days after `dag` never count in money."""
    eerste = verloop.eerste_dag
    dagen = {} if eerste is None else verloop.dagen_per_maand(eerste, dag)
    return Stand(dag, verloop.bezet_op(dag), {maand: aantal for maand, aantal in dagen.items() if aantal})


def bijgewerkt(stand: Stand, verschil: Mapping[date, int]) -> Stand:
    """The stand after some changes, at a cost that follows those changes only; same as counting all over again."""
    keerdagen = sorted(dag for dag in verschil if dag <= stand.dag)
    if not keerdagen:
        return stand
    dagen = dict(stand.dagen)
    vandaag = stand.dag.toordinal()
    bezet = begin = gedaan = 0
    for maand in maanden(Maand.van(keerdagen[0]), Maand.van(stand.dag)):
        einde = min(maand.laatste.toordinal(), vandaag) + 1
        aantal = bezet * (einde - begin)
        while gedaan < len(keerdagen) and (nummer := keerdagen[gedaan].toordinal()) < einde:
            aantal += verschil[keerdagen[gedaan]] * (einde - nummer)
            bezet += verschil[keerdagen[gedaan]]
            gedaan += 1
        dagen[maand] = dagen.get(maand, 0) + aantal
        begin = einde
    return Stand(stand.dag, stand.bezet + bezet, {maand: dagen[maand] for maand in sorted(dagen) if dagen[maand]})


def vier_decimalen(aantal: Fraction) -> str:
    """Average occupied places as shown: four decimals, half up (never negative)."""
    tienduizendsten = (2 * aantal.numerator * 10_000 + aantal.denominator) // (2 * aantal.denominator)
    heel, rest = divmod(tienduizendsten, 10_000)
    return f"{heel}.{rest:04d}"


def hoogstens_vier_decimalen(aantal: Fraction) -> str:
    """Average awarded places as shown: the shortest way to write it, `12` or `4.3333`."""
    return vier_decimalen(aantal).rstrip("0").rstrip(".")
