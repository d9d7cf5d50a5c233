"""Calculate the settlement of a provider in a gemeente over whole months that are over (F-5)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.afrekening.rules import (
    Afrekeningsregel,
    Instellingen,
    afrekening,
    hele_maanden,
    kosten_per_maand,
)
from services.financien.afrekening.store import (
    AFREKENING,
    AFREKENING_OP_ID,
)
from services.financien.bereik import begrens
from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import hoogstens_vier_decimalen, stand_van, vier_decimalen
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN, lijn_van, lijnen
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import som
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, FieldFault, Invalid, NotFound
from shared.outbox.edge import Context, Outcome

Row = dict[str, Any]
CONCEPT = "concept"


class PeriodeNietVoorbij(Conflict):
    """A month is settled when it is over."""

    title = "De periode is nog niet voorbij"


class PeriodeBuitenOvereenkomst(Invalid):
    """No contract line of this provider and gemeente runs in some month of the period."""

    title = "De periode valt buiten de overeenkomst"


class AfrekeningOnbekend(NotFound):
    """No such settlement in the caller's gemeente."""


async def reken_af(
    reader: Reader, context: Context, gemeente: str, aanbieder: str, begindatum: date, einddatum: date
) -> Outcome[Row]:
    """Calculate and store a settlement as a concept: one regel per lijn over its own months in the period. Refuses
    `AndereGemeente`, `PeriodeGeenHeleMaanden`, `PeriodeNietVoorbij`, `PeriodeBuitenOvereenkomst`."""
    begrens(context.caller, gemeente, None)
    periode = hele_maanden(begindatum, einddatum)
    if einddatum >= context.today:
        melding = "Kies een einddatum voor vandaag: alleen maanden die voorbij zijn, worden afgerekend."
        raise PeriodeNietVoorbij(melding, FieldFault("einddatum", "F-5", melding))
    regels = await bereken(reader, context, gemeente, aanbieder, periode)
    afrekening_row: Row = {
        "id": context.new_id(),
        "versie": 1,
        "status": CONCEPT,
        "gemeente": gemeente,
        "aanbieder": aanbieder,
        "begindatum": begindatum,
        "einddatum": einddatum,
        "regels": regels,
        "totaal_cent": sum(regel["afrekening_cent"] for regel in regels),
        "gemaakt_op": context.now,
        "gemaakt_door": context.caller.gebruiker,
        "stappen": [stap(context, CONCEPT)],
    }
    outcome = Outcome(afrekening_row, Changeset())
    outcome.changes.insert(AFREKENING, **afrekening_row)
    return outcome


async def bereken(
    reader: Reader, context: Context, gemeente: str, aanbieder: str, periode: tuple[Maand, ...]
) -> list[Row]:
    """The regels of a settlement as they are now. Refuses `PeriodeBuitenOvereenkomst`."""
    statement = lijnen().where(LIJN.c.gemeente == gemeente, LIJN.c.aanbieder == aanbieder)
    rows = await reader.select(statement.order_by(LIJN.c.subsegment, LIJN.c.begin, LIJN.c.id))
    keur_periode(periode, [lijn_van(row) for row in rows])
    return [regel for row in rows if (regel := await _regel(reader, context, row, periode)) is not None]


def keur_periode(periode: tuple[Maand, ...], bekend: list[Lijn]) -> None:
    """Every month of the period has a lijn. Refuses `PeriodeBuitenOvereenkomst`."""
    zonder = [maand for maand in periode if not any(lijn.dekt(maand) for lijn in bekend)]
    if zonder:
        melding = f"In {zonder[0]} heeft deze aanbieder bij deze gemeente geen contractregel. Kies maanden daarbinnen."
        veld = "begindatum" if zonder[0] == periode[0] else "einddatum"
        raise PeriodeBuitenOvereenkomst(melding, FieldFault(veld, "F-5", melding))


async def _regel(reader: Reader, context: Context, row: Any, periode: tuple[Maand, ...]) -> Row | None:
    lijn = lijn_van(row)
    eigen = [maand for maand in periode if lijn.contract.begin <= maand <= lijn.contract.eind]
    if not eigen:
        return None
    stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
    schema = await schema_van_lijn(reader, lijn.id)
    dagen = lijn.eigen_dagen(stand.dagen)
    termijnen = {maand: schema[maand].bedrag for maand in eigen}
    instellingen = instellingen_van(row)
    uitkomst = afrekening(lijn.contract, dagen, eigen, som(termijnen.values()), instellingen)
    kosten = kosten_per_maand(lijn.contract, dagen, termijnen, uitkomst, instellingen)
    opbouw = [
        {
            "maand": str(maand),
            "bezette_dagen": dagen.get(maand, 0),
            "jaarprijs_cent": lijn.contract.jaarprijs_in(maand),
            "betaald_cent": termijnen[maand].cent,
            "kosten_cent": kosten[maand].cent,
        }
        for maand in eigen
    ]
    return _als_row(lijn, uitkomst) | {"maanden": opbouw}


def instellingen_van(row: Any) -> Instellingen:
    """The contract's settings of the settlement."""
    return Instellingen(
        Fraction(row.tolerantie),
        None if row.maximum is None else Fraction(row.maximum),
        None if row.minimum is None else Fraction(row.minimum),
    )


def _als_row(lijn: Lijn, uitkomst: Afrekeningsregel) -> Row:
    return {
        "overeenkomst": lijn.overeenkomst,
        "subsegment": lijn.subsegment,
        "plekken": hoogstens_vier_decimalen(uitkomst.plekken),
        "gemiddeld_bezet": vier_decimalen(uitkomst.gemiddeld_bezet),
        "gerealiseerd_cent": uitkomst.gerealiseerd.cent,
        "betaald_cent": uitkomst.betaald.cent,
        "afrekening_cent": uitkomst.afrekening.cent,
    }


async def toon(reader: Reader, context: Context, identity: str) -> Row:
    """A settlement of the caller's own gemeente. Refuses `AfrekeningOnbekend`."""
    row = await reader.one(AFREKENING_OP_ID, id=identity)
    if row is None or row.gemeente != context.caller.gemeente:
        raise AfrekeningOnbekend("Deze afrekening is in uw gemeente niet bekend.")
    return dict(row._asdict())


def stap(context: Context, naam: str) -> dict[str, str | None]:
    moment = context.now.isoformat(timespec="seconds")
    return {"stap": naam, "gebruiker": context.caller.gebruiker, "moment": moment}
