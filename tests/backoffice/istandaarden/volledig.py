"""A message of any kind with every optional element filled, made from our description."""

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.typen import Datum, Enkelvoudig, Geheel, Tekst, Tijd

_WAARDEN = {
    "LDT_AgbCode": "12345678",
    "LDT_BurgerServicenummer": "999900006",
    "LDT_Gemeente": "0294",
    "LDT_Telefoonnummer": "0201234567",
    "LDT_Versie": "1.0.0",
    "LDT_Voorletters": "Àb",
}


def _waarde(soort: Enkelvoudig) -> str | int:
    match soort:
        case Datum():
            return "2024-02-29"
        case Tijd():
            return "12:34:56"
        case Geheel():
            return int(soort.precies or 7)
        case Tekst(waarden=(eerste, *_)):
            return eerste
        case Tekst():
            return _WAARDEN.get(soort.soortnaam or "", "é & <"[: soort.maximaal or 5] if soort.soortnaam else "a1")


def _klasse(klasse: Klasse, leden: int) -> Knoop:
    def vul(veld: Veld) -> Waarde:
        def een() -> Waarde:
            return _klasse(veld.soort, leden) if isinstance(veld.soort, Klasse) else _waarde(veld.soort)

        return [een() for _ in range(leden)] if veld.herhaalt else een()

    return {veld.naam: vul(veld) for veld in klasse.velden}


def volledig(naam: str, leden: int = 2) -> Bericht:
    """The message `naam` with everything in it; repeated elements occur `leden` times."""
    return Bericht(naam, _klasse(BERICHTSOORTEN[naam].wortel, leden))
