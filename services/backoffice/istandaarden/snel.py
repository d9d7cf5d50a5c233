"""The quick way through a valid message: one walk, tables made once per message kind. Gives up at the first oddity.

A message that this way refuses is not yet wrong: `grondig` decides, slowly, and says what is wrong.
"""

from collections.abc import Callable

from lxml import etree

from services.backoffice.istandaarden.berichtsoorten import Berichtsoort
from services.backoffice.istandaarden.bouwstenen import Klasse
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.toetsen import WIT, Toets, maak_toets

Lezer = Callable[[etree._Element], Knoop]
# Per tag: lowest allowed index of the element before, highest plus one, own index, name, judge of a plain value.
# A class or a repeated element has no judge here; the second table tells how to read it.
_Rij = tuple[int, int, int, str, Toets | None]

_attributen = etree.XPath("/descendant::*/@*")


class Afwijking(Exception):
    """Something that the quick way does not handle."""


def _lees_blad(toets: Toets) -> Callable[[etree._Element], str | int]:
    def lees(element: etree._Element) -> str | int:
        waarde = None if len(element) else toets(element.text or "")
        if waarde is None:
            raise Afwijking
        return waarde

    return lees


def _maak_lezer(klasse: Klasse, ruimte: str, basisruimte: str) -> Lezer:
    tabel: dict[object, _Rij] = {}
    bijzonder: dict[str, tuple[bool, Callable[[etree._Element], Waarde]]] = {}
    eigen = basisruimte if klasse.basis else ruimte
    eind = -1
    for plek, veld in enumerate(klasse.velden):
        eigen_toets = None
        if isinstance(veld.soort, Klasse):
            bijzonder[veld.naam] = (veld.herhaalt, _maak_lezer(veld.soort, ruimte, basisruimte))
        elif veld.herhaalt:
            bijzonder[veld.naam] = (True, _lees_blad(maak_toets(veld.soort)))
        else:
            eigen_toets = maak_toets(veld.soort)
        tabel[f"{{{eigen}}}{veld.naam}"] = (eind, plek + veld.herhaalt, plek, veld.naam, eigen_toets)
        if veld.verplicht:
            eind = plek
    zoek = tabel.get

    def lees(element: etree._Element) -> Knoop:
        knoop: Knoop = {}
        vorige = -1
        los = element.text
        if los is not None and los.strip(WIT):
            raise Afwijking
        for kind in element:
            rij = zoek(kind.tag)
            if rij is None:
                raise Afwijking
            onder, boven, index, naam, toets = rij
            if not onder <= vorige < boven:
                raise Afwijking
            vorige = index
            los = kind.tail
            if los is not None and los.strip(WIT):
                raise Afwijking
            if toets is not None:
                waarde = toets(kind.text or "")
                if waarde is None or len(kind):
                    raise Afwijking
                knoop[naam] = waarde
                continue
            herhaalt, lezer = bijzonder[naam]
            if not herhaalt:
                knoop[naam] = lezer(kind)
            elif naam in knoop:
                knoop[naam].append(lezer(kind))  # type: ignore[union-attr]  # a repeated name always holds a list
            else:
                knoop[naam] = [lezer(kind)]
        if vorige < eind:
            raise Afwijking
        return knoop

    return lees


def maak_snelle_lezer(soort: Berichtsoort) -> Lezer:
    """The quick reader for one message kind: contents, or Afwijking."""
    lezer = _maak_lezer(soort.wortel, soort.ruimte, soort.wet.basisruimte)

    def lees(wortel: etree._Element) -> Knoop:
        if _attributen(wortel):
            raise Afwijking
        return lezer(wortel)

    return lees
