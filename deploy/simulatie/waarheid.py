"""What really happened, as plain facts in a file, and what follows from it: counted day by day, in fractions of a cent.

Written down apart from the installation and computed apart from it: nothing of `services` or of the product's kernel is
used here. Amounts are whole euro cents, months texts such as "2026-01".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

Json = dict[str, Any]
VERSIE = 1


class Onbruikbaar(Exception):
    """This file does not hold the truth of a simulation."""


@dataclass(frozen=True, slots=True)
class Cel:
    """What money is counted for: a provider's sub-segment in one gemeente."""

    aanbieder: str
    gemeente: str
    subsegment: str


@dataclass(frozen=True, slots=True)
class Bedragen:
    """A settlement of one line over whole months."""

    gemiddeld_bezet: str
    gerealiseerd: int
    betaald: int
    afrekening: int


def lees(bestand: Path) -> Waarheid:
    """The truth in a file. Raises Onbruikbaar."""
    try:
        inhoud = json.loads(bestand.read_text())
    except (OSError, ValueError) as error:
        raise Onbruikbaar(f"{bestand} is niet te lezen als waarheid van een simulatie ({error}).") from error
    if not isinstance(inhoud, dict) or inhoud.get("versie") != VERSIE:
        raise Onbruikbaar(f"{bestand} is geen waarheid van een simulatie van deze versie.")
    return Waarheid(inhoud)


class Waarheid:
    """The facts: contracts, and for each toewijzing when care was really there."""

    def __init__(self, inhoud: Json) -> None:
        self.inhoud = inhoud
        self.tot = date.fromisoformat(inhoud["tot"])
        self.vastgelegd_op: str = inhoud["vastgelegdOp"] or inhoud["tot"]
        self.overeenkomsten: list[Json] = inhoud["overeenkomsten"]
        self.leveringen: list[Json] = inhoud["leveringen"]
        self._houdt = {
            item["aanbieder"]: int(item["instellingen"].get("tijdelijkeStopHoudtPlekDagen") or 0)
            for item in self.overeenkomsten
        }
        self._bezet: dict[Cel, Counter[int]] = {}
        self._tot_en_met = 0

    # --- places ---

    def bezet_op(self, cel: Cel, dag: date) -> int:
        """Occupied places on a day, past or future."""
        self._tel_tot(dag)
        return self._bezet.get(cel, Counter())[dag.toordinal()]

    def _tel_tot(self, dag: date) -> None:
        """Count every day through this one; more days than asked before count all anew."""
        if dag.toordinal() <= self._tot_en_met:
            return
        self._tot_en_met = dag.toordinal() + 60
        self._bezet = {}
        for levering in self.leveringen:
            cel = Cel(levering["aanbieder"], levering["gemeente"], levering["subsegment"])
            dagen = self._dagen(levering, self._houdt[cel.aanbieder])
            self._bezet.setdefault(cel, Counter()).update(dagen)

    def _dagen(self, levering: Json, houdt: int) -> set[int]:
        """The days on which this client has its place: those of care, and those kept after a temporary stop until care
        begins again, ends for good, or the assignment is over."""
        if levering["ingetrokken"]:
            return set()
        einde = _nummer(levering["einddatum"]) or self._tot_en_met
        laatste = min(einde, self._tot_en_met)
        dagen: set[int] = set()
        for periode in levering["perioden"]:
            begin, eind = _nummer(periode["begin"]), _nummer(periode["eind"])
            assert begin is not None
            dagen.update(range(begin, min(laatste, laatste if eind is None else eind) + 1))
            if eind is None or not periode["tijdelijk"]:
                continue
            herstart = [b for p in levering["perioden"] if (b := _nummer(p["begin"])) is not None and b > begin]
            tot = min([eind + houdt, laatste, *(b - 1 for b in herstart), _nummer(periode["definitief"]) or laatste])
            dagen.update(range(eind + 1, tot + 1))
        return dagen

    def dagen_in(self, cel: Cel, maand: str, vandaag: date) -> int:
        """Occupied place-days of a month, through `vandaag`."""
        self._tel_tot(vandaag)
        per_dag = self._bezet.get(cel, Counter())
        return sum(per_dag[dag.toordinal()] for dag in dagen_van(maand) if dag <= vandaag)

    # --- money ---

    def gerealiseerd(self, overeenkomst: Json, lijn: Json, gemeente: str, maanden: Sequence[str], dag: date) -> int:
        """What the occupied places of these months are worth, in cents, counted through `dag`."""
        return rond(self._exact(overeenkomst, lijn, gemeente, maanden, dag))

    def _exact(self, overeenkomst: Json, lijn: Json, gemeente: str, maanden: Sequence[str], dag: date) -> Fraction:
        cel = Cel(overeenkomst["aanbieder"], gemeente, lijn["subsegment"])
        return sum(
            (
                Fraction(self.dagen_in(cel, maand, dag), len(dagen_van(maand))) * maandprijs(lijn, maand)
                for maand in maanden
            ),
            Fraction(0),
        )

    def afrekening(self, overeenkomst: Json, lijn: Json, gemeente: str, maanden: Sequence[str]) -> Bedragen:
        """The settlement of these months, all over."""
        vandaag = dagen_van(maanden[-1])[-1]
        cel = Cel(overeenkomst["aanbieder"], gemeente, lijn["subsegment"])
        delen = (Fraction(self.dagen_in(cel, maand, vandaag), len(dagen_van(maand))) for maand in maanden)
        bezet = sum(delen, Fraction(0)) / len(maanden)
        toegekend = sum((plekken(lijn, gemeente, maand) for maand in maanden), Fraction(0)) / len(maanden)
        afgesproken = sum((plekken(lijn, gemeente, maand) * maandprijs(lijn, maand) for maand in maanden), Fraction(0))
        exact = self._exact(overeenkomst, lijn, gemeente, maanden, vandaag)
        afspraak = overeenkomst["instellingen"]
        if afspraak.get("maximum") is not None:
            exact = min(exact, Fraction(afspraak["maximum"]) * afgesproken)
        if afspraak.get("minimum") is not None:
            exact = max(exact, Fraction(afspraak["minimum"]) * afgesproken)
        schema = voorschotten(overeenkomst, lijn, gemeente, self.vastgelegd_op)
        betaald = sum(schema[maand] for maand in maanden)
        tolerantie = Fraction(afspraak.get("tolerantie") or 0)
        niets = tolerantie > 0 and abs(bezet - toegekend) <= tolerantie * toegekend
        return Bedragen(decimalen(bezet, 4), rond(exact), betaald, 0 if niets else rond(exact) - betaald)


