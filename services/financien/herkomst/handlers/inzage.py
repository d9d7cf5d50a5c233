"""Who may see the explanation of which amount, and the record of who saw which leveringen in one."""

from __future__ import annotations

from services.financien.herkomst.rules import LEVERING, SOORTEN, Herkomst
from services.financien.tables import EVENT_TABLES
from shared.database.changeset import Changeset
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller, Context
from shared.privacy.processing import log_look

GROND = "Jeugdwet hoofdstuk 7, Wmo 2015 hoofdstuk 5"


class HerkomstOnbekend(NotFound):
    """No such amount for this caller."""


def onbekend() -> HerkomstOnbekend:
    """The same refusal for what is not there and for what is somebody else's."""
    return HerkomstOnbekend(f"Dit bedrag is bij u niet bekend. Soorten zijn: {', '.join(SOORTEN)}.")


def keur_inzage(caller: Caller, gemeente: str, aanbieder: str, *, ook_aanbieder: bool = True) -> None:
    """A gemeente its own, a provider its own when it has been told. Refuses `HerkomstOnbekend`."""
    if caller.gemeente not in (None, gemeente):
        raise onbekend()
    if caller.aanbieder is not None and (caller.aanbieder != aanbieder or not ook_aanbieder):
        raise onbekend()


def gezien(context: Context, herkomst: Herkomst) -> Changeset:
    """The record that these leveringen were shown. Financien knows no clients: the levering stands for its own."""
    changes = Changeset()
    leveringen = [f"{LEVERING}/{bron.id}" for bron in herkomst.bronnen if bron.soort == LEVERING]
    log_look(changes, EVENT_TABLES, context, action="levering in herkomst getoond", subjects=leveringen, ground=GROND)
    return changes
