"""Settlement of one contract line (domain.md, "Settlement"; F-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from services.financien.bezetting.rules import exact_gerealiseerd, gemiddeld_bezet
from services.financien.lumpsum.rules import Contractlijn, exacte_lumpsum, keur_maanden, verdeel
from shared.kernel.bedrag import Bedrag, rond_af, som
from shared.kernel.periode import Maand, maanden
from shared.kernel.refusal import FieldFault, Invalid


class Verrekening(StrEnum):
    """How the outcome is paid: to the aanbieder, or (below zero, a choice) netted with what it gets next or claimed."""

    UITBETALEN = "uitbetalen"
    VERREKENEN = "verrekenen"
    TERUGVORDEREN = "terugvorderen"


class VerrekeningOntbreekt(Invalid):
    """A negative outcome is netted or claimed back: a person chooses."""

    title = "Kies hoe het bedrag terugkomt"


class PeriodeGeenHeleMaanden(Invalid):
    """Refusal: settlement is over whole months, from a first through a last day of a month."""

    title = "De periode bestaat niet uit hele maanden"


@dataclass(frozen=True, slots=True)
class Instellingen:
    """Contract settings of the settlement, all shares: 1/20 is 5%; None means no cut-off.

    Refuses (ValueError) a negative share and a minimum above the maximum.
    """

    tolerantie: Fraction = Fraction(0)
    maximum: Fraction | None = None
    minimum: Fraction | None = None

    def __post_init__(self) -> None:
        if any(deel is not None and deel < 0 for deel in (self.tolerantie, self.maximum, self.minimum)):
            raise ValueError("Tolerantie, maximum en minimum zijn 0 of meer.")
        if self.maximum is not None and self.minimum is not None and self.maximum < self.minimum:
            raise ValueError("Het minimum is hoogstens het maximum.")


@dataclass(frozen=True, slots=True)
class Afrekeningsregel:
    """Average awarded and occupied places (unrounded), realised after cut-off, paid, and what is settled.

    A positive `afrekening` is still to be paid to the aanbieder, a negative one comes back.
    """

    plekken: Fraction
    gemiddeld_bezet: Fraction
    gerealiseerd: Bedrag
    betaald: Bedrag
    afrekening: Bedrag


def afrekening(
    lijn: Contractlijn,
    dagen: Mapping[Maand, int],
    maanden: Iterable[Maand],
    betaald: Bedrag,
    instellingen: Instellingen,
) -> Afrekeningsregel:
    """Settlement of `maanden` = realised - paid (domain.md, "Settlement"; F-5).

    The cut-off compares with the exact lump sum of those months and rounding comes after it, once. Within the
    tolerance nothing is settled, whatever was paid. That the months are over is for the caller to check.
    Refuses with MaandBuitenContract.
    """
    reeks = keur_maanden(lijn, maanden)
    toegekend = sum((lijn.plekken_in(maand) for maand in reeks), Fraction(0)) / len(reeks)
    bezet = gemiddeld_bezet(dagen, reeks)
    bedrag = rond_af(_afgekapt(exact_gerealiseerd(lijn, dagen, reeks), exacte_lumpsum(lijn, reeks), instellingen))
    te_verrekenen = Bedrag(0) if _binnen_tolerantie(bezet, toegekend, instellingen.tolerantie) else bedrag - betaald
    return Afrekeningsregel(toegekend, bezet, bedrag, betaald, te_verrekenen)


def kosten_per_maand(
    lijn: Contractlijn,
    dagen: Mapping[Maand, int],
    termijnen: Mapping[Maand, Bedrag],
    uitkomst: Afrekeningsregel,
    instellingen: Instellingen,
) -> dict[Maand, Bedrag]:
    """What the months of a settlement cost in the end: together `betaald` + `afrekening`, spread by cumulative rounding
    over what each month realised, so that financial years get their exact part. Within the tolerance the terms are
    the cost. `termijnen`: the terms of those months."""
    reeks = sorted(termijnen)
    totaal = uitkomst.betaald + uitkomst.afrekening
    if totaal != uitkomst.gerealiseerd:
        return {maand: termijnen[maand] for maand in reeks}
    exact = _afgekapt(exact_gerealiseerd(lijn, dagen, reeks), exacte_lumpsum(lijn, reeks), instellingen)
    delen = [exact_gerealiseerd(lijn, dagen, (maand,)) for maand in reeks]
    if not any(delen):  # a minimum without occupation: what was agreed says where it belongs
        delen = [exacte_lumpsum(lijn, (maand,)) for maand in reeks]
    deler = sum(delen, Fraction(0)) or Fraction(1)
    kosten = dict(zip(reeks, verdeel(deel * exact / deler for deel in delen), strict=True))
    assert som(kosten.values()) == totaal
    return kosten


@dataclass(frozen=True, slots=True)
class Boekjaar:
    """The part of a financial year: what its months cost, the advances settled with it, and the difference."""

    jaar: int
    kosten: Bedrag
    voorschot: Bedrag

    @property
    def afrekening(self) -> Bedrag:
        """Positive: to the aanbieder."""
        return self.kosten - self.voorschot


def per_boekjaar(maanden: Iterable[tuple[Maand, Bedrag, Bedrag]]) -> tuple[Boekjaar, ...]:
    """From (month, cost, advance) to financial years, in order; together they are the months to the cent (F-7)."""
    jaren: dict[int, Boekjaar] = {}
    for maand, kosten, voorschot in maanden:
        tot = jaren.get(maand.jaar, Boekjaar(maand.jaar, Bedrag(0), Bedrag(0)))
        jaren[maand.jaar] = Boekjaar(maand.jaar, tot.kosten + kosten, tot.voorschot + voorschot)
    return tuple(jaren[jaar] for jaar in sorted(jaren))


def gekozen(totaal: Bedrag, keuze: Verrekening | None) -> Verrekening:
    """How an outcome is paid; nothing is to be chosen unless it is below zero. Refuses VerrekeningOntbreekt."""
    if totaal.cent >= 0:
        return Verrekening.UITBETALEN
    if keuze in (Verrekening.VERREKENEN, Verrekening.TERUGVORDEREN):
        return keuze
    melding = "Kies verrekenen (met de volgende betaling) of terugvorderen: de aanbieder heeft te veel ontvangen."
    raise VerrekeningOntbreekt(melding, FieldFault("verrekening", "F-5", melding))


def _afgekapt(exact: Fraction, afgesproken: Fraction, instellingen: Instellingen) -> Fraction:
    if instellingen.maximum is not None:
        exact = min(exact, instellingen.maximum * afgesproken)
    if instellingen.minimum is not None:
        exact = max(exact, instellingen.minimum * afgesproken)
    return exact


def _binnen_tolerantie(bezet: Fraction, toegekend: Fraction, tolerantie: Fraction) -> bool:
    return tolerantie > 0 and abs(bezet - toegekend) <= tolerantie * toegekend


def hele_maanden(begindatum: date, einddatum: date) -> tuple[Maand, ...]:
    """The whole months from `begindatum` through `einddatum`. Refuses PeriodeGeenHeleMaanden."""
    begin, eind = Maand.van(begindatum), Maand.van(einddatum)
    fouten = []
    if begin.eerste != begindatum:
        fouten.append(FieldFault("begindatum", "F-5", "Kies de eerste dag van een maand."))
    if eind.laatste != einddatum:
        fouten.append(FieldFault("einddatum", "F-5", "Kies de laatste dag van een maand."))
    if einddatum < begindatum:
        fouten.append(FieldFault("einddatum", "F-5", "Kies een einddatum na de begindatum."))
    if fouten:
        raise PeriodeGeenHeleMaanden("Een afrekening gaat over hele maanden.", *fouten)
    return maanden(begin, eind)
