"""The quick way through a message in its plain form: patterns made once per message kind, no tree in between.

Plain is what software writes: UTF-8, namespaces declared on the first element only, no comments, CDATA, character
numbers or empty elements. A message that this way leaves is not yet wrong: the slow way decides and says why.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import Final

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.vorm import Afwijking, vorm

Groepen = tuple[str | None, ...]
Vuller = Callable[[Groepen, Knoop], Knoop]
"""Puts the groups of a match into a class, and gives that class back."""
Stap = Callable[[str, int, Knoop], int]
"""Reads from a place in the text into a class, and gives the place after it; raises Afwijking."""
# Group of the text, or of the mark that an optional class is there (-1: it always is); the maker of a value, or the
# filler of a class below this one.
_Onderdeel = tuple[str, int, Callable[[str], Waarde] | None, Vuller | None]

# Not without end: the parser of the slow way refuses texts of ten million signs.
_WIT: Final = r"[ \t\r\n]{0,9999}"
_NAAM: Final = "[A-Za-z_][A-Za-z0-9_-]{0,40}"
_WAARDE: Final = r"""(?:"[^"<&\x00-\x1f\ufffe\uffff]{0,400}"|'[^'<&\x00-\x1f\ufffe\uffff]{0,400}')"""
_VERKLARING: Final = (
    r"""<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?"""
    r"""(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))? ?\?>"""
)
_KENMERK: Final = rf"(?:{_NAAM}:)?{_NAAM}={_WAARDE}"
_AANHEF: Final = re.compile(
    rf"(?:{_VERKLARING}{_WIT})?<(?:({_NAAM}):)?Bericht((?:[ \t\r\n]+{_KENMERK}){{0,9}}){_WIT}>{_WIT}"
)
_ATTRIBUUT: Final = re.compile(rf"((?:{_NAAM}:)?{_NAAM})=({_WAARDE})")
_VRIJE_ATTRIBUTEN: Final = frozenset(("xsi:schemaLocation", "xsi:noNamespaceSchemaLocation"))
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_VREEMDE_RUIMTEN: Final = frozenset((_XSI, "http://www.w3.org/2001/XMLSchema"))
_MEESTE_HERHALINGEN: Final = 99
_OP_RUIMTE: Final = {soort.ruimte: soort for soort in BERICHTSOORTEN.values()}


class _Patroon:
    """A pattern under construction for elements in a row, and how their values are found back in its groups."""

    def __init__(self, lezer: "_Lezer") -> None:
        self.lezer = lezer
        self.delen: list[str] = []
        self.groepen = 0

    def velden(self, klasse: Klasse, velden: tuple[Veld, ...]) -> Vuller:
        """Adds the pattern of some fields of a class."""
        voorvoegsel = self.lezer.voorvoegsels[klasse.basis]
        return _vuller([self._veld(veld, f"{voorvoegsel}{veld.naam}") for veld in velden])

    def _veld(self, veld: Veld, tag: str) -> _Onderdeel:
        if isinstance(veld.soort, Klasse):
            return self._klasse(veld, veld.soort, tag)
        plat = vorm(veld.soort, self.lezer.verwijzingen)
        maak: Callable[[str], Waarde] | None = plat.maak
        if veld.herhaalt:
            lid = f"<{tag}>(?:{plat.patroon})</{tag}>{_WIT}"
            self.delen.append(f"((?:{lid}){{1,{_MEESTE_HERHALINGEN}}}){'' if veld.verplicht else '?'}")
            los = re.compile(f"<{tag}>({plat.patroon})</{tag}>").findall
            een = plat.maak or str
            maak = lambda tekst: [een(waarde) for waarde in los(tekst)]  # noqa: E731
        else:
            heel = f"<{tag}>({plat.patroon})</{tag}>{_WIT}"
            self.delen.append(heel if veld.verplicht else f"(?:{heel})?")
        self.groepen += 1
        return veld.naam, self.groepen - 1, maak, None

    def _klasse(self, veld: Veld, klasse: Klasse, tag: str) -> _Onderdeel:
        merk = -1
        self.delen.append("" if veld.verplicht else "(?:()")
        if not veld.verplicht:
            merk = self.groepen
            self.groepen += 1
        self.delen.append(f"<{tag}>{_WIT}")
        vul = self.velden(klasse, klasse.velden)
        self.delen.append(f"</{tag}>{_WIT}{'' if veld.verplicht else ')?'}")
        return veld.naam, merk, None, vul

    def past(self, na: str) -> Callable[[str, int], re.Match[str] | None]:
        """The match of the finished pattern, with tags `na` at its end."""
        return re.compile("".join([*self.delen, na])).match


def _vuller(onderdelen: list[_Onderdeel]) -> Vuller:
    def vul(groepen: Groepen, knoop: Knoop) -> Knoop:
        for naam, plek, maak, dieper in onderdelen:
            if dieper is not None:
                if plek < 0 or groepen[plek] is not None:
                    knoop[naam] = dieper(groepen, {})
            elif (tekst := groepen[plek]) is not None:
                knoop[naam] = tekst if maak is None else maak(tekst)
        return knoop

    return vul


def _is_plat(veld: Veld) -> bool:
    """Whether the element holds no repeated classes: then one pattern takes it whole."""
    if not isinstance(veld.soort, Klasse):
        return True
    return not veld.herhaalt and all(map(_is_plat, veld.soort.velden))


