"""Use cases of the betaalschema: follow a contract, follow a fixed bijstelling, show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from services.financien.betaalschema.rules import Schema, Termijn, bijgesteld, herzien, jaarbegin, schema_id
from services.financien.betaalschema.store import (
    TERMIJN,
    TERMIJNEN_VAN_LIJN,
    TERMIJNEN_VAN_OVEREENKOMST,
    schema_van,
    termijn_van,
)
from services.financien.betaalschema.versies import Oorzaak, leg_bijstelling_vast, leg_versies_vast
from services.financien.overeenkomst.rules import Lijn, Reden
from services.financien.overeenkomst.store import LIJN
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.contracts.financien import BetaalschemaGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.outbox.edge import Context


async def schema_van_lijn(reader: Reader, lijn: str) -> dict[Maand, Termijn]:
    """The stored terms of a lijn."""
    return schema_van(await reader.all(TERMIJNEN_VAN_LIJN, lijn=lijn))


async def volg_overeenkomst(
    reader: Reader,
    context: Context,
    changes: Changeset,
    event: OvereenkomstVastgesteld,
    lijnen: tuple[Lijn, ...],
    reden: Reden,
) -> None:
    """Bring the terms of every lijn of a contract up to date; a lijn whose terms changed is published, and the contract
    years in which something changed get a version."""
    rows = await reader.all(TERMIJNEN_VAN_OVEREENKOMST, overeenkomst=event.overeenkomst)
    bekend = {lijn: schema_van(group) for lijn, group in groupby(rows, key=lambda row: str(row.lijn))}
    lopend = Maand.van(context.today)
    per_gemeente: dict[str, dict[str, dict[Maand, Bedrag]]] = {}
    for lijn in lijnen:
        oud = bekend.get(lijn.id, {})
        nieuw = herzien(lijn.contract, oud, lopend)
        _bewaar(changes, lijn, oud, nieuw)
        per_gemeente.setdefault(lijn.gemeente, {})[lijn.subsegment] = _bedragen(nieuw)
    await leg_versies_vast(
        reader,
        context,
        changes,
        event.overeenkomst,
        Maand.van(event.begindatum),
        event.aanbieder.agb_code,
        per_gemeente,
        Oorzaak(reden.soort, f"{event.overeenkomst}/{event.versie}", reden.kenmerk),
    )


async def volg_bijstelling(
    reader: Reader,
    context: Context,
    changes: Changeset,
    lijn: Lijn,
    bekend: Schema,
    voorstel: Mapping[Maand, Bedrag],
    bijstelling: str,
) -> None:
    """Let the open terms of a lijn follow a bijstelling (by its id) that was fixed; the lijn's version guards it."""
    changes.update(LIJN, {"id": lijn.id}, version=lijn.versie)
    nieuw = bijgesteld(bekend, voorstel)
    _bewaar(changes, lijn, bekend, nieuw, lijn.versie + 1)
    await leg_bijstelling_vast(
        reader,
        context,
        changes,
        overeenkomst=lijn.overeenkomst,
        gemeente=lijn.gemeente,
        subsegment=lijn.subsegment,
        maanden=_bedragen(nieuw),
        bijstelling=bijstelling,
    )


def _bedragen(schema: Schema) -> dict[Maand, Bedrag]:
    return {maand: termijn.bedrag for maand, termijn in schema.items()}


def _bewaar(changes: Changeset, lijn: Lijn, oud: Schema, nieuw: Schema, versie: int | None = None) -> None:
    for maand in sorted(oud.keys() - nieuw.keys()):
        changes.delete(TERMIJN, lijn=lijn.id, maand=str(maand))
    for maand, termijn in sorted(nieuw.items()):
        if oud.get(maand) != termijn:
            changes.put(
                TERMIJN,
                ("lijn", "maand"),
                lijn=lijn.id,
                maand=str(maand),
                voorschot_cent=termijn.voorschot.cent,
                bijstelling_cent=termijn.bijstelling.cent,
            )
    bedragen = {str(maand): termijn.bedrag.als_euro() for maand, termijn in sorted(nieuw.items())}
    if bedragen != {str(maand): termijn.bedrag.als_euro() for maand, termijn in sorted(oud.items())}:
        changes.publish(
            BetaalschemaGewijzigd(
                lijn=lijn.id,
                versie=versie or lijn.versie,
                overeenkomst=lijn.overeenkomst,
                aanbieder=lijn.aanbieder,
                gemeente=lijn.gemeente,
                subsegment=lijn.subsegment,
                termijnen=bedragen,
            )
        )


@dataclass(frozen=True, slots=True)
class Contractjaar:
    """A contract year that terms shown belong to: the betaalschema that is published as one."""

    id: str
    overeenkomst: str
    begin: Maand


@dataclass(slots=True)
class Betaling:
    """What one gemeente pays one aanbieder: month → sub-segment → amount; ONE payment per month (F-2)."""

    gemeente: str
    aanbieder: str
    opbouw: dict[Maand, dict[str, Bedrag]] = field(default_factory=dict)
    contractjaren: dict[str, Contractjaar] = field(default_factory=dict)

    def tel(self, maand: Maand, subsegment: str, bedrag: Bedrag) -> None:
        """Add the term of one lijn."""
        delen = self.opbouw.setdefault(maand, {})
        delen[subsegment] = delen.get(subsegment, Bedrag(0)) + bedrag

    def totaal(self) -> Bedrag:
        """Sum of the terms shown."""
        return som(bedrag for delen in self.opbouw.values() for bedrag in delen.values())


def betalingen(rows: Sequence[Any]) -> list[Betaling]:
    """Rows of `termijnen()` put together per gemeente and aanbieder, in that order."""
    gevonden: dict[tuple[str, str], Betaling] = {}
    for row in sorted(rows, key=lambda row: (row.gemeente, row.aanbieder, row.maand, row.subsegment)):
        betaling = gevonden.setdefault((row.gemeente, row.aanbieder), Betaling(row.gemeente, row.aanbieder))
        maand = Maand.lees(row.maand)
        betaling.tel(maand, row.subsegment, termijn_van(row).bedrag)
        begin = jaarbegin(Maand.van(row.begindatum), maand)
        identity = schema_id(row.overeenkomst, row.gemeente, begin)
        betaling.contractjaren[identity] = Contractjaar(identity, row.overeenkomst, begin)
    return list(gevonden.values())
