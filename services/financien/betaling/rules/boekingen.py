"""How a payment stands in the ledger (F-9): offered to the bank, carried out by it, or taken back.

The gemeente that pays for another has the claim on it on account `regio`, and the other the debt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.financien.betaling.rules.samenstelling import NIETS, Onderdeel
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, Rekening
from shared.kernel.periode import Maand

SOORT = "betaling"
AANGEBODEN = f"{SOORT}_aangeboden"


@dataclass(frozen=True, slots=True)
class Opdracht:
    """A payment as it is booked: `betaler` pays what `gemeente` owes to `aanbieder`."""

    id: str
    kenmerk: str
    betaler: str
    gemeente: str
    aanbieder: str
    onderdelen: tuple[Onderdeel, ...]

    @property
    def oorzaak(self) -> Oorzaak:
        """What its posts follow from."""
        return Oorzaak(SOORT, self.id)


def aangeboden(opdracht: Opdracht, boekdatum: date) -> tuple[Journaalpost, ...]:
    """The file is made: the debt to the aanbieder goes over to money that is on its way."""
    if opdracht.betaler == opdracht.gemeente:
        return (_post(opdracht, "aangeboden", opdracht.gemeente, boekdatum, Rekening.TE_BETALEN, Rekening.ONDERWEG),)
    return (
        _post(
            opdracht, "aangeboden", opdracht.gemeente, boekdatum, Rekening.TE_BETALEN, Rekening.REGIO, opdracht.betaler
        ),
        _post(
            opdracht, "aangeboden", opdracht.betaler, boekdatum, Rekening.REGIO, Rekening.ONDERWEG, opdracht.gemeente
        ),
    )


def uitgevoerd(opdracht: Opdracht, boekdatum: date) -> Journaalpost:
    """The bank carried it out: what was on its way left the bank account."""
    return _post(opdracht, "uitgevoerd", opdracht.betaler, boekdatum, Rekening.ONDERWEG, Rekening.BANK)


def teruggeboekt(opdracht: Opdracht, boekdatum: date) -> Journaalpost:
    """The bank gave it back: what had left the bank account came in again. The order itself is undone apart."""
    return _post(opdracht, "teruggeboekt", opdracht.betaler, boekdatum, Rekening.BANK, Rekening.ONDERWEG)


def boekdatum_bij_bank(dag: date | None, vandaag: date, gesloten_tot: Maand | None) -> date:
    """The day on which the bank booked, as long as that month is open here and the day has come; else today."""
    if dag is None or dag > vandaag or (gesloten_tot is not None and Maand.van(dag) <= gesloten_tot):
        return vandaag
    return dag


WOORDEN = {
    "aangeboden": "aangeboden aan de bank",
    "uitgevoerd": "uitgevoerd door de bank",
    "teruggeboekt": "teruggeboekt door de bank",
}


def _post(
    opdracht: Opdracht,
    stap: str,
    gemeente: str,
    boekdatum: date,
    debet: Rekening,
    credit: Rekening,
    tegenpartij: str | None = None,
) -> Journaalpost:
    return Journaalpost(
        gemeente,
        boekdatum,
        f"{SOORT}_{stap}",
        f"Betaling {opdracht.kenmerk} aan aanbieder {opdracht.aanbieder} {WOORDEN[stap]}",
        opdracht.oorzaak,
        f"{SOORT}/{opdracht.id}/{stap}/{gemeente}",
        tuple(_boekingen(opdracht, debet, credit, tegenpartij)),
    )


def _boekingen(opdracht: Opdracht, debet: Rekening, credit: Rekening, tegenpartij: str | None) -> Iterable[Boeking]:
    for deel in opdracht.onderdelen:
        van, naar = (credit, debet) if deel.bedrag > NIETS else (debet, credit)
        bedrag = max(deel.bedrag, -deel.bedrag)
        yield Boeking(naar, van, bedrag, opdracht.aanbieder, deel.subsegment, deel.maand, tegenpartij)
