"""A second calculation of the signals on occupancy, written from domain.md alone: a walk over every day.

Imports nothing of the product. `bezet` is a function from a day to the number of occupied places; `plekken`
a list of (from day, places as text), sorted. Answers are (soort, since, through or None when open).
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from tests.onafhankelijk import dagen_in, dagen_van, kwartaal_van, maand_van

Plekken = Sequence[tuple[date, str]]
# From a date: nearly full, full, margin, under-used; the first hold before their date as well.
Drempels = Sequence[tuple[date, tuple[str, str, str, str]]]
GEWOON: Drempels = [(date.min, ("0.90", "1.00", "0.05", "0.70"))]
Signaal = tuple[str, date, date | None]
DAG = timedelta(days=1)


def plekken_op(plekken: Plekken, dag: date) -> Fraction:
    """Awarded places on a day; 0 before the first date."""
    return Fraction(next((aantal for vanaf, aantal in reversed(plekken) if vanaf <= dag), "0"))


def drempels_op(drempels: Drempels, dag: date) -> list[Fraction]:
    """The thresholds on a day."""
    return [Fraction(deel) for deel in next((wat for vanaf, wat in reversed(drempels) if vanaf <= dag), drempels[0][1])]


def volte(
    bezet: Callable[[date], int],
    plekken: Plekken,
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempels = GEWOON,
) -> list[Signaal]:
    """Nearly full, full and over, day by day, from the start of the contract until today. Over is never below what was
    awarded, also when the contract calls less than that full."""
    aan = dict.fromkeys(("overbezet", "vol", "bijna_vol"), False)
    per_dag: list[tuple[date, str | None]] = []
    for dag in dagen_van(begin, vandaag):
        toegekend = plekken_op(plekken, dag)
        bijna_vol, vol, marge, _ = drempels_op(drempels, dag)
        omhoog = {"overbezet": max(vol, Fraction(1)), "vol": vol, "bijna_vol": bijna_vol}
        for soort, grens in omhoog.items():
            if dag > eind or bezet(dag) == 0:
                aan[soort] = False
            elif (
                toegekend == 0
                or bezet(dag) / toegekend > grens
                or (soort != "overbezet" and bezet(dag) / toegekend == grens)
            ):
                aan[soort] = True
            elif bezet(dag) / toegekend <= grens - marge:
                aan[soort] = False
        per_dag.append((dag, next((soort for soort in aan if aan[soort]), None)))
    return _episodes(per_dag)


def _episodes(per_dag: Sequence[tuple[date, str | None]]) -> list[Signaal]:
    gevonden: list[Signaal] = []
    vorige: str | None = None
    for dag, soort in per_dag:
        if soort == vorige:
            continue
        if vorige is not None:
            gevonden[-1] = (vorige, gevonden[-1][1], dag - DAG)
        if soort is not None:
            gevonden.append((soort, dag, None))
        vorige = soort
    return gevonden


def onderbezet(
    bezet: Callable[[date], int],
    plekken: Plekken,
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempels = GEWOON,
) -> Signaal | None:
    """Under-used in the last completed calendar quarter with a whole contract month, by its last day's threshold."""
    heel: dict[str, list[str]] = {}
    for maand in dict.fromkeys(maand_van(dag) for dag in dagen_van(begin, min(eind, vandaag))):
        dagen = dagen_in(maand)
        if begin <= dagen[0] and dagen[-1] <= eind and _laatste_van(kwartaal_van(maand)) < vandaag:
            heel.setdefault(kwartaal_van(maand), []).append(maand)
    if not heel:
        return None
    kwartaal = max(heel)
    toegekend = sum((plekken_op(plekken, dagen_in(m)[0]) for m in heel[kwartaal]), Fraction(0))
    gebruikt = Fraction(0)
    for maand in heel[kwartaal]:
        gebruikt += Fraction(sum(bezet(dag) for dag in dagen_in(maand)), len(dagen_in(maand)))
    if toegekend == 0 or gebruikt / toegekend > drempels_op(drempels, _laatste_van(kwartaal))[3]:
        return None
    return "onderbezet", _laatste_van(kwartaal) + DAG, None


def _laatste_van(kwartaal: str) -> date:
    return dagen_in(f"{kwartaal[:4]}-{int(kwartaal[-1]) * 3:02d}")[-1]


def zonder_contractregel(
    bezet: Callable[[date], int], gedekt: Sequence[tuple[date, date | None]], van: date, vandaag: date
) -> Signaal | None:
    """Since the first occupied day, from `van` through today, that no contract line covers."""
    for dag in dagen_van(van, vandaag):
        if bezet(dag) and not any(begin <= dag and (eind is None or dag <= eind) for begin, eind in gedekt):
            return "geen_contractregel", dag, None
    return None
