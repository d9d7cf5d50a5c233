"""Random contract lines and leveringen as plain dicts, and the same handed to the product."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain

from hypothesis import strategies as st

from services.financien.lumpsum.rules import Contractlijn, Tarief
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, Periode, maanden
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Leverperiode, Verloop, bezette_perioden, mutaties
from tests.onafhankelijk import Levering, Lijn

NUL = Maand(2025, 1)
REEKS = maanden(NUL, Maand(2027, 12))
AANDELEN = ("1", "0.4", "0.25", "0.333333")


@dataclass(frozen=True)
class Geval:
    """One line with its leveringen on one day, as both calculations need it."""

    lijn: Lijn
    leveringen: list[Levering]
    vandaag: date
    houdt: int

    @property
    def contractlijn(self) -> Contractlijn:
        return contractlijn(self.lijn)

    @property
    def maanden(self) -> tuple[Maand, ...]:
        return self.contractlijn.maanden()

    @property
    def verloop(self) -> Verloop:
        return Verloop(mutaties(chain.from_iterable(_bezet(levering, self.houdt) for levering in self.leveringen)))

    @property
    def dagen(self) -> dict[Maand, int]:
        """Occupied days per month through today, as a handler hands them to the rules."""
        return self.verloop.dagen_per_maand(self.maanden[0].eerste, min(self.vandaag, self.maanden[-1].laatste))


def contractlijn(lijn: Lijn) -> Contractlijn:
    """The product's contract line."""
    tarieven = tuple(
        Tarief(
            Maand.van(tarief["vanaf"]),
            Plekken.lees(tarief["plekken"]).als_breuk() * Fraction(tarief["aandeel"]),
            Bedrag.van_euro(tarief["prijs_per_plek"]),
        )
        for tarief in lijn["tarieven"]
    )
    return Contractlijn(Maand.van(lijn["begindatum"]), Maand.van(lijn["einddatum"]), tarieven)


def _bezet(levering: Levering, houdt: int) -> tuple[Periode, ...]:
    perioden = [Leverperiode(*periode) for periode in levering["perioden"]]
    return bezette_perioden(perioden, einddatum_toewijzing=levering["einddatum_toewijzing"], houdt_dagen=houdt)


@st.composite
def lijnen(draw: st.DrawFn) -> Lijn:
    """A line of 1 to 15 months whose first value may come late, with up to three changes."""
    eerste = draw(st.integers(0, 18))
    lengte = draw(st.integers(1, 15))
    wissels = sorted(draw(st.sets(st.integers(0, lengte - 1), min_size=1, max_size=3)))
    if draw(st.booleans()):
        wissels[0] = 0
    tarieven = [
        {
            "vanaf": REEKS[eerste + wissel].eerste,
            "plekken": Plekken(draw(st.integers(0, 2500))).als_tekst(),
            "prijs_per_plek": Bedrag(draw(st.integers(0, 9_999_999))).als_euro(),
            "aandeel": draw(st.sampled_from(AANDELEN)),
        }
        for wissel in wissels
    ]
    return {
        "begindatum": REEKS[eerste].eerste,
        "einddatum": REEKS[eerste + lengte - 1].laatste,
        "tarieven": tarieven,
    }


dagen = st.integers(0, 1000).map(lambda n: NUL.eerste + timedelta(days=n))


@st.composite
def leveringen(draw: st.DrawFn) -> Levering:
    """Up to three deliveries of one toewijzing: overlapping, apart, open, stopped for a time or for good."""
    perioden = []
    begin = draw(dagen)
    for _ in range(draw(st.integers(0, 3))):
        lengte = draw(st.none() | st.integers(-1, 250))
        eind = None if lengte is None else begin + timedelta(days=lengte)
        later = draw(st.none() | st.integers(0, 40))
        definitief = None if later is None or eind is None else eind + timedelta(days=later)
        perioden.append((begin, eind, draw(st.booleans()), definitief))
        begin = (eind or begin) + timedelta(days=draw(st.integers(-5, 40)))
    return {"perioden": perioden, "einddatum_toewijzing": draw(st.none() | dagen)}


@st.composite
def gevallen(draw: st.DrawFn) -> Geval:
    """A line, its leveringen, a today before, in or after it, and the days that a place is kept."""
    return Geval(
        draw(lijnen()),
        draw(st.lists(leveringen(), max_size=4)),
        draw(dagen),
        draw(st.sampled_from([0, 0, 14, 30])),
    )
