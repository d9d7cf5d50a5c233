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
# Per tag: lowest allowed index of the element before, highest plus one, own index, name, judge or reader, repeats.
_Rij = tuple[int, int, int, str, Toets | None, Lezer | None, bool]

_heeft_attributen = etree.XPath("boolean(//@*)")


class Afwijking(Exception):
    """Something that the quick way does not handle."""


def _tabel(klasse: Klasse, ruimte: str, basisruimte: str) -> dict[object, _Rij]:
    tabel: dict[object, _Rij] = {}
    eigen = basisruimte if klasse.basis else ruimte
    laatste_verplichte = -1
    for index, veld in enumerate(klasse.velden):
        toets, lezer = (
            (None, _maak_lezer(veld.soort, ruimte, basisruimte))
            if isinstance(veld.soort, Klasse)
            else (maak_toets(veld.soort), None)
        )
        boven = index + 1 if veld.herhaalt else index
        tabel[f"{{{eigen}}}{veld.naam}"] = (laatste_verplichte, boven, index, veld.naam, toets, lezer, veld.herhaalt)
        if veld.verplicht:
            laatste_verplichte = index
    return tabel


def _maak_lezer(klasse: Klasse, ruimte: str, basisruimte: str) -> Lezer:
    zoek = _tabel(klasse, ruimte, basisruimte).get
    eind = max((i for i, veld in enumerate(klasse.velden) if veld.verplicht), default=-1)

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
            onder, boven, index, naam, toets, lezer, herhaalt = rij
            if not onder <= vorige < boven:
                raise Afwijking
            vorige = index
            los = kind.tail
            if los is not None and los.strip(WIT):
                raise Afwijking
            waarde: Waarde | None
            if lezer is not None:
                waarde = lezer(kind)
            elif toets is None or len(kind):
                raise Afwijking
            else:
                waarde = toets(kind.text or "")
                if waarde is None:
                    raise Afwijking
            if not herhaalt:
                knoop[naam] = waarde
            elif naam in knoop:
                knoop[naam].append(waarde)  # type: ignore[union-attr]  # a repeated name always holds a list
            else:
                knoop[naam] = [waarde]
        if vorige < eind:
            raise Afwijking
        return knoop

    return lees


def maak_snelle_lezer(soort: Berichtsoort) -> Lezer:
    """The quick reader for one message kind: contents, or Afwijking."""
    lezer = _maak_lezer(soort.wortel, soort.ruimte, soort.wet.basisruimte)

    def lees(wortel: etree._Element) -> Knoop:
        if _heeft_attributen(wortel):
            raise Afwijking
        return lezer(wortel)

    return lees
