"""Use cases of contracts: conclude one, change one from the first of a month, show one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, NamedTuple

from services.contractmanagement.aanbod.handlers import vergrendel
from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.overeenkomst.gebeurtenis import MOST_BYTES, gebeurtenis
from services.contractmanagement.overeenkomst.rules.dekking import Lijn, Overlap, maak_lijn, overlappingen
from services.contractmanagement.overeenkomst.rules.inhoud import (
    Contractregel,
    Overeenkomst,
    gewijzigd,
    regel_id,
)
from services.contractmanagement.overeenkomst.rules.toetsing import fouten, fouten_in_einddatum, fouten_in_wijziging
from services.contractmanagement.overeenkomst.store import (
    BY_ID,
    CONTRACTREGEL,
    OVEREENKOMST,
    REGELGEMEENTE,
    REGELS_VAN,
    REGELS_VAN_AANBOD,
    als_lijn,
    als_overeenkomst,
    drempels_als_json,
    versie_als_json,
)
from services.contractmanagement.subsegment.store import BY_CODE
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, FieldFault, Invalid, NotFound
from shared.outbox.edge import Context, Outcome


class OvereenkomstOngeldig(Invalid):
    """The contract or its change breaks a rule."""


class OvereenkomstTeGroot(Invalid):
    """The contract does not fit in one event (64 kB, NL GOV profile)."""


class SubsegmentOnbekend(Invalid):
    """A line names a sub-segment that was not laid down."""


class ContractregelOverlapt(Conflict):
    """Two lines would cover the same aanbieder, gemeente, sub-segment and day."""


class OvereenkomstOnbekend(NotFound):
    """No such contract, or not for this caller."""


class Gesloten(NamedTuple):
    """A contract with its version."""

    overeenkomst: Overeenkomst
    versie: int


async def sluit_overeenkomst(reader: Reader, context: Context, overeenkomst: Overeenkomst) -> Outcome[Gesloten]:
    """Conclude a contract; its id is made here. Refuses `OvereenkomstOngeldig`, `SubsegmentOnbekend`,
    `ContractregelOverlapt`, `OvereenkomstTeGroot`."""
    if found := fouten(overeenkomst):
        raise OvereenkomstOngeldig("De overeenkomst kan zo niet worden vastgelegd.", *found)
    made = Gesloten(replace(overeenkomst, id=context.new_id()), 1)
    changes = Changeset()
    changes.insert(
        OVEREENKOMST,
        id=made.overeenkomst.id,
        versie=1,
        aanbieder=overeenkomst.aanbieder,
        naam=overeenkomst.naam,
        begindatum=overeenkomst.begindatum,
        einddatum=overeenkomst.einddatum,
        instellingen=asdict(overeenkomst.instellingen),
        drempels=drempels_als_json(overeenkomst.drempels),
        gewijzigd_op=context.now,
        gewijzigd_door=context.caller.gebruiker,
    )
    await _schrijf_regels(reader, context, changes, made, overeenkomst.regels)
    return Outcome(made, changes)


async def wijzig_overeenkomst(
    reader: Reader,
    context: Context,
    identity: str,
    ingangsdatum: date,
    regels: Sequence[Contractregel],
    drempels: Mapping[str, str],
) -> Outcome[Gesloten]:
    """Change lines, add some, or change thresholds for signals (by name), from the first of a month on. Refuses
    `OvereenkomstOnbekend` and what `sluit_overeenkomst` refuses."""
    row = await reader.one(BY_ID, id=identity)
    if row is None:
        raise OvereenkomstOnbekend("Deze overeenkomst is niet bekend.")
    huidig = als_overeenkomst(row, await reader.all(REGELS_VAN, overeenkomst=identity))
    if found := fouten_in_wijziging(huidig, ingangsdatum, regels, drempels):
        raise OvereenkomstOngeldig("De overeenkomst kan zo niet worden gewijzigd.", *found)
    made = Gesloten(gewijzigd(huidig, ingangsdatum, regels, drempels), row.versie + 1)
    changes = Changeset()
    changes.update(
        OVEREENKOMST,
        {"id": identity},
        version=row.versie,
        drempels=drempels_als_json(made.overeenkomst.drempels),
        gewijzigd_op=context.now,
        gewijzigd_door=context.caller.gebruiker,
    )
    # Thresholds stand on every line, and what follows from them excludes other decisions on all their offers.
    genoemd = {regel.sleutel for regel in regels}
    overige = [regel for regel in made.overeenkomst.regels if drempels and regel.sleutel not in genoemd]
    await _schrijf_regels(reader, context, changes, made, [*regels, *overige])
    return Outcome(made, changes)


async def verzet_einddatum(reader: Reader, context: Context, identity: str, einddatum: date) -> Outcome[Gesloten]:
    """Let a running contract end earlier or later, so that another can follow (S1: movable to calendar years). Refuses
    `OvereenkomstOnbekend`, `OvereenkomstOngeldig`, `ContractregelOverlapt`."""
    row = await reader.one(BY_ID, id=identity)
    if row is None:
        raise OvereenkomstOnbekend("Deze overeenkomst is niet bekend.")
    huidig = als_overeenkomst(row, await reader.all(REGELS_VAN, overeenkomst=identity))
    if found := fouten_in_einddatum(huidig, einddatum, context.today):
        raise OvereenkomstOngeldig("De einddatum kan niet zo worden verzet.", *found)
    made = Gesloten(replace(huidig, einddatum=einddatum), row.versie + 1)
    changes = Changeset()
    changes.update(
        OVEREENKOMST,
        {"id": identity},
        version=row.versie,
        einddatum=einddatum,
        gewijzigd_op=context.now,
        gewijzigd_door=context.caller.gebruiker,
    )
    await _schrijf_regels(reader, context, changes, made, made.overeenkomst.regels)
    return Outcome(made, changes)


async def _schrijf_regels(
    reader: Reader, context: Context, changes: Changeset, made: Gesloten, genoemd: Sequence[Contractregel]
) -> None:
    """Write these lines (those that the caller named come first) and publish the whole contract, after every check that
    needs the store."""
    overeenkomst = made.overeenkomst
    await _ken_subsegmenten(reader, genoemd)
    sleutels = [regel.sleutel for regel in genoemd]
    nummers = {regel.sleutel: nummer for nummer, regel in enumerate(overeenkomst.regels)}
    geraakt = [_lijn(overeenkomst, overeenkomst.regels[nummers[sleutel]]) for sleutel in sleutels]
    await _weiger_overlap(reader, overeenkomst, geraakt)
    for subsegment in sorted({lijn.regel.subsegment for lijn in geraakt}):
        await vergrendel(reader, context, changes, Aanbod(overeenkomst.aanbieder, subsegment))
    for lijn in geraakt:
        _schrijf_regel(changes, overeenkomst.id, lijn, nummers[lijn.regel.sleutel])
    event = gebeurtenis(overeenkomst, made.versie)
    if len(event.as_json()) > MOST_BYTES:
        raise OvereenkomstTeGroot("Zo veel regels passen niet in één overeenkomst. Verdeel ze over meer.")
    changes.publish(event)


async def _ken_subsegmenten(reader: Reader, regels: Iterable[Contractregel]) -> None:
    found = []
    for nummer, regel in enumerate(regels):
        if await reader.one(BY_CODE, code=regel.subsegment) is None:
            melding = f"Sub-segment {regel.subsegment} bestaat niet. Stel het eerst vast, of verbeter de code."
            found.append(FieldFault(f"regels[{nummer}].subsegment", "C-1", melding))
    if found:
        raise SubsegmentOnbekend("Een sub-segment is niet bekend.", *found)


async def _weiger_overlap(reader: Reader, overeenkomst: Overeenkomst, geraakt: Sequence[Lijn]) -> None:
    zelf = {lijn.id for lijn in geraakt}
    bestaand = []
    for subsegment in sorted({lijn.regel.subsegment for lijn in geraakt}):
        rows = await reader.all(REGELS_VAN_AANBOD, aanbieder=overeenkomst.aanbieder, subsegment=subsegment)
        bestaand += [als_lijn(row) for row in rows if row.id not in zelf]
    plaats = {lijn.id: nummer for nummer, lijn in enumerate(geraakt)}
    found = [_overlapfout(overlap, plaats[overlap.een.id]) for overlap in overlappingen(geraakt, bestaand)]
    if found:
        detail = "Per aanbieder, gemeente, sub-segment en dag kan er maar één contractregel zijn."
        raise ContractregelOverlapt(detail, *found)


def _overlapfout(overlap: Overlap, nummer: int) -> FieldFault:
    dagen = f"{overlap.periode.begin} tot en met {overlap.periode.eind}"
    melding = (
        f"Voor gemeente {overlap.gemeente} en sub-segment {overlap.een.regel.subsegment} heeft deze aanbieder "
        f"al een regel van {dagen} ({overlap.ander.id}). Kies een andere periode, of wijzig die regel."
    )
    return FieldFault(f"regels[{nummer}]", "ContractregelOverlapt", melding)


def _lijn(overeenkomst: Overeenkomst, regel: Contractregel) -> Lijn:
    houdt_dagen = overeenkomst.instellingen.tijdelijke_stop_houdt_plek_dagen
    identity = regel_id(overeenkomst.id, regel)
    return maak_lijn(
        identity, overeenkomst.aanbieder, regel, overeenkomst.einddatum, houdt_dagen, overeenkomst.drempels
    )


def _schrijf_regel(changes: Changeset, overeenkomst: str, lijn: Lijn, nummer: int) -> None:
    changes.put(
        CONTRACTREGEL,
        ("id",),
        id=lijn.id,
        overeenkomst=overeenkomst,
        nummer=nummer,
        aanbieder=lijn.aanbieder,
        gemeente=lijn.regel.gemeente,
        subsegment=lijn.regel.subsegment,
        vanaf=lijn.vanaf,
        tot_en_met=lijn.tot_en_met,
        houdt_dagen=lijn.houdt_dagen,
        versies=[versie_als_json(versie) for versie in lijn.regel.versies],
        drempels=drempels_als_json(lijn.drempels),
    )
    changes.delete(REGELGEMEENTE, regel=lijn.id)
    for gemeente in lijn.dekking:
        changes.insert(REGELGEMEENTE, regel=lijn.id, gemeente=gemeente, overeenkomst=overeenkomst)


async def toon_overeenkomst(reader: Reader, context: Context, identity: str) -> Gesloten:
    """One contract, as far as the caller may see it. Refuses `OvereenkomstOnbekend`."""
    row = await reader.one(BY_ID, id=identity)
    caller = context.caller
    if row is not None and caller.aanbieder in (None, row.aanbieder):
        made = voor_gemeente(await met_regels(reader, row), caller.gemeente)
        if made.overeenkomst.regels:
            return made
    raise OvereenkomstOnbekend("Deze overeenkomst is niet bekend, of niet voor u.")


async def met_regels(reader: Reader, row: Any) -> Gesloten:
    """A contract row with its lines."""
    return Gesloten(als_overeenkomst(row, await reader.all(REGELS_VAN, overeenkomst=row.id)), row.versie)


def voor_gemeente(made: Gesloten, gemeente: str | None) -> Gesloten:
    """The contract with only the lines that concern this gemeente; all of them without one."""
    if gemeente is None:
        return made
    overeenkomst = made.overeenkomst
    eigen = tuple(regel for regel in overeenkomst.regels if gemeente in _lijn(overeenkomst, regel).dekking)
    return Gesloten(replace(overeenkomst, regels=eigen), made.versie)
