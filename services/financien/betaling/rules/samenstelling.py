"""From open items of the ledger to payments: per gemeente and aanbieder ONE, with its build-up (F-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from services.financien.betaalgegevens.rules import Doel
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.kernel.refusal import FieldFault, Invalid
from shared.kernel.werkdag import is_werkdag

VERST = timedelta(days=366)  # a bank keeps an order for a year at most
NIETS = Bedrag(0)
LENGTE = 140  # characters of a description that a bank passes on


class UitvoerdatumOnbruikbaar(Invalid):
    """A bank carries out payments on a working day that is not over."""

    title = "Op deze dag kan niet worden betaald"


@dataclass(frozen=True, slots=True)
class OpenPost:
    """A booking on `te_betalen` that was not paid yet: booking `nummer` of journal post `post`. `bedrag` is below zero
    when it takes back what was owed."""

    post: str
    nummer: int
    gemeente: str
    aanbieder: str
    doel: Doel
    subsegment: str | None
    maand: Maand | None
    bedrag: Bedrag


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """What a payment consists of, per purpose, sub-segment and month; never zero."""

    doel: Doel
    segment: str | None
    subsegment: str | None
    maand: Maand | None
    bedrag: Bedrag


@dataclass(frozen=True, slots=True)
class Samengesteld:
    """One payment of a gemeente to an aanbieder; below zero or nothing when less than nothing is owed."""

    gemeente: str
    aanbieder: str
    onderdelen: tuple[Onderdeel, ...]
    posten: tuple[OpenPost, ...]

    @property
    def bedrag(self) -> Bedrag:
        """What is paid."""
        return som(onderdeel.bedrag for onderdeel in self.onderdelen)


def stel_samen(posten: Iterable[OpenPost], segmenten: Mapping[str, str]) -> tuple[Samengesteld, ...]:
    """Put open items together, in order of gemeente and aanbieder. `segmenten`: sub-segment → segment."""
    op_rij = sorted(posten, key=lambda post: (post.gemeente, post.aanbieder, post.post, post.nummer))
    gevonden = []
    for (gemeente, aanbieder), groep in groupby(op_rij, key=lambda post: (post.gemeente, post.aanbieder)):
        eigen = tuple(groep)
        betaling = Samengesteld(gemeente, aanbieder, _onderdelen(eigen, segmenten), eigen)
        assert betaling.bedrag == som(post.bedrag for post in eigen), "the build-up adds up to the payment"
        gevonden.append(betaling)
    return tuple(gevonden)


def loopt_via(posten: Iterable[OpenPost]) -> dict[str, Doel]:
    """Journal post → whose payer carries its items. A settlement that takes back more than it gives is netted with the
    advances, so it goes with who pays those, its items together; everything else goes with who pays for its purpose."""
    per_post: dict[str, list[OpenPost]] = {}
    for post in posten:
        per_post.setdefault(post.post, []).append(post)
    return {
        naam: Doel.BETALING if som(post.bedrag for post in groep) < NIETS else groep[0].doel
        for naam, groep in per_post.items()
    }


def _onderdelen(posten: Iterable[OpenPost], segmenten: Mapping[str, str]) -> tuple[Onderdeel, ...]:
    bedragen: dict[tuple[Doel, str | None, Maand | None], Bedrag] = {}
    for post in posten:
        sleutel = (post.doel, post.subsegment, post.maand)
        bedragen[sleutel] = bedragen.get(sleutel, NIETS) + post.bedrag
    onderdelen = [
        Onderdeel(doel, segmenten.get(subsegment or ""), subsegment, maand, bedrag)
        for (doel, subsegment, maand), bedrag in bedragen.items()
        if bedrag != NIETS
    ]
    return tuple(sorted(onderdelen, key=_volgorde))


def _volgorde(onderdeel: Onderdeel) -> tuple[str, str, str, str]:
    maand = "" if onderdeel.maand is None else str(onderdeel.maand)
    return (onderdeel.doel, onderdeel.segment or "", onderdeel.subsegment or "", maand)


def keur_uitvoerdatum(dag: date, vandaag: date, feestdagen: Callable[[date], bool]) -> None:
    """A working day from today, at most a year ahead. Refuses UitvoerdatumOnbruikbaar."""
    if not vandaag <= dag <= vandaag + VERST:
        melding = "Kies een werkdag vanaf vandaag, hoogstens een jaar vooruit."
    elif not is_werkdag(dag, feestdagen):
        melding = "Dit is een zaterdag, zondag of feestdag. Kies een werkdag."
    else:
        return
    raise UitvoerdatumOnbruikbaar(melding, FieldFault("uitvoerdatum", "F-8", melding))


def kenmerk(identity: str) -> str:
    """An id (a UUID) as a bank takes it: at most 35 characters, letters and digits."""
    made = identity.replace("-", "")
    if not made.isalnum() or len(made) > 33:
        raise ValueError("een kenmerk voor de bank telt hoogstens 33 letters en cijfers")
    return made


def omschrijving(gemeente: str, onderdelen: Iterable[Onderdeel]) -> str:
    """What the aanbieder reads on its bank statement: at most 140 characters. `gemeente`: by its name, which is cut off
    where it must be."""
    delen = list(onderdelen)
    maanden = sorted({str(deel.maand) for deel in delen if deel.doel is Doel.BETALING and deel.maand is not None})
    soorten = []
    if any(deel.doel is Doel.BETALING for deel in delen):
        soorten.append(f"voorschot {_van_tot(maanden)}".strip())
    if any(deel.doel is Doel.AFREKENING for deel in delen):
        soorten.append("afrekening")
    waarvoor = f": {', '.join(soorten)}"
    return f"{gemeente[: LENGTE - len(waarvoor)]}{waarvoor}"


def _van_tot(maanden: list[str]) -> str:
    if len(maanden) < 2:
        return "".join(maanden)
    return f"{maanden[0]} t/m {maanden[-1]}"
