"""The steps of an adjustment: which may follow which, how one is recorded, and the event that tells of it (F-4)."""

from __future__ import annotations

from typing import Any

from services.financien.bijstelling.store import BIJSTELLING
from services.financien.wederhoor.handlers import stap
from shared.contracts.financien import BijstellingGewijzigd
from shared.database.changeset import Changeset
from shared.kernel.bedrag import Bedrag
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Caller, Context

VOORGESTELD, GEMELD, VASTGESTELD, INGETROKKEN = "voorgesteld", "gemeld", "vastgesteld", "ingetrokken"
Row = dict[str, Any]


class BijstellingOnbekend(NotFound):
    """No such adjustment for this caller."""


class BijstellingNietGemeld(Conflict):
    """The provider must have been notified first (F-4)."""

    title = "De bijstelling is nog niet gemeld"


class BijstellingAlGemeld(Conflict):
    """The provider was notified before."""

    title = "De bijstelling is al gemeld"


class BijstellingAlVastgesteld(Conflict):
    """A fixed adjustment does not change any more; a later quarter may bring a new one."""

    title = "De bijstelling is al vastgesteld"


class BijstellingIngetrokken(Conflict):
    """A withdrawn adjustment takes no further steps."""

    title = "De bijstelling is ingetrokken"


class GeenOpenTermijnen(Conflict):
    """Every month has begun: nothing is left to adjust."""

    title = "Er zijn geen termijnen meer om bij te stellen"


IN_DE_WEG: dict[str, tuple[type[Conflict], str]] = {
    VOORGESTELD: (BijstellingNietGemeld, "Meld de bijstelling eerst aan de aanbieder."),
    GEMELD: (BijstellingAlGemeld, "Deze bijstelling is al gemeld. Leg de reactie vast of stel haar vast."),
    VASTGESTELD: (BijstellingAlVastgesteld, "Deze bijstelling staat vast. Een volgend kwartaal kan een nieuwe geven."),
    INGETROKKEN: (BijstellingIngetrokken, "Deze bijstelling is ingetrokken. Maak zo nodig een nieuwe kwartaalmonitor."),
}


def zichtbaar(row: Any, caller: Caller) -> bool:
    """Whether a caller may see it: a provider its own once it was notified, a gemeente its own."""
    if caller.aanbieder is not None:
        return bool(row.aanbieder == caller.aanbieder and row.gemeld_op is not None)
    return bool(row.gemeente == caller.gemeente)


def zet(
    changes: Changeset,
    context: Context,
    row: Row,
    naam: str,
    toelichting: str | None,
    *,
    bijzonderheid: str | None = None,
    brief: str | None = None,
    **waarden: object,
) -> Row:
    """Take a step: the changed columns, the step on record, and the event."""
    genomen = stap(context, naam, toelichting, bijzonderheid=bijzonderheid, brief=brief)
    stappen = [*row["stappen"], genomen]
    changes.update(BIJSTELLING, {"id": row["id"]}, version=row["versie"], stappen=stappen, **waarden)
    nieuw = {**row, **waarden, "stappen": stappen, "versie": row["versie"] + 1}
    changes.publish(gebeurtenis(nieuw))
    return nieuw


def gebeurtenis(row: Row) -> BijstellingGewijzigd:
    """The adjustment as it now stands."""
    return BijstellingGewijzigd(
        bijstelling=row["id"],
        versie=row["versie"],
        lijn=row["lijn"],
        aanbieder=row["aanbieder"],
        gemeente=row["gemeente"],
        subsegment=row["subsegment"],
        kwartaal=row["kwartaal"],
        status=row["status"],
        lumpsum=Bedrag(row["lumpsum_cent"]).als_euro(),
        gerealiseerd=Bedrag(row["gerealiseerd_cent"]).als_euro(),
        verwacht=Bedrag(row["verwacht_cent"]).als_euro(),
        oude_termijnen=in_euros(row["oude_termijnen"]),
        termijnen=in_euros(row["termijnen"]),
        reactie=row["reactie"],
        reactie_uiterlijk=row["reactie_uiterlijk"],
    )


def in_euros(termijnen: dict[str, int]) -> dict[str, str]:
    """Stored terms as events tell them."""
    return {maand: Bedrag(cent).als_euro() for maand, cent in sorted(termijnen.items())}
