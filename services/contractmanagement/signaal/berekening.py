"""Every signal of one line or cell, worked out anew from its occupancy: pure, whatever came in before.

The sentence of a signal holds the figures of its first day (or quarter), so that it stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.rules.drempels import Drempelversie, Drempelwaarden
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel
from services.contractmanagement.signaal.rules.episodes import (
    Episode,
    onderbezet_episodes,
    volte_episodes,
    zonder_contractregel,
)
from services.contractmanagement.signaal.rules.maatstaf import (
    MAANDDELEN,
    STANDAARD,
    Drempelreeks,
    Drempels,
    Maatstaf,
    maatstaf,
)
from shared.kernel.verloop import Verloop

MAANDEN = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
KWARTALEN = ("eerste", "tweede", "derde", "vierde")


@dataclass(frozen=True, slots=True)
class Onderwerp:
    """What a signal is about: a contract line, or a cell without one. `gemeente` None: the region."""

    id: str
    aanbieder: str
    gemeente: str | None
    subsegment: str


@dataclass(frozen=True, slots=True)
class Toegelicht:
    """An episode with its sentence."""

    episode: Episode
    toelichting: str


def van_lijn(lijn: Lijn, verloop: Verloop, vandaag: date) -> tuple[Toegelicht, ...]:
    """The signals of a contract line until today, by the thresholds of its contract (C-2). `verloop`: its occupancy;
    outside the days of the line it does not matter."""
    return tuple(_van_lijn(verloop, _maatstaf_van(lijn.regel, lijn.tot_en_met, lijn.drempels, vandaag)))


# A line costs 3 kB here. In a region that has more lines than this, those without recent events are worked out again.
@lru_cache(maxsize=4096)
def _maatstaf_van(
    regel: Contractregel, tot_en_met: date, drempels: tuple[Drempelversie, ...], vandaag: date
) -> Maatstaf:
    plekken = [(versie.vanaf, versie.plekken) for versie in regel.versies]
    return maatstaf(plekken, regel.versies[0].vanaf, tot_en_met, vandaag, drempelreeks(drempels))


def drempelreeks(versies: Sequence[Drempelversie]) -> Drempelreeks:
    """The thresholds of a line, from their dates."""
    if not versies:
        return STANDAARD
    return tuple((versie.vanaf, _als_breuken(versie.waarden)) for versie in versies)


def _als_breuken(waarden: Drempelwaarden) -> Drempels:
    return Drempels(*map(Fraction, (waarden.bijna_vol, waarden.vol, waarden.marge, waarden.onderbezet)))


def _van_lijn(verloop: Verloop, van_lijn: Maatstaf) -> Iterator[Toegelicht]:
    for episode, bezet, plekken in volte_episodes(verloop, van_lijn):
        tekst = f"{bezet} van {getal(plekken.honderdsten, 100)} plekken bezet {_wanneer(episode)}."
        yield Toegelicht(episode, tekst)
    for episode, beoordeling, bezet in onderbezet_episodes(verloop, van_lijn):
        kwartaal, maanden = beoordeling.kwartaal, beoordeling.aantal_maanden
        tekst = (
            f"Gemiddeld {getal(bezet, MAANDDELEN * maanden)} van {getal(beoordeling.toegekend, 100 * maanden)} "
            f"plekken bezet in het {KWARTALEN[kwartaal.nummer - 1]} kwartaal van {kwartaal.jaar}."
        )
        yield Toegelicht(episode, tekst)


def van_cel(gemeente: str, lijnen: Sequence[Lijn], verloop: Verloop, vandaag: date) -> tuple[Toegelicht, ...]:
    """Occupied places of a cell that no contract line covers: they count nowhere, so somebody must know."""
    gedekt = [periode for lijn in lijnen for periode in lijn.dekking.get(gemeente, ())]
    episode = zonder_contractregel(verloop, gedekt, vandaag)
    if episode is None:
        return ()
    bezet = verloop.bezet_op(episode.sinds)
    plekken = "1 plek" if bezet == 1 else f"{bezet} plekken"
    return (Toegelicht(episode, f"{plekken} bezet zonder contractregel {_wanneer(episode)}."),)


def _wanneer(episode: Episode) -> str:
    if episode.tot_en_met is None:
        return f"sinds {datum(episode.sinds)}"
    if episode.tot_en_met == episode.sinds:
        return f"op {datum(episode.sinds)}"
    return f"van {datum(episode.sinds)} tot en met {datum(episode.tot_en_met)}"


def datum(dag: date) -> str:
    """`3 maart 2026`."""
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def getal(teller: int, noemer: int) -> str:
    """`teller / noemer` with at most two decimals, half up, with a comma: `10`, `9,5`, `6,67`. Neither is negative."""
    heel, honderdsten = divmod((200 * teller + noemer) // (2 * noemer), 100)
    return f"{heel},{honderdsten:02d}".rstrip("0") if honderdsten else str(heel)
