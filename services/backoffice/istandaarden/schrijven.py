"""A message to bytes: the same message always gives the same bytes, and only bytes that level 1 accepts."""

import re

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.fouten import Fout, Schemafout
from services.backoffice.istandaarden.knoop import Waarde
from services.backoffice.istandaarden.toetsen import maak_toets, uitleg
from services.backoffice.istandaarden.typen import Enkelvoudig, Geheel

# A carriage return would be read back as a line feed unless it is written as a reference.
_VERVANG = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NIET_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Schrijver:
    """Builds the lines of one message and collects what cannot be written."""

    def __init__(self, bericht: Bericht) -> None:
        soort = bericht.soort
        self.eigen = f"{soort.wet.berichtvoorvoegsel}{soort.nummer}"
        self.basis = soort.wet.basisvoorvoegsel
        self.regels: list[str] = []
        self.fouten: list[Fout] = []

    def meld(self, plaats: str, melding: str, regel: str = "XSD") -> None:
        self.fouten.append(Fout(plaats or "Bericht", regel, None, melding))

    def klasse(self, knoop: Waarde, klasse: Klasse, plaats: str, inspringing: str) -> None:
        """Writes the elements of a class in the standard's order."""
        if not isinstance(knoop, dict):
            self.meld(plaats, "Hier horen onderdelen te staan, geen losse waarde.")
            return
        for onbekend in knoop.keys() - {veld.naam for veld in klasse.velden}:
            self.meld(plaats, f"{str(onbekend)[:60]} hoort hier niet. Haal dit onderdeel weg.")
        voorvoegsel = self.basis if klasse.basis else self.eigen
        for veld in klasse.velden:
            pad = f"{plaats}/{veld.naam}" if plaats else veld.naam
            waarde = knoop.get(veld.naam)
            if waarde is None:
                if veld.verplicht:
                    self.meld(pad, f"{veld.naam} ontbreekt. Voeg dit onderdeel toe.")
            elif not veld.herhaalt:
                self.element(waarde, veld, f"{voorvoegsel}:{veld.naam}", pad, inspringing)
            elif not isinstance(waarde, list) or not waarde:
                self.meld(pad, f"{veld.naam} hoort een lijst met ten minste één onderdeel te zijn.")
            else:
                for volgnummer, lid in enumerate(waarde, start=1):
                    self.element(lid, veld, f"{voorvoegsel}:{veld.naam}", f"{pad}[{volgnummer}]", inspringing)

    def element(self, waarde: Waarde, veld: Veld, naam: str, plaats: str, inspringing: str) -> None:
        if not isinstance(veld.soort, Klasse):
            self.regels.append(f"{inspringing}<{naam}>{self.tekst(waarde, veld, veld.soort, plaats)}</{naam}>")
            return
        self.regels.append(f"{inspringing}<{naam}>")
        self.klasse(waarde, veld.soort, plaats, inspringing + "\t")
        self.regels.append(f"{inspringing}</{naam}>")

    def tekst(self, waarde: Waarde, veld: Veld, soort: Enkelvoudig, plaats: str) -> str:
        """The value as XML text; a value that may not stand here becomes a finding."""
        past = type(waarde) is int if isinstance(soort, Geheel) else isinstance(waarde, str)
        tekst = str(waarde)
        if past and maak_toets(soort)(tekst) is not None and not _NIET_IN_XML.search(tekst):
            return tekst.translate(_VERVANG)
        self.meld(plaats, f"{veld.naam} klopt niet. Vul in: {uitleg(soort)}.", soort.regel)
        return ""


def schrijf(bericht: Bericht) -> bytes:
    """The message as UTF-8 XML with both namespaces prefixed. Raises Schemafout when the contents do not fit."""
    soort = bericht.soort
    schrijver = _Schrijver(bericht)
    wortel = f"{schrijver.eigen}:Bericht"
    schrijver.klasse(bericht.inhoud, soort.wortel, "", "\t")
    if schrijver.fouten:
        raise Schemafout(bericht.naam, schrijver.fouten)
    ruimten = f'xmlns:{schrijver.basis}="{soort.wet.basisruimte}" xmlns:{schrijver.eigen}="{soort.ruimte}"'
    regels = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<{wortel} {ruimten}>",
        *schrijver.regels,
        f"</{wortel}>\n",
    )
    return "\n".join(regels).encode()
