"""Use cases of indicaties: decide one, change its end, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast

import orjson

from services.toegang.aanbod.handlers import waarschuw, wet_van
from services.toegang.client.handlers import GROND, onthoud_client, raak_client_aan
from services.toegang.client.rules import Clientgegevens
from services.toegang.client.rules import fouten as clientfouten
from services.toegang.indicatie.rules import Indicatie, fouten, met_einde, stapelt
from services.toegang.indicatie.store import BY_ID, INDICATIE, OF_CLIENT
from services.toegang.tables import EVENT_TABLES
from shared.contracts.toegang import IndicatieVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, Forbidden, Invalid, NotFound
from shared.outbox.edge import Context, Outcome
from shared.privacy.processing import log_look, log_processing
from shared.privacy.vault import Vault


class AndereGemeente(Forbidden):
    """The decision belongs to another gemeente than the caller's."""


class IndicatieOngeldig(Invalid):
    """The indicatie or the client data break a rule."""


class IndicatieOnbekend(NotFound):
    """No such indicatie in the caller's gemeente."""


class IndicatieStapelt(Conflict):
    """The same client, provider and sub-segment on the same day twice (OP259): no 301 could tell it."""


class IndicatieIngetrokken(Conflict):
    """An indicatie that was taken back can't change any more."""


@dataclass(frozen=True, slots=True)
class Vastgesteld:
    """The answer to the consulent."""

    id: str
    client: str
    indicatie: Indicatie
    ingetrokken: bool = False
    waarschuwingen: tuple[str, ...] = ()


async def stel_indicatie_vast(
    reader: Reader, context: Context, vault: Vault, gegevens: Clientgegevens, indicatie: Indicatie
) -> Outcome[Vastgesteld]:
    """Record the decision. Refuses `AndereGemeente`, `IndicatieOngeldig` and `IndicatieStapelt`; full places only give
    a warning (B-5a)."""
    if indicatie.gemeente != context.caller.gemeente:
        raise AndereGemeente("U kunt alleen indicaties vaststellen voor uw eigen gemeente.")
    wet = await wet_van(reader, indicatie.subsegment)
    if found := (*clientfouten(gegevens, context.today), *fouten(indicatie, wet)):
        raise IndicatieOngeldig("De indicatie kan zo niet worden vastgesteld.", *found)
    changes = Changeset()
    client = await onthoud_client(reader, context, changes, vault, indicatie.gemeente, gegevens)
    await _geen_stapeling(reader, client, indicatie)
    identity = context.new_id()
    changes.insert(
        INDICATIE,
        id=identity,
        versie=1,
        client=client,
        wet=indicatie.wet,
        gemeente=indicatie.gemeente,
        subsegment=indicatie.subsegment,
        aanbieder=indicatie.aanbieder,
        ingangsdatum=indicatie.ingangsdatum,
        einddatum=indicatie.einddatum,
        ingetrokken=False,
        resultaatafspraken=vault.encrypt(orjson.dumps(indicatie.resultaatafspraken), f"indicatie/{identity}"),
        evaluatiemomenten=[moment.isoformat() for moment in indicatie.evaluatiemomenten],
        vastgesteld_op=context.now,
        vastgesteld_door=context.caller.gebruiker,
    )
    made = Vastgesteld(identity, client, indicatie)
    changes.publish(gebeurtenis(made, versie=1))
    log_processing(changes, EVENT_TABLES, context, action="indicatie vastgesteld", subject=client, ground=GROND)
    offered = await waarschuw(
        reader, indicatie.aanbieder, indicatie.gemeente, indicatie.subsegment, indicatie.ingangsdatum
    )
    unknown = (f"Sub-segment {indicatie.subsegment} is hier nog niet bekend; de 301 gaat uit zodra dat zo is.",)
    return Outcome(replace(made, waarschuwingen=offered if wet else (*unknown, *offered)), changes)


