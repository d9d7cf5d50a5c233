"""Random regions and what is delivered in them, as plain facts: made once, told to the product, and computed apart."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.e2e.opstelling import VANDAAG

DAG = timedelta(days=1)
A, B = "54Z01", "45Z01"


@dataclass
class Award:
    """A contract line as agreed, with what changes from the first of a month. `gemeente` None: for the region."""

    gemeente: str | None
    subsegment: str
    tarieven: list[dict[str, Any]]  # vanaf, plekken, prijs, sleutel


@dataclass
class Zorg:
    """One assignment and what was really delivered on it: (begin, eind, tijdelijk, definitief)."""

    gemeente: str
    subsegment: str
    ingangsdatum: date
    einddatum: date | None
    perioden: list[tuple[date, date | None, bool, date | None]]
    ingetrokken: bool = False


@dataclass
class Gebied:
    """One provider, three gemeenten, one contract."""

    begin: date
    eind: date
    instellingen: dict[str, Any]
    awards: list[Award]
    zorg: list[Zorg] = field(default_factory=list)
    gemeenten: tuple[str, str, str] = ("een", "twee", "drie")


def maak_gebied(random: Random, *, meer_zorg: int = 0) -> Gebied:
    """A region with anything that the rules treat apart, and `meer_zorg` more assignments than a few."""
    jaar, maand = random.choice([(2025, 7), (2025, 10), (2026, 1), (2026, 2), (2026, 5)])
    begin = date(jaar, maand, 1)
    eind = maanden_verder(begin, random.choice([4, 6, 9, 12, 12, 18])) - DAG
    instellingen = {
        "tolerantie": random.choice(["0", "0", "0.05", "0.25"]),
        "maximum": random.choice([None, "1", "1.1"]),
        "minimum": random.choice([None, "0.8", "0.35"]),
        "bijstellingsdrempel": random.choice(["0", "0.05", "0.3"]),
        "tijdelijkeStopHoudtPlekDagen": random.choice([0, 0, 4, 30]),
    }
    een, twee, drie = Gebied.gemeenten
    awards = [
        Award(een, A, [tarief(random, begin)]),
        Award(twee, A, [tarief(random, begin)]),
        Award(None, B, [tarief(random, begin) | {"sleutel": sleutel(random, [een, twee, drie])}]),
    ]
    gebied = Gebied(begin, eind, instellingen, awards)
    for award in awards:
        _wijzig(random, gebied, award)
    later = maanden_verder(begin, 2)
    if later <= eind and random.random() < 0.5:
        awards.append(Award(drie, A, [tarief(random, later)]))
    gebied.zorg = [_zorg(random, gebied) for _ in range(random.randint(4, 7) + meer_zorg)]
    return gebied


def tarief(random: Random, vanaf: date) -> dict[str, Any]:
    """Places and price from a date."""
    plekken = random.choice(["1", "2", "1.5", "3", "0.75", "1.08", "2.16", "4"])  # 1.08 and 2.16: nearly full
    prijs = random.choice(["38500.00", "21750.55", "64199.99", "10000", "7777.77"])
    return {"vanaf": vanaf, "plekken": plekken, "prijs": prijs}


def sleutel(random: Random, gemeenten: list[str]) -> dict[str, str]:
    """Shares that add up to one."""
    een, twee = sorted(random.sample(range(1, 100), 2))
    return dict(zip(gemeenten, (f"0.{een:02d}", f"0.{twee - een:02d}", f"0.{100 - twee:02d}"), strict=True))


def _wijzig(random: Random, gebied: Gebied, award: Award) -> None:
    for _ in range(random.randint(0, 2)):
        vanaf = maanden_verder(gebied.begin, random.randint(1, 8))
        if vanaf <= gebied.eind and vanaf > award.tarieven[-1]["vanaf"]:
            nieuw = tarief(random, vanaf)
            if award.gemeente is None:
                nieuw["sleutel"] = sleutel(random, list(gebied.gemeenten))
            award.tarieven.append(nieuw)


def _zorg(random: Random, gebied: Gebied) -> Zorg:
    """Care with stops and restarts, mostly within the contract."""
    gemeente, subsegment = random.choice([("een", A), ("een", A), ("twee", A), ("een", B), ("twee", B), ("drie", B)])
    if any(award.gemeente == "drie" for award in gebied.awards) and random.random() < 0.2:
        gemeente, subsegment = "drie", A
    begin = gebied.begin + random.randint(-12, 120) * DAG
    ingang = begin - random.randint(0, 10) * DAG
    perioden: list[tuple[date, date | None, bool, date | None]] = []
    for _ in range(random.randint(1, 4)):
        eind = begin + random.choice([0, 3, 20, 45, 90]) * DAG
        soort = random.choice(["open", "tijdelijk", "tijdelijk", "definitief", "beide"])
        if eind > VANDAAG or soort == "open" or eind > gebied.eind:
            perioden.append((begin, None, False, None))
            break
        if soort == "tijdelijk" and eind < gebied.begin:
            soort = "definitief"  # whether a contract that is still to come keeps a place, nobody says
        definitief = eind + random.choice([0, 2, 12]) * DAG
        if soort == "beide" and definitief > eind >= gebied.begin:
            perioden.append((begin, eind, True, definitief))
            eind = definitief
        else:
            perioden.append((begin, eind, soort == "tijdelijk", None))
        begin = eind + random.randint(1, 25) * DAG
        if begin > VANDAAG:
            break
    laatste = max(p[1] or p[0] for p in perioden)
    einddatum = random.choice([None, None, laatste + random.randint(0, 60) * DAG, ingang + 75 * DAG])
    return Zorg(gemeente, subsegment, ingang, einddatum, perioden, ingetrokken=random.random() < 0.08)


def maanden_verder(dag: date, aantal: int) -> date:
    """The first of a month, so many months on."""
    jaren, maand = divmod(dag.month - 1 + aantal, 12)
    return date(dag.year + jaren, maand + 1, 1)


# --- the same facts in the words of tests/onafhankelijk.py ---


def lijn_van(gebied: Gebied, award: Award, gemeente: str) -> dict[str, Any]:
    """The money line of a gemeente in an award."""
    tarieven = [
        {
            "vanaf": t["vanaf"],
            "plekken": t["plekken"],
            "prijs_per_plek": t["prijs"],
            "aandeel": t.get("sleutel", {}).get(gemeente, "1"),
        }
        for t in award.tarieven
    ]
    return {"begindatum": award.tarieven[0]["vanaf"], "einddatum": gebied.eind, "tarieven": tarieven}


def als_levering(zorg: Zorg) -> dict[str, Any]:
    """What was delivered on one assignment."""
    return {"perioden": zorg.perioden, "einddatum_toewijzing": zorg.einddatum, "verwijderd": zorg.ingetrokken}


def voor_zorg(gebied: Gebied, gemeente: str, subsegment: str) -> list[dict[str, Any]]:
    """The deliveries of a cell."""
    return [als_levering(z) for z in gebied.zorg if (z.gemeente, z.subsegment) == (gemeente, subsegment)]


def geldlijnen(gebied: Gebied) -> list[tuple[str, str, Award]]:
    """(gemeente, sub-segment, award) of every money line."""
    return [
        (gemeente, award.subsegment, award)
        for award in gebied.awards
        for gemeente in (gebied.gemeenten if award.gemeente is None else (award.gemeente,))
    ]


def plekken_van(award: Award) -> list[tuple[date, str]]:
    """Awarded places from a date."""
    return [(t["vanaf"], t["plekken"]) for t in award.tarieven]