def _nummer(dag: str | None) -> int | None:
    return None if dag is None else date.fromisoformat(dag).toordinal()


def rond(exact: Fraction) -> int:
    """To whole cents, half away from zero."""
    half = Fraction(1, 2)
    return int(exact + half) if exact >= 0 else -int(-exact + half)


def decimalen(waarde: Fraction, aantal: int) -> str:
    """With a fixed number of decimals, half up."""
    cijfers = str(rond(waarde * 10**aantal)).rjust(aantal + 1, "0")
    return f"{cijfers[:-aantal]}.{cijfers[-aantal:]}"


def dagen_van(maand: str) -> list[date]:
    """All days of a month."""
    eerste = date.fromisoformat(f"{maand}-01")
    dagen = (eerste + timedelta(days=index) for index in range(31))
    return [dag for dag in dagen if dag.month == eerste.month]


def maanden_van(begin: date, eind: date) -> Iterator[str]:
    """The months from that of `begin` through that of `eind`."""
    dag = begin.replace(day=1)
    while dag <= eind:
        yield dag.isoformat()[:7]
        dag = (dag + timedelta(days=32)).replace(day=1)


def contractmaanden(overeenkomst: Json) -> list[str]:
    """The months of a contract."""
    return list(
        maanden_van(date.fromisoformat(overeenkomst["begindatum"]), date.fromisoformat(overeenkomst["einddatum"]))
    )


def versie_in(lijn: Json, maand: str) -> Json:
    """What was agreed for a month of the contract."""
    return [versie for versie in lijn["versies"] if versie["vanaf"][:7] <= maand][-1]  # type: ignore[no-any-return]


def gemeenten_van(lijn: Json) -> list[str]:
    """The gemeenten that a line is for."""
    return [lijn["gemeente"]] if lijn["gemeente"] else sorted(lijn["verdeelsleutel"])


def plekken(lijn: Json, gemeente: str, maand: str) -> Fraction:
    """Awarded places of one gemeente in a month."""
    deel = Fraction(1) if lijn["gemeente"] else Fraction(lijn["verdeelsleutel"][gemeente])
    return Fraction(versie_in(lijn, maand)["plekken"]) * deel


def maandprijs(lijn: Json, maand: str) -> Fraction:
    """Cents for one place during a whole month."""
    return Fraction(versie_in(lijn, maand)["prijs"]) * 100 / 12


def voorschotten(overeenkomst: Json, lijn: Json, gemeente: str, vastgelegd_op: str) -> dict[str, int]:
    """The advance of each contract month in cents. What was changed later leaves the months alone that had begun when
    it was agreed: those keep their first term."""
    gewijzigd = _reeks(overeenkomst, lijn, gemeente)
    eerst = _reeks(overeenkomst, {**lijn, "versies": lijn["versies"][:1]}, gemeente)
    return {maand: (eerst if maand <= vastgelegd_op[:7] else gewijzigd)[maand] for maand in gewijzigd}


def _reeks(overeenkomst: Json, lijn: Json, gemeente: str) -> dict[str, int]:
    """Rounded over what came before, so that the months add up."""
    opgeteld, betaald, schema = Fraction(0), 0, {}
    for maand in contractmaanden(overeenkomst):
        opgeteld += plekken(lijn, gemeente, maand) * maandprijs(lijn, maand)
        schema[maand] = rond(opgeteld) - betaald
        betaald += schema[maand]
    return schema
