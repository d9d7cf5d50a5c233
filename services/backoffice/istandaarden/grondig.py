"""The slow way through a message: reads what is right and collects everything that is wrong, with its place.

Its verdict (no findings) is that of the official schema on any well-formed input.
"""

import re
from collections import Counter
from contextlib import suppress

from lxml import etree

from services.backoffice.istandaarden.berichtsoorten import Berichtsoort
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.fouten import MEEST_GETELD, MEESTE_FOUTEN, Fout, slotregel
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.toetsen import WIT, maak_toets, uitleg
from services.backoffice.istandaarden.typen import Enkelvoudig

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_VRIJE_ATTRIBUTEN = frozenset((f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"))


class _Genoeg(Exception):
    """So many findings that counting on would help nobody."""


def _kort(naam: str) -> str:
    """A name from the message, as a finding may repeat it: not too long, and without what could be a BSN."""
    leesbaar = re.sub(r"\d{5,}", "…", naam)
    return leesbaar if len(leesbaar) <= 60 else f"{leesbaar[:60]}…"


def _lokaal(kind: etree._Element) -> tuple[str, str]:
    """Namespace and local name of an element."""
    naam = etree.QName(kind)
    return naam.namespace or "", naam.localname


class _Lezing:
    """One reading of one message: the findings so far and the two namespaces."""

    def __init__(self, soort: Berichtsoort) -> None:
        self.soort = soort
        self.fouten: list[Fout] = []
        self.meer = 0

    def meld(self, plaats: str, melding: str, regel: str = "XSD") -> None:
        if len(self.fouten) < MEESTE_FOUTEN:
            self.fouten.append(Fout(plaats or "Bericht", regel, None, melding))
            return
        self.meer += 1
        if self.meer + MEESTE_FOUTEN >= MEEST_GETELD:
            raise _Genoeg

    def ruimte(self, klasse: Klasse) -> str:
        return self.soort.wet.basisruimte if klasse.basis else self.soort.ruimte

    def attributen(self, element: etree._Element, soort: Klasse | Enkelvoudig, plaats: str) -> None:
        """Only the schema-instance attributes that change nothing may be there."""
        for sleutel in element.keys():  # noqa: SIM118  # iterating an element gives its children
            naam = str(sleutel)
            if naam in _VRIJE_ATTRIBUTEN or (naam == f"{_XSI}type" and self._noemt_eigen_soort(element, soort)):
                continue
            kaal = _kort(etree.QName(naam).localname)
            self.meld(plaats, f"Het attribuut {kaal} mag hier niet staan. Haal het weg.")

    def _noemt_eigen_soort(self, element: etree._Element, soort: Klasse | Enkelvoudig) -> bool:
        """xsi:type may only repeat the type that the element has anyway: no type is derived from another."""
        voorvoegsel, dubbelepunt, naam = str(element.get(f"{_XSI}type")).rpartition(":")
        if dubbelepunt and not voorvoegsel:
            return False
        bedoeld = element.nsmap.get(voorvoegsel or None)
        eigen = isinstance(soort, Klasse) and not soort.basis
        return naam == soort.soortnaam and bedoeld == (self.soort.ruimte if eigen else self.soort.wet.basisruimte)

    def klasse(self, element: etree._Element, klasse: Klasse, plaats: str) -> Knoop:
        """Contents of a class; what is missing, unknown, double or out of order becomes a finding."""
        self.attributen(element, klasse, plaats)
        if (element.text or "").strip(WIT):
            self.meld(plaats, "Tussen de elementen staat losse tekst. Haal die weg.")
        knoop: Knoop = {}
        aantal: Counter[str] = Counter()
        velden = {veld.naam: (index, veld) for index, veld in enumerate(klasse.velden)}
        vorige = -1
        for kind in element:
            if (kind.tail or "").strip(WIT):
                self.meld(plaats, "Tussen de elementen staat losse tekst. Haal die weg.")
            bekend = self._herken(kind, klasse, velden, plaats)
            if bekend is None:
                continue
            index, veld = bekend
            aantal[veld.naam] += 1
            pad = _pad(plaats, f"{veld.naam}[{aantal[veld.naam]}]" if veld.herhaalt else veld.naam)
            if index < vorige:
                self.meld(pad, f"{veld.naam} staat te laat. Houd de volgorde van de standaard aan.")
            elif index == vorige and not veld.herhaalt:
                self.meld(pad, f"{veld.naam} staat er vaker dan één keer. Laat er één staan.")
            vorige = max(vorige, index)
            self._bewaar(kind, veld, knoop, pad)
        for veld in klasse.velden:
            if veld.verplicht and veld.naam not in knoop:
                self.meld(_pad(plaats, veld.naam), f"{veld.naam} ontbreekt. Voeg dit element toe.")
        return knoop

    def _herken(
        self, kind: etree._Element, klasse: Klasse, velden: dict[str, tuple[int, Veld]], plaats: str
    ) -> tuple[int, Veld] | None:
        ruimte, naam = _lokaal(kind)
        bekend = velden.get(naam)
        if bekend is not None and ruimte == self.ruimte(klasse):
            return bekend
        if bekend is not None:
            melding = f"{naam} staat in de verkeerde naamruimte. Gebruik {self.ruimte(klasse)}."
        else:
            melding = f"{_kort(naam)} hoort hier niet. Haal dit element weg of zet het op de goede plaats."
        self.meld(_pad(plaats, _kort(naam)), melding)
        return None

    def _bewaar(self, kind: etree._Element, veld: Veld, knoop: Knoop, pad: str) -> None:
        if isinstance(veld.soort, Klasse):
            waarde: Waarde = self.klasse(kind, veld.soort, pad)
        else:
            waarde = self.waarde(kind, veld, veld.soort, pad)
        rij = knoop.get(veld.naam)
        if not veld.herhaalt:
            knoop[veld.naam] = waarde
        elif isinstance(rij, list):
            rij.append(waarde)
        else:
            knoop[veld.naam] = [waarde]

    def waarde(self, element: etree._Element, veld: Veld, soort: Enkelvoudig, plaats: str) -> str | int:
        """The value of a simple element; an unusable one becomes a finding and an empty text."""
        self.attributen(element, soort, plaats)
        tekst = element.text or ""
        waarde = None if len(element) else maak_toets(soort)(tekst)
        if waarde is not None:
            return waarde
        oorzaak = f"{veld.naam} is leeg" if not tekst and not len(element) else f"{veld.naam} klopt niet"
        slot = "" if veld.verplicht else ", of laat het element weg"
        self.meld(plaats, f"{oorzaak}. Vul in: {uitleg(soort)}{slot}.", soort.regel)
        return ""


def _pad(plaats: str, naam: str) -> str:
    return f"{plaats}/{naam}" if plaats else naam


def lees_grondig(wortel: etree._Element, soort: Berichtsoort) -> tuple[Knoop, tuple[Fout, ...]]:
    """Contents and findings of a message, the latter bounded as `fouten.begrens` does. No findings means valid."""
    lezing = _Lezing(soort)
    inhoud: Knoop = {}
    with suppress(_Genoeg):
        inhoud = lezing.klasse(wortel, soort.wortel, "")
    slot = (slotregel(lezing.meer, None),) if lezing.meer else ()
    return inhoud, (*lezing.fouten, *slot)
