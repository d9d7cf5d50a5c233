"""The quick way through a message in its plain form: patterns made once per message kind, no tree in between.

Plain is what software writes: UTF-8, namespaces declared on the first element only, no comments, CDATA, character
numbers or empty elements. A message that this way leaves is not yet wrong: the slow way decides and says why.
"""

import re
from functools import lru_cache
from typing import Final

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.knoop import Knoop
from services.backoffice.istandaarden.patroon import WIT
from services.backoffice.istandaarden.stappen import Stap, lezer
from services.backoffice.istandaarden.vorm import Afwijking

_NAAM: Final = "[A-Za-z_][A-Za-z0-9_-]{0,40}"
_WAARDE: Final = r"""(?:"[^"<&\x00-\x1f\ufffe\uffff]{0,400}"|'[^'<&\x00-\x1f\ufffe\uffff]{0,400}')"""
_VERKLARING: Final = (
    r"""<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?"""
    r"""(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))? ?\?>"""
)
_KENMERK: Final = rf"(?:{_NAAM}:)?{_NAAM}={_WAARDE}"
_AANHEF: Final = re.compile(
    rf"(?:{_VERKLARING}{WIT})?<(?:({_NAAM}):)?Bericht((?:[ \t\r\n]+{_KENMERK}){{0,9}}){WIT}>{WIT}"
)
_ATTRIBUUT: Final = re.compile(rf"((?:{_NAAM}:)?{_NAAM})=({_WAARDE})")
_VRIJE_ATTRIBUTEN: Final = frozenset(("xsi:schemaLocation", "xsi:noNamespaceSchemaLocation"))
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_VREEMDE_RUIMTEN: Final = frozenset((_XSI, "http://www.w3.org/2001/XMLSchema"))
_OP_RUIMTE: Final = {soort.ruimte: soort for soort in BERICHTSOORTEN.values()}


def _met_gewone_voorvoegsels(tekst: str, voorvoegsels: dict[str, str]) -> str:
    """The text with the prefixes that the standard itself uses, so that there are no more patterns than kinds.

    In plain text "<" stands before tags only.
    """
    for heeft, hoort in voorvoegsels.items():
        if heeft != hoort:
            if f"<{hoort}" in tekst or f"</{hoort}" in tekst:
                raise Afwijking
            tekst = tekst.replace(f"<{heeft}", f"<{hoort}").replace(f"</{heeft}", f"</{hoort}")
    return tekst


@lru_cache(maxsize=256)
def _aanhef(voorvoegsel: str | None, attributen: str, verwijzingen: bool) -> tuple[str, dict[str, str], Stap]:
    """Out of the first tag: message kind, its prefixes with the usual ones when others are used, and how to read on.

    Refuses attributes that do more than declare, and namespaces that do not belong here.
    """
    gevonden = [(naam, waarde[1:-1]) for naam, waarde in _ATTRIBUUT.findall(attributen)]
    ruimten = {f"{naam}:"[6:]: waarde for naam, waarde in gevonden if f"{naam}:".startswith("xmlns:")}
    overig = {naam for naam, _ in gevonden if not f"{naam}:".startswith("xmlns:")}
    if len(ruimten) + len(overig) != len(gevonden) or not overig <= _VRIJE_ATTRIBUTEN:
        raise Afwijking
    if (overig and ruimten.get("xsi:") != _XSI) or any(wat.lower().startswith("xml") for wat in ruimten):
        raise Afwijking
    eigen = f"{voorvoegsel}:" if voorvoegsel else ""
    soort = _OP_RUIMTE[ruimten[eigen]]
    basis = [wat for wat, ruimte in ruimten.items() if ruimte == soort.wet.basisruimte]
    if not basis or not _VREEMDE_RUIMTEN.issuperset({*ruimten.values()} - {soort.ruimte, soort.wet.basisruimte}):
        raise Afwijking
    gewoon = f"{soort.wet.berichtvoorvoegsel}{soort.nummer}:", f"{soort.wet.basisvoorvoegsel}:"
    eigen_gewoon, basis_gewoon = (
        hoort if heeft else "" for heeft, hoort in zip((eigen, basis[0]), gewoon, strict=True)
    )
    anders = {} if (eigen, basis[0]) == (eigen_gewoon, basis_gewoon) else {eigen: eigen_gewoon, basis[0]: basis_gewoon}
    return soort.naam, anders, lezer(soort.naam, eigen_gewoon, basis_gewoon, verwijzingen)


def lees_snel(tekst: str) -> Bericht | None:
    """The message in a text, or None when this text is not for the quick way."""
    aanhef = _AANHEF.match(tekst)
    if aanhef is None:
        return None
    inhoud: Knoop = {}
    plek = aanhef.end()
    try:
        naam, voorvoegsels, lees = _aanhef(aanhef[1], aanhef[2], "&" in tekst)
        if voorvoegsels:
            tekst, plek = _met_gewone_voorvoegsels(tekst[plek:], voorvoegsels), 0
        lees(tekst, plek, inhoud)
    except (Afwijking, KeyError):  # a look-up in a table of names or codes failed: not plain, or wrong
        return None
    return Bericht(naam, inhoud)
