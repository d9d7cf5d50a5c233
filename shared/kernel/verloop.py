"""Occupancy as a function of days, kept as its changes: cost follows the changes, never the days."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple, Protocol

from shared.kernel.periode import Maand, Periode, maanden

# A last day on the calendar's last day (9999-12-31 in messages) has no day after it: it acts as an open end.
_NOOIT = date.max.toordinal()
_DAG = timedelta(days=1)
_BEGINDATUM = attrgetter("begindatum")


class Leverperiode(NamedTuple):
    """One delivery from its start (305) through its stop (307), both included; no stop: `einddatum` None.

    `tijdelijk`: that stop has reden 20. `definitief`: Einddatum of a definitive stop that followed it.
    """

    begindatum: date
    einddatum: date | None
    tijdelijk: bool = False
    definitief: date | None = None


class Geleverd(Protocol):
    """What occupied days are worked out of: a `Leverperiode`, or a contract with the same fields."""

    @property
    def begindatum(self) -> date: ...
    @property
    def einddatum(self) -> date | None: ...
    @property
    def tijdelijk(self) -> bool: ...
    @property
    def definitief(self) -> date | None: ...


def bezette_perioden(
    perioden: Iterable[Geleverd],
    *,
    einddatum_toewijzing: date | None,
    houdt_dagen: int | Callable[[date], int] = 0,
) -> tuple[Periode, ...]:
    """Days on which one toewijzing occupies its place, sorted and separate (domain.md, "Occupied days").

    Union of the deliveries, never past `einddatum_toewijzing`. After a temporary stop the place stays
    occupied for `houdt_dagen` days (contract setting; a callable gets the Einddatum of that stop, since
    successive contracts may differ), at most until the day before a restart, through a
    definitive stop or the end of the toewijzing. A delivery that ends before it begins occupies nothing and
    restarts nothing.
    """
    if isinstance(houdt_dagen, int) and houdt_dagen < 0:
        raise ValueError("Het aantal dagen dat een plek bezet blijft, is 0 of meer.")
    geldig = [p for p in perioden if p.einddatum is None or p.begindatum <= p.einddatum]
    geldig.sort(key=_BEGINDATUM)
    spannes = []
    for periode in geldig:
        eind = periode.einddatum
        if eind is not None and periode.tijdelijk:
            eind = _gehouden(periode, eind, geldig, houdt_dagen)
        if eind is None or (einddatum_toewijzing is not None and einddatum_toewijzing < eind):
            eind = einddatum_toewijzing
        spannes.append((periode.begindatum, eind))
    return _vereniging(spannes)


def _gehouden(
    periode: Geleverd, einddatum: date, geldig: Sequence[Geleverd], houdt_dagen: int | Callable[[date], int]
) -> date:
    """The last day that the place is kept after a temporary stop."""
    eind = einddatum.toordinal()
    houdt = houdt_dagen if isinstance(houdt_dagen, int) else houdt_dagen(einddatum)
    gehouden = min(eind + houdt, _NOOIT)
    volgende = bisect_right(geldig, periode.begindatum, key=_BEGINDATUM)
    if volgende < len(geldig):
        gehouden = min(gehouden, geldig[volgende].begindatum.toordinal() - 1)
    if periode.definitief is not None:
        gehouden = min(gehouden, periode.definitief.toordinal())
    return date.fromordinal(max(eind, gehouden))


def _vereniging(spannes: Iterable[tuple[date, date | None]]) -> tuple[Periode, ...]:
    """Union of spans sorted by first day; overlapping and adjacent ones become one, empty ones disappear."""
    verenigd: list[tuple[date, date | None]] = []
    for begin, eind in spannes:
        if eind is not None and eind < begin:
            continue
        if verenigd:
            vorig_begin, vorig_eind = verenigd[-1]
            if vorig_eind is None or (begin - vorig_eind).days <= 1:
                laatste = None if vorig_eind is None or eind is None else max(vorig_eind, eind)
                verenigd[-1] = (vorig_begin, laatste)
                continue
        verenigd.append((begin, eind))
    return tuple([Periode(begin, eind) for begin, eind in verenigd])


def mutaties(perioden: Iterable[Periode]) -> dict[date, int]:
    """Changes in occupied places: +1 on a first day, -1 on the day after a last day; zero sums are absent."""
    telling: dict[date, int] = {}
    for periode in perioden:
        begin, eind = periode.begin, periode.eind
        telling[begin] = telling.get(begin, 0) + 1
        if eind is not None and eind < date.max:
            daarna = eind + _DAG
            telling[daarna] = telling.get(daarna, 0) - 1
    return {dag: telling[dag] for dag in sorted(telling) if telling[dag]}


def verschil(oud: Mapping[date, int], nieuw: Mapping[date, int]) -> dict[date, int]:
    """What to add to the changes `oud` to get the changes `nieuw`; days without a difference are absent."""
    verschillen = {dag: nieuw.get(dag, 0) - oud.get(dag, 0) for dag in sorted(oud.keys() | nieuw.keys())}
    return {dag: aantal for dag, aantal in verschillen.items() if aantal}


class Verloop:
    """Occupied places on every day, of many leveringen together; before the first change nothing is occupied.

    Comes in as changes per day (any order; one day may occur more than once). Refuses (ValueError) changes
    that make the number of occupied places negative: then a change is missing.
    """

    __slots__ = ("_bezet", "_dagen", "_plekdagen")

    def __init__(self, wijzigingen: Mapping[date, int] | Iterable[tuple[date, int]]) -> None:
        paren = wijzigingen.items() if isinstance(wijzigingen, Mapping) else wijzigingen
        telling: dict[int, int] = {}
        for dag, aantal in paren:
            nummer = dag.toordinal()
            telling[nummer] = telling.get(nummer, 0) + aantal
        self._dagen = [dag for dag in sorted(telling) if telling[dag]]
        # _bezet[i] holds from _dagen[i]; _plekdagen[i] is the sum over all days before _dagen[i]
        self._bezet = list(accumulate(telling[dag] for dag in self._dagen))
        if min(self._bezet, default=0) < 0:
            raise ValueError("De bezetting komt onder nul: er ontbreekt een begin van een levering.")
        stukken = ((na - voor) * aantal for (voor, na), aantal in zip(pairwise(self._dagen), self._bezet, strict=False))
        self._plekdagen = list(accumulate(stukken, initial=0))

    @property
    def eerste_dag(self) -> date | None:
        """First day on which a place was occupied; None when that never happened."""
        return date.fromordinal(self._dagen[0]) if self._dagen else None

    def bezet_op(self, dag: date) -> int:
        """Occupied places on `dag`."""
        index = bisect_right(self._dagen, dag.toordinal()) - 1
        return self._bezet[index] if index >= 0 else 0

    def stappen(self, van: date, tot_en_met: date) -> Iterator[tuple[date, date, int]]:
        """(first day, last day, occupied places), contiguous over the span; nothing if it is empty."""
        begin, laatste = van.toordinal(), tot_en_met.toordinal()
        index = bisect_right(self._dagen, begin)
        bezet = self._bezet[index - 1] if index else 0
        while begin <= laatste:
            eind = min(self._dagen[index] - 1, laatste) if index < len(self._dagen) else laatste
            yield date.fromordinal(begin), date.fromordinal(eind), bezet
            begin = eind + 1
            if begin <= laatste:
                bezet = self._bezet[index]
                index += 1

    def standen(self, van: int, tot_en_met: int) -> list[tuple[int, int]]:
        """As `stappen`, of days as ordinals and without their last days: (first day, occupied places)."""
        if tot_en_met < van:
            return []
        index, einde = bisect_right(self._dagen, van), bisect_right(self._dagen, tot_en_met)
        bezet = self._bezet[index - 1] if index else 0
        return [(van, bezet), *zip(self._dagen[index:einde], self._bezet[index:einde], strict=True)]

    def bezette_dagen(self, van: date, tot_en_met: date) -> int:
        """Occupied place-days (places times days) in the span; 0 when the span is empty."""
        if tot_en_met < van:
            return 0
        return self._plekdagen_voor(tot_en_met.toordinal() + 1) - self._plekdagen_voor(van.toordinal())

    def dagen_per_maand(self, van: date, tot_en_met: date) -> dict[Maand, int]:
        """Occupied place-days within the span for every month it touches, also when there are none."""
        if tot_en_met < van:
            return {}
        reeks = maanden(Maand.van(van), Maand.van(tot_en_met))
        tussenstanden = self.plekdagen_voor(
            [van.toordinal(), *(m.eerste.toordinal() for m in reeks[1:]), tot_en_met.toordinal() + 1]
        )
        return {maand: na - voor for maand, (voor, na) in zip(reeks, pairwise(tussenstanden), strict=True)}

    def plekdagen_voor(self, dagen: Iterable[int]) -> list[int]:
        """For each of these days (ordinals) the sum of occupied places over all days before it."""
        return [self._plekdagen_voor(dag) for dag in dagen]

    def _plekdagen_voor(self, dag: int) -> int:
        """Sum of occupied places over all days before ordinal `dag`."""
        index = bisect_right(self._dagen, dag) - 1
        return self._plekdagen[index] + self._bezet[index] * (dag - self._dagen[index]) if index >= 0 else 0
