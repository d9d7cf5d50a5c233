"""Turns the groups of a match into a class, by code that is written once per pattern.

Walking over a table of fields instead takes three times as long, and in a long message this is done for every line.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.backoffice.istandaarden.knoop import Knoop, Waarde

Groepen = tuple[str | None, ...]
Maker = Callable[[str], Waarde]
Vuller = Callable[[Groepen], Knoop]


class Onderdeel(NamedTuple):
    """One element of a class, and where it is found back.

    `groep` holds its text; for an optional class it is the mark that the class is there. `maak` makes the value of a
    text (None: the text is the value), `delen` are the elements of a class.
    """

    naam: str
    verplicht: bool
    groep: int | None
    maak: Maker | None = None
    delen: "tuple[Onderdeel, ...] | None" = None


class _Schrijver:
    """The lines of the function under construction, and the makers that they call by name."""

    def __init__(self) -> None:
        self.regels: list[str] = []
        self.makers: dict[str, object] = {}
        self.klassen = 0

    def klasse(self, delen: tuple[Onderdeel, ...], marge: str) -> str:
        """Writes what makes a class; gives the name under which the function then holds it."""
        self.klassen += 1
        naam = f"k{self.klassen}"
        vooraan = list(_vooraan(delen))
        paren = [f"{deel.naam!r}: {self._waarde(deel, marge)}" for deel in vooraan]
        self.regels.append(f"{marge}{naam} = {{{', '.join(paren)}}}")
        for deel in delen[len(vooraan) :]:
            self._bij(naam, deel, marge)
        return naam

    def _bij(self, klasse: str, deel: Onderdeel, marge: str) -> None:
        """An element that comes after the first one that may be absent: the order stays that of the description."""
        if not deel.verplicht:
            self.regels.append(f"{marge}if g{deel.groep} is not None:")
            marge += " "
        waarde = self._waarde(deel, marge)
        self.regels.append(f"{marge}{klasse}[{deel.naam!r}] = {waarde}")

    def _waarde(self, deel: Onderdeel, marge: str) -> str:
        """The expression for an element; what a class needs is written first."""
        if deel.delen is not None:
            return self.klasse(deel.delen, marge)
        if deel.maak is None:
            return f"g{deel.groep}"
        maker = f"m{deel.groep}"
        self.makers[maker] = deel.maak
        return f"{maker}(g{deel.groep})"


def _vooraan(delen: tuple[Onderdeel, ...]) -> Iterator[Onderdeel]:
    """The elements up to the first one that may be absent."""
    for deel in delen:
        if not deel.verplicht:
            return
        yield deel


def maak_vuller(delen: tuple[Onderdeel, ...], groepen: int) -> Vuller:
    """What makes a class with these elements out of so many groups; it raises what the makers raise.

    Names come from our own descriptions and are written with quotes: no text of a message becomes code.
    """
    schrijver = _Schrijver()
    klasse = schrijver.klasse(delen, " ")
    uitpakken = [f" {''.join(f'g{nummer}, ' for nummer in range(groepen))}= groepen"] if groepen else []
    bron = "\n".join(["def vul(groepen):", *uitpakken, *schrijver.regels, f" return {klasse}"])
    ruimte = schrijver.makers
    exec(compile(bron, "<vuller>", "exec"), ruimte)
    vul: Vuller = ruimte["vul"]  # type: ignore[assignment]  # just made
    return vul
