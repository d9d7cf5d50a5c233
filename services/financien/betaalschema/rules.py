"""Terms of a lijn: when they are fixed, and how a contract or a bijstelling changes the others (F-2, F-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.financien.brief.rules import in_woorden, maand_in_woorden
from services.financien.lumpsum.rules import Contractlijn, voorschotten
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand

NIETS = Bedrag(0)


class Status(StrEnum):
    """A term is definitief once its month has begun; until then a contract or a bijstelling may change it."""

    CONCEPT = "concept"
    DEFINITIEF = "definitief"


@dataclass(frozen=True, slots=True)
class Termijn:
    """What is paid in a month: the contract's advance, and what a bijstelling added to or took from it."""

    voorschot: Bedrag
    bijstelling: Bedrag = NIETS

    @property
    def bedrag(self) -> Bedrag:
        """Never below zero: what was paid too much is left to settlement."""
        return max(self.voorschot + self.bijstelling, NIETS)


Schema = Mapping[Maand, Termijn]


def status(maand: Maand, lopend: Maand) -> Status:
    """Status of a term; `lopend` is the month of today."""
    return Status.DEFINITIEF if maand <= lopend else Status.CONCEPT


def herzien(contract: Contractlijn, bekend: Schema, lopend: Maand) -> dict[Maand, Termijn]:
    """The terms after a contract was heard (F-2). Months that had begun keep their stored term, also when the contract
    changes in the past: the difference is left to settlement. Of other months a fixed adjustment stays on top."""
    nieuw = {maand: termijn for maand, termijn in bekend.items() if status(maand, lopend) is Status.DEFINITIEF}
    for maand, voorschot in voorschotten(contract).items():
        if maand not in nieuw:
            nieuw[maand] = Termijn(voorschot, bekend[maand].bijstelling if maand in bekend else NIETS)
    return nieuw


def bijgesteld(bekend: Schema, voorstel: Mapping[Maand, Bedrag]) -> dict[Maand, Termijn]:
    """The terms after a bijstelling was fixed (F-4): in the months of `voorstel` its amounts are what is paid."""
    nieuw = dict(bekend)
    for maand, bedrag in voorstel.items():
        voorschot = bekend[maand].voorschot
        nieuw[maand] = Termijn(voorschot, bedrag - voorschot)
    return nieuw


def open_maanden(bekend: Schema, lopend: Maand) -> tuple[Maand, ...]:
    """The months whose term is not yet fixed, in order."""
    return tuple(sorted(maand for maand in bekend if status(maand, lopend) is Status.CONCEPT))


def vastgelegd(bekend: Schema, lopend: Maand) -> Bedrag:
    """The terms that are fixed, together: paid(1…f) of domain.md, "Quarterly forecast"."""
    return som(termijn.bedrag for maand, termijn in bekend.items() if status(maand, lopend) is Status.DEFINITIEF)


Opbouw = Mapping[str, Mapping[Maand, Bedrag]]


class Publicatiestatus(StrEnum):
    """What the provider was told of a contract year: nothing yet, what holds now, or something older."""

    CONCEPT = "concept"
    GEPUBLICEERD = "gepubliceerd"
    GEWIJZIGD = "gewijzigd"


def publicatiestatus(versie: int, gepubliceerd: int | None) -> Publicatiestatus:
    """Status of a schema whose newest version is `versie`; `gepubliceerd` is the newest that was published."""
    if gepubliceerd is None:
        return Publicatiestatus.CONCEPT
    return Publicatiestatus.GEPUBLICEERD if gepubliceerd >= versie else Publicatiestatus.GEWIJZIGD


def jaarbegin(contractbegin: Maand, maand: Maand) -> Maand:
    """First month of the contract year in which a month lies: twelve months from the first of the contract, whatever
    the calendar (F-1)."""
    verschil = (maand.jaar - contractbegin.jaar) * 12 + maand.nummer - contractbegin.nummer
    return Maand(contractbegin.jaar + verschil // 12, contractbegin.nummer)


def schema_id(overeenkomst: str, gemeente: str, begin: Maand) -> str:
    """The name of the betaalschema of one contract year: a contract has one aanbieder."""
    return f"{overeenkomst}:{gemeente}:{begin}"


def per_contractjaar(contractbegin: Maand, opbouw: Opbouw) -> dict[Maand, dict[str, dict[Maand, Bedrag]]]:
    """First month of a contract year → sub-segment → month → amount."""
    gevonden: dict[Maand, dict[str, dict[Maand, Bedrag]]] = {}
    for subsegment, maanden in opbouw.items():
        for maand, bedrag in maanden.items():
            jaar = gevonden.setdefault(jaarbegin(contractbegin, maand), {})
            jaar.setdefault(subsegment, {})[maand] = bedrag
    return gevonden


@dataclass(frozen=True, slots=True)
class Wijziging:
    """The term of a sub-segment and month that became another; None where there was, or is, no such term."""

    maand: Maand
    subsegment: str
    was: Bedrag | None
    wordt: Bedrag | None


def wijzigingen(oud: Opbouw, nieuw: Opbouw) -> Iterator[Wijziging]:
    """What differs between two versions, in order of sub-segment and month."""
    for subsegment in sorted(oud.keys() | nieuw.keys()):
        was, wordt = oud.get(subsegment, {}), nieuw.get(subsegment, {})
        for maand in sorted(was.keys() | wordt.keys()):
            if was.get(maand) != wordt.get(maand):
                yield Wijziging(maand, subsegment, was.get(maand), wordt.get(maand))


def publicatiewaarschuwing(begin: Maand, vandaag: date, publicatiedagen: Iterable[date]) -> str | None:
    """Dutch warning for a schema of which no version was published before its first month (F-2, S0); None when one
    was, or when there is still time."""
    eerste, maand = min(publicatiedagen, default=None), maand_in_woorden(begin)
    if eerste is None:
        if vandaag < begin.eerste:
            return None
        return f"Dit schema is niet gepubliceerd, terwijl de eerste maand ({maand}) al is begonnen. Publiceer het nu."
    if eerste < begin.eerste:
        return None
    return f"Dit schema is pas op {in_woorden(eerste)} gepubliceerd, na het begin van de eerste maand ({maand})."
