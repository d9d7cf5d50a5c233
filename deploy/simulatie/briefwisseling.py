"""What a provider sends about one traject: the right messages in the end, and on the way to them what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from deploy.simulatie.wereld import FOUT, Klasse, Variant, Zending, Zorgperiode

TIJDELIJK = "20"
REDENEN = ("02", "31", "31", "31", "31", "39")  # codes that both laws know
VERWIJDEREN = "3"


@dataclass(frozen=True, slots=True)
class Stijl:
    """How a provider works; shares between 0 and 1, `wachtdagen` between assignment and start."""

    te_laat: float = 0.15
    slordig: float = 0.06
    weigert: float = 0.03
    vergeet: float = 0.03
    wachtdagen: tuple[int, int] = (1, 14)


VLOT = Stijl(te_laat=0.03, slordig=0.02, weigert=0.01, vergeet=0.01)
STIJLEN = (
    Stijl(),
    Stijl(slordig=0.25),
    Stijl(te_laat=0.6, slordig=0.1, vergeet=0.08),
    Stijl(weigert=0.35),
    Stijl(wachtdagen=(25, 110)),
    VLOT,
    Stijl(),
    VLOT,
)


class Briefwisseling:
    """Puts the messages of one traject in order. All that really happened through `tot` has been told by then."""

    def __init__(self, random: Random, stijl: Stijl, ingangsdatum: date, tot: date) -> None:
        self._random = random
        self._stijl = stijl
        self._ingangsdatum = ingangsdatum
        self._tot = tot
        self._post: list[Zending] = []

    def over(self, perioden: Sequence[Zorgperiode], vergeten: bool) -> tuple[Zending, ...]:
        """The messages; `vergeten`: the last period's stop is never reported, so there it has no `eind`."""
        assert not vergeten or perioden[-1].eind is None
        vorige = self._ingangsdatum - timedelta(days=1)
        for periode in perioden:
            self._periode(periode, vorige)
            vorige = periode.eind or vorige
        return tuple(self._post)

    def _kans(self, deel: float) -> bool:
        return self._random.random() < deel

    def _dag(self, gebeurd: date) -> tuple[date, Variant]:
        laat = self._kans(self._stijl.te_laat)
        dagen = self._random.randint(12, 60) if laat else self._random.randint(0, 5)
        return gebeurd + timedelta(days=dagen), Variant.TE_LAAT if laat else Variant.GEWOON

    def _stuur(self, dag: date, variant: Variant, *klassen: Klasse) -> None:
        """After what was sent before, and at the last on the last day."""
        eerder = self._post[-1].dag if self._post else dag
        self._post.append(Zending(min(max(dag, eerder), self._tot), variant, klassen))

    def _periode(self, periode: Zorgperiode, vorige: date) -> None:
        start = Klasse(periode.begin)
        dag, variant = self._dag(periode.begin)
        reden = TIJDELIJK if periode.tijdelijk else self._random.choice(REDENEN)
        stop = None if periode.eind is None else Klasse(periode.begin, periode.eind, reden)
        if stop is not None and self._kans(self._stijl.slordig):
            self._omgekeerd(start, stop)
        else:
            self._melding(dag, variant, start, self._verschoven_start(start, vorige))
            if stop is not None and stop.eind is not None:
                self._melding(*self._dag(stop.eind), stop, self._verschoven_stop(stop))
        if periode.definitief is not None:
            einde = Klasse(periode.begin, periode.definitief, self._random.choice(REDENEN))
            self._stuur(*self._dag(periode.definitief), einde)

    def _omgekeerd(self, start: Klasse, stop: Klasse) -> None:
        """The stop comes in before its start: it has to wait for it."""
        assert stop.eind is not None
        dag, _ = self._dag(stop.eind)
        self._stuur(dag, Variant.VOOR_ZIJN_BEURT, stop)
        self._stuur(dag, Variant.TE_LAAT, start)

    def _melding(self, dag: date, variant: Variant, goed: Klasse, verkeerd: Klasse | None) -> None:
        """A message, perhaps with a fault before it, perhaps first with a wrong date, perhaps twice."""
        for fout in self._fouten():
            self._stuur(dag, fout, goed)
        if verkeerd is None:
            self._stuur(dag, variant, goed)
        else:
            self._stuur(dag, Variant.TE_CORRIGEREN, verkeerd)
            later = dag + timedelta(days=self._random.randint(2, 20))
            self._stuur(later, Variant.CORRECTIE, replace(verkeerd, status=VERWIJDEREN), goed)
        if self._kans(0.03):
            laatste = self._post[-1]
            self._stuur(laatste.dag, Variant.HERHALING, *laatste.klassen)

    def _fouten(self) -> Iterator[Variant]:
        for fout in sorted(FOUT):
            if self._kans(self._stijl.slordig / 4):
                yield fout

    def _verschoven_start(self, start: Klasse, vorige: date) -> Klasse | None:
        """A wrong first day, after the period before it and within the toewijzing; None: it is right at once."""
        if not self._kans(self._stijl.slordig):
            return None
        anders = start.begin + timedelta(days=self._random.choice([-3, -1, 1, 2, 5]))
        passend = vorige < anders <= self._tot
        return replace(start, begin=anders) if passend else None

    def _verschoven_stop(self, stop: Klasse) -> Klasse | None:
        assert stop.eind is not None
        if not self._kans(self._stijl.slordig):
            return None
        anders = stop.eind + timedelta(days=self._random.choice([-4, -1, 1, 3]))
        return replace(stop, eind=anders) if stop.begin <= anders <= self._tot else None
