"""Versions of a betaalschema: kept when its terms change, told to the provider when a controller publishes one (F-2).

A schema here is one contract year of one contract and gemeente. Versions are only ever added; a number that two
decisions both take is refused by its key, and the edge decides again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.financien.betaalschema.rules import (
    Opbouw,
    Publicatiestatus,
    Wijziging,
    jaarbegin,
    per_contractjaar,
    publicatiestatus,
    publicatiewaarschuwing,
    schema_id,
    wijzigingen,
)
from services.financien.betaalschema.store import (
    MOST_ASKED,
    OPBOUW_BIJ_GEMEENTE,
    PUBLICATIES_VAN_SCHEMA,
    SCHEMAPUBLICATIE,
    SCHEMAVERSIE,
    VERSIES_BIJ_OVEREENKOMST,
    VERSIES_VAN_SCHEMA,
    nieuwste_versies,
    opbouw_als_kolom,
    opbouw_van,
    publicaties_van,
    termijn_van,
)
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import BEGIN_VAN
from shared.contracts.financien import BetaalschemaGepubliceerd, Schemaoorzaak
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, NotFound
from shared.outbox.edge import Caller, Context, Outcome

BIJSTELLING = "bijstelling"


class BetaalschemaOnbekend(NotFound):
    """No such schema, or no such version, for this caller."""


class BetaalschemaAlGepubliceerd(Conflict):
    """The newest version was published before; only another version can be published again."""

    title = "Het betaalschema is al gepubliceerd"


class BetaalschemaVerouderd(Conflict):
    """A newer version came than the one that the caller looked at."""

    title = "Er is een nieuwere versie van het betaalschema"


@dataclass(frozen=True, slots=True)
class Oorzaak:
    """What made a version: its kind, its id there, and the year of an indexation."""

    soort: str
    id: str
    kenmerk: str | None = None


@dataclass(frozen=True, slots=True)
class Publicatie:
    """That a version was told: `dag` on the calendar, `moment` and person."""

    dag: date
    moment: datetime
    door: str


@dataclass(frozen=True, slots=True)
class Getoond:
    """A version of a schema as the caller may see it, with every version before it that it may see."""

    row: Any
    versies: Sequence[Any]
    publicaties: Mapping[int, Publicatie]
    status: Publicatiestatus
    waarschuwing: str | None
    wijzigingen: tuple[Wijziging, ...]

    @property
    def opbouw(self) -> dict[str, dict[Maand, Bedrag]]:
        """Sub-segment → month → amount."""
        return opbouw_van(self.row.opbouw)


async def leg_versies_vast(
    reader: Reader,
    context: Context,
    changes: Changeset,
    overeenkomst: str,
    contractbegin: Maand,
    aanbieder: str,
    per_gemeente: Mapping[str, Opbouw],
    oorzaak: Oorzaak,
) -> None:
    """Keep a version of every contract year in which something differs from the version before it. `per_gemeente`:
    the terms as they are after this decision, of all lijnen of the contract in those gemeenten."""
    laatste = {row.betaalschema: row for row in await reader.all(VERSIES_BIJ_OVEREENKOMST, overeenkomst=overeenkomst)}
    for gemeente, opbouw in sorted(per_gemeente.items()):
        nu = per_contractjaar(contractbegin, opbouw)
        bekend = {Maand.lees(row.begin) for row in laatste.values() if row.gemeente == gemeente}
        for begin in sorted(nu.keys() | bekend):
            kolom = opbouw_als_kolom(nu.get(begin, {}))
            identity = schema_id(overeenkomst, gemeente, begin)
            row = laatste.get(identity)
            if row is None or row.opbouw != kolom:
                changes.insert(
                    SCHEMAVERSIE,
                    betaalschema=identity,
                    versie=1 if row is None else row.versie + 1,
                    overeenkomst=overeenkomst,
                    gemeente=gemeente,
                    aanbieder=aanbieder,
                    begin=str(begin),
                    oorzaak_soort=oorzaak.soort,
                    oorzaak_id=oorzaak.id,
                    kenmerk=oorzaak.kenmerk,
                    gemaakt_op=context.now,
                    gemaakt_door=context.caller.gebruiker,
                    opbouw=kolom,
                )


async def leg_bijstelling_vast(
    reader: Reader,
    context: Context,
    changes: Changeset,
    *,
    overeenkomst: str,
    gemeente: str,
    subsegment: str,
    maanden: Mapping[Maand, Bedrag],
    bijstelling: str,
) -> None:
    """Keep the version that a fixed bijstelling makes of a schema: the terms of one sub-segment become `maanden`."""
    opbouw: dict[str, dict[Maand, Bedrag]] = {subsegment: dict(maanden)}
    for row in await reader.all(OPBOUW_BIJ_GEMEENTE, overeenkomst=overeenkomst, gemeente=gemeente):
        if row.subsegment != subsegment:
            opbouw.setdefault(row.subsegment, {})[Maand.lees(row.maand)] = termijn_van(row).bedrag
    bekend = await reader.one(BEGIN_VAN, id=overeenkomst)
    begin, oorzaak = Maand.van(bekend.begindatum), Oorzaak(BIJSTELLING, bijstelling)
    per_gemeente = {gemeente: opbouw}
    await leg_versies_vast(reader, context, changes, overeenkomst, begin, bekend.aanbieder, per_gemeente, oorzaak)


async def toon(reader: Reader, context: Context, identity: str, versie: int | None = None) -> Getoond:
    """A version of a schema, the newest that the caller may see when none is named: a provider sees what was
    published. Refuses `BetaalschemaOnbekend`."""
    versies = await reader.all(VERSIES_VAN_SCHEMA, betaalschema=identity)
    publicaties = {
        row.versie: Publicatie(row.dag, row.gepubliceerd_op, row.gepubliceerd_door)
        for row in await reader.all(PUBLICATIES_VAN_SCHEMA, betaalschema=identity)
    }
    gezien = [row for row in versies if _zichtbaar(context.caller, row, publicaties)]
    row = next((row for row in reversed(gezien) if versie in (None, row.versie)), None)
    if row is None:
        raise BetaalschemaOnbekend("Dit betaalschema, of deze versie ervan, is bij u niet bekend.")
    vorige = max((ander for ander in gezien if ander.versie < row.versie), key=lambda ander: ander.versie, default=None)
    oud = {} if vorige is None else opbouw_van(vorige.opbouw)
    return Getoond(
        row,
        gezien,
        publicaties,
        publicatiestatus(versies[-1].versie, max(publicaties, default=None)),
        publicatiewaarschuwing(Maand.lees(row.begin), context.today, (p.dag for p in publicaties.values())),
        () if vorige is None else tuple(wijzigingen(oud, opbouw_van(row.opbouw))),
    )


def _zichtbaar(caller: Caller, row: Any, publicaties: Mapping[int, Publicatie]) -> bool:
    if caller.aanbieder is not None:
        return bool(row.aanbieder == caller.aanbieder and row.versie in publicaties)
    return caller.gemeente in (None, row.gemeente)


@dataclass(frozen=True, slots=True)
class Stand:
    """The newest version of a schema, and the days on which each version was published."""

    versie: int
    publicaties: Mapping[int, date]


async def standen(reader: Reader, ids: Sequence[str]) -> dict[str, Stand]:
    """How far each of these schemas is."""
    versies: dict[str, int] = {}
    dagen: dict[str, dict[int, date]] = {}
    for eerste in range(0, len(ids), MOST_ASKED):
        stuk = ids[eerste : eerste + MOST_ASKED]
        versies.update((row.betaalschema, row.versie) for row in await reader.select(nieuwste_versies(stuk)))
        for row in await reader.select(publicaties_van(stuk)):
            dagen.setdefault(row.betaalschema, {})[row.versie] = row.dag
    return {identity: Stand(versie, dagen.get(identity, {})) for identity, versie in versies.items()}


async def publiceer(reader: Reader, context: Context, identity: str, versie: int | None) -> Outcome[Getoond]:
    """Tell the provider the newest version, which is `versie` when the caller says which it looked at (F-2, S0).
    Refuses `BetaalschemaOnbekend`, `BetaalschemaVerouderd`, `BetaalschemaAlGepubliceerd`."""
    getoond = await toon(reader, context, identity)
    row = getoond.row
    if versie not in (None, row.versie):
        raise BetaalschemaVerouderd(f"U bekeek versie {versie}; de nieuwste is {row.versie}. Bekijk die eerst.")
    if row.versie in getoond.publicaties:
        raise BetaalschemaAlGepubliceerd(f"Versie {row.versie} is al gepubliceerd. Er is geen nieuwere.")
    changes = Changeset()
    publicatie = Publicatie(context.today, context.now, context.caller.gebruiker)
    changes.insert(
        SCHEMAPUBLICATIE,
        betaalschema=identity,
        versie=row.versie,
        dag=publicatie.dag,
        gepubliceerd_op=publicatie.moment,
        gepubliceerd_door=publicatie.door,
    )
    changes.publish(
        BetaalschemaGepubliceerd(
            **{naam: getattr(row, naam) for naam in ("betaalschema", "versie", "overeenkomst", "gemeente")},
            aanbieder=row.aanbieder,
            begin=row.begin,
            oorzaak=Schemaoorzaak(soort=row.oorzaak_soort, id=row.oorzaak_id),
            gepubliceerd_op=context.today,
            opbouw={
                subsegment: {maand: Bedrag(cent).als_euro() for maand, cent in maanden.items()}
                for subsegment, maanden in row.opbouw.items()
            },
        )
    )
    nu = {**getoond.publicaties, row.versie: publicatie}
    waarschuwing = publicatiewaarschuwing(Maand.lees(row.begin), context.today, (p.dag for p in nu.values()))
    status = publicatiestatus(row.versie, max(nu))
    return Outcome(Getoond(row, getoond.versies, nu, status, waarschuwing, getoond.wijzigingen), changes)


async def versie_met_termijn(reader: Reader, lijn: Lijn, maand: Maand) -> Any:
    """The version (row) that made the term of a lijn and month what it is now; None when none was kept."""
    bekend = await reader.one(BEGIN_VAN, id=lijn.overeenkomst)
    identity = schema_id(lijn.overeenkomst, lijn.gemeente, jaarbegin(Maand.van(bekend.begindatum), maand))
    gevonden, bedrag = None, None
    for row in await reader.all(VERSIES_VAN_SCHEMA, betaalschema=identity):
        nu = row.opbouw.get(lijn.subsegment, {}).get(str(maand))
        if gevonden is None or nu != bedrag:
            gevonden, bedrag = row, nu
    return gevonden
