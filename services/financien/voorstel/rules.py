"""How many places a line needs next year, with how much certainty, from what really happened (F-6).

Places needed = inflow per day × average stay (Little's law, which holds whatever the spread of stays is). Both come
from one window of days, so that no care is counted that lies outside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import exp, sqrt

from shared.kernel.bedrag import Bedrag, rond_af
from shared.kernel.periode import Periode
from shared.kernel.plekken import Plekken

VENSTER = 365  # days looked back
KORTSTE_VENSTER = 90
MINSTE = 5  # starts, and ends: with fewer the interval says nothing
ZEKERHEID = 1.96  # standard deviations on either side: 95%

METHODE = (
    "Benodigde plekken = instroom per dag × gemiddelde verblijfsduur. Instroom: nieuwe leveringen in de waarneming, "
    "gedeeld door het aantal dagen; wat op de eerste dag van de overeenkomst al liep, telt niet als instroom. "
    "Verblijfsduur: alle bezette dagen in de waarneming, gedeeld door het aantal leveringen dat erin eindigde. Zo telt "
    "een levering die nog loopt mee met haar dagen tot nu toe: een ondergrens van haar duur, zonder einde. "
    "Bandbreedte: de instroom wijkt toevallig af als bij Poisson (1/√gestart), de verblijfsduur met haar standaardfout "
    "(1/√geëindigd); samen geeft dat met 95% zekerheid onder- en bovengrens, gedeeld door en vermenigvuldigd met "
    "e^(1,96 × √(1/gestart + 1/geëindigd)). Lumpsum = plekken × prijs per plek. Een wijziging van beleid, wachtlijst "
    "of aanbod na vandaag zit er niet in."
)


@dataclass(frozen=True, slots=True)
class Levering:
    """The days on which a levering occupies its place, sorted; `gepauzeerd`: it stopped for a while and can restart."""

    bezet: tuple[Periode, ...]
    gepauzeerd: bool


@dataclass(frozen=True, slots=True)
class Waarneming:
    """What happened from `begin` through `eind`: leveringen that started, that ended, and occupied place-days."""

    begin: date
    eind: date
    gestart: int
    geeindigd: int
    plekdagen: int

    @property
    def dagen(self) -> int:
        """Length of the window; 0 when it is empty."""
        return max((self.eind - self.begin).days + 1, 0)


@dataclass(frozen=True, slots=True)
class Schatting:
    """Inflow per day, average stay in days, places needed, and the bounds of the latter."""

    instroom_per_dag: Fraction
    verblijfsduur: Fraction
    plekken: Plekken
    minstens: Plekken
    hoogstens: Plekken


def venster(vandaag: date, eerste_contractdag: date) -> tuple[date, date]:
    """First and last day of what is looked at: a year back, or what there is after the first day of the contracts
    (care that ran before is taken over on that day: no inflow)."""
    return max(vandaag - timedelta(days=VENSTER - 1), eerste_contractdag + timedelta(days=1)), vandaag


def waarneming(leveringen: Iterable[Levering], begin: date, eind: date) -> Waarneming:
    """What happened in the window. A levering that stopped for a while did not end."""
    gestart = geeindigd = plekdagen = 0
    if begin <= eind:
        dagen = Periode(begin, eind)
        for levering in leveringen:
            if not levering.bezet:
                continue
            gestart += dagen.bevat(levering.bezet[0].begin)
            laatste = levering.bezet[-1].eind
            geeindigd += laatste is not None and dagen.bevat(laatste) and not levering.gepauzeerd
            samen = (periode.doorsnede(dagen) for periode in levering.bezet)
            plekdagen += sum(deel.dagen for deel in samen if deel is not None)
    return Waarneming(begin, eind, gestart, geeindigd, plekdagen)


def te_weinig(gezien: Waarneming) -> str | None:
    """Why nothing can be said (Dutch), None when something can."""
    if gezien.dagen < KORTSTE_VENSTER:
        return f"Er zijn {gezien.dagen} dagen om naar te kijken; nodig zijn er {KORTSTE_VENSTER}."
    for wat, aantal in (("gestart", gezien.gestart), ("geëindigd", gezien.geeindigd)):
        if aantal < MINSTE:
            return f"Aantal leveringen dat in de waarneming is {wat}: {aantal}. Nodig zijn er {MINSTE}."
    return None


def schat(gezien: Waarneming) -> Schatting | None:
    """Places needed and their bounds; None when there is too little to go by."""
    if te_weinig(gezien) is not None:
        return None
    instroom = Fraction(gezien.gestart, gezien.dagen)
    duur = Fraction(gezien.plekdagen, gezien.geeindigd)
    # Chance is no money: its bounds are rounded to hundredths of a place, and only then multiplied by a price.
    factor = Fraction(exp(ZEKERHEID * sqrt(1 / gezien.gestart + 1 / gezien.geeindigd)))
    nodig = instroom * duur
    return Schatting(instroom, duur, _plekken(nodig), _plekken(nodig / factor), _plekken(nodig * factor))


def _plekken(aantal: Fraction) -> Plekken:
    """To hundredths of a place, half up."""
    return Plekken((2 * aantal.numerator * 100 + aantal.denominator) // (2 * aantal.denominator))


def jaarbedrag(plekken: Plekken, prijs: Bedrag) -> Bedrag:
    """Lump sum of a whole year: places × price per place per year, rounded once (F-1)."""
    return rond_af(plekken.als_breuk() * prijs.cent)


def gewogen_prijs(delen: Iterable[tuple[Fraction, Bedrag]]) -> Bedrag:
    """One price for lines with (places, price): weighted by places, rounded; by number of lines when none has places.
    Refuses (ValueError) no lines at all."""
    bekend = tuple(delen)
    plekken = sum((aantal for aantal, _ in bekend), Fraction(0))
    if not bekend:
        raise ValueError("Zonder regels is er geen prijs.")
    if not plekken:
        return rond_af(Fraction(sum(prijs.cent for _, prijs in bekend), len(bekend)))
    return rond_af(sum((aantal * prijs.cent for aantal, prijs in bekend), Fraction(0)) / plekken)
