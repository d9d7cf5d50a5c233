"""What is accounted for over a financial year: which information, under which regime, and whether it agrees (F-7).

The information set is data, agreed per year. Years without an entry have what the sources say: production through June
2022, places from July 2022, and no new questions to a provider (S1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, maanden
from shared.kernel.refusal import FieldFault, Invalid


class InformatiesetOngeldig(Invalid):
    """The months of a year must each be under one regime, and each field be asked once."""

    title = "De informatieset klopt niet"


class Regime(StrEnum):
    """How care was paid: per piece of work, or per place."""

    PRODUCTIE = "productie"
    LUMPSUM = "lumpsum"


class Veld(StrEnum):
    """What can be accounted for; all of it is in the system already (S1)."""

    PLEKKEN = "plekken"
    LUMPSUM = "lumpsum"
    BEVOORSCHOT = "bevoorschot"
    GEREALISEERD = "gerealiseerd"
    AFGEREKEND = "afgerekend"
    NOG_AF_TE_REKENEN = "nogAfTeRekenen"
    TE_VERREKENEN = "teVerrekenen"
    BEZETTE_DAGEN = "bezetteDagen"
    GEMIDDELD_BEZET = "gemiddeldBezet"
    LEVERINGEN = "leveringen"


# Under production nothing was awarded in places and nothing paid in advance: care was declared.
BIJ_PRODUCTIE = frozenset({Veld.BEZETTE_DAGEN, Veld.LEVERINGEN})
OVERSTAP = Maand(2022, 7)


@dataclass(frozen=True, slots=True)
class Deel:
    """The months, both included, that a regime holds for."""

    regime: Regime
    begin: Maand
    eind: Maand


@dataclass(frozen=True, slots=True)
class Informatieset:
    """What is accounted for over a year, and under which regimes."""

    velden: tuple[Veld, ...]
    delen: tuple[Deel, ...]
    bron: str


def informatieset_van(jaar: int) -> Informatieset:
    """What holds for a year of which nothing was agreed."""
    eerste, laatste = Maand(jaar, 1), Maand(jaar, 12)
    delen = [
        Deel(Regime.PRODUCTIE, eerste, min(laatste, Maand(2022, 6))),
        Deel(Regime.LUMPSUM, max(eerste, OVERSTAP), laatste),
    ]
    binnen = tuple(deel for deel in delen if deel.begin <= deel.eind)
    return Informatieset(tuple(Veld), binnen, "niets afgesproken: alles wat het systeem heeft")


def keur_informatieset(jaar: int, velden: Iterable[Veld], delen: Iterable[Deel]) -> None:
    """Refuses InformatiesetOngeldig, with everything that is wrong."""
    fouten = []
    gevraagd = tuple(velden)
    if len(set(gevraagd)) < len(gevraagd):
        fouten.append(FieldFault("velden", "F-7", "Noem elk veld één keer."))
    geteld = [maand for deel in delen for maand in maanden(deel.begin, deel.eind)]
    if sorted(geteld) != list(maanden(Maand(jaar, 1), Maand(jaar, 12))):
        melding = f"Zet elke maand van {jaar} onder precies één regime, en geen andere maanden."
        fouten.append(FieldFault("regimes", "F-7", melding))
    if fouten:
        raise InformatiesetOngeldig("Zo kan een jaar niet worden verantwoord.", *fouten)


@dataclass(frozen=True, slots=True)
class Verschil:
    """Where administration and ledger say something else; together they should say the same."""

    wat: str
    aanbieder: str
    subsegment: str
    administratie: Bedrag
    grootboek: Bedrag


Paar = tuple[str, str]  # aanbieder, sub-segment


def verschillen(wat: str, administratie: Mapping[Paar, Bedrag], grootboek: Mapping[Paar, Bedrag]) -> Iterator[Verschil]:
    """Every aanbieder and sub-segment of which both differ, in order."""
    niets = Bedrag(0)
    for paar in sorted(administratie.keys() | grootboek.keys()):
        hier, daar = administratie.get(paar, niets), grootboek.get(paar, niets)
        if hier != daar:
            yield Verschil(wat, *paar, hier, daar)
