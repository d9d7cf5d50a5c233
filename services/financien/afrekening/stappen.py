"""The steps of a settlement: which may follow which, how one is recorded, and the event that tells of it (F-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.financien.afrekening.rules import Boekjaar, per_boekjaar
from services.financien.afrekening.store import AFREKENING
from services.financien.wederhoor.handlers import stap
from shared.contracts.financien import AfrekeningGewijzigd, Afrekeningsregel, Boekjaardeel
from shared.database.changeset import Changeset
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Caller, Context

Row = dict[str, Any]
AFREKENING_SOORT, CORRECTIE = "afrekening", "correctie"
CONCEPT, VERZONDEN, VASTGESTELD = "concept", "verzonden", "vastgesteld"
INGETROKKEN, VERVANGEN = "ingetrokken", "vervangen"
BEZWAAR = "bezwaar"


class AfrekeningOnbekend(NotFound):
    """No such settlement for this caller."""


class AfrekeningNietVerzonden(Conflict):
    """The aanbieder gets the occupancy statement before anything is settled (F-5)."""

    title = "De afrekening is nog niet verzonden"


class AfrekeningAlVerzonden(Conflict):
    """A settlement that was sent is not sent or calculated again."""

    title = "De afrekening is al verzonden"


class AfrekeningAlVastgesteld(Conflict):
    """A fixed settlement does not change any more."""

    title = "De afrekening is al vastgesteld"


class AfrekeningIngetrokken(Conflict):
    """A withdrawn settlement takes no further steps."""

    title = "De afrekening is ingetrokken"


class AfrekeningVervangen(Conflict):
    """It was calculated again."""

    title = "De afrekening is vervangen"


IN_DE_WEG: dict[str, tuple[type[Conflict], str]] = {
    CONCEPT: (
        AfrekeningNietVerzonden,
        "Verstuur de afrekening eerst: de aanbieder krijgt dan het bezettingsoverzicht.",
    ),
    VERZONDEN: (AfrekeningAlVerzonden, "Deze afrekening is verzonden. Stel haar vast, of trek haar in."),
    VASTGESTELD: (AfrekeningAlVastgesteld, "Deze afrekening staat vast. Wat later bekend wordt, vraagt een correctie."),
    INGETROKKEN: (AfrekeningIngetrokken, "Deze afrekening is ingetrokken. Bereken zo nodig een nieuwe."),
    VERVANGEN: (AfrekeningVervangen, "Deze afrekening is opnieuw berekend. Ga verder met de nieuwe."),
}


def voor_aanbieder(row: Any) -> bool:
    """Whether the aanbieder may see it: from the moment it was sent."""
    return row.verzonden_op is not None or row.status == VASTGESTELD


def zichtbaar(row: Any, caller: Caller) -> bool:
    """Whether a caller may see it."""
    if caller.aanbieder is not None:
        return bool(row.aanbieder == caller.aanbieder and voor_aanbieder(row))
    return bool(row.gemeente == caller.gemeente)


def zet(
    changes: Changeset,
    context: Context,
    row: Row,
    naam: str,
    toelichting: str | None = None,
    *,
    bijzonderheid: str | None = None,
    brief: str | None = None,
    extra: Mapping[str, str] | None = None,
    waarden: Row,
) -> Row:
    """Take a step: the changed columns, the step on record (with what else it says), and the event."""
    genomen = stap(context, naam, toelichting, bijzonderheid=bijzonderheid, brief=brief)
    stappen = [*row["stappen"], genomen | dict(extra or {})]
    changes.update(AFREKENING, {"id": row["id"]}, version=row["versie"], stappen=stappen, **waarden)
    nieuw = {**row, **waarden, "stappen": stappen, "versie": row["versie"] + 1}
    changes.publish(gebeurtenis(nieuw))
    return nieuw


def boekjaren(regels: Iterable[Row]) -> tuple[Boekjaar, ...]:
    """Some regels of a settlement per financial year."""
    return per_boekjaar(
        (Maand.lees(deel["maand"]), Bedrag(deel["kosten_cent"]), Bedrag(voorschot_van(deel)))
        for regel in regels
        for deel in regel.get("maanden", ())
    )


def voorschot_van(deel: Row) -> int:
    """The advance in cents that a month of a regel settles: all that was paid, in a correction what was not settled."""
    return int(deel["voorschot_cent"] if "voorschot_cent" in deel else deel["betaald_cent"])


def gebeurtenis(row: Row) -> AfrekeningGewijzigd:
    """The settlement as it now stands: figures, no residents."""

    def euro(cent: int) -> str:
        return Bedrag(cent).als_euro()

    return AfrekeningGewijzigd(
        **{naam: row[naam] for naam in ("versie", "soort", "corrigeert", "gemeente", "aanbieder", "status")},
        **{naam: row[naam] for naam in ("begindatum", "einddatum", "reactie", "reactie_uiterlijk", "verrekening")},
        afrekening=row["id"],
        totaal=euro(row["totaal_cent"]),
        regels=[
            Afrekeningsregel(
                overeenkomst=regel["overeenkomst"],
                subsegment=regel["subsegment"],
                plekken=regel["plekken"],
                gemiddeld_bezet=regel["gemiddeld_bezet"],
                gerealiseerd=euro(regel["gerealiseerd_cent"]),
                betaald=euro(regel["betaald_cent"]),
                eerder_afgerekend=euro(regel.get("eerder_cent", 0)),
                afrekening=euro(regel["afrekening_cent"]),
            )
            for regel in row["regels"]
        ],
        boekjaren=[
            Boekjaardeel(
                jaar=deel.jaar,
                kosten=deel.kosten.als_euro(),
                voorschot=deel.voorschot.als_euro(),
                afrekening=deel.afrekening.als_euro(),
            )
            for deel in boekjaren(row["regels"])
        ],
    )
