"""The steps that read one message kind in its plain form: patterns in a row, and loops over repeated classes."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby

from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.patroon import WIT, Patroon, is_plat
from services.backoffice.istandaarden.vorm import Afwijking

Stap = Callable[[str, int, Knoop], int]
"""Reads from a place in the text into a class, and gives the place after it; raises Afwijking."""
_Stuk = tuple[Veld, ...]
"""Elements that one pattern takes together, or one that holds repeated classes."""


class _Lezer:
    """Makes the steps, given the two prefixes (with colon, or empty).

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
        stukken = list(_stukken(klasse))
        begin = [self._begintag(klasse, stuk[0]) if _staat_er_eens(stuk[0]) else "" for stuk in stukken]
        begin[0] = voor + begin[0]
        einde = [*begin[1:], na]
        for plaats, stuk in enumerate(stukken):
            if is_plat(stuk[0]):
                # The first tag of what follows goes along in this pattern.
                yield self._reeks(klasse, stuk, begin[plaats], einde[plaats])
            else:
                gehad = plaats > 0 and is_plat(stukken[plaats - 1][0])
                slot = na if stuk is stukken[-1] else ""
                yield from self._diep(klasse, stuk[0], "" if gehad else begin[plaats], slot)

    def _begintag(self, klasse: Klasse, veld: Veld) -> str:
        return f"<{self.voorvoegsels[klasse.basis]}{veld.naam}>{WIT}"

    def _eindtag(self, klasse: Klasse, veld: Veld) -> str:
        return f"</{self.voorvoegsels[klasse.basis]}{veld.naam}>{WIT}"

    def _patroon(self, voor: str) -> Patroon:
        return Patroon(self.voorvoegsels, self.verwijzingen, voor)

    def _tags(self, tags: str) -> Iterator[Stap]:
        """Only passes tags."""
        if tags:
            yield _patroonstap(self._patroon(tags))

    def _reeks(self, klasse: Klasse, velden: _Stuk, voor: str, na: str) -> Stap:
        """Elements in a row without repeated classes: one pattern."""
        patroon = self._patroon(voor)
        patroon.velden(klasse, velden)
        patroon.tags(na)
        return _patroonstap(patroon)

    def _diep(self, klasse: Klasse, veld: Veld, voor: str, na: str) -> Iterator[Stap]:
        """A class that is repeated or holds repeated classes; `voor` holds the tag of one that is there once."""
        assert isinstance(veld.soort, Klasse)
        begin, einde = self._begintag(klasse, veld), self._eindtag(klasse, veld)
        if _staat_er_eens(veld):
            yield _ondergebracht(veld.naam, self.klasse(veld.soort, voor, einde + na))
            return
        yield from self._tags(voor)
        if veld.herhaalt and all(map(is_plat, veld.soort.velden)):
            yield self._platte_lijst(veld.naam, veld.soort, begin, einde, na)
            return
        tag = begin.removesuffix(WIT)
        if veld.herhaalt:
            yield _lijst(veld.naam, tag, self.klasse(veld.soort, begin, einde))
        else:
            yield _als_aanwezig(tag, _ondergebracht(veld.naam, self.klasse(veld.soort, begin, einde)))
        yield from self._tags(na)

    def _platte_lijst(self, naam: str, klasse: Klasse, begin: str, einde: str, na: str) -> Stap:
        """A repeated class that one pattern takes whole, the last of them with what follows the list.

        This is where the bulk of a long message is.
        """
        assert na, "a repeated class always has a wrapper of its own"
        patroon = self._patroon(begin)
        patroon.velden(klasse, klasse.velden)
        patroon.tags(einde)
        patroon.misschien(na)
        past, vul = patroon.klaar()

        def lees(tekst: str, plek: int, knoop: Knoop) -> int:
            leden: list[Waarde] = []
            knoop[naam] = leden
            while gevonden := past(tekst, plek):
                groepen = gevonden.groups()
                leden.append(vul(groepen))
                plek = gevonden.end()
                if groepen[-1] is not None:
                    return plek
            raise Afwijking

        return lees


def _staat_er_eens(veld: Veld) -> bool:
    """Whether the element is no part of a pattern, and there exactly once."""
    return not is_plat(veld) and veld.verplicht and not veld.herhaalt


def _stukken(klasse: Klasse) -> Iterator[_Stuk]:
    for plat, groep in groupby(klasse.velden, is_plat):
        velden = tuple(groep)
        yield from (velden,) if plat else zip(velden, strict=True)


def _patroonstap(patroon: Patroon) -> Stap:
    past, vul = patroon.klaar()

    def lees(tekst: str, plek: int, knoop: Knoop) -> int:
        gevonden = past(tekst, plek)
        if gevonden is None:
            raise Afwijking
        knoop.update(vul(gevonden.groups()))
        return gevonden.end()

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
def lezer(naam: str, eigen: str, basis: str, verwijzingen: bool) -> Stap:
    """Reads everything after the first tag of a message of this kind, up to the end of the text."""
    einde = f"</{eigen}Bericht>{WIT}\\Z"
    return _Lezer(eigen, basis, verwijzingen).klasse(BERICHTSOORTEN[naam].wortel, "", einde)
