"""A message as the rules look at it: what several of them need is searched once."""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import Berichtsoort
from services.backoffice.istandaarden.knoop import Knoop, deel, verplicht

Gevonden = TypeVar("Gevonden")


class Beeld:
    """One message under judgement; it passed level 1 and its dates exist. Lives as long as the judging."""

    __slots__ = ("_gezocht", "dagtekening", "inhoud", "kop", "soort")

    def __init__(self, bericht: Bericht) -> None:
        self.soort: Berichtsoort = bericht.soort
        self.inhoud: Knoop = bericht.inhoud
        self.kop: Knoop = bericht.kop
        self.dagtekening = verplicht(deel(self.kop, "BerichtIdentificatie"), "Dagtekening")
        self._gezocht: dict[object, object] = {}

    def eens(self, zoek: Callable[["Beeld"], Gevonden]) -> Gevonden:
        """What `zoek` finds here; it searches one time only."""
        if zoek not in self._gezocht:
            self._gezocht[zoek] = zoek(self)
        return cast(Gevonden, self._gezocht[zoek])


def eenmaal(zoek: Callable[[Beeld], Iterable[Gevonden]]) -> Callable[[Beeld], tuple[Gevonden, ...]]:
    """Makes a search for any number of things that is done once per message, however many rules ask for it."""

    def zoek_alles(beeld: Beeld) -> tuple[Gevonden, ...]:
        return tuple(zoek(beeld))

    def gevonden(beeld: Beeld) -> tuple[Gevonden, ...]:
        return beeld.eens(zoek_alles)

    gevonden.__doc__ = zoek.__doc__
    return gevonden
