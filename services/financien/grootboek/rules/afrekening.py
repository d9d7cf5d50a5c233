"""The bookings of a settlement that is fixed (F-5, F-9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.financien.grootboek.rules.boeking import Boeking, Rekening
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

NIETS = Bedrag(0)


def afgerekend(aanbieder: str, subsegment: str, kosten: Mapping[Maand, Bedrag], betaald: Bedrag) -> tuple[Boeking, ...]:
    """From advance to cost, per month, so that a settlement over two financial years is split exactly. `kosten`: what
    each month costs in the end (zero or more), `betaald`: the advances that were released for these months together.

    Cost is taken from the advances, oldest month first; what they do not cover is owed to the aanbieder, what is left
    of them is owed by it. So the advances of these months are gone afterwards, and only one of both remains.
    """
    return tuple(_boekingen(aanbieder, subsegment, kosten, betaald))


def _boekingen(aanbieder: str, subsegment: str, kosten: Mapping[Maand, Bedrag], rest: Bedrag) -> Iterator[Boeking]:
    for maand, bedrag in sorted(kosten.items()):
        gedekt = min(bedrag, rest)
        rest -= gedekt
        delen = ((Rekening.VOORSCHOTTEN, gedekt), (Rekening.TE_BETALEN, bedrag - gedekt))
        for credit, deel in delen:
            if deel > NIETS:
                yield Boeking(Rekening.LASTEN, credit, deel, aanbieder, subsegment, maand)
    if rest > NIETS:
        yield Boeking(Rekening.TE_VORDEREN, Rekening.VOORSCHOTTEN, rest, aanbieder, subsegment, max(kosten))
