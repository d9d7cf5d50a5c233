"""Hold the lijnen of a gemeente against what a quarter really brought (F-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.financien.bereik import begrens
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import stand_van
from services.financien.bijstelling.handlers import staande, stel_voor
from services.financien.bijstelling.rules import Prognose, aanleiding, overschrijdt_drempel, prognose
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN, LIJNEN_VAN_GEMEENTE, lijn_van, lijnen
from services.financien.prognose.store import PROGNOSE_VAN_LIJN
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.periode import Kwartaal, Maand
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
    keur_kwartaal(kwartaal, context.today)
    changes = Changeset()
    regels = []
    for row in await reader.all(LIJNEN_VAN_GEMEENTE, gemeente=gemeente):
        lijn = lijn_van(row)
        if not any(lijn.dekt(maand) for maand in kwartaal.maanden):
            continue
        dagen, verwachting = await _verwachting(reader, context, lijn, kwartaal)
        nodig = overschrijdt_drempel(verwachting, Fraction(row.bijstellingsdrempel))
        bekend = await reader.one(PROGNOSE_VAN_LIJN, lijn=lijn.id)
        waarom = aanleiding(
            lijn.contract, dagen, kwartaal, row.bijstellingsdrempel, None if bekend is None else bekend.oorzaak
        )
        bijstelling = await stel_voor(reader, context, changes, lijn, kwartaal, verwachting, waarom, nodig=nodig)
        regels.append(Monitorregel(lijn, verwachting, bijstelling))
    return Outcome(regels, changes)


async def _verwachting(
    reader: Reader, context: Context, lijn: Lijn, kwartaal: Kwartaal
) -> tuple[dict[Maand, int], Prognose]:
    """Occupied days of a lijn, and what they lead to expect."""
    stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
    dagen = lijn.eigen_dagen(stand.dagen)
    return dagen, prognose(lijn.contract, dagen, kwartaal)


def keur_kwartaal(kwartaal: Kwartaal, vandaag: date) -> None:
    """Refuses `KwartaalLooptNog`."""
    if vandaag <= kwartaal.laatste:
        melding = f"Kies een kwartaal dat voorbij is; {kwartaal} loopt tot en met {kwartaal.laatste:%d-%m-%Y}."
        raise KwartaalLooptNog(melding, FieldFault("kwartaal", "F-4", melding))


@dataclass(frozen=True, slots=True)
class Aanbiedermonitor:
    """How an aanbieder did in a quarter, over the gemeenten that the caller may see."""

    aanbieder: str
    regels: tuple[Monitorregel, ...]


async def bekijk_aanbieders(
    reader: Reader, context: Context, aanbieders: Sequence[str], gemeente: str | None, kwartaal: Kwartaal
) -> list[Aanbiedermonitor]:
    """The quarter of some aanbieders as it is known now, over all their gemeenten or one; nothing is proposed by it.
    `bijstelling` is the one that stands for a lijn; an aanbieder knows it once it was notified. Refuses
    `KwartaalLooptNog`."""
    keur_kwartaal(kwartaal, context.today)
    statement = lijnen().where(LIJN.c.aanbieder.in_(aanbieders))
    if gemeente is not None:
        statement = statement.where(LIJN.c.gemeente == gemeente)
    rows = await reader.select(statement.order_by(LIJN.c.aanbieder, LIJN.c.gemeente, LIJN.c.subsegment, LIJN.c.id))
    gevonden: dict[str, list[Monitorregel]] = {aanbieder: [] for aanbieder in aanbieders}
    for lijn in map(lijn_van, rows):
        if any(lijn.dekt(maand) for maand in kwartaal.maanden):
            _, verwachting = await _verwachting(reader, context, lijn, kwartaal)
            staat = await staande(reader, context.caller, lijn.id, kwartaal)
            gevonden[lijn.aanbieder].append(Monitorregel(lijn, verwachting, staat))
    return [Aanbiedermonitor(aanbieder, tuple(regels)) for aanbieder, regels in gevonden.items()]
