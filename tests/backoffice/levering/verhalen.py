"""Histories that a provider may really send: starts, stops, restarts, corrections, and the periods they mean.

A story keeps its own picture of what is true (`beurten`): the expected periods do not come from the product.
"""

from dataclasses import dataclass, field
from typing import Literal

from hypothesis import strategies as st

from shared.kernel.verloop import Leverperiode
from tests.backoffice.levering.simulatie import Bericht, Klasse, dag, start, stop

DEFINITIEVE_REDENEN = ["02", "31", "33", "36"]
Kies = st.DrawFn


@dataclass
class Beurt:
    """One stretch of care: first day, and the Einddatum of its temporary and definitive stop."""

    begin: int
    tijdelijk: int | None = None
    definitief: tuple[int, str] | None = None

    @property
    def open(self) -> bool:
        return self.tijdelijk is None and self.definitief is None

    @property
    def laatste_dag(self) -> int:
        return max(self.begin, self.tijdelijk or 0, self.definitief[0] if self.definitief else 0)

    def periode(self) -> Leverperiode:
        if self.open:
            return Leverperiode(dag(self.begin), None)
        definitief = dag(self.definitief[0]) if self.definitief else None
        if self.tijdelijk is None or definitief == dag(self.tijdelijk):
            return Leverperiode(dag(self.begin), definitief)
        return Leverperiode(dag(self.begin), dag(self.tijdelijk), tijdelijk=True, definitief=definitief)


@dataclass
class Verhaal:
    """One levering as it unfolds; `berichten` are lists of classes, each list one message."""

    levering: str
    beurten: list[Beurt] = field(default_factory=list)
    berichten: list[list[Klasse]] = field(default_factory=list)

    def meld(self, *klassen: Klasse, samen: bool = False) -> None:
        """Send the classes, in one message where that is asked and their keys differ (TR101)."""
        uniek = len({klasse.sleutel for klasse in klassen}) == len(klassen)
        self.berichten += [list(klassen)] if samen and uniek else [[klasse] for klasse in klassen]

    def klasse_start(self, beurt: Beurt, status: Literal[1, 3] = 1) -> Klasse:
        return Klasse(start(beurt.begin), status, self.levering)

    def klassen_stops(self, beurt: Beurt, status: Literal[1, 3] = 1) -> list[Klasse]:
        """Temporary before definitive when sending, the other way round when deleting."""
        sleutels = [stop(beurt.begin, beurt.tijdelijk, "20")] if beurt.tijdelijk else []
        sleutels += [stop(beurt.begin, *beurt.definitief)] if beurt.definitief else []
        klassen = [Klasse(sleutel, status, self.levering) for sleutel in sleutels]
        return klassen if status == 1 else klassen[::-1]

    def perioden(self) -> tuple[Leverperiode, ...]:
        return tuple(beurt.periode() for beurt in sorted(self.beurten, key=lambda beurt: beurt.begin))


def _start(verhaal: Verhaal, kies: Kies) -> None:
    if verhaal.beurten and verhaal.beurten[-1].open:
        return
    vanaf = verhaal.beurten[-1].laatste_dag + 1 if verhaal.beurten else 100
    beurt = Beurt(vanaf + kies(st.integers(0, 2)))
    verhaal.beurten.append(beurt)
    verhaal.meld(verhaal.klasse_start(beurt))


def _stop_tijdelijk(verhaal: Verhaal, kies: Kies) -> None:
    if verhaal.beurten and verhaal.beurten[-1].open:
        beurt = verhaal.beurten[-1]
        beurt.tijdelijk = beurt.begin + kies(st.integers(0, 2))
        verhaal.meld(*verhaal.klassen_stops(beurt))


def _stop_definitief(verhaal: Verhaal, kies: Kies) -> None:
    if verhaal.beurten and not verhaal.beurten[-1].definitief:
        beurt = verhaal.beurten[-1]
        beurt.definitief = (
            beurt.laatste_dag + kies(st.integers(0, 2)),
            kies(st.sampled_from(DEFINITIEVE_REDENEN)),
        )
        verhaal.meld(verhaal.klassen_stops(beurt)[-1])


