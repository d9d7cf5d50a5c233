"""A gemeente its own, a provider its own: narrows a filter to what the caller may see."""

from __future__ import annotations

from shared.kernel.refusal import Forbidden
from shared.outbox.edge import Caller


class AndereOrganisatie(Forbidden):
    """The call names another organisation than the caller's own."""


def own_gemeente(caller: Caller, asked: str | None) -> str | None:
    """The gemeente to filter on. Refuses `AndereOrganisatie`."""
    if caller.gemeente is not None and asked not in (None, caller.gemeente):
        raise AndereOrganisatie(f"U werkt voor gemeente {caller.gemeente}; een andere gemeente kunt u niet zien.")
    return caller.gemeente or asked


def own_aanbieder(caller: Caller, asked: str | None) -> str | None:
    """The provider to filter on. Refuses `AndereOrganisatie`."""
    if caller.aanbieder is not None and asked not in (None, caller.aanbieder):
        raise AndereOrganisatie(f"U werkt voor aanbieder {caller.aanbieder}; een andere aanbieder kunt u niet zien.")
    return caller.aanbieder or asked
