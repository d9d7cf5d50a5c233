"""The posts of a year-end: cost of months that are over but not settled goes in the books of the year (F-7, F-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, Rekening
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, FieldFault

SOORT, TERUG = "jaareinde", "jaareinde_terug"
NIETS = Bedrag(0)
Sleutel = tuple[str, str, Maand]  # aanbieder, sub-segment, month


class JaarLooptNog(Conflict):
    """A year is closed off after its last day."""

    title = "Het boekjaar is nog niet voorbij"


@dataclass(frozen=True, slots=True)
class Jaarregel:
    """One month of an aanbieder and sub-segment. `kosten`: what it costs by all that is known now; `geboekt`: what of
    that stands in the books of the year, by settlements and earlier year-ends together; the rest is posted."""

    aanbieder: str
    subsegment: str
    maand: Maand
    kosten: Bedrag
    geboekt: Bedrag

    @property
    def bedrag(self) -> Bedrag:
        """What is still to be posted; below zero when an earlier year-end posted too much."""
        return self.kosten - self.geboekt


def keur_jaar(jaar: int, vandaag: date) -> None:
    """Refuses JaarLooptNog."""
    laatste = date(jaar, 12, 31)
    if vandaag <= laatste:
        melding = f"Boekjaar {jaar} loopt tot en met {laatste:%d-%m-%Y}. Kies een jaar dat voorbij is."
        raise JaarLooptNog(melding, FieldFault("jaar", "F-7", melding))


def jaarregels(
    kosten: Mapping[Sleutel, Bedrag], lasten: Mapping[Sleutel, Bedrag], overgeboekt: Mapping[Sleutel, Bedrag]
) -> tuple[Jaarregel, ...]:
    """The months of which something is still to be posted. `kosten`: by what is known now; `lasten`: by settlements
    that were booked in the year itself; `overgeboekt`: by earlier year-ends of the same year."""
    regels = (
        Jaarregel(*sleutel, kosten.get(sleutel, NIETS), lasten.get(sleutel, NIETS) + overgeboekt.get(sleutel, NIETS))
        for sleutel in sorted(kosten.keys() | lasten.keys() | overgeboekt.keys())
    )
    return tuple(regel for regel in regels if regel.bedrag.cent)


def jaareindeposten(
    gemeente: str, jaar: int, volgnummer: int, identity: str, regels: Iterable[Jaarregel]
) -> tuple[Journaalpost, Journaalpost]:
    """The accrual on 31 December and its opposite on 1 January. Refuses (ValueError) when there is nothing to post."""
    boekingen = tuple(_boeking(regel) for regel in regels)
    naam = f"{SOORT}/{gemeente}/{jaar}/{volgnummer}"
    oorzaak = Oorzaak(SOORT, identity)
    erin = f"Nog af te rekenen kosten van {jaar}"
    eruit = f"Terugboeking van nog af te rekenen kosten van {jaar}"
    return (
        Journaalpost(gemeente, date(jaar, 12, 31), SOORT, erin, oorzaak, naam, boekingen),
        Journaalpost(
            gemeente,
            date(jaar + 1, 1, 1),
            TERUG,
            eruit,
            oorzaak,
            f"{naam}/terug",
            tuple(boeking.omgekeerd() for boeking in boekingen),
        ),
    )


def _boeking(regel: Jaarregel) -> Boeking:
    meer = regel.bedrag > NIETS
    debet, credit = (Rekening.LASTEN, Rekening.TRANSITORISCH) if meer else (Rekening.TRANSITORISCH, Rekening.LASTEN)
    bedrag = regel.bedrag if meer else -regel.bedrag
    return Boeking(debet, credit, bedrag, regel.aanbieder, regel.subsegment, regel.maand)


def totaal(regels: Iterable[Jaarregel]) -> Bedrag:
    """What is posted together."""
    return som(regel.bedrag for regel in regels)
