"""What a caller may see: a controller its own gemeente, a provider its own places. Naming another one is refused."""

from __future__ import annotations

from shared.kernel.refusal import Forbidden
from shared.outbox.edge import Caller


class AndereGemeente(Forbidden):
    """Another gemeente than the caller's own was named."""


class AndereAanbieder(Forbidden):
    """Another provider than the caller itself was named."""


def begrens(caller: Caller, gemeente: str | None, aanbieder: str | None) -> tuple[str | None, str | None]:
    """The filters (gemeente, aanbieder) within the caller's own. Refuses `AndereGemeente`, `AndereAanbieder`."""
    if caller.gemeente is not None:
        if gemeente not in (None, caller.gemeente):
            raise AndereGemeente("U kunt alleen gegevens van uw eigen gemeente zien. Laat het filter gemeente weg.")
        gemeente = caller.gemeente
    if caller.aanbieder is not None:
        if aanbieder not in (None, caller.aanbieder):
            raise AndereAanbieder("U kunt alleen uw eigen gegevens zien. Laat het filter aanbieder weg.")
        aanbieder = caller.aanbieder
    return gemeente, aanbieder
