"""The region of the bench: who has which contract lines, which clients are placed there, and their 305 messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import StartProduct, maak_startbericht
from shared.kernel.bsn import voldoet_aan_elfproef

SEED = 305
FIRST_BSN, LAST_BSN = 999900006, 999999990
GEMEENTEN = tuple(f"{code:04d}" for code in (197, 294, 1586, 1859, 1955, 1509))
SUBSEGMENTEN = tuple(f"{categorie}Z{nummer:02d}" for categorie in (44, 45, 54) for nummer in range(1, 5))
AANBIEDERS = tuple(str(43430001 + number) for number in range(12))
PROBED = "43439999"  # the provider whose lines of one place show when a message is visible
LINES_EACH = 4  # sub-segments per provider
PLACES, PROBED_PLACES = 6, 1
BORN = date(2012, 5, 14)


@dataclass(frozen=True, slots=True)
class Cel:
    """Where a client is placed."""

    aanbieder: str
    gemeente: str
    subsegment: str


@dataclass(frozen=True, slots=True)
class Plaatsing:
    """A client with a toewijzing: `begin` to `einde`, care starts on `start`."""

    nummer: int
    bsn: str
    cel: Cel
    begin: date
    einde: date
    start: date

    @property
    def naam(self) -> str:
        """A surname."""
        return ("Wit", "Bakker", "Visser", "Smit", "Mulder", "Bos")[self.nummer % 6]


def contract(vandaag: date) -> tuple[date, date]:
    """Two calendar years, last year and this one."""
    return date(vandaag.year - 1, 1, 1), date(vandaag.year, 12, 31)


def lijnen() -> dict[str, list[Cel]]:
    """Provider → its contract lines."""
    found = {PROBED: [Cel(PROBED, gemeente, code) for gemeente in GEMEENTEN for code in SUBSEGMENTEN]}
    for index, aanbieder in enumerate(AANBIEDERS):
        codes = [SUBSEGMENTEN[(index + step) % len(SUBSEGMENTEN)] for step in range(LINES_EACH)]
        found[aanbieder] = [Cel(aanbieder, gemeente, code) for gemeente in GEMEENTEN for code in codes]
    return found


def plaatsingen(vandaag: date, aantal: int, proeven: int) -> tuple[list[Plaatsing], list[Plaatsing]]:
    """`aantal` clients spread over all lines, and `proeven` that each start on a line of one place; the same for the
    same date."""
    random, bsns, alle = Random(SEED), testnummers(), lijnen()
    cellen = [cel for aanbieder in AANBIEDERS for cel in alle[aanbieder]]
    gewoon = [_plaatsing(number, next(bsns), random.choice(cellen), vandaag, random) for number in range(aantal)]
    proef = [
        _plaatsing(aantal + number, next(bsns), alle[PROBED][number], vandaag, random) for number in range(proeven)
    ]
    return gewoon, proef


def _plaatsing(nummer: int, bsn: str, cel: Cel, vandaag: date, random: Random) -> Plaatsing:
    start = vandaag - timedelta(days=random.randrange(5, 200))
    begin = max(start - timedelta(days=random.randrange(0, 14)), contract(vandaag)[0])
    einde = contract(vandaag)[1] - timedelta(days=random.randrange(0, 30))
    return Plaatsing(nummer, bsn, cel, begin, max(einde, vandaag), start)


def testnummers() -> Iterator[str]:
    """Official test BSNs."""
    return (str(number) for number in range(FIRST_BSN, LAST_BSN + 1) if voldoet_aan_elfproef(str(number)))


def subsegment(code: str) -> dict[str, object]:
    """The body that sets up a sub-segment."""
    return {
        "naam": f"Jeugdhulp {code}",
        "segment": "Ambulant",
        "wet": "jeugdwet",
        "productcategorie": code[:2],
        "bekostiging": "lumpsum",
        "metToewijzing": True,
    }


def overeenkomst(aanbieder: str, cellen: list[Cel], vandaag: date) -> dict[str, object]:
    """The body that sets up a provider's contract."""
    begin, einde = contract(vandaag)
    plekken = str(PROBED_PLACES if aanbieder == PROBED else PLACES)
    return {
        "aanbieder": {"agbCode": aanbieder, "naam": f"Aanbieder {aanbieder}"},
        "begindatum": begin.isoformat(),
        "einddatum": einde.isoformat(),
        "regels": [
            {"gemeente": cel.gemeente, "subsegment": cel.subsegment, "plekken": plekken, "prijsPerPlek": "38500.00"}
            for cel in cellen
        ],
    }


def indicatie(plaatsing: Plaatsing) -> dict[str, object]:
    """The body that decides on care."""
    cel = plaatsing.cel
    contact = {
        "soort": "01",
        "straatnaam": "Kerklaan",
        "huisnummer": 1 + plaatsing.nummer,
        "postcode": "7101AA",
        "plaatsnaam": "Winterswijk",
        "land": "NL",
    }
    return {
        "client": {
            "bsn": plaatsing.bsn,
            "geboortedatum": BORN.isoformat(),
            "geslacht": "2",
            "achternaam": plaatsing.naam,
            "voornamen": "Noor",
            "voorletters": "N",
            "contact": [contact],
        },
        "wet": "jeugdwet",
        "gemeente": cel.gemeente,
        "subsegment": cel.subsegment,
        "aanbieder": cel.aanbieder,
        "ingangsdatum": plaatsing.begin.isoformat(),
        "einddatum": plaatsing.einde.isoformat(),
        "resultaatafspraken": ["Gaat weer elke dag naar school."],
        "evaluatiemomenten": [plaatsing.einde.isoformat()],
    }


def startbericht(plaatsing: Plaatsing, toewijzing: str, vandaag: date) -> bytes:
    """The provider's 305 about this client."""
    cel = plaatsing.cel
    code = cel.subsegment
    product = StartProduct(toewijzing, code[:2], code, plaatsing.begin, plaatsing.start)
    client = Client(bsn=plaatsing.bsn, geboortedatum=BORN, geslacht="2", achternaam=plaatsing.naam)
    bericht = maak_startbericht(
        "jeugdwet",
        afzender=cel.aanbieder,
        ontvanger=cel.gemeente,
        identificatie=f"B{plaatsing.nummer:07d}",
        dagtekening=vandaag,
        client=client,
        producten=(product,),
    )
    return schrijf(bericht)
