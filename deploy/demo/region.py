"""What the demo region consists of. Everything is made up; BSNs come from the official test range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shared.kernel.bsn import voldoet_aan_elfproef
from shared.kernel.periode import Kwartaal

SEED = 20220701
FIRST_BSN, LAST_BSN = 999900006, 999999990


@dataclass(frozen=True, slots=True)
class Subsegment:
    code: str
    naam: str
    segment: str
    wet: str
    productcategorie: str


@dataclass(frozen=True, slots=True)
class Lijn:
    """One line of a contract and how busy it is: `vulling` is the share of places taken over time."""

    aanbieder: str
    gemeente: str | None
    subsegment: str
    plekken: str
    prijs: str
    doorlooptijd: int
    clienten: int
    verdeelsleutel: dict[str, str] | None = None


GEMEENTEN = {"0197": "Aalten", "0294": "Winterswijk", "1586": "Oost Gelre"}
AANBIEDERS = {
    "42420001": "De Linde Jeugdhulp",
    "42420002": "Gezinshuis Het Bolwerk",
    "42420003": "Praktijk De Slinge",
    "42420004": "Thuis in de Buurt",
    "42420005": "Stichting Hamalandzorg",
}
SUBSEGMENTEN = (
    Subsegment("45Z01", "Ambulante jeugdhulp", "Ambulant", "jeugdwet", "45"),
    Subsegment("54Z01", "Jeugd-ggz behandeling", "IAJ", "jeugdwet", "54"),
    Subsegment("44Z01", "Gezinshuiszorg", "GWV", "jeugdwet", "44"),
    Subsegment("02Z01", "Begeleiding thuis", "Wmo begeleiding", "wmo", "02"),
    Subsegment("07Z01", "Dagbesteding ouderen", "Wmo dagbesteding", "wmo", "07"),
)
LIJNEN = (
    Lijn("42420001", "0294", "54Z01", "5", "38500.00", 240, 4),
    Lijn("42420001", "0197", "54Z01", "6", "38500.00", 240, 6),
    Lijn("42420001", "0294", "45Z01", "8", "21750.50", 180, 6),
    Lijn("42420002", None, "44Z01", "9", "64200.00", 540, 8, {"0197": "0.3", "0294": "0.4", "1586": "0.3"}),
    Lijn("42420003", "1586", "54Z01", "4", "36900.00", 210, 5),
    Lijn("42420003", "0294", "54Z01", "10", "37250.00", 210, 3),
    Lijn("42420004", "0294", "02Z01", "7.5", "14300.00", 365, 6),
    Lijn("42420004", "1586", "02Z01", "6", "14100.00", 365, 2),
    Lijn("42420005", "0197", "07Z01", "10", "9850.25", 400, 9),
    Lijn("42420005", "0294", "07Z01", "8", "9850.25", 400, 7),
)
NAMEN = (
    "Wit",
    "Bakker",
    "Visser",
    "Smit",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "Dekker",
    "Brouwer",
    "Dijkstra",
    "Koster",
    "Willems",
    "Kuipers",
)
VOORNAMEN = (
    "Sem",
    "Noor",
    "Daan",
    "Lotte",
    "Milan",
    "Fenna",
    "Bram",
    "Saar",
    "Teun",
    "Lieke",
    "Jip",
    "Roos",
    "Gijs",
    "Evi",
    "Thijs",
)
STRATEN = (
    "Dorpsstraat",
    "Kerklaan",
    "Molenweg",
    "Schoolstraat",
    "Beukenlaan",
    "Stationsweg",
    "Bredevoortweg",
)


@dataclass(frozen=True, slots=True)
class Verloop:
    """What happens to one client of the demo: indicatie, start and perhaps stop (temporary with `hervat`)."""

    nummer: int
    bsn: str
    lijn: Lijn
    gemeente: str
    begin: date
    einde: date
    start: date
    stop: date | None
    hervat: date | None


def testnummers() -> Iterator[str]:
    """Test BSNs that pass the eleven test."""
    return (str(number) for number in range(FIRST_BSN, LAST_BSN + 1) if voldoet_aan_elfproef(str(number)))


def contractperiode(vandaag: date) -> tuple[date, date]:
    """Two years of whole months, begun a little over a year ago: there is always a past quarter and a future."""
    kwartaal = Kwartaal.van(vandaag)
    begin = date(kwartaal.jaar - 1, 3 * kwartaal.nummer - 2, 1)
    return begin, date(begin.year + 2, begin.month, 1) - timedelta(days=1)


def verlopen(vandaag: date) -> list[Verloop]:
    """Every client of the demo, in order of start; the same for the same date."""
    random = Random(SEED)
    begin, einde = contractperiode(vandaag)
    nummers = testnummers()
    made: list[Verloop] = []
    for lijn in LIJNEN:
        gemeenten = [lijn.gemeente] if lijn.gemeente else sorted(lijn.verdeelsleutel or {})
        for index in range(lijn.clienten + 2):
            gone = index >= lijn.clienten
            span = (vandaag - begin).days - 40
            # Most places were taken over at the start of the contract; the rest came in during the year.
            taken_over = index < 0.7 * lijn.clienten or gone
            first = begin + timedelta(days=random.randrange(0, 25 if taken_over else max(span, 1)))
            start = first + timedelta(days=random.randrange(3, 15))
            stop = start + timedelta(days=random.randrange(60, 150)) if gone else None
            pause = not gone and index == 1
            start + timedelta(days=12) if pause else None
            last = einde - timedelta(days=random.randrange(0, 90))
            made.append(
                Verloop(
                    nummer=len(made),
                    bsn=next(nummers),
                    lijn=lijn,
                    gemeente=gemeenten[index % len(gemeenten)],
                    begin=first,
                    einde=last,
                    start=start,
                    stop=min(stop, vandaag - timedelta(days=5))
                    if stop
                    else start + timedelta(days=12)
                    if pause
                    else None,
                    hervat=start + timedelta(days=20) if pause else None,
                )
            )
    return sorted(made, key=lambda verloop: (verloop.start, verloop.nummer))
