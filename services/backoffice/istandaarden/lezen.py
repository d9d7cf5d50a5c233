"""Bytes to a message that has the shape the standard describes (level 1)."""

import re

from lxml import etree

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN, Berichtsoort
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.grondig import lees_grondig
from services.backoffice.istandaarden.ontleden import bewaak_omvang, ontleed
from services.backoffice.istandaarden.opruimpauze import opruimpauze
from services.backoffice.istandaarden.snel import lees_snel

_OP_WORTEL: dict[object, Berichtsoort] = {soort.wortelnaam: soort for soort in BERICHTSOORTEN.values()}
# Shorter ones hold too few classes for the collector to matter.
_LANG = 100_000
_ANDERE_RELEASE = re.compile(r"\{http://www\.istandaarden\.nl/(ijw|iwmo)/(\d+)_(\d+)/")


def _herken(wortel: etree._Element) -> Berichtsoort:
    soort = _OP_WORTEL.get(wortel.tag)
    if soort is not None:
        return soort
    andere = _ANDERE_RELEASE.match(str(wortel.tag))
    if andere and andere.group(2, 3) != ("3", "2"):
        raise Onleesbaar(f"Dit bericht is van release {andere[2]}.{andere[3]}. Stuur het in release 3.2.")
    raise Onleesbaar("Dit is geen bericht van iJw 3.2 of iWmo 3.2. Controleer het eerste element en zijn naamruimte.")


def lees(data: bytes) -> Bericht:
    """The message in `data`.

    Raises Onleesbaar (no well-formed XML, unsafe, unknown message) or Schemafout with every finding (level 1).
    """
    bewaak_omvang(data)
    if len(data) < _LANG:
        return _lees(data)
    with opruimpauze():
        return _lees(data)


def _lees(data: bytes) -> Bericht:
    try:
        bericht = lees_snel(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        bericht = None
    if bericht is not None:
        return bericht
    wortel = ontleed(data)
    soort = _herken(wortel)
    # Written out anew, other encodings, comments and CDATA are gone, and most that is right is plain.
    bericht = lees_snel(etree.tostring(wortel, encoding="unicode"))
    if bericht is not None:
        return bericht
    inhoud, fouten = lees_grondig(wortel, soort)
    if fouten:
        raise Schemafout(soort.naam, fouten)
    return Bericht(soort.naam, inhoud)
