"""Bringing stored signals up to date: what differs from the wanted ones is written and told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.signaal.berekening import Onderwerp, Toegelicht
from services.contractmanagement.signaal.geschiedenis import Oorzaak, regel
from services.contractmanagement.signaal.rules.episodes import Episode
from services.contractmanagement.signaal.store import SIGNAAL
from shared.contracts.contractmanagement import SignaalGewijzigd, Signaalstatus
from shared.database.changeset import Changeset
from shared.outbox.edge import Context

# Names a signal by what it is about; any fixed UUID will do, as long as it never changes.
NAAMRUIMTE = UUID("5c1f2a52-6d0b-4b6e-9f53-0e6f1c9d7a10")


def werk_bij(
    context: Context,
    changes: Changeset,
    onderwerp: Onderwerp,
    rows: Sequence[Any],
    gewenst: Iterable[Toegelicht],
    oorzaak: Oorzaak,
) -> None:
    """Write and publish the differences between the stored signals of one subject and the wanted ones."""
    bestaand = {(row.soort, row.sinds): row for row in rows}
    for item in gewenst:
        row = bestaand.pop((item.episode.soort.value, item.episode.sinds), None)
        if row is None:
            _hef(context, changes, onderwerp, item, oorzaak)
        else:
            _wijzig(context, changes, onderwerp, row, item, oorzaak)
    for row in bestaand.values():
        if row.status != "vervallen":
            changes.update(
                SIGNAAL,
                {"id": row.id},
                version=row.versie,
                status="vervallen",
                geschiedenis=row.geschiedenis + regel(row.versie + 1, context, "vervallen", row.tot_en_met, oorzaak),
                gewijzigd_op=context.now,
            )
            changes.publish(
                _gebeurtenis(row.id, row.versie + 1, onderwerp, "vervallen", row, row.oorzaak),
                cause=oorzaak.gebeurtenis,
            )


def _hef(context: Context, changes: Changeset, onderwerp: Onderwerp, item: Toegelicht, oorzaak: Oorzaak) -> None:
    """A signal that was not there before."""
    episode, identity, status = item.episode, signaal_id(onderwerp, item), _status(item.episode)
    changes.insert(
        SIGNAAL,
        id=identity,
        versie=1,
        onderwerp=onderwerp.id,
        soort=episode.soort.value,
        status=status,
        aanbieder=onderwerp.aanbieder,
        gemeente=onderwerp.gemeente,
        subsegment=onderwerp.subsegment,
        sinds=episode.sinds,
        tot_en_met=episode.tot_en_met,
        toelichting=item.toelichting,
        oorzaak=oorzaak.gebeurtenis,
        geschiedenis=regel(1, context, status, episode.tot_en_met, oorzaak),
        gewijzigd_op=context.now,
    )
    changes.publish(
        _gebeurtenis(identity, 1, onderwerp, status, episode, oorzaak.gebeurtenis), cause=oorzaak.gebeurtenis
    )


def _wijzig(
    context: Context, changes: Changeset, onderwerp: Onderwerp, row: Any, item: Toegelicht, oorzaak: Oorzaak
) -> None:
    """A signal that was there: told again when its status or last day differs; new figures in its sentence are only
    written (the event has no sentence)."""
    episode, status = item.episode, _status(item.episode)
    if (row.status, row.tot_en_met) == (status, episode.tot_en_met):
        if row.toelichting != item.toelichting:
            changes.update(SIGNAAL, {"id": row.id}, toelichting=item.toelichting)
        return
    verwekker = oorzaak.gebeurtenis if row.status == "vervallen" else row.oorzaak
    changes.update(
        SIGNAAL,
        {"id": row.id},
        version=row.versie,
        status=status,
        tot_en_met=episode.tot_en_met,
        toelichting=item.toelichting,
        oorzaak=verwekker,
        geschiedenis=row.geschiedenis + regel(row.versie + 1, context, status, episode.tot_en_met, oorzaak),
        gewijzigd_op=context.now,
    )
    changes.publish(
        _gebeurtenis(row.id, row.versie + 1, onderwerp, status, episode, verwekker), cause=oorzaak.gebeurtenis
    )


def _status(episode: Episode) -> Signaalstatus:
    return "open" if episode.tot_en_met is None else "gesloten"


def _gebeurtenis(
    identity: str, versie: int, onderwerp: Onderwerp, status: Signaalstatus, wat: Any, oorzaak: str
) -> SignaalGewijzigd:
    return SignaalGewijzigd(
        signaal=identity,
        versie=versie,
        soort=str(wat.soort),
        status=status,
        aanbieder=onderwerp.aanbieder,
        gemeente=onderwerp.gemeente,
        subsegment=onderwerp.subsegment,
        sinds=wat.sinds,
        tot_en_met=wat.tot_en_met,
        oorzaak=oorzaak,
    )


def signaal_id(onderwerp: Onderwerp, item: Toegelicht) -> str:
    """The identifier of a signal, made of what it is."""
    return str(uuid5(NAAMRUIMTE, f"{onderwerp.id}:{item.episode.soort.value}:{item.episode.sinds}"))


def onderwerp_lijn(lijn: Lijn) -> Onderwerp:
    """A contract line as the subject of signals."""
    return Onderwerp(lijn.id, lijn.aanbieder, lijn.regel.gemeente, lijn.regel.subsegment)


def onderwerp_cel(aanbod: Aanbod, gemeente: str) -> Onderwerp:
    """A cell as the subject of signals."""
    identity = f"{aanbod.aanbieder}/{gemeente}/{aanbod.subsegment}"
    return Onderwerp(identity, aanbod.aanbieder, gemeente, aanbod.subsegment)
