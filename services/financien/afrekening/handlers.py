"""Calculate the settlement of a provider in a gemeente over whole months that are over, and show it (F-5)."""

from __future__ import annotations

from datetime import date

from services.financien.afrekening.berekening import bereken
from services.financien.afrekening.correctie import anders, eerdere, verschil
from services.financien.afrekening.rules import hele_maanden
from services.financien.afrekening.stappen import (
    AFREKENING_SOORT,
    CONCEPT,
    CORRECTIE,
    IN_DE_WEG,
    VASTGESTELD,
    VERVANGEN,
    VERZONDEN,
    AfrekeningAlVerzonden,
    AfrekeningOnbekend,
    Row,
    gebeurtenis,
    zet,
    zichtbaar,
)
from services.financien.afrekening.store import AFREKENING, AFREKENING_OP_ID, LOPEND_VAN
from services.financien.bereik import begrens
from services.financien.wederhoor.handlers import stap
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, FieldFault
from shared.outbox.edge import Context, Outcome


class PeriodeNietVoorbij(Conflict):
    """A month is settled when it is over."""

    title = "De periode is nog niet voorbij"


class NietsTeCorrigeren(Conflict):
    """Nothing changed since the settlement was fixed."""

    title = "Er is niets te corrigeren"


class EersteNietVastgesteld(Conflict):
    """Only what is fixed is corrected; before that it is calculated again."""

    title = "De afrekening staat nog niet vast"


async def reken_af(
    reader: Reader, context: Context, gemeente: str, aanbieder: str, begindatum: date, einddatum: date
) -> Outcome[Row]:
    """Calculate and store a settlement as a concept: one regel per lijn over its own months in the period. It replaces
    a concept of the same period. Refuses `AndereGemeente`, `PeriodeGeenHeleMaanden`, `PeriodeNietVoorbij`,
    `PeriodeBuitenOvereenkomst`, and `AfrekeningAlVerzonden` while one of these months is with the aanbieder."""
    begrens(context.caller, gemeente, None)
    periode = hele_maanden(begindatum, einddatum)
    if einddatum >= context.today:
        melding = "Kies een einddatum voor vandaag: alleen maanden die voorbij zijn, worden afgerekend."
        raise PeriodeNietVoorbij(melding, FieldFault("einddatum", "F-5", melding))
    regels = await bereken(reader, context, gemeente, aanbieder, periode)
    nieuw = _concept(context, gemeente, aanbieder, begindatum, einddatum, regels, None)
    return await _bewaar(reader, context, nieuw)


async def corrigeer(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Calculate what came to light after a settlement was fixed, as a concept correctie that names the first of these
    months. Refuses `AfrekeningOnbekend`, `EersteNietVastgesteld`, `NietsTeCorrigeren`, `AfrekeningAlVerzonden`,
    `PeriodeBuitenOvereenkomst`."""
    row = await toon(reader, context, identity)
    if row["status"] != VASTGESTELD:
        raise EersteNietVastgesteld("Alleen een vastgestelde afrekening krijgt een correctie. Bereken deze opnieuw.")
    gemeente, aanbieder = row["gemeente"], row["aanbieder"]
    periode = hele_maanden(row["begindatum"], row["einddatum"])
    nu = await bereken(reader, context, gemeente, aanbieder, periode)
    regels = verschil(nu, await eerdere(reader, row))
    if not anders(regels):
        raise NietsTeCorrigeren("Sinds de vaststelling is in deze maanden niets veranderd.")
    eerste = row["corrigeert"] or row["id"]
    nieuw = _concept(context, gemeente, aanbieder, row["begindatum"], row["einddatum"], regels, eerste)
    return await _bewaar(reader, context, nieuw)


def _concept(
    context: Context,
    gemeente: str,
    aanbieder: str,
    begindatum: date,
    einddatum: date,
    regels: list[Row],
    corrigeert: str | None,
) -> Row:
    return {
        "id": context.new_id(),
        "versie": 1,
        "soort": AFREKENING_SOORT if corrigeert is None else CORRECTIE,
        "corrigeert": corrigeert,
        "status": CONCEPT,
        "gemeente": gemeente,
        "aanbieder": aanbieder,
        "begindatum": begindatum,
        "einddatum": einddatum,
        "regels": regels,
        "totaal_cent": sum(regel["afrekening_cent"] for regel in regels),
        "gemaakt_op": context.now,
        "gemaakt_door": context.caller.gebruiker,
        "verzonden_op": None,
        "reactie": None,
        "reactie_uiterlijk": None,
        "bezwaren": [],
        "verrekening": None,
        "stappen": [stap(context, CONCEPT)],
    }


async def _bewaar(reader: Reader, context: Context, nieuw: Row) -> Outcome[Row]:
    outcome = Outcome(nieuw, Changeset())
    for andere in await lopende(reader, nieuw):
        if andere["status"] == VERZONDEN:
            melding = "Een afrekening van deze maanden ligt bij de aanbieder. Stel haar vast, of trek haar eerst in."
            raise AfrekeningAlVerzonden(melding)
        zelfde = (andere["begindatum"], andere["einddatum"]) == (nieuw["begindatum"], nieuw["einddatum"])
        if andere["status"] == CONCEPT and zelfde:
            waarden = {"status": VERVANGEN}
            door = f"Vervangen door {nieuw['id']}."
            zet(outcome.changes, context, andere, VERVANGEN, bijzonderheid=door, waarden=waarden)
    outcome.changes.insert(AFREKENING, **nieuw)
    outcome.changes.publish(gebeurtenis(nieuw))
    return outcome


async def lopende(reader: Reader, row: Row) -> list[Row]:
    """Settlements of the same kind with a month in common: first ones, or corrections of the same first one."""
    wie = {naam: row[naam] for naam in ("gemeente", "aanbieder", "begindatum", "einddatum")}
    gevonden = [dict(found._asdict()) for found in await reader.all(LOPEND_VAN, **wie)]
    return [found for found in gevonden if found["id"] != row["id"] and found["corrigeert"] == row["corrigeert"]]


async def toon(reader: Reader, context: Context, identity: str) -> Row:
    """A settlement of the caller's own; an aanbieder sees none before it is sent. Refuses `AfrekeningOnbekend`."""
    row = await reader.one(AFREKENING_OP_ID, id=identity)
    if row is None or not zichtbaar(row, context.caller):
        raise AfrekeningOnbekend("Deze afrekening is bij u niet bekend.")
    return dict(row._asdict())


async def eigen(reader: Reader, context: Context, identity: str, *statussen: str) -> Row:
    """A settlement that is in one of these states. Refuses it by name in another."""
    row = await toon(reader, context, identity)
    if row["status"] not in statussen:
        refusal, detail = IN_DE_WEG[row["status"]]
        raise refusal(detail)
    return row
