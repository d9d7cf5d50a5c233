"""The person a message is about, and how to reach them, as typed values."""

from dataclasses import dataclass
from datetime import date

from services.backoffice.istandaarden.knoop import Knoop, deel, tekst, verplicht


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a client. `soort`: 01 registered, 02 correspondence, 03 residence, 04 temporary address.

    `telefoon` is a Dutch number as people write it (0201234567, +31 20 …), or with `landnummer` one from elsewhere.
    """

    soort: str
    straatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    toevoeging: str | None = None
    postcode: str | None = None
    plaatsnaam: str | None = None
    land: str | None = "NL"
    telefoon: str | None = None
    landnummer: str = "0031"
    emailadres: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """The client of a message. `datumgebruik` tells which part of the birth date is unknown (IV009)."""

    bsn: str
    geboortedatum: date
    geslacht: str
    achternaam: str
    datumgebruik: str | None = None
    voorvoegsel: str | None = None
    voornamen: str | None = None
    voorletters: str | None = None
    contacten: tuple[Contact, ...] = ()


def zonder_lege(**delen: object) -> Knoop:
    """A class out of the parts that are filled; None and empty text count as not filled (RS033)."""
    knoop: Knoop = {}
    for naam, waarde in delen.items():
        if (isinstance(waarde, (str, dict, list)) and waarde) or isinstance(waarde, int):
            knoop[naam] = waarde
    return knoop


def _voorletters(voorletters: str | None) -> str | None:
    """Initials as the standard wants them (IV007): no dots, no spaces, at most six."""
    if voorletters is None:
        return None
    return "".join(teken for teken in voorletters if teken not in ". ")[:6]


def naar_knoop(client: Client) -> Knoop:
    """Bsn, Geboortedatum, Geslacht and short Naam of a client, as 305 and 307 hold them."""
    geslachtsnaam = zonder_lege(Achternaam=client.achternaam, Voorvoegsel=client.voorvoegsel)
    return {
        "Bsn": client.bsn,
        "Geboortedatum": zonder_lege(Datum=client.geboortedatum.isoformat(), DatumGebruik=client.datumgebruik),
        "Geslacht": client.geslacht,
        "Naam": zonder_lege(
            Geslachtsnaam=geslachtsnaam,
            Voornamen=client.voornamen,
            Voorletters=_voorletters(client.voorletters),
        ),
    }


def uit_knoop(knoop: Knoop) -> Client:
    """The client of a message that passed levels 1 and 2; contacts are left out."""
    naam, geboorte = deel(knoop, "Naam"), deel(knoop, "Geboortedatum")
    geslachtsnaam = deel(naam, "Geslachtsnaam")
    return Client(
        bsn=verplicht(knoop, "Bsn"),
        geboortedatum=date.fromisoformat(verplicht(geboorte, "Datum")),
        geslacht=verplicht(knoop, "Geslacht"),
        achternaam=verplicht(geslachtsnaam, "Achternaam"),
        datumgebruik=tekst(geboorte, "DatumGebruik"),
        voorvoegsel=tekst(geslachtsnaam, "Voorvoegsel"),
        voornamen=tekst(naam, "Voornamen"),
        voorletters=tekst(naam, "Voorletters"),
    )
