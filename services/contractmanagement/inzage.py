"""Who may see what: a gemeente its own, a provider its own, the region everything."""

from __future__ import annotations

from shared.kernel.refusal import Forbidden
from shared.outbox.edge import Caller


class AndereOrganisatie(Forbidden):
    """The call names an organisation that the caller does not act for."""


def binnen_bereik(caller: Caller, aanbieder: str | None, gemeente: str | None) -> tuple[str | None, str | None]:
    """The filters (aanbieder, gemeente) as this caller may use them; left out, they become the caller's own.

    Refuses `AndereOrganisatie` when the call names another than the caller's own.
    """
    return _eigen("aanbieder", caller.aanbieder, aanbieder), _eigen("gemeente", caller.gemeente, gemeente)


def _eigen(soort: str, eigen: str | None, gevraagd: str | None) -> str | None:
    if eigen is None or gevraagd in (None, eigen):
        return eigen or gevraagd
    raise AndereOrganisatie(f"U ziet alleen gegevens van uw eigen {soort}. Laat het filter `{soort}` weg.")
