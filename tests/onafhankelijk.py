"""A second calculation of occupancy and money, from domain.md alone: a loop over days, plain fractions.

Imports nothing of the product. Slow and simple on purpose. Money is whole euro cents (int), months are texts
such as "2026-01", quarters "2026-Q1". Everything comes in as plain dicts and lists:

    lijn = {
        "begindatum": date(2026, 1, 1), "einddatum": date(2026, 12, 31),  # whole months
        "tarieven": [  # each from the first of a month; aandeel: share of a regional award, default "1"
            {"vanaf": date(2026, 1, 1), "plekken": "12.5", "prijs_per_plek": "38500.00", "aandeel": "0.4"},
        ],  # aandeel None: the gemeente is out of the key, it has no contract line in those months
    }
    levering = {  # all of one toewijzing together
        "perioden": [(begin, eind or None, tijdelijk, definitief or None)],
        "einddatum_toewijzing": date or None,
        "verwijderd": False,                                                # reden 13; may be left out
    }

`vandaag` is an argument: later days never count in money. `houdt` is the number of days for which the
contract keeps a place after a temporary stop; a function of the stop's Einddatum where contracts follow each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

Lijn = Mapping[str, Any]
Levering = Mapping[str, Any]
Houdt = int | Callable[[date], int]
DAG = timedelta(days=1)


def rond(exact: Fraction) -> int:
    """Half away from zero."""
    teken = -1 if exact < 0 else 1
    heel = int(abs(exact))
    return teken * (heel + 1 if abs(exact) - heel >= Fraction(1, 2) else heel)


@cache
def getal(tekst: str) -> Fraction:
    """A decimal as it is written, exactly."""
    return Fraction(tekst)


def dagen_van(van: date, tot_en_met: date) -> Iterator[date]:
    """Every day of a span, both ends included."""
    while van <= tot_en_met:
        yield van
        van += DAG


def maand_van(dag: date) -> str:
    """The month of a day, as text."""
    return dag.isoformat()[:7]


@cache
def dagen_in(maand: str) -> list[date]:
    """All days of a month."""
    eerste = date.fromisoformat(maand + "-01")
    return [dag for dag in dagen_van(eerste, eerste + 30 * DAG) if maand_van(dag) == maand]


def maanden_van(lijn: Lijn) -> list[str]:
    """The months of a contract line, in order."""
    return _maanden(lijn["begindatum"], lijn["einddatum"])


@cache
def _maanden(begin: date, eind: date) -> list[str]:
    return list(dict.fromkeys(maand_van(dag) for dag in dagen_van(begin, eind)))


def kwartaal_van(maand: str) -> str:
    """The quarter of a month, as text."""
    return f"{maand[:4]}-Q{(int(maand[5:]) + 2) // 3}"


# --- occupied days ---


def bezette_dagen(levering: Levering, tot_en_met: date, houdt: Houdt = 0) -> set[date]:
    """The days through `tot_en_met` on which this toewijzing occupies its one place."""
    if levering.get("verwijderd"):
        return set()
    perioden = [p for p in levering["perioden"] if p[1] is None or p[1] >= p[0]]
    bezet: set[date] = set()
    for begin, eind, tijdelijk, definitief in perioden:
        bezet |= set(dagen_van(begin, tot_en_met if eind is None else min(eind, tot_en_met)))
        if not tijdelijk or eind is None:
            continue
        for nummer in range(1, (houdt if isinstance(houdt, int) else houdt(eind)) + 1):
            dag = eind + nummer * DAG
            herstart = any(begin < ander[0] <= dag for ander in perioden)
            if herstart or (definitief is not None and dag > definitief) or dag > tot_en_met:
                break
            bezet.add(dag)
    einde = levering["einddatum_toewijzing"]
    return {dag for dag in bezet if einde is None or dag <= einde}


def bezet_op(leveringen: Sequence[Levering], dag: date, houdt: Houdt = 0) -> int:
    """Occupied places on one reference date, past or future."""
    return sum(dag in bezette_dagen(levering, dag, houdt) for levering in leveringen)


def benutting(bezet: int, plekken: str) -> str | None:
    """Occupied / awarded, four decimals half up."""
    if Fraction(plekken) == 0:
        return None
    cijfers = str(rond(bezet / Fraction(plekken) * 10_000)).rjust(5, "0")
    return f"{cijfers[:-4]}.{cijfers[-4:]}"


def dagen_per_maand(leveringen: Sequence[Levering], vandaag: date, houdt: Houdt = 0) -> dict[str, int]:
    """Occupied place-days per month, through `vandaag`; months without any are absent."""
    telling: dict[str, int] = {}
    for levering in leveringen:
        for dag in bezette_dagen(levering, vandaag, houdt):
            telling[maand_van(dag)] = telling.get(maand_van(dag), 0) + 1
    return telling


# --- money ---


def plekken_in(lijn: Lijn, maand: str) -> Fraction:
    """Awarded places of this gemeente in a month."""
    tarief = _tarief(lijn, maand)
    return Fraction(0) if tarief is None else getal(tarief["plekken"]) * getal(tarief.get("aandeel", "1"))


def gedekt(lijn: Lijn, maand: str) -> bool:
    """Whether the gemeente has a contract line in a month: occupation without one counts nowhere."""
    geldend = [tarief for tarief in lijn["tarieven"] if maand_van(tarief["vanaf"]) <= maand]
    buiten_sleutel = bool(geldend) and geldend[-1].get("aandeel", "1") is None
    return maand_van(lijn["begindatum"]) <= maand <= maand_van(lijn["einddatum"]) and not buiten_sleutel


def maandprijs_in(lijn: Lijn, maand: str) -> Fraction:
    """Price in cents of one place in a month: a twelfth of the price per year."""
    tarief = _tarief(lijn, maand)
    return Fraction(0) if tarief is None else getal(tarief["prijs_per_plek"]) * 100 / 12


def _tarief(lijn: Lijn, maand: str) -> Any:
    if not maand_van(lijn["begindatum"]) <= maand <= maand_van(lijn["einddatum"]):
        return None
    geldend = None
    for tarief in lijn["tarieven"]:
        if maand_van(tarief["vanaf"]) <= maand:
            geldend = tarief
    return None if geldend is None or geldend.get("aandeel", "1") is None else geldend


def exact_afgesproken(lijn: Lijn, maanden: Sequence[str]) -> Fraction:
    """Unrounded lump sum in cents of some months."""
    totaal = Fraction(0)
    for maand in maanden:
        totaal += plekken_in(lijn, maand) * maandprijs_in(lijn, maand)
    return totaal


def lumpsum(lijn: Lijn) -> int:
    """Lump sum of the line in cents."""
    return rond(exact_afgesproken(lijn, maanden_van(lijn)))


def voorschotten(lijn: Lijn) -> dict[str, int]:
    """Advance per month in cents."""
    termijnen: dict[str, int] = {}
    tot = Fraction(0)
    for maand in maanden_van(lijn):
        voor, tot = tot, tot + exact_afgesproken(lijn, [maand])
        termijnen[maand] = rond(tot) - rond(voor)
    return termijnen


def eigen_dagen(lijn: Lijn, leveringen: Sequence[Levering], vandaag: date, houdt: Houdt = 0) -> dict[str, int]:
    """Occupied place-days per month of the line; months without any are absent."""
    telling = dagen_per_maand(leveringen, vandaag, houdt)
    return {maand: aantal for maand, aantal in telling.items() if gedekt(lijn, maand)}


def gemiddeld_bezet(
    lijn: Lijn, leveringen: Sequence[Levering], maanden: Sequence[str], vandaag: date, houdt: Houdt = 0
) -> Fraction:
    """Average occupied places over whole months."""
    bezet = eigen_dagen(lijn, leveringen, vandaag, houdt)
    return sum((Fraction(bezet.get(m, 0), len(dagen_in(m))) for m in maanden), Fraction(0)) / len(maanden)


def exact_gerealiseerd(
    lijn: Lijn, leveringen: Sequence[Levering], maanden: Sequence[str], vandaag: date, houdt: Houdt = 0
) -> Fraction:
    """Unrounded realised amount in cents."""
    bezet = eigen_dagen(lijn, leveringen, vandaag, houdt)
    totaal = Fraction(0)
    for maand in maanden:
        totaal += Fraction(bezet.get(maand, 0), len(dagen_in(maand))) * maandprijs_in(lijn, maand)
    return totaal


def gerealiseerd(
    lijn: Lijn, leveringen: Sequence[Levering], maanden: Sequence[str], vandaag: date, houdt: Houdt = 0
) -> int:
    """Realised amount in cents."""
    return rond(exact_gerealiseerd(lijn, leveringen, maanden, vandaag, houdt))


def prognose(
    lijn: Lijn, leveringen: Sequence[Levering], kwartaal: str, vandaag: date, houdt: Houdt = 0
) -> dict[str, Any] | None:
    """Forecast after a quarter, amounts in cents; None when the line has no month in it."""
    reeks = maanden_van(lijn)
    in_kwartaal = [maand for maand in reeks if kwartaal_van(maand) == kwartaal]
    if not in_kwartaal:
        return None
    k = reeks.index(in_kwartaal[-1]) + 1
    bezet = gemiddeld_bezet(lijn, leveringen, in_kwartaal, vandaag, houdt)
    tot_nu = gerealiseerd(lijn, leveringen, reeks[:k], vandaag, houdt)
    verwacht = Fraction(tot_nu)
    for maand in reeks[k:]:
        verwacht += bezet * maandprijs_in(lijn, maand)
    afgesproken = lumpsum(lijn)
    return {
        "lumpsum": afgesproken,
        "gerealiseerd": tot_nu,
        "verwacht": rond(verwacht),
        "gemiddeld_bezet": bezet,
        "afwijking": rond(verwacht) - afgesproken,
    }


def prognose_tot(lijn: Lijn, leveringen: Sequence[Levering], vandaag: date, houdt: Houdt = 0) -> dict[str, Any]:
    """Running forecast in cents: realised through today, later days at today's occupancy (ours)."""
    reeks = [maand for maand in maanden_van(lijn) if maand <= maand_van(vandaag)]
    tot_nu = gerealiseerd(lijn, leveringen, reeks, vandaag, houdt)
    bezet = bezet_op(leveringen, vandaag, houdt)
    verwacht = Fraction(tot_nu)
    for dag in dagen_van(max(vandaag + DAG, lijn["begindatum"]), lijn["einddatum"]):
        maand = maand_van(dag)
        verwacht += Fraction(bezet, len(dagen_in(maand))) * maandprijs_in(lijn, maand)
    return {"lumpsum": lumpsum(lijn), "gerealiseerd": tot_nu, "verwacht": rond(verwacht), "bezet": bezet}


