"""The months of a financial year of one lijn, in money (F-7; domain.md, "How the amounts are computed").

A month that was settled costs what the settlement says. The other months that are over cost what a settlement of those
months together would give now. So nothing is counted twice, and a settlement that straddles years is split as booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.financien.afrekening.rules import Instellingen, afrekening, kosten_per_maand
from services.financien.bezetting.rules import exact_gerealiseerd
from services.financien.lumpsum.rules import Contractlijn, exacte_lumpsum
from shared.kernel.bedrag import Bedrag, rond_af, som
from shared.kernel.periode import Maand

NIETS = Bedrag(0)


@dataclass(frozen=True, slots=True)
class Maandcijfer:
    """One month of a lijn. `voorschot`: its term once the month has begun; `kosten`: what it costs once it is over
    (None before); `afgerekend`: whether that was fixed by a settlement."""

    maand: Maand
    dagen: int
    voorschot: Bedrag
    kosten: Bedrag | None
    afgerekend: bool


def maandcijfers(
    lijn: Contractlijn,
    maanden: Iterable[Maand],
    vandaag: date,
    dagen: Mapping[Maand, int],
    termijnen: Mapping[Maand, Bedrag],
    vastgesteld: Mapping[Maand, Bedrag],
    instellingen: Instellingen,
) -> tuple[Maandcijfer, ...]:
    """The months, in order. One that the contract no longer has, because it was made to end earlier, keeps its term and
    costs nothing. `dagen`: occupied place-days, none after today; `vastgesteld`: month
    → settled cost, corrections included."""
    reeks = tuple(maanden)
    open_maanden = [maand for maand in reeks if maand.laatste < vandaag and maand not in vastgesteld]
    binnen = [maand for maand in open_maanden if lijn.begin <= maand <= lijn.eind]
    raming = dict.fromkeys(open_maanden, NIETS) | geraamde_kosten(lijn, binnen, dagen, termijnen, instellingen)
    begonnen = Maand.van(vandaag)
    return tuple(
        Maandcijfer(
            maand,
            dagen.get(maand, 0),
            termijnen.get(maand, NIETS) if maand <= begonnen else NIETS,
            vastgesteld.get(maand, raming.get(maand)),
            maand in vastgesteld,
        )
        for maand in reeks
    )


def geraamde_kosten(
    lijn: Contractlijn,
    maanden: list[Maand],
    dagen: Mapping[Maand, int],
    termijnen: Mapping[Maand, Bedrag],
    instellingen: Instellingen,
) -> dict[Maand, Bedrag]:
    """What months that are over and not settled cost, as a settlement of just these months would have it."""
    if not maanden:
        return {}
    betaald = {maand: termijnen.get(maand, NIETS) for maand in maanden}
    uitkomst = afrekening(lijn, dagen, maanden, som(betaald.values()), instellingen)
    return kosten_per_maand(lijn, dagen, betaald, uitkomst, instellingen)


def lumpsum_in(lijn: Contractlijn, maanden: Iterable[Maand]) -> Bedrag:
    """What was agreed for these months, rounded once."""
    return rond_af(exacte_lumpsum(lijn, maanden))


def verwacht_in(
    lijn: Contractlijn,
    cijfers: Iterable[Maandcijfer],
    vandaag: date,
    bezet_vandaag: int,
) -> Bedrag:
    """What the year will cost: months that are over at their cost; the running one with its days so far, and every day
    after today at today's occupancy (as the running forecast of F-4). Rounded once."""
    exact = Fraction(0)
    lopend = Maand.van(vandaag)
    for cijfer in cijfers:
        if cijfer.kosten is not None:
            exact += cijfer.kosten.cent
        elif cijfer.maand == lopend:
            exact += exact_gerealiseerd(lijn, {lopend: cijfer.dagen}, (lopend,))
            rest = Fraction(lopend.dagen - vandaag.day, lopend.dagen)
            exact += rest * bezet_vandaag * lijn.maandprijs_in(lopend)
        else:
            exact += bezet_vandaag * lijn.maandprijs_in(cijfer.maand)
    return rond_af(exact)
