"""Residents that do not exist: BSNs from the official test range, everything else follows from their place in it."""

from __future__ import annotations

from datetime import date
from functools import cache

from services.backoffice.istandaarden.persoon import Client
from shared.kernel.bsn import is_test_bsn

FIRST, LAST = 999_900_006, 999_999_990
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
    "Mees",
)
STRATEN = (
    "Dorpsstraat",
    "Kerklaan",
    "Molenweg",
    "Schoolstraat",
    "Beukenlaan",
    "Stationsweg",
    "Esweg",
)


@cache
def testnummers() -> tuple[str, ...]:
    """Every BSN of the official test range."""
    return tuple(bsn for number in range(FIRST, LAST + 1) if is_test_bsn(bsn := str(number)))


def wet_van(persoon: int) -> str:
    """By which law this resident gets care: three of five are young."""
    return "jeugdwet" if persoon % len(testnummers()) % 5 < 3 else "wmo"


def client_van(persoon: int) -> Client:
    """The resident at this place in the list, which begins again at its end: the same number is the same person."""
    nummer = persoon % len(testnummers())
    year = 2009 + nummer % 9 if wet_van(persoon) == "jeugdwet" else 1938 + nummer % 40
    voornaam = VOORNAMEN[nummer % len(VOORNAMEN)]
    return Client(
        bsn=testnummers()[nummer],
        geboortedatum=date(year, 1 + nummer % 12, 1 + nummer % 28),
        geslacht=str(1 + nummer % 2),
        achternaam=NAMEN[nummer % len(NAMEN)],
        voornamen=voornaam,
        voorletters=voornaam[0],
    )


def als_json(persoon: int, woonplaats: str) -> dict[str, object]:
    """The resident as the API takes one."""
    client, nummer = client_van(persoon), persoon % len(testnummers())
    return {
        "bsn": client.bsn,
        "geboortedatum": client.geboortedatum.isoformat(),
        "geslacht": client.geslacht,
        "achternaam": client.achternaam,
        "voornamen": client.voornamen,
        "voorletters": client.voorletters,
        "contact": [
            {
                "soort": "01",
                "straatnaam": STRATEN[nummer % len(STRATEN)],
                "huisnummer": 1 + nummer % 300,
                "postcode": f"71{nummer % 90 + 10:02d}AB",
                "plaatsnaam": woonplaats,
                "land": "NL",
            }
        ],
    }
