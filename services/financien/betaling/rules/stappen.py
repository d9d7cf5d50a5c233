"""Steps of a batch (F-8): made, approved by two different people, file made, handed in, answered by the bank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from services.financien.betaalgegevens.rules import TweedePersoonNodig, zelfde_persoon
from services.financien.betaling.rules.uitslag import GESLAAGD, MISLUKT, Betaalstatus
from shared.kernel.refusal import Conflict

OGEN = 2  # people who approve


class BatchNietGoedgekeurd(Conflict):
    """No file leaves before two different people approved."""

    title = "De betaalbatch is nog niet goedgekeurd"


class BatchAlGoedgekeurd(Conflict):
    """Two people approved; more is not needed."""

    title = "De betaalbatch is al goedgekeurd"


class BatchAlNaarBank(Conflict):
    """Once its file is made, only the bank can say that a payment was not carried out."""

    title = "Het betaalbestand is al gemaakt"


class BatchIngetrokken(Conflict):
    """A withdrawn batch takes no further steps."""

    title = "De betaalbatch is ingetrokken"


class BestandNogNiet(Conflict):
    """What is handed in is the file, and there is none yet."""

    title = "Het betaalbestand is er nog niet"


class Batchstatus(StrEnum):
    """Where a batch stands."""

    CONCEPT = "concept"
    GOEDGEKEURD = "goedgekeurd"
    BESTAND_GEMAAKT = "bestand_gemaakt"
    AANGELEVERD = "aangeleverd"
    VERWERKT = "verwerkt"
    DEELS_VERWERKT = "deels_verwerkt"
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken"


VOOR_BESTAND = (Batchstatus.CONCEPT, Batchstatus.GOEDGEKEURD)


def keur_goed(status: Batchstatus, goedkeurders: Sequence[str], gebruiker: str) -> Batchstatus:
    """The status after one more approval. Who made the batch may be one of the two; the contents never change, so both
    approve the same. Refuses TweedePersoonNodig, BatchAlGoedgekeurd, BatchAlNaarBank, BatchIngetrokken."""
    _loopt_nog(status)
    if status is Batchstatus.GOEDGEKEURD:
        raise BatchAlGoedgekeurd("Twee personen hebben deze batch goedgekeurd. Maak nu het bestand.")
    if any(zelfde_persoon(gebruiker, eerder) for eerder in goedkeurders):
        raise TweedePersoonNodig("U hebt deze batch al goedgekeurd. Laat een collega de tweede goedkeuring geven.")
    return Batchstatus.GOEDGEKEURD if len(goedkeurders) + 1 >= OGEN else Batchstatus.CONCEPT


def keur_bestand(status: Batchstatus, goedkeurders: Sequence[str]) -> bool:
    """Whether the file must still be made; it is made once. Refuses BatchNietGoedgekeurd, BatchIngetrokken."""
    _niet_ingetrokken(status)
    if status is Batchstatus.CONCEPT or not _verschillend(goedkeurders):
        raise BatchNietGoedgekeurd("Laat eerst twee verschillende personen de batch goedkeuren.")
    return status is Batchstatus.GOEDGEKEURD


def keur_aanlevering(status: Batchstatus) -> bool:
    """Whether handing in must still be recorded. Refuses BestandNogNiet, BatchIngetrokken."""
    _niet_ingetrokken(status)
    if status in VOOR_BESTAND:
        raise BestandNogNiet("Maak eerst het bestand, lever het aan bij de bank en meld dat hier.")
    return status is Batchstatus.BESTAND_GEMAAKT


def keur_intrekking(status: Batchstatus) -> None:
    """Only before the file is made: who has a file may have handed it in. Refuses BatchAlNaarBank, BatchIngetrokken."""
    _loopt_nog(status)


def _loopt_nog(status: Batchstatus) -> None:
    _niet_ingetrokken(status)
    if status not in VOOR_BESTAND:
        raise BatchAlNaarBank("Het bestand is gemaakt en kan bij de bank zijn. Verwerk de terugmelding van de bank.")


def _niet_ingetrokken(status: Batchstatus) -> None:
    if status is Batchstatus.INGETROKKEN:
        raise BatchIngetrokken("Deze batch is ingetrokken. Maak een nieuwe batch.")


def _verschillend(goedkeurders: Sequence[str]) -> bool:
    anderen = [ander for ander in goedkeurders[1:] if not zelfde_persoon(ander, goedkeurders[0])]
    return len(anderen) >= OGEN - 1


def na_uitslag(status: Batchstatus, betalingen: Iterable[Betaalstatus]) -> Batchstatus:
    """The status of a batch that is at the bank, from those of its payments."""
    standen = set(betalingen)
    if standen <= GESLAAGD:
        return Batchstatus.VERWERKT
    if standen <= MISLUKT:
        return Batchstatus.AFGEWEZEN
    if standen <= GESLAAGD | MISLUKT:
        return Batchstatus.DEELS_VERWERKT
    return Batchstatus.AANGELEVERD if status is Batchstatus.BESTAND_GEMAAKT else status