class _Lezer:
    """Makes the steps that read one message kind, given the two prefixes (with colon, or empty).

    `voor` and `na` are tags around the elements at hand: taken along in one pattern, they cost no step of their own.
    """

    def __init__(self, eigen: str, basis: str, verwijzingen: bool) -> None:
        self.voorvoegsels = (eigen, basis)
        self.verwijzingen = verwijzingen

    def klasse(self, klasse: Klasse, voor: str, na: str) -> Stap:
        """Reads all elements of a class."""
        stappen = tuple(self._stappen(klasse, voor, na))

        def lees(tekst: str, plek: int, knoop: Knoop) -> int:
            for stap in stappen:
                plek = stap(tekst, plek, knoop)
            return plek

        return lees if len(stappen) > 1 else stappen[0]

    def _stappen(self, klasse: Klasse, voor: str, na: str) -> Iterator[Stap]:
        laatste = klasse.velden[-1]
        for plat, velden in groupby(klasse.velden, _is_plat):
            for deel in (tuple(velden),) if plat else zip(velden, strict=True):
                slot = na if deel[-1] is laatste else ""
                yield from self._reeks(klasse, deel, voor, slot) if plat else self._diep(klasse, deel[0], voor, slot)
                voor = ""

    def _tags(self, tags: str) -> Iterator[Stap]:
        """Only passes tags."""
        if tags:
            yield self._patroonstap(_Patroon(self), tags, lambda groepen, knoop: knoop)

    def _reeks(self, klasse: Klasse, velden: tuple[Veld, ...], voor: str, na: str) -> Iterator[Stap]:
        """Elements in a row without repeated classes: one pattern."""
        patroon = _Patroon(self)
        patroon.delen.append(voor)
        vul = patroon.velden(klasse, velden)
        yield self._patroonstap(patroon, na, vul)

    def _patroonstap(self, patroon: "_Patroon", na: str, vul: Vuller) -> Stap:
        past = patroon.past(na)

        def lees(tekst: str, plek: int, knoop: Knoop) -> int:
            gevonden = past(tekst, plek)
            if gevonden is None:
                raise Afwijking
            vul(gevonden.groups(), knoop)
            return gevonden.end()

        return lees

    def _diep(self, klasse: Klasse, veld: Veld, voor: str, na: str) -> Iterator[Stap]:
        """A class that is repeated or holds repeated classes."""
        assert isinstance(veld.soort, Klasse)
        tag = f"{self.voorvoegsels[klasse.basis]}{veld.naam}"
        begin, einde = f"<{tag}>{_WIT}", f"</{tag}>{_WIT}"
        if veld.verplicht and not veld.herhaalt:
            yield _ondergebracht(veld.naam, self.klasse(veld.soort, voor + begin, einde + na))
            return
        yield from self._tags(voor)
        if not veld.herhaalt:
            yield _als_aanwezig(f"<{tag}>", _ondergebracht(veld.naam, self.klasse(veld.soort, begin, einde)))
        elif all(map(_is_plat, veld.soort.velden)):
            yield self._platte_lijst(veld.naam, veld.soort, begin, einde)
        else:
            yield _lijst(veld.naam, f"<{tag}>", self.klasse(veld.soort, begin, einde))
        yield from self._tags(na)

    def _platte_lijst(self, naam: str, klasse: Klasse, begin: str, einde: str) -> Stap:
        """A repeated class that one pattern takes whole: where the bulk of a long message is."""
        patroon = _Patroon(self)
        patroon.delen.append(begin)
        vul = patroon.velden(klasse, klasse.velden)
        past = patroon.past(einde)

        def lees(tekst: str, plek: int, knoop: Knoop) -> int:
            leden: list[Waarde] = []
            while gevonden := past(tekst, plek):
                leden.append(vul(gevonden.groups(), {}))
                plek = gevonden.end()
            if not leden:
                raise Afwijking
            knoop[naam] = leden
            return plek

        return lees


def _ondergebracht(naam: str, inhoud: Stap) -> Stap:
    def lees(tekst: str, plek: int, knoop: Knoop) -> int:
        lid: Knoop = {}
        plek = inhoud(tekst, plek, lid)
        knoop[naam] = lid
        return plek

    return lees


def _als_aanwezig(begin: str, stap: Stap) -> Stap:
    def lees(tekst: str, plek: int, knoop: Knoop) -> int:
        return stap(tekst, plek, knoop) if tekst.startswith(begin, plek) else plek

    return lees


def _lijst(naam: str, begin: str, inhoud: Stap) -> Stap:
    def lees(tekst: str, plek: int, knoop: Knoop) -> int:
        leden: list[Waarde] = []
        while tekst.startswith(begin, plek):
            lid: Knoop = {}
            plek = inhoud(tekst, plek, lid)
            leden.append(lid)
        if not leden:
            raise Afwijking
        knoop[naam] = leden
        return plek

    return lees


@cache
def _lezer(naam: str, eigen: str, basis: str, verwijzingen: bool) -> Stap:
    """Reads everything after the first tag."""
    einde = f"</{eigen}Bericht>{_WIT}\\Z"
    return _Lezer(eigen, basis, verwijzingen).klasse(BERICHTSOORTEN[naam].wortel, "", einde)


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
    return soort.naam, anders, _lezer(soort.naam, eigen_gewoon, basis_gewoon, verwijzingen)


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
