"""What the demo region consists of. Everything is made up: eight gemeenten with codes that no gemeente has, twenty
aanbieders, and clients with BSNs from the official test range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from deploy.simulatie.wereld import Lijn, Overeenkomst, Subsegment, Versie
from shared.kernel.periode import Kwartaal

GEMEENTEN = {
    "9701": "Berkelwoude",
    "9702": "Slingedal",
    "9703": "Hessenveld",
    "9704": "Oerbroek",
    "9705": "Koldermark",
    "9706": "Lankeresch",
    "9707": "Wiekerbeek",
    "9708": "Stuwerode",
}
SUBSEGMENTEN = (
    Subsegment("45Z01", "Ambulante jeugdhulp", "Ambulant", "jeugdwet"),
    Subsegment("54Z01", "Jeugd-ggz behandeling", "IAJ", "jeugdwet"),
    Subsegment("41Z01", "Dagbehandeling jeugd", "Dagbehandeling", "jeugdwet"),
    Subsegment("44Z01", "Gezinshuiszorg", "GWV", "jeugdwet"),
    Subsegment("44Z02", "Verblijf groep", "GWV", "jeugdwet"),
    Subsegment("02Z01", "Begeleiding thuis", "Wmo begeleiding", "wmo"),
    Subsegment("07Z01", "Dagbesteding ouderen", "Wmo dagbesteding", "wmo"),
    Subsegment("07Z02", "Arbeidsmatige dagbesteding", "Wmo dagbesteding", "wmo"),
)


class Beeld(StrEnum):
    """How a line goes through the year."""

    RUSTIG = "rustig"
    VOL = "vol"
    OVER = "over"
    LOOPT_VOL = "loopt vol"
    LOOPT_LEEG = "loopt leeg"
    LEEG = "leeg"


@dataclass(frozen=True, slots=True)
class Demolijn:
    """One line of a contract, and how busy it is: `nu` clients have a place today, `gegaan` had one, `wacht` wait."""

    gemeente: str | None
    subsegment: str
    plekken: str
    prijs: str
    doorlooptijd: int
    beeld: Beeld
    nu: int
    gegaan: int = 0
    wacht: int = 0
    verdeelsleutel: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demoaanbieder:
    """A provider with its one contract."""

    naam: str
    lijnen: tuple[Demolijn, ...]
    instellingen: Mapping[str, str | int | None] = field(default_factory=dict)


R, V, O, LV, LL, L = Beeld  # noqa: E741  # as short as the columns of a table
WEST = {"9701": "0.30", "9702": "0.40", "9703": "0.30"}
OOST = {"9704": "0.35", "9705": "0.25", "9708": "0.40"}
ALLE = dict.fromkeys(GEMEENTEN, "0.125")
AANBIEDERS: dict[str, Demoaanbieder] = {
    "42420001": Demoaanbieder(
        "De Linde Jeugdhulp",
        (
            # The README's walk begins here: one place free.
            Demolijn("9702", "54Z01", "5", "38500.00", 240, R, 4),
            Demolijn("9701", "54Z01", "6", "38500.00", 240, V, 6, 3, 2),
            Demolijn("9702", "45Z01", "8", "21750.50", 180, R, 6, 5),
        ),
    ),
    "42420002": Demoaanbieder(
        "Gezinshuis Het Bolwerk",
        (Demolijn(None, "44Z01", "9", "64200.00", 540, R, 8, 2, 1, WEST),),
        {"tijdelijkeStopHoudtPlekDagen": 14},
    ),
    "42420003": Demoaanbieder(
        "Praktijk De Slinge",
        (
            Demolijn("9703", "54Z01", "4", "36900.00", 210, O, 5, 3),
            Demolijn("9702", "54Z01", "10", "37250.00", 210, LL, 3, 8),
        ),
    ),
    "42420004": Demoaanbieder(
        "Thuis in de Marke",
        (
            Demolijn("9702", "02Z01", "7.5", "14300.00", 365, R, 6, 3),
            Demolijn("9703", "02Z01", "6", "14100.00", 365, L, 1, 2),
        ),
        {"tolerantie": "0.05"},
    ),
    "42420005": Demoaanbieder(
        "Stichting Eskamp Zorg",
        (
            Demolijn("9701", "07Z01", "10", "9850.25", 400, LV, 9, 1),
            Demolijn("9702", "07Z01", "8", "9850.25", 400, R, 7, 2),
        ),
    ),
    "42420006": Demoaanbieder(
        "Behandelhuis De Koepel",
        (
            Demolijn("9704", "41Z01", "8", "29900.00", 150, V, 8, 7, 2),
            Demolijn("9705", "41Z01", "5", "29900.00", 150, R, 4, 4),
        ),
        {"maximum": "1.1"},
    ),
    "42420007": Demoaanbieder(
        "Jeugdpunt Oost",
        (
            Demolijn("9704", "45Z01", "12", "20980.00", 170, R, 9, 8),
            Demolijn("9708", "45Z01", "6", "20980.00", 170, O, 8, 3),
        ),
    ),
    "42420008": Demoaanbieder(
        "Verblijf De Eikelhof",
        (Demolijn(None, "44Z02", "12", "81400.00", 300, V, 12, 5, 3, ALLE),),
        {"tijdelijkeStopHoudtPlekDagen": 7, "minimum": "0.8"},
    ),
    "42420009": Demoaanbieder(
        "Gezinshuizen Neederhof",
        (Demolijn(None, "44Z01", "6", "62850.00", 540, LL, 2, 5, 0, OOST),),
        {"tijdelijkeStopHoudtPlekDagen": 14},
    ),
    "42420010": Demoaanbieder(
        "Ggz-praktijk Het Anker",
        (
            Demolijn("9705", "54Z01", "6", "37990.00", 230, LV, 6, 1),
            Demolijn("9706", "54Z01", "5", "37990.00", 230, R, 4, 3),
        ),
    ),
    "42420011": Demoaanbieder(
        "Buurtzaam Hessenveld",
        (
            Demolijn("9703", "07Z01", "6", "9700.00", 400, R, 5, 1),
            Demolijn("9703", "07Z02", "6", "11350.00", 500, R, 5, 1),
        ),
    ),
    "42420012": Demoaanbieder(
        "Werkplaats De Schuur",
        (
            Demolijn("9706", "07Z02", "8", "11200.00", 500, LL, 3, 5),
            Demolijn("9707", "07Z02", "5", "11200.00", 500, V, 5),
        ),
    ),
    "42420013": Demoaanbieder(
        "Zorgzaam Lankeresch",
        (Demolijn("9706", "02Z01", "9", "13950.00", 330, R, 7, 3),),
        {"tolerantie": "0.05"},
    ),
    "42420014": Demoaanbieder(
        "Jeugdteam De Beek",
        (
            Demolijn("9707", "45Z01", "7", "22100.00", 190, LV, 7, 1, 1),
            Demolijn("9706", "45Z01", "4", "22100.00", 190, L, 0, 2),
        ),
    ),
    "42420015": Demoaanbieder(
        "Praktijk Tussen de Bomen",
        (Demolijn("9707", "54Z01", "3", "39100.00", 260, O, 4, 2, 1),),
    ),
    "42420016": Demoaanbieder(
        "Dagcentrum De Es",
        (
            Demolijn("9708", "07Z01", "9", "9640.00", 380, R, 7, 3),
            Demolijn("9704", "07Z01", "5", "9640.00", 380, R, 4, 1),
        ),
    ),
    "42420017": Demoaanbieder(
        "Begeleid Koldermark",
        (Demolijn("9705", "02Z01", "6", "14450.00", 300, V, 6, 2, 1),),
    ),
    "42420018": Demoaanbieder(
        "Kindercentrum Regenboog",
        (Demolijn("9701", "41Z01", "6", "30500.00", 140, R, 5, 5),),
        {"maximum": "1"},
    ),
    "42420019": Demoaanbieder(
        "Thuiszorg Stuwerode",
        (
            Demolijn("9708", "02Z01", "5", "14050.00", 350, R, 4, 1),
            Demolijn("9704", "02Z01", "4", "14050.00", 350, R, 3, 1),
        ),
    ),
    "42420020": Demoaanbieder(
        "Jeugdhulp De Wiekslag",
        (
            Demolijn("9701", "45Z01", "5", "21400.00", 180, LV, 5, 0, 1),
            Demolijn("9703", "45Z01", "5", "21400.00", 180, R, 4, 3),
        ),
    ),
}


def contractperiode(vandaag: date) -> tuple[date, date]:
    """Two years of whole months, begun a little over a year ago: there is always a past quarter and a future."""
    kwartaal = Kwartaal.van(vandaag)
    begin = date(kwartaal.jaar - 1, 3 * kwartaal.nummer - 2, 1)
    return begin, date(begin.year + 2, begin.month, 1) - timedelta(days=1)


def overeenkomsten(vandaag: date) -> tuple[Overeenkomst, ...]:
    """The contracts of the region."""
    begin, eind = contractperiode(vandaag)
    return tuple(
        Overeenkomst(code, item.naam, begin, eind, tuple(_lijn(lijn, begin) for lijn in item.lijnen), item.instellingen)
        for code, item in AANBIEDERS.items()
    )


def _lijn(lijn: Demolijn, begin: date) -> Lijn:
    versie = Versie(begin, lijn.plekken, lijn.prijs)
    return Lijn(lijn.subsegment, lijn.gemeente, (versie,), lijn.doorlooptijd, lijn.verdeelsleutel)
