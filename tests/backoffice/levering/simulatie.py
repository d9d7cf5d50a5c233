"""The backoffice in miniature: messages come in one by one, are accepted, wait, or are refused in the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from services.backoffice.levering.feiten import Aanlevering, Fout, Sleutel, Startsleutel, Stopsleutel
from services.backoffice.levering.rules import aanvaardbaar, bezwaren, perioden
from shared.kernel.verloop import Leverperiode

PRODUCT = "54Z01"
EEN = "toewijzing 1"


def dag(nummer: int) -> date:
    return date(2025, 1, 1) + timedelta(days=nummer - 1)


def start(begin: int, product: str = PRODUCT) -> Startsleutel:
    return Startsleutel(product, dag(begin))


def stop(begin: int, eind: int, reden: str = "31", product: str = PRODUCT) -> Stopsleutel:
    return Stopsleutel(product, dag(begin), dag(eind), reden)


@dataclass(frozen=True)
class Klasse:
    """One class of a message: the levering it belongs to, its key, its StatusAanlevering."""

    sleutel: Sleutel
    status: Literal[1, 3] = 1
    levering: str = EEN


def erbij(sleutel: Sleutel) -> Klasse:
    return Klasse(sleutel)


def eraf(sleutel: Sleutel) -> Klasse:
    return Klasse(sleutel, 3)


@dataclass(frozen=True)
class Bericht:
    id: str
    klassen: tuple[Klasse, ...]


def bericht(naam: str, *klassen: Klasse) -> Bericht:
    return Bericht(naam, klassen)


@dataclass
class Ontvangst:
    """Keeps every class that was received and not refused, per levering, and asks only about what waits."""

    leveringen: dict[str, list[Aanlevering]] = field(default_factory=dict)
    wachtend: list[str] = field(default_factory=list)
    aanvaard: list[str] = field(default_factory=list)
    geweigerd: dict[str, tuple[Fout, ...]] = field(default_factory=dict)

    def ontvang(self, *berichten: Bericht) -> "Ontvangst":
        for nieuw in berichten:
            for index, klasse in enumerate(nieuw.klassen):
                self.leveringen.setdefault(klasse.levering, []).append(
                    Aanlevering(nieuw.id, index, klasse.sleutel, klasse.status)
                )
            self.wachtend.append(nieuw.id)
            self._oordeel()
        return self

    def tijd_om(self) -> "Ontvangst":
        """The time of everything that waits runs out, oldest first; judged again after each."""
        while self.wachtend:
            alle = set(self.wachtend)
            oudste = self.wachtend.pop(0)
            self.geweigerd[oudste] = bezwaren(self.leveringen.values(), alle, oudste)
            for naam, aanleveringen in self.leveringen.items():
                self.leveringen[naam] = [a for a in aanleveringen if a.bericht != oudste]
            self._oordeel()
        return self

    def perioden(self, levering: str = EEN) -> tuple[Leverperiode, ...]:
        return perioden(self.leveringen.get(levering, ()))

    def codes(self, naam: str) -> tuple[str, ...]:
        """Why this message waits, or why it was refused."""
        fouten = self.geweigerd.get(naam) or bezwaren(self.leveringen.values(), set(self.wachtend), naam)
        return tuple(fout.retourcode for fout in fouten)

    def _oordeel(self) -> None:
        goed = aanvaardbaar(self.leveringen.values(), set(self.wachtend))
        self.aanvaard += [naam for naam in self.wachtend if naam in goed]
        self.wachtend = [naam for naam in self.wachtend if naam not in goed]


def ontvangen(berichten: Iterable[Bericht]) -> Ontvangst:
    return Ontvangst().ontvang(*berichten)
