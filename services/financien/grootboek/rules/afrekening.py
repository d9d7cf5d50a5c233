"""The bookings of a settlement that is fixed, and of a correction of it (F-5, F-9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.financien.grootboek.rules.boeking import Boeking, Rekening
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

NIETS = Bedrag(0)


def afgerekend(
    aanbieder: str,
    subsegment: str,
    kosten: Mapping[Maand, Bedrag],
    betaald: Bedrag,
    *,
    meer: Rekening = Rekening.TE_BETALEN,
    minder: Rekening = Rekening.TE_VORDEREN,
) -> tuple[Boeking, ...]:
    """From advance to cost, per month, so that a settlement over two financial years is split exactly. `kosten`: what
    each month costs in the end (zero or more), `betaald`: the advances that were released for these months together.

    Cost is taken from the advances, oldest month first; what they do not cover is owed on account `meer`, what is left
    of them goes to `minder`. So the advances of these months are gone afterwards, and only one of both remains.
    """
    return tuple(_boekingen(aanbieder, subsegment, kosten, betaald, meer, minder))


def _boekingen(
    aanbieder: str,
    subsegment: str,
    kosten: Mapping[Maand, Bedrag],
    rest: Bedrag,
    meer: Rekening,
    minder: Rekening,
) -> Iterator[Boeking]:
    for maand, bedrag in sorted(kosten.items()):
        gedekt = min(bedrag, rest)
        rest -= gedekt
        delen = ((Rekening.VOORSCHOTTEN, gedekt), (meer, bedrag - gedekt))
        for credit, deel in delen:
            if deel > NIETS:
                yield Boeking(Rekening.LASTEN, credit, deel, aanbieder, subsegment, maand)
    if rest > NIETS:
        yield Boeking(minder, Rekening.VOORSCHOTTEN, rest, aanbieder, subsegment, max(kosten))


def gecorrigeerd(
    aanbieder: str, subsegment: str, kosten: Mapping[Maand, Bedrag], voorschot: Bedrag, saldo_op: Rekening
) -> tuple[Boeking, ...]:
    """The difference with what was settled before. `kosten`: what each month costs more or (below zero) less,
    `voorschot`: advances of these months that were not settled yet (nearly always none).

    Every difference goes over `voorschotten`, whatever its sign, and their sum in one booking to `saldo_op`: afterwards
    the advances of these months are gone again, and one amount is owed by one of both.
    """
    return tuple(_verschillen(aanbieder, subsegment, kosten, voorschot, saldo_op))


def _verschillen(
    aanbieder: str, subsegment: str, kosten: Mapping[Maand, Bedrag], rest: Bedrag, saldo_op: Rekening
) -> Iterator[Boeking]:
    for maand, bedrag in sorted(kosten.items()):
        yield from _verplaats(Rekening.LASTEN, Rekening.VOORSCHOTTEN, bedrag, aanbieder, subsegment, maand)
        rest -= bedrag
    if kosten:
        yield from _verplaats(saldo_op, Rekening.VOORSCHOTTEN, rest, aanbieder, subsegment, max(kosten))


def _verplaats(
    debet: Rekening, credit: Rekening, bedrag: Bedrag, aanbieder: str, subsegment: str, maand: Maand
) -> Iterator[Boeking]:
    """A booking of an amount of any sign: below zero the accounts change places, zero is none."""
    if bedrag > NIETS:
        yield Boeking(debet, credit, bedrag, aanbieder, subsegment, maand)
    elif bedrag < NIETS:
        yield Boeking(credit, debet, -bedrag, aanbieder, subsegment, maand)
