"""Use cases of leveringen: take a message into the set, let one fall out of it, follow a changed toewijzing.

The set of deliveries is loaded for every levering that a new or waiting message touches; the rules judge; what changed
in the periods is published with the levering's whole list of periods and its next version (B-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from services.backoffice.bericht.rules import Status
from services.backoffice.levering.feiten import Aanlevering, Fout, Startsleutel, Stopsleutel
from services.backoffice.levering.rules import aanvaardbaar, bezwaren, perioden
from services.backoffice.levering.store import AANLEVERING, BY_ID, LEVERING, LEVERINGEN_OF, WITH_SET
from services.backoffice.toewijzing.handlers import volg_indicatie
from services.backoffice.toewijzing.rules import Status as Toewijzingstatus
from services.backoffice.toewijzing.store import BY_ID as TOEWIJZING_BY_ID
from services.backoffice.toewijzing.store import TOEWIJZING
from shared.contracts.backoffice import LeveringGewijzigd, Leveringsperiode
from shared.contracts.envelope import Contract, Envelope
from shared.contracts.toegang import IndicatieVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.verloop import Leverperiode
from shared.outbox.edge import Context


@dataclass(frozen=True, slots=True)
class Plaats:
    """Where a delivery belongs: its levering, and what that is a levering of."""

    levering: str
    toewijzing: str | None
    client: str
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str


@dataclass(slots=True)
class Dossier:
    """The sets of every levering that matters now, by levering, and the messages that wait. `toewijzingen`: those that
    were read before, from the same snapshot."""

    sets: dict[str, frozenset[Aanlevering]] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    wachtend: set[str] = field(default_factory=set)
    toewijzingen: Mapping[str, Any] = field(default_factory=dict)

    def zonder(self, bericht: str) -> None:
        """Let a refused message leave the set."""
        self.wachtend.discard(bericht)
        for levering, verzameling in self.sets.items():
            self.sets[levering] = frozenset(a for a in verzameling if a.bericht != bericht)

    def aanvaard(self) -> frozenset[str]:
        """The waiting messages that can be accepted now."""
        return aanvaardbaar(self.sets.values(), self.wachtend)

    def bezwaren(self, bericht: str) -> tuple[Fout, ...]:
        """Why a waiting message waits."""
        return bezwaren(self.sets.values(), self.wachtend, bericht)


async def laad(
    reader: Reader,
    leveringen: Iterable[str],
    toewijzingen: Mapping[str, Any] | None = None,
    gelezen: Mapping[str, Sequence[Any]] | None = None,
) -> Dossier:
    """The dossier around these leveringen: a waiting message brings in every other levering that it touches. `gelezen`:
    the rows of `WITH_SET` of those that were read before, from the same snapshot."""
    dossier = Dossier(toewijzingen=toewijzingen or {})
    sets = gelezen or {}
    te_laden = set(leveringen)
    while te_laden:
        levering = te_laden.pop()
        gevonden = sets[levering] if levering in sets else await reader.all(WITH_SET, id=levering)
        dossier.rows[levering] = gevonden[0] if gevonden else None
        rows = [row for row in gevonden if row.bericht is not None]
        dossier.sets[levering] = frozenset(map(als_aanlevering, rows))
        for bericht in {row.bericht for row in rows if row.stand == Status.WACHT} - dossier.wachtend:
            dossier.wachtend.add(bericht)
            for row in await reader.all(LEVERINGEN_OF, bericht=bericht):
                if row.levering not in dossier.sets:
                    te_laden.add(row.levering)
    return dossier


def als_aanlevering(row: Any) -> Aanlevering:
    """A stored delivery as the rules know it."""
    sleutel: Startsleutel | Stopsleutel = (
        Startsleutel(row.product, row.begindatum)
        if row.soort == "start"
        else Stopsleutel(row.product, row.begindatum, row.einddatum, row.reden)
    )
    return Aanlevering(row.bericht, row.nummer, sleutel, cast(Literal[1, 3], row.status))


def neem_op(changes: Changeset, dossier: Dossier, nieuw: Mapping[str, list[Aanlevering]], bericht: str) -> None:
    """Take the deliveries of a new message into the set; it waits until it is judged."""
    dossier.wachtend.add(bericht)
    for levering, aanleveringen in nieuw.items():
        dossier.sets[levering] |= frozenset(aanleveringen)
        for aanlevering in aanleveringen:
            sleutel = aanlevering.sleutel
            stop = sleutel if isinstance(sleutel, Stopsleutel) else None
            changes.insert(
                AANLEVERING,
                bericht=bericht,
                nummer=aanlevering.index,
                levering=levering,
                soort=aanlevering.soort,
                product=sleutel.product,
                begindatum=sleutel.begindatum,
                einddatum=stop.einddatum if stop else None,
                reden=stop.reden if stop else None,
                status=aanlevering.status,
                vervallen=False,
            )


def laat_vervallen(changes: Changeset, dossier: Dossier, bericht: str) -> None:
    """A refused message leaves the set; its deliveries stay readable, marked."""
    for verzameling in dossier.sets.values():
        for aanlevering in verzameling:
            if aanlevering.bericht == bericht:
                changes.update(AANLEVERING, {"bericht": bericht, "nummer": aanlevering.index}, vervallen=True)
    dossier.zonder(bericht)


async def leg_stand_vast(reader: Reader, changes: Changeset, dossier: Dossier, plaatsen: Mapping[str, Plaats]) -> None:
    """Write the new state of every levering in the dossier and publish what changed. The version check on the row keeps
    two messages for one levering from judging the same set at the same time."""
    for levering, verzameling in sorted(dossier.sets.items()):
        row = dossier.rows[levering]
        lijst = [als_json(periode) for periode in perioden(verzameling)]
        if row is None:
            plaats = plaatsen[levering]
            names = ("toewijzing", "client", "wet", "gemeente", "aanbieder", "subsegment")
            values = {name: getattr(plaats, name) for name in names}
            changes.insert(LEVERING, id=levering, versie=1, perioden=lijst, **values)
            toewijzing = await _toewijzing(reader, dossier, plaats)
            if toewijzing is not None:
                # No levering row was there to guard: a change of the toewijzing in between must be noticed here.
                same = toewijzing.versie
                changes.update(TOEWIJZING, {"id": toewijzing.id, "versie": same}, versie=same)
            if lijst:
                changes.publish(bericht_van(plaats, 1, lijst, toewijzing))
            continue
        changes.update(LEVERING, {"id": levering}, version=row.versie, perioden=lijst)
        if row.perioden != lijst:
            plaats = van_row(row)
            changes.publish(bericht_van(plaats, row.versie + 1, lijst, await _toewijzing(reader, dossier, plaats)))


async def verwerk_indicatie(reader: Reader, context: Context, event: Contract, envelope: Envelope) -> Changeset:
    """Follow an indicatie: its toewijzing, and the levering that this bounds."""
    assert isinstance(event, IndicatieVastgesteld)
    changes = Changeset()
    toewijzing = await volg_indicatie(reader, context, changes, event)
    row = await reader.one(BY_ID, id=toewijzing.id) if toewijzing is not None else None
    if row is not None:
        changes.update(LEVERING, {"id": row.id}, version=row.versie, perioden=row.perioden)
        changes.publish(bericht_van(van_row(row), row.versie + 1, row.perioden, toewijzing))
    return changes


async def _toewijzing(reader: Reader, dossier: Dossier, plaats: Plaats) -> Any | None:
    if plaats.toewijzing is None:
        return None
    bekend = dossier.toewijzingen.get(plaats.toewijzing)
    return bekend if bekend is not None else await reader.one(TOEWIJZING_BY_ID, id=plaats.toewijzing)


def bericht_van(
    plaats: Plaats, versie: int, lijst: list[dict[str, object]], toewijzing: Any | None
) -> LeveringGewijzigd:
    """The event of a levering, with the bounds of its toewijzing as they now stand."""
    return LeveringGewijzigd(
        levering=plaats.levering,
        versie=versie,
        toewijzing_nummer=None if toewijzing is None else str(toewijzing.nummer),
        client=plaats.client,
        wet=cast(Literal["jeugdwet", "wmo"], plaats.wet),
        gemeente=plaats.gemeente,
        aanbieder=plaats.aanbieder,
        subsegment=plaats.subsegment,
        ingangsdatum=None if toewijzing is None else toewijzing.ingangsdatum,
        einddatum_toewijzing=None if toewijzing is None else toewijzing.einddatum,
        vervallen=toewijzing is not None and toewijzing.status == Toewijzingstatus.VERWIJDERD,
        perioden=[Leveringsperiode.of_values(periode) for periode in lijst],
    )


def van_row(row: Any) -> Plaats:
    """Where a stored levering belongs."""
    return Plaats(row.id, row.toewijzing, row.client, row.wet, row.gemeente, row.aanbieder, row.subsegment)


def als_json(periode: Leverperiode) -> dict[str, object]:
    """A period as stored and published."""
    return {
        "begindatum": periode.begindatum.isoformat(),
        "einddatum": None if periode.einddatum is None else periode.einddatum.isoformat(),
        "tijdelijk": periode.tijdelijk,
        "definitief": None if periode.definitief is None else periode.definitief.isoformat(),
    }