def _meld_eerdere_beurt(verhaal: Verhaal, kies: Kies) -> None:
    """A whole stretch before the first one becomes known late."""
    if not verhaal.beurten or verhaal.beurten[-1].open:
        return
    begin = verhaal.beurten[0].begin - kies(st.integers(3, 5))
    beurt = Beurt(begin, tijdelijk=begin + kies(st.integers(0, 2)))
    verhaal.beurten.insert(0, beurt)
    verhaal.meld(verhaal.klasse_start(beurt), *verhaal.klassen_stops(beurt))


def _corrigeer_stops(verhaal: Verhaal, kies: Kies) -> None:
    """All stops of one stretch deleted and sent again, sometimes with the very same keys (IV008)."""
    gestopt = [beurt for beurt in verhaal.beurten if not beurt.open]
    if not gestopt:
        return
    beurt = kies(st.sampled_from(gestopt))
    weg = verhaal.klassen_stops(beurt, 3)
    if beurt.tijdelijk:
        beurt.tijdelijk = beurt.begin + kies(st.integers(0, 2))
    if beurt.definitief:
        vroegst = beurt.tijdelijk or beurt.begin
        beurt.definitief = (vroegst + kies(st.integers(0, 2)), kies(st.sampled_from(DEFINITIEVE_REDENEN)))
    verhaal.meld(*weg, *verhaal.klassen_stops(beurt), samen=kies(st.booleans()))


def _corrigeer_start(verhaal: Verhaal, kies: Kies) -> None:
    """The last stretch moves some days (or none): its stops go first and come back last (TR071)."""
    if not verhaal.beurten:
        return
    beurt, dagen = verhaal.beurten[-1], kies(st.integers(0, 2))
    verhaal.meld(*verhaal.klassen_stops(beurt, 3))
    oud = verhaal.klasse_start(beurt, 3)
    beurt.begin += dagen
    beurt.tijdelijk = beurt.tijdelijk + dagen if beurt.tijdelijk else None
    beurt.definitief = (beurt.definitief[0] + dagen, beurt.definitief[1]) if beurt.definitief else None
    verhaal.meld(oud, verhaal.klasse_start(beurt), samen=kies(st.booleans()))
    verhaal.meld(*verhaal.klassen_stops(beurt))


def _verwijder_beurt(verhaal: Verhaal, kies: Kies) -> None:
    if verhaal.beurten:
        beurt = kies(st.sampled_from(verhaal.beurten))
        verhaal.meld(*verhaal.klassen_stops(beurt, 3), verhaal.klasse_start(beurt, 3))
        verhaal.beurten = [andere for andere in verhaal.beurten if andere is not beurt]


STAPPEN = [
    _start,
    _start,
    _stop_tijdelijk,
    _stop_definitief,
    _meld_eerdere_beurt,
    _corrigeer_stops,
    _corrigeer_start,
    _verwijder_beurt,
]


@st.composite
def verhalen(kies: Kies, levering: str) -> Verhaal:
    verhaal = Verhaal(levering)
    _start(verhaal, kies)
    for stap in kies(st.lists(st.sampled_from(STAPPEN), min_size=4, max_size=10)):
        stap(verhaal, kies)
    return verhaal


@st.composite
def briefwisselingen(kies: Kies) -> tuple[list[Verhaal], list[Bericht]]:
    """Two leveringen told at once in a valid order, now and then in one message."""
    paar = [kies(verhalen("toewijzing 1")), kies(verhalen("toewijzing 2"))]
    rijen = [list(verhaal.berichten) for verhaal in paar]
    post: list[list[Klasse]] = []
    while any(rijen):
        beurtelings = kies(st.sampled_from([rij for rij in rijen if rij]))
        andere = rijen[1] if beurtelings is rijen[0] else rijen[0]
        klassen = beurtelings.pop(0)
        if andere and _soort(klassen) == _soort(andere[0]) and kies(st.booleans()):
            klassen = klassen + andere.pop(0)
        post.append(klassen)
    return paar, [Bericht(f"m{nummer:02}", tuple(klassen)) for nummer, klassen in enumerate(post)]


def _soort(klassen: list[Klasse]) -> type:
    """A message holds starts (305) or stops (307), never both."""
    return type(klassen[0].sleutel)
