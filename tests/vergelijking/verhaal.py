"""Random stories: contracts of one aanbieder in one sub-segment, what was delivered on them, and what people did.

Plain facts, nothing of the product. A fact has the day on which it was heard (`gehoord`), which may be long after the
day it is about. The same seed gives the same story.

    verhaal = {
        "gemeenten": ["0294"], "vandaag": date,
        "contracten": [{"begin": date, "eind": date, "versies": [
            {"gehoord": date, "instellingen": {...}, "regels": [{"gemeente": None, "tarieven": [
                {"vanaf": date, "plekken": "12.5", "prijs": "38500.00", "sleutel": {"0294": "0.4"}},
            ]}]},
        ]}],
        "leveringen": [{"gemeente": "0294", "meldingen": [
            {"gehoord": date, "versie": 1, "perioden": [[begin, eind, tijdelijk, definitief]], "einddatum": date,
             "verwijderd": False},
        ]}],
        "monitors": [{"contract": 0, "gemeente": "0294", "kwartaal": "2026-Q1", "op": date, "vast_op": date}],
        "afrekeningen": [{"contract": 0, "gemeente": "0294", "op": date, "van": "2026-01", "tot": "2026-06"}],
    }
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]
DAG = timedelta(days=1)
GEMEENTEN = ("0294", "1955", "1859")
NUL = 2023 * 12 + 6  # stories begin in July 2023 or later, so that a leap day is in reach
# What lines cost: as in contracts, in round numbers that hit thresholds exactly, or so little that half cents abound.
SOORTEN = ("gewoon", "gewoon", "rond", "klein")


def eerste(maand: int) -> date:
    """The first day of a month, counted from year 0."""
    return date(maand // 12, maand % 12 + 1, 1)


def laatste(maand: int) -> date:
    """The last day of that month."""
    return eerste(maand + 1) - DAG


def tekst(maand: int) -> str:
    """That month as it is written."""
    return eerste(maand).isoformat()[:7]


def maak(zaad: int) -> Json:
    """The story of a seed."""
    r = Random(zaad)
    soort = r.choice(SOORTEN)
    gemeenten = list(GEMEENTEN[: r.choice((1, 1, 2, 3))])
    begin = NUL + r.randint(0, 30)
    contracten = []
    spannes = []
    for _ in range(r.choice((1, 1, 1, 2))):
        eind = begin + r.choice((1, 3, 6, 12, 12, 12, 15, 18, 24)) - 1
        contracten.append(_contract(r, soort, gemeenten, begin, eind))
        spannes.append((begin, eind))
        begin = eind + 1
    eerste_dag, laatste_dag = eerste(spannes[0][0]), laatste(spannes[-1][1])
    duur = (laatste_dag - eerste_dag).days
    vandaag = eerste_dag + r.choice((r.randint(0, duur), duur + r.randint(1, 120), duur + r.randint(1, 120))) * DAG
    leveringen = [
        _levering(r, soort, gemeente, eerste_dag, laatste_dag) for gemeente in gemeenten for _ in range(r.randint(0, 5))
    ]
    return {
        "zaad": zaad,
        "soort": soort,
        "gemeenten": gemeenten,
        "vandaag": vandaag,
        "contracten": contracten,
        "leveringen": leveringen,
        "monitors": _monitors(r, gemeenten, spannes, vandaag),
        "afrekeningen": _afrekeningen(r, gemeenten, spannes, vandaag),
    }


def _contract(r: Random, soort: str, gemeenten: list[str], begin: int, eind: int) -> Json:
    regionaal = r.random() < 0.5
    houders: list[str | None] = [None] if regionaal else list(gemeenten)
    regels = []
    for houder in houders:
        later = not regionaal and r.random() < 0.15 and eind > begin
        vanaf = r.randint(begin + 1, eind) if later else begin
        regels.append({"gemeente": houder, "tarieven": [_tarief(r, soort, gemeenten, vanaf, regionaal)]})
    versie = {
        "gehoord": eerste(begin) + r.randint(-60, 20) * DAG,
        "instellingen": _instellingen(r),
        "regels": regels,
    }
    versies = [versie]
    for _ in range(r.choice((0, 0, 1, 1, 2, 3))):
        versie = _gewijzigd(r, soort, gemeenten, versie, begin, eind)
        versies.append(versie)
    return {"begin": eerste(begin), "eind": laatste(eind), "versies": versies}


def _gewijzigd(r: Random, soort: str, gemeenten: list[str], oud: Json, begin: int, eind: int) -> Json:
    """A next version: other places, price or key from some month, past or to come; sometimes other settings."""
    regels = [{**regel, "tarieven": list(regel["tarieven"])} for regel in oud["regels"]]
    regel = r.choice(regels)
    regionaal = regel["gemeente"] is None
    wie = list(gemeenten)
    if regionaal and len(wie) > 1 and r.random() < 0.2:
        wie.remove(r.choice(wie))  # a gemeente leaves the key, or comes back with a next one
    nieuw = _tarief(r, soort, wie, r.randint(begin, eind), regionaal)
    regel["tarieven"] = sorted(
        [*(t for t in regel["tarieven"] if t["vanaf"] != nieuw["vanaf"]), nieuw], key=lambda t: t["vanaf"]
    )
    dagen = (laatste(eind) - eerste(begin)).days
    return {
        "gehoord": max(oud["gehoord"] + DAG, eerste(begin) + r.randint(-40, dagen + 40) * DAG),
        "instellingen": _instellingen(r) if r.random() < 0.15 else oud["instellingen"],
        "regels": regels,
    }


def _tarief(r: Random, soort: str, gemeenten: list[str], vanaf: int, regionaal: bool) -> Json:
    if soort == "rond":
        plekken, prijs = str(r.randint(0, 4)), f"{1200 * r.randint(0, 40)}.00"
    elif soort == "klein":
        plekken, prijs = r.choice(("1", "0.5", "2", "3.25")), f"0.{r.randint(0, 99):02d}"
    else:
        plekken, prijs = (
            _honderdsten(r.choice((r.randint(0, 300), r.randint(0, 2500)))),
            _honderdsten(r.randint(0, 9_999_999)),
        )
    return {
        "vanaf": eerste(vanaf),
        "plekken": plekken,
        "prijs": prijs,
        "sleutel": _sleutel(r, gemeenten) if regionaal else None,
    }


def _honderdsten(aantal: int) -> str:
    return f"{aantal // 100}.{aantal % 100:02d}"


def _sleutel(r: Random, gemeenten: list[str]) -> dict[str, str]:
    """Shares that add up to one, in as many decimals as the seed wants."""
    cijfers = r.choice((2, 4, 6))
    heel = 10**cijfers
    grenzen = sorted(r.sample(range(1, heel), len(gemeenten) - 1))
    delen = [hoog - laag for laag, hoog in zip([0, *grenzen], [*grenzen, heel], strict=True)]
    return {naam: "1" if deel == heel else f"0.{deel:0{cijfers}d}" for naam, deel in zip(gemeenten, delen, strict=True)}


def _instellingen(r: Random) -> Json:
    """Every setting of the money; as the contract has them."""
    maximum, minimum = r.choice(
        ((None, None), (None, None), ("1", None), ("1.05", None), (None, "0.9"), ("1.1", "0.333"), ("1", "1"))
    )
    return {
        "tolerantie": r.choice(("0", "0", "0.05", "0.1", "0.25", "0.5", "1")),
        "maximum": maximum,
        "minimum": minimum,
        "bijstellingsdrempel": r.choice(("0", "0.05", "0.05", "0.1", "0.25", "0.5")),
        "tijdelijkeStopHoudtPlekDagen": r.choice((0, 0, 4, 14, 30, 400)),
    }


def _levering(r: Random, soort: str, gemeente: str, eerste_dag: date, laatste_dag: date) -> Json:
    """What was delivered on one toewijzing, told bit by bit: starts and stops, corrections, removal; often late."""
    perioden = _perioden(r, soort, eerste_dag, laatste_dag)
    einden = [p[1] or p[0] for p in perioden] or [eerste_dag]
    einddatum = r.choice((None, None, max(einden) + r.randint(-20, 90) * DAG))
    standen: list[tuple[date, list[list[Any]], bool]] = []
    for nummer, (begin, eind, _, definitief) in enumerate(perioden):
        standen.append((begin, [*perioden[:nummer], [begin, None, False, None]], False))
        if eind is not None:
            standen.append((max(eind, definitief or eind), perioden[: nummer + 1], False))
    if perioden and r.random() < 0.2:
        standen.append((standen[-1][0], _verbeterd(r, perioden), False))
    if perioden and r.random() < 0.12:
        standen.append((standen[-1][0], standen[-1][1], True))
    meldingen = [
        {
            "gehoord": wanneer + r.choice((r.randint(-3, 5), r.randint(0, 40), r.randint(0, 300))) * DAG,
            "versie": versie,
            "perioden": stand,
            "einddatum": einddatum,
            "verwijderd": verwijderd,
        }
        for versie, (wanneer, stand, verwijderd) in enumerate(standen, start=1)
    ]
    r.shuffle(meldingen)  # what is heard on one day comes in any order
    return {"gemeente": gemeente, "meldingen": meldingen}


def _perioden(r: Random, soort: str, eerste_dag: date, laatste_dag: date) -> list[list[Any]]:
    duur = max(1, (laatste_dag - eerste_dag).days)
    begin = eerste_dag + r.choice((r.randint(-60, min(60, duur)), r.randint(-60, duur))) * DAG
    if soort == "rond":
        begin = begin.replace(day=1)
    perioden: list[list[Any]] = []
    for _ in range(r.choice((0, 1, 1, 2, 2, 3, 4))):
        lengte = r.choice((None, r.randint(-1, 250), r.randint(0, 40)))
        eind = None if lengte is None else begin + lengte * DAG
        if eind is not None and soort == "rond":
            eind = max(begin, eind.replace(day=1) - DAG)
        tijdelijk = eind is not None and r.random() < 0.5
        later = r.choice((None, None, r.randint(0, 40)))
        definitief = eind + later * DAG if eind is not None and tijdelijk and later is not None else None
        perioden.append([begin, eind, tijdelijk, definitief])
        begin = (eind or begin) + r.randint(-5, 40) * DAG
    return perioden


def _verbeterd(r: Random, perioden: list[list[Any]]) -> list[list[Any]]:
    """The same, one of them deleted or with other days: a correction of the past."""
    anders = [list(periode) for periode in perioden]
    gekozen = r.randrange(len(anders))
    if r.random() < 0.4:
        del anders[gekozen]
        return anders
    begin, eind, _, _ = anders[gekozen]
    anders[gekozen][0] = begin + r.randint(-30, 5) * DAG
    if eind is not None:
        anders[gekozen][1] = eind + r.randint(-10, 30) * DAG
    return anders


def _monitors(r: Random, gemeenten: list[str], spannes: list[tuple[int, int]], vandaag: date) -> list[Json]:
    """Quarters that a controller looked at once they were over, each at most once; most proposals are fixed."""
    gevonden = []
    for contract, (begin, eind) in enumerate(spannes):
        for gemeente in gemeenten:
            for jaar, nummer in sorted({(m // 12, m % 12 // 3) for m in range(begin, eind + 1)}):
                op = laatste(jaar * 12 + nummer * 3 + 2) + r.randint(1, 40) * DAG
                if r.random() < 0.35 and op <= vandaag:
                    vast_op = op + r.choice((0, r.randint(0, 60))) * DAG
                    gevonden.append(
                        {
                            "contract": contract,
                            "gemeente": gemeente,
                            "kwartaal": f"{jaar}-Q{nummer + 1}",
                            "op": op,
                            "vast_op": vast_op if vast_op <= vandaag and r.random() < 0.8 else None,
                        }
                    )
    return gevonden


def _afrekeningen(r: Random, gemeenten: list[str], spannes: list[tuple[int, int]], vandaag: date) -> list[Json]:
    """Settlements over months that are over; the same months may be settled again when more was heard."""
    gevonden = []
    for contract, (begin, eind) in enumerate(spannes):
        for gemeente in gemeenten:
            voorbij = [maand for maand in range(begin, eind + 1) if laatste(maand) < vandaag]
            for _ in range(r.choice((0, 1, 1, 2)) if voorbij else 0):
                van = r.choice((voorbij[0], r.choice(voorbij)))
                tot = r.choice((voorbij[-1], r.randint(van, voorbij[-1])))
                op = laatste(tot) + r.randint(1, max(1, (vandaag - laatste(tot)).days)) * DAG
                vraag = {"contract": contract, "gemeente": gemeente, "van": tekst(van), "tot": tekst(tot)}
                gevonden.append({**vraag, "op": op})
                if op < vandaag and r.random() < 0.5:
                    gevonden.append({**vraag, "op": vandaag})
    return gevonden
