"""Level 2 rules about the person of a message and the relations in a 301."""

from collections.abc import Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.datums import dag, dagtekening
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_WEGINGEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_ONBEKEND = (1900, 1, 1)
_MEESTE_JAREN = 120
BSN_KLOPT_NIET = "Het BSN klopt niet (elfproef). Controleer het nummer bij de cliënt."


def voldoet_aan_elfproef(bsn: str) -> bool:
    """True when nine digits pass the eleven test; nine zeros do not, nobody has that number."""
    som = sum(weging * int(cijfer) for weging, cijfer in zip(_WEGINGEN, bsn, strict=True))
    return som % 11 == 0 and bsn != "000000000"


def _client(bericht: Bericht) -> Knoop:
    return deel(bericht.inhoud, "Client")


def _relaties(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    rij = klassen(deel(_client(bericht), "Relaties"), "Relatie")
    for volgnummer, relatie in enumerate(rij, start=1):
        yield f"Client/Relaties/Relatie[{volgnummer}]", relatie


def _personen(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    yield "Client", _client(bericht)
    yield from _relaties(bericht)


@regel("CS002", "301", "305", "307", "315", "317")
def bsn_voldoet_aan_elfproef(bericht: Bericht) -> Iterator[Bevinding]:
    """The BSN passes the eleven test; in claims and their answers `prestatie` looks at every client."""
    if not voldoet_aan_elfproef(verplicht(_client(bericht), "Bsn")):
        yield "Client/Bsn", BSN_KLOPT_NIET


@regel("TR002", "301", "305", "307", "315")
def geboren_in_de_laatste_120_jaar(bericht: Bericht) -> Iterator[Bevinding]:
    """Born at most 120 years before Dagtekening, unless the birth date is marked as wholly unknown."""
    geboorte = deel(_client(bericht), "Geboortedatum")
    jaar, *rest = dag(verplicht(geboorte, "Datum"))
    onbekend = tekst(geboorte, "DatumGebruik") == "3" and (jaar, *rest) == _ONBEKEND
    if (jaar + _MEESTE_JAREN, *rest) < dagtekening(bericht) and not onbekend:
        yield (
            "Client/Geboortedatum/Datum",
            "De geboortedatum ligt meer dan 120 jaar terug. Verbeter de datum, of vul bij een onbekende datum "
            "1900-01-01 in met DatumGebruik 3.",
        )


@regel("TR134", "301", "305", "307", "315")
def niet_geboren_na_dagtekening(bericht: Bericht) -> Iterator[Bevinding]:
    """The client's birth date is not after Dagtekening.

    The source does not say which dates TR134 binds; we apply it where it cannot be wrong (claims: see `declaratie`).
    """
    if dag(verplicht(deel(_client(bericht), "Geboortedatum"), "Datum")) > dagtekening(bericht):
        yield (
            "Client/Geboortedatum/Datum",
            "De geboortedatum ligt na de dagtekening van het bericht. Verbeter de datum.",
        )


@regel("CS139", "301", "305", "307", "315")
def geboortedatum_past_bij_datumgebruik(bericht: Bericht) -> Iterator[Bevinding]:
    """What DatumGebruik calls unknown is filled with 01 or 1900 (IV009, OP252)."""
    for plaats, persoon in _personen(bericht):
        geboorte = deel(persoon, "Geboortedatum")
        if not geboorte:
            continue
        datum = dag(verplicht(geboorte, "Datum"))
        klopt = {
            None: True,
            "1": datum[2] == 1,
            "2": datum[1:] == (1, 1),
            "3": datum == _ONBEKEND,
        }[tekst(geboorte, "DatumGebruik")]
        if not klopt:
            yield (
                f"{plaats}/Geboortedatum/DatumGebruik",
                "De geboortedatum past niet bij DatumGebruik. Vul voor een onbekende dag of maand 01 in en voor "
                "een onbekende datum 1900-01-01.",
            )


@regel("CS050", "301")
def naamgebruik_past_bij_partnernaam(bericht: Bericht) -> Iterator[Bevinding]:
    """With a partner's name NaamGebruik is 1 to 4, without one it is 1 or 6."""
    for plaats, persoon in _personen(bericht):
        naam = deel(persoon, "Naam")
        toegestaan = ("1", "2", "3", "4") if deel(naam, "Partnernaam") else ("1", "6")
        if tekst(naam, "NaamGebruik") not in toegestaan:
            yield (
                f"{plaats}/Naam/NaamGebruik",
                "NaamGebruik past niet bij de naam. Vul 1, 2, 3 of 4 in met een partnernaam, en 1 of 6 zonder.",
            )


@regel("CS318", "301")
def client_is_een_mens(bericht: Bericht) -> Iterator[Bevinding]:
    """NaamGebruik 6, for organisations, is never right for a client."""
    if tekst(deel(_client(bericht), "Naam"), "NaamGebruik") == "6":
        yield "Client/Naam/NaamGebruik", "NaamGebruik 6 is voor organisaties. Vul voor een cliënt 1, 2, 3 of 4 in."


@regel("CD007", "301")
def taal_alleen_bij_tolk(bericht: Bericht) -> Iterator[Bevinding]:
    """Taal is filled when Vorm is 1 (interpreter), and only then."""
    communicatie = deel(_client(bericht), "Communicatie")
    tolk = tekst(communicatie, "Vorm") == "1"
    if communicatie and tolk != ("Taal" in communicatie):
        yield (
            "Client/Communicatie/Taal",
            "Vul Taal in bij Vorm 1 (tolk)." if tolk else "Laat Taal weg: die hoort alleen bij Vorm 1 (tolk).",
        )
