"""Hold the lijnen of a gemeente against what a quarter really brought (F-4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from services.financien.bereik import begrens
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import stand_van
from services.financien.bijstelling.handlers import stel_voor
from services.financien.bijstelling.rules import Prognose, overschrijdt_drempel, prognose
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJNEN_VAN_GEMEENTE, lijn_van
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Kwartaal
from shared.kernel.refusal import Conflict, FieldFault
from shared.outbox.edge import Context, Outcome


class KwartaalLooptNog(Conflict):
    """A quarter is judged after its last day."""

    title = "Het kwartaal is nog niet voorbij"


@dataclass(frozen=True, slots=True)
class Monitorregel:
    """A lijn after the quarter; `bijstelling` is the adjustment that stands for it, if any."""

    lijn: Lijn
    prognose: Prognose
    bijstelling: str | None


async def maak_kwartaalmonitor(
    reader: Reader, context: Context, gemeente: str, kwartaal: Kwartaal
) -> Outcome[list[Monitorregel]]:
    """Forecast every lijn of the gemeente with a month in the quarter, and propose an adjustment where the deviation
    exceeds the contract's threshold. Refuses `AndereGemeente`, `KwartaalLooptNog`."""
    begrens(context.caller, gemeente, None)
    if context.today <= kwartaal.laatste:
        melding = f"Kies een kwartaal dat voorbij is; {kwartaal} loopt tot en met {kwartaal.laatste:%d-%m-%Y}."
        raise KwartaalLooptNog(melding, FieldFault("kwartaal", "F-4", melding))
    changes = Changeset()
    regels = []
    for row in await reader.all(LIJNEN_VAN_GEMEENTE, gemeente=gemeente):
        lijn = lijn_van(row)
        if not any(lijn.dekt(maand) for maand in kwartaal.maanden):
            continue
        stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
        verwachting = prognose(lijn.contract, lijn.eigen_dagen(stand.dagen), kwartaal)
        nodig = overschrijdt_drempel(verwachting, Fraction(row.bijstellingsdrempel))
        bijstelling = await stel_voor(reader, context, changes, lijn, kwartaal, verwachting, nodig=nodig)
        regels.append(Monitorregel(lijn, verwachting, bijstelling))
    return Outcome(regels, changes)
