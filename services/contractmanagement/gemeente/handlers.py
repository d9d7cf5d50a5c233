"""The use case of gemeenten: lay down what one is called."""

from __future__ import annotations

from typing import NamedTuple

from services.contractmanagement.gemeente.store import BY_CODE, GEMEENTE
from shared.contracts.contractmanagement import GemeenteVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.outbox.edge import Context, Outcome


class Vastgesteld(NamedTuple):
    """A gemeente with its version; `nieuw` when it had no name before."""

    code: str
    naam: str
    versie: int
    nieuw: bool = False


async def stel_gemeente_vast(reader: Reader, context: Context, code: str, naam: str) -> Outcome[Vastgesteld]:
    """Give a gemeente its name; the same name again changes nothing."""
    row = await reader.one(BY_CODE, code=code)
    if row is not None and row.naam == naam:
        return Outcome(Vastgesteld(code, naam, row.versie))
    changes = Changeset()
    if row is None:
        made = Vastgesteld(code, naam, 1, nieuw=True)
        changes.insert(GEMEENTE, code=code, versie=1, naam=naam, gewijzigd_op=context.now)
    else:
        made = Vastgesteld(code, naam, row.versie + 1)
        changes.update(GEMEENTE, {"code": code}, version=row.versie, naam=naam, gewijzigd_op=context.now)
    changes.publish(GemeenteVastgesteld(code=code, naam=naam, versie=made.versie))
    return Outcome(made, changes)
