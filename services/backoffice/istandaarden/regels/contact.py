"""Level 2 rules about addresses and telephone numbers in a 301, of the client and of relations."""

import re
from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_POSTCODE = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}")
_VASTE_SOORTEN = frozenset(("01", "02", "03"))
TIJDELIJK = "04"


@eenmaal
def _contacten_van_client(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    rij = klassen(deel(beeld.inhoud, "Client", "Contactgegevens"), "Contact")
    for volgnummer, contact in enumerate(rij, start=1):
        yield f"Client/Contactgegevens/Contact[{volgnummer}]", contact


@eenmaal
def _contacten(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    relaties = klassen(deel(beeld.inhoud, "Client", "Relaties"), "Relatie")
    for volgnummer, relatie in enumerate(relaties, start=1):
        yield f"Client/Relaties/Relatie[{volgnummer}]/Contact", deel(relatie, "Contact")
    yield from _contacten_van_client(beeld)


@eenmaal
def _adressen(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    for plaats, contact in _contacten(beeld):
        if "Adres" in contact:
            yield f"{plaats}/Adres", deel(contact, "Adres")


@regel("TR006", "301")
def contact_is_te_bereiken(beeld: Beeld) -> Iterator[Bevinding]:
    """A contact has a telephone number, or a house number with a postcode (OP130)."""
    for plaats, contact in _contacten(beeld):
        adres = deel(contact, "Adres")
        if "Telefoon" not in contact and not ("Huis" in adres and "Postcode" in adres):
            yield plaats, "Vul een telefoonnummer in, of een huisnummer met postcode."


@regel("TR061", "301")
def client_heeft_een_vast_adres(beeld: Beeld) -> Iterator[Bevinding]:
    """At least one contact of the client is of kind 01, 02 or 03 (OP091)."""
    if not any(tekst(contact, "Soort") in _VASTE_SOORTEN for _, contact in _contacten_van_client(beeld)):
        yield (
            "Client/Contactgegevens",
            "Geef ten minste één contact van soort 01 (BRP), 02 (correspondentie) of 03 (verblijf).",
        )


@regel("CD005", "301")
def land_hoort_bij_postcode(beeld: Beeld) -> Iterator[Bevinding]:
    """LandCode is filled when Postcode is, and only then (element table of the standard, not its summary)."""
    for plaats, adres in _adressen(beeld):
        if ("Postcode" in adres) != ("LandCode" in adres):
            yield f"{plaats}/LandCode", "Vul LandCode in als er een postcode is, en laat LandCode anders weg."


@regel("CD009", "301")
def periode_alleen_bij_tijdelijk_adres(beeld: Beeld) -> Iterator[Bevinding]:
    """A contact has a period only when its kind is 04."""
    for plaats, contact in _contacten(beeld):
        if "Periode" in contact and tekst(contact, "Soort") != TIJDELIJK:
            yield f"{plaats}/Periode", "Laat Periode weg: die hoort alleen bij een tijdelijk adres (soort 04)."


@regel("CD025", "301")
def nederlands_adres_heeft_huis(beeld: Beeld) -> Iterator[Bevinding]:
    """House details are required in the Netherlands."""
    for plaats, adres in _adressen(beeld):
        if tekst(adres, "LandCode") == "NL" and "Huis" not in adres:
            yield f"{plaats}/Huis", "Vul het huisnummer in: dat is verplicht bij een adres in Nederland."


@regel("CD034", "301")
def woonadres_heeft_postcode(beeld: Beeld) -> Iterator[Bevinding]:
    """A registered address (01) or residence (03) has a postcode."""
    for plaats, contact in _contacten(beeld):
        if tekst(contact, "Soort") in ("01", "03") and "Postcode" not in deel(contact, "Adres"):
            yield f"{plaats}/Adres/Postcode", "Vul de postcode in: die is verplicht bij soort 01 en 03."


@regel("CS089", "301")
def nederlandse_postcode(beeld: Beeld) -> Iterator[Bevinding]:
    """A Dutch postcode is four digits, not starting with 0, and two capitals, with or without a space."""
    for plaats, adres in _adressen(beeld):
        postcode = tekst(adres, "Postcode")
        if tekst(adres, "LandCode") == "NL" and postcode and not _POSTCODE.fullmatch(postcode):
            yield f"{plaats}/Postcode", "Vul een Nederlandse postcode in: vier cijfers en twee hoofdletters."


@regel("CS003", "301")
def tijdelijk_adres_eindigt_na_begin(beeld: Beeld) -> Iterator[Bevinding]:
    """The period of a contact does not end before it begins."""
    for plaats, contact in _contacten(beeld):
        periode = deel(contact, "Periode")
        begin, einde = tekst(periode, "Begindatum"), tekst(periode, "Einddatum")
        if begin and einde and einde < begin:
            yield f"{plaats}/Periode/Einddatum", "De einddatum ligt voor de begindatum. Verbeter een van beide."
