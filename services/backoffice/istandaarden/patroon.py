"""Patterns for elements in a row in the plain form of a message, and what makes a class of their groups."""

import re
from collections.abc import Callable
from typing import Final

from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Waarde
from services.backoffice.istandaarden.vorm import vorm
from services.backoffice.istandaarden.vuller import Maker, Onderdeel, Vuller, maak_vuller

Past = Callable[[str, int], re.Match[str] | None]

# Not without end: the parser of the slow way refuses texts of ten million signs. What it took, it never gives back:
# after white space comes a tag, or nothing.
WIT: Final = r"[ \t\r\n]{0,9999}+"
_MEESTE_HERHALINGEN: Final = 99


def is_plat(veld: Veld) -> bool:
    """Whether the element holds no repeated classes: then one pattern takes it whole."""
    if not isinstance(veld.soort, Klasse):
        return True
    return not veld.herhaalt and all(map(is_plat, veld.soort.velden))


class Patroon:
    """A pattern under construction that begins with some tags, given the two prefixes (with colon, or empty)."""

    def __init__(self, voorvoegsels: tuple[str, str], verwijzingen: bool, voor: str) -> None:
        self.voorvoegsels = voorvoegsels
        self.verwijzingen = verwijzingen
        self.delen = [voor]
        self.onderdelen: tuple[Onderdeel, ...] = ()
        self.groepen = 0

    def tags(self, tags: str) -> None:
        """Tags that must stand here."""
        self.delen.append(tags)

    def velden(self, klasse: Klasse, velden: tuple[Veld, ...]) -> None:
        """Some fields of the class at hand; once per pattern."""
        self.onderdelen = self._velden(klasse, velden)

    def misschien(self, tags: str) -> None:
        """Tags that may stand here; the last group tells."""
        self.groepen += 1
        self.delen.append(f"(?:(){tags})?")

    def klaar(self) -> tuple[Past, Vuller]:
        """The match of the finished pattern, and what makes a class of its groups."""
        return re.compile("".join(self.delen)).match, maak_vuller(self.onderdelen, self.groepen)

    def _velden(self, klasse: Klasse, velden: tuple[Veld, ...]) -> tuple[Onderdeel, ...]:
        voorvoegsel = self.voorvoegsels[klasse.basis]
        return tuple(self._veld(veld, f"{voorvoegsel}{veld.naam}") for veld in velden)

    def _groep(self) -> int:
        self.groepen += 1
        return self.groepen - 1

    def _veld(self, veld: Veld, tag: str) -> Onderdeel:
        if isinstance(veld.soort, Klasse):
            return self._klasse(veld, veld.soort, tag)
        plat = vorm(veld.soort, self.verwijzingen)
        maak: Maker | None = plat.maak
        if veld.herhaalt:
            lid = f"<{tag}>(?:{plat.patroon})</{tag}>{WIT}"
            self.delen.append(f"((?:{lid}){{1,{_MEESTE_HERHALINGEN}}}){'' if veld.verplicht else '?'}")
            maak = _rij(f"<{tag}>({plat.patroon})</{tag}>", plat.maak or str)
        else:
            heel = f"<{tag}>({plat.patroon})</{tag}>{WIT}"
            self.delen.append(heel if veld.verplicht else f"(?:{heel})?")
        return Onderdeel(veld.naam, veld.verplicht, self._groep(), maak)

    def _klasse(self, veld: Veld, klasse: Klasse, tag: str) -> Onderdeel:
        merk = None if veld.verplicht else self._groep()
        self.delen.append(f"{'' if veld.verplicht else '(?:()'}<{tag}>{WIT}")
        delen = self._velden(klasse, klasse.velden)
        self.delen.append(f"</{tag}>{WIT}{'' if veld.verplicht else ')?'}")
        return Onderdeel(veld.naam, veld.verplicht, merk, None, delen)


def _rij(lid: str, een: Maker) -> Maker:
    """What makes the values of one repeated element out of the text that holds them all."""
    los = re.compile(lid).findall

    def maak(tekst: str) -> list[Waarde]:
        return [een(waarde) for waarde in los(tekst)]

    return maak