async def wijzig_indicatie(
    reader: Reader,
    context: Context,
    vault: Vault,
    identity: str,
    *,
    einddatum: date | None = None,
    ingetrokken: bool = False,
) -> Outcome[Vastgesteld]:
    """Move the end (extend or shorten) or take the indicatie back as never meant. Refuses `IndicatieOnbekend`,
    `IndicatieIngetrokken`, `IndicatieOngeldig`."""
    row = await toon(reader, context, identity)
    if row.ingetrokken:
        raise IndicatieIngetrokken("Deze indicatie is ingetrokken. Stel een nieuwe vast.")
    indicatie = als_indicatie(row, vault)
    changed = indicatie if ingetrokken else met_einde(indicatie, einddatum)
    if found := fouten(changed, None):
        raise IndicatieOngeldig("De indicatie kan zo niet worden gewijzigd.", *found)
    changes = Changeset()
    if not ingetrokken:
        await raak_client_aan(reader, changes, row.client)
        await _geen_stapeling(reader, row.client, changed, behalve=identity)
    changes.update(
        INDICATIE,
        {"id": identity},
        version=row.versie,
        einddatum=changed.einddatum,
        ingetrokken=ingetrokken,
        evaluatiemomenten=[moment.isoformat() for moment in changed.evaluatiemomenten],
    )
    made = Vastgesteld(identity, row.client, changed, ingetrokken)
    changes.publish(gebeurtenis(made, versie=row.versie + 1))
    action = "indicatie ingetrokken" if ingetrokken else "indicatie gewijzigd"
    log_processing(changes, EVENT_TABLES, context, action=action, subject=row.client, ground=GROND)
    return Outcome(made, changes)


async def _geen_stapeling(reader: Reader, client: str, indicatie: Indicatie, behalve: str | None = None) -> None:
    rows = await reader.all(OF_CLIENT, client=client, aanbieder=indicatie.aanbieder, subsegment=indicatie.subsegment)
    if stapelt(indicatie, [(row.ingangsdatum, row.einddatum) for row in rows if row.id != behalve]):
        raise IndicatieStapelt(
            "Deze cliënt heeft bij deze aanbieder in dit sub-segment al een indicatie in (een deel van) deze periode. "
            "Wijzig die, of laat de nieuwe later ingaan."
        )


def gezien(rows: Sequence[Any], context: Context) -> Changeset:
    """The record that these indicaties were shown."""
    changes = Changeset()
    clienten = [row.client for row in rows]
    log_look(changes, EVENT_TABLES, context, action="indicatie getoond", subjects=clienten, ground=GROND)
    return changes


async def toon(reader: Reader, context: Context, identity: str) -> Any:
    """The row of an indicatie of the caller's own gemeente. Refuses `IndicatieOnbekend`."""
    row = await reader.one(BY_ID, id=identity)
    if row is None or row.gemeente != context.caller.gemeente:
        raise IndicatieOnbekend("Deze indicatie is in uw gemeente niet bekend.")
    return row


def als_indicatie(row: Any, vault: Vault) -> Indicatie:
    """A row as the decision it holds."""
    return Indicatie(
        wet=row.wet,
        gemeente=row.gemeente,
        subsegment=row.subsegment,
        aanbieder=row.aanbieder,
        ingangsdatum=row.ingangsdatum,
        einddatum=row.einddatum,
        resultaatafspraken=tuple(orjson.loads(vault.decrypt(row.resultaatafspraken, f"indicatie/{row.id}"))),
        evaluatiemomenten=tuple(date.fromisoformat(moment) for moment in row.evaluatiemomenten),
    )


def gebeurtenis(made: Vastgesteld, versie: int) -> IndicatieVastgesteld:
    """The event of an indicatie as it now stands."""
    indicatie = made.indicatie
    return IndicatieVastgesteld(
        indicatie=made.id,
        versie=versie,
        client=made.client,
        wet=cast(Literal["jeugdwet", "wmo"], indicatie.wet),
        gemeente=indicatie.gemeente,
        subsegment=indicatie.subsegment,
        aanbieder=indicatie.aanbieder,
        ingangsdatum=indicatie.ingangsdatum,
        einddatum=indicatie.einddatum,
        ingetrokken=made.ingetrokken,
    )
