"""Level 2 rules about the person of a message and the relations in a 301."""

from collections.abc import Iterator
from operator import mul

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_WEGINGEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_GEWICHT_VAN_NULLEN = sum(_WEGINGEN) * ord("0")
_ONBEKEND = "1900-01-01"
_MEESTE_JAREN = 120
BSN_KLOPT_NIET = "Het BSN klopt niet (elfproef). Controleer het nummer bij de cliënt."


def voldoet_aan_elfproef(bsn: str) -> bool:
    """True when nine digits pass the eleven test; nine zeros do not, nobody has that number."""
    # The codes of the digits 0 to 9 follow each other: what they weigh too much is the same for every number.
    som = sum(map(mul, _WEGINGEN, bsn.encode())) - _GEWICHT_VAN_NULLEN
    return som % 11 == 0 and bsn != "000000000"


def _client(beeld: Beeld) -> Knoop:
    return deel(beeld.inhoud, "Client")


@eenmaal
def _relaties(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    rij = klassen(deel(_client(beeld), "Relaties"), "Relatie")
    for volgnummer, relatie in enumerate(rij, start=1):
        yield f"Client/Relaties/Relatie[{volgnummer}]", relatie


@eenmaal
def _personen(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    yield "Client", _client(beeld)
    yield from _relaties(beeld)


@regel("CS002", "301", "305", "307", "315", "317")
def bsn_voldoet_aan_elfproef(beeld: Beeld) -> Iterator[Bevinding]:
    """The BSN passes the eleven test; in claims and their answers `prestatie` looks at every client."""
    if not voldoet_aan_elfproef(verplicht(_client(beeld), "Bsn")):
        yield "Client/Bsn", BSN_KLOPT_NIET


@regel("TR002", "301", "305", "307", "315")
def geboren_in_de_laatste_120_jaar(beeld: Beeld) -> Iterator[Bevinding]:
    """Born at most 120 years before Dagtekening, unless the birth date is marked as wholly unknown."""
    geboorte = deel(_client(beeld), "Geboortedatum")
    geboren = verplicht(geboorte, "Datum")
    onbekend = tekst(geboorte, "DatumGebruik") == "3" and geboren == _ONBEKEND
    # Dagtekening is a text of ten characters; so is the same day 120 years earlier, or it comes before every day.
    grens = f"{int(beeld.dagtekening[:4]) - _MEESTE_JAREN:04}{beeld.dagtekening[4:]}"
    if geboren < grens and not onbekend:
        yield (
            "Client/Geboortedatum/Datum",
            "De geboortedatum ligt meer dan 120 jaar terug. Verbeter de datum, of vul bij een onbekende datum "
            "1900-01-01 in met DatumGebruik 3.",
        )


@regel("TR134", "301", "305", "307", "315")
def niet_geboren_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """The client's birth date is not after Dagtekening.

    The source does not say which dates TR134 binds; we apply it where it cannot be wrong (claims: see `declaratie`).
    """
    if verplicht(deel(_client(beeld), "Geboortedatum"), "Datum") > beeld.dagtekening:
        yield (
            "Client/Geboortedatum/Datum",
            "De geboortedatum ligt na de dagtekening van het bericht. Verbeter de datum.",
        )


@regel("CS139", "301", "305", "307", "315")
def geboortedatum_past_bij_datumgebruik(beeld: Beeld) -> Iterator[Bevinding]:
    """What DatumGebruik calls unknown is filled with 01 or 1900 (IV009, OP252)."""
    for plaats, persoon in _personen(beeld):
        geboorte = deel(persoon, "Geboortedatum")
        gebruik = tekst(geboorte, "DatumGebruik")
        if gebruik is None:
            continue
        datum = verplicht(geboorte, "Datum")
        klopt = {
            "1": datum.endswith("-01"),
            "2": datum.endswith("-01-01"),
            "3": datum == _ONBEKEND,
        }[gebruik]
        if not klopt:
            yield (
                f"{plaats}/Geboortedatum/DatumGebruik",
                "De geboortedatum past niet bij DatumGebruik. Vul voor een onbekende dag of maand 01 in en voor "
                "een onbekende datum 1900-01-01.",
            )


@regel("CS050", "301")
def naamgebruik_past_bij_partnernaam(beeld: Beeld) -> Iterator[Bevinding]:
    """With a partner's name NaamGebruik is 1 to 4, without one it is 1 or 6."""
    for plaats, persoon in _personen(beeld):
        naam = deel(persoon, "Naam")
        toegestaan = ("1", "2", "3", "4") if deel(naam, "Partnernaam") else ("1", "6")
        if tekst(naam, "NaamGebruik") not in toegestaan:
            yield (
                f"{plaats}/Naam/NaamGebruik",
                "NaamGebruik past niet bij de naam. Vul 1, 2, 3 of 4 in met een partnernaam, en 1 of 6 zonder.",
            )


@regel("CS318", "301")
def client_is_een_mens(beeld: Beeld) -> Iterator[Bevinding]:
    """NaamGebruik 6, for organisations, is never right for a client."""
    if tekst(deel(_client(beeld), "Naam"), "NaamGebruik") == "6":
        yield "Client/Naam/NaamGebruik", "NaamGebruik 6 is voor organisaties. Vul voor een cliënt 1, 2, 3 of 4 in."


@regel("CD007", "301")
def taal_alleen_bij_tolk(beeld: Beeld) -> Iterator[Bevinding]:
    """Taal is filled when Vorm is 1 (interpreter), and only then."""
    communicatie = deel(_client(beeld), "Communicatie")
    tolk = tekst(communicatie, "Vorm") == "1"
    if communicatie and tolk != ("Taal" in communicatie):
        yield (
            "Client/Communicatie/Taal",
            "Vul Taal in bij Vorm 1 (tolk)." if tolk else "Laat Taal weg: die hoort alleen bij Vorm 1 (tolk).",
        )