def voorstel(verwacht: int, betaald: int, resterende: Sequence[str]) -> dict[str, int]:
    """Terms in cents for the months not yet fixed."""
    rest = max(0, verwacht - betaald)
    aantal = len(resterende)
    return {
        maand: rond(Fraction(rest * (k + 1), aantal)) - rond(Fraction(rest * k, aantal))
        for k, maand in enumerate(resterende)
    }


def afrekening(
    lijn: Lijn,
    leveringen: Sequence[Levering],
    maanden: Sequence[str],
    betaald: int,
    vandaag: date,
    instellingen: Mapping[str, str | int | None],
    houdt: Houdt | None = None,
) -> dict[str, Any]:
    """Settlement of one line; `instellingen` as in the API: tolerantie, maximum, minimum,
    tijdelijkeStopHoudtPlekDagen (unless `houdt` is given). Amounts in cents, places as exact fractions."""
    houdt = int(instellingen.get("tijdelijkeStopHoudtPlekDagen") or 0) if houdt is None else houdt
    tolerantie = Fraction(instellingen.get("tolerantie") or 0)
    maximum, minimum = instellingen.get("maximum"), instellingen.get("minimum")
    bezet = gemiddeld_bezet(lijn, leveringen, maanden, vandaag, houdt)
    plekken = sum((plekken_in(lijn, maand) for maand in maanden), Fraction(0)) / len(maanden)
    afgesproken = exact_afgesproken(lijn, maanden)
    exact = exact_gerealiseerd(lijn, leveringen, maanden, vandaag, houdt)
    if maximum is not None and exact > Fraction(maximum) * afgesproken:
        exact = Fraction(maximum) * afgesproken
    if minimum is not None and exact < Fraction(minimum) * afgesproken:
        exact = Fraction(minimum) * afgesproken
    stil = tolerantie > 0 and abs(bezet - plekken) <= tolerantie * plekken
    return {
        "plekken": plekken,
        "gemiddeldBezet": bezet,
        "gerealiseerd": rond(exact),
        "betaald": betaald,
        "afrekening": 0 if stil else rond(exact) - betaald,
    }
