"""Every signal of one line or cell, worked out anew from its occupancy: pure, whatever came in before.

The sentence of a signal holds the figures of its first day (or quarter), so that it stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from services.contractmanagement.bezetting.rules import Mutaties, verloop_van
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.overeenkomst.rules.drempels import Drempelwaarden
from services.contractmanagement.signaal.rules import (
    STANDAARD,
    Drempelreeks,
    Drempels,
    Episode,
    gemiddeld_voor,
    onderbezet_episodes,
    volte_episodes,
    zonder_contractregel,
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


def van_lijn(lijn: Lijn, mutaties: Mapping[str, Mutaties], vandaag: date) -> tuple[Toegelicht, ...]:
    """The signals of a contract line until today, by the thresholds of its contract (C-2)."""
    return tuple(_van_lijn(lijn, verloop_van(lijn, mutaties), vandaag, drempels_van(lijn)))


def drempels_van(lijn: Lijn) -> Drempelreeks:
    """The thresholds of a line, from their dates."""
    if not lijn.drempels:
        return STANDAARD
    return tuple((versie.vanaf, _als_breuken(versie.waarden)) for versie in lijn.drempels)


@lru_cache(maxsize=1024)  # a region has few sets of thresholds, and an event on a line needs them again
def _als_breuken(waarden: Drempelwaarden) -> Drempels:
    return Drempels(*map(Fraction, (waarden.bijna_vol, waarden.vol, waarden.marge, waarden.onderbezet)))


def _van_lijn(lijn: Lijn, verloop: Verloop, vandaag: date, drempels: Drempelreeks) -> Iterator[Toegelicht]:
    plekken = [(versie.vanaf, versie.plekken) for versie in lijn.regel.versies]
    begin, eind = lijn.vanaf, lijn.tot_en_met
    for episode in volte_episodes(verloop, plekken, begin, eind, vandaag, drempels):
        versie = lijn.regel.versie_op(episode.sinds)
        toegekend = Fraction(0) if versie is None else versie.plekken.als_breuk()
        bezet = Fraction(verloop.bezet_op(episode.sinds))
        tekst = f"{getal(bezet)} van {getal(toegekend)} plekken bezet {_wanneer(episode)}."
        yield Toegelicht(episode, tekst)
    for episode in onderbezet_episodes(verloop, plekken, begin, eind, vandaag, drempels):
        kwartaal, bezet, toegekend = gemiddeld_voor(episode.sinds, verloop, plekken, begin, eind)
        tekst = (
            f"Gemiddeld {getal(bezet)} van {getal(toegekend)} plekken bezet "
            f"in het {KWARTALEN[kwartaal.nummer - 1]} kwartaal van {kwartaal.jaar}."
        )
        yield Toegelicht(episode, tekst)


def van_cel(gemeente: str, lijnen: Sequence[Lijn], mutaties: Mutaties, vandaag: date) -> tuple[Toegelicht, ...]:
    """Occupied places of a cell that no contract line covers: they count nowhere, so somebody must know."""
    verloop = Verloop(mutaties)
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


def getal(aantal: Fraction) -> str:
    """At most two decimals, half up, with a comma: `10`, `9,5`, `6,67`."""
    afgerond = (Decimal(aantal.numerator) / aantal.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    tekst = f"{afgerond:f}".rstrip("0").rstrip(".")
    return tekst.replace(".", ",")
