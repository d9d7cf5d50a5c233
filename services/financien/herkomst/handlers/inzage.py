"""Who may see the explanation of which amount."""

from __future__ import annotations

from services.financien.herkomst.rules import SOORTEN
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller


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
