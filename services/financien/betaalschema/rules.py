"""Terms of a lijn: when they are fixed, and how a contract or a bijstelling changes the others (F-2, F-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
