"""Taking in what contractmanagement tells of a contract: the highest version is kept, its lijnen are worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec.structs import replace as anders

from services.financien.overeenkomst.rules import (
    Lijn,
    Reden,
    Regel,
    Versie,
    dekkingen,
    lijn_id,
    met_eerdere_maanden,
    reden_van,
    zonder_dekking,
)
from services.financien.overeenkomst.store import (
    LIJN,
    LIJNEN_VAN_CEL,
    LIJNEN_VAN_OVEREENKOMST,
    OVEREENKOMST,
    OVEREENKOMSTVERSIE,
    VERSIE_VAN,
    VERSIES_VAN_OVEREENKOMST,
    als_kolommen,
    lijn_van,
)
from shared.contracts.contractmanagement import Contractregel, OvereenkomstVastgesteld, Regelversie
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.clock import AMSTERDAM
from shared.kernel.periode import Maand
from shared.kernel.plekken import Plekken
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context


class OvereenkomstOnbekend(NotFound):
    """No such contract for this caller, or nothing was known of it on that day."""


@dataclass(frozen=True, slots=True)
class Gehoord:
    """The lijnen of a contract as they now stand, and why it is as it is."""

    lijnen: tuple[Lijn, ...]
    reden: Reden


async def onthoud_overeenkomst(
    reader: Reader, context: Context, changes: Changeset, event: OvereenkomstVastgesteld
) -> Gehoord | None:
    """Store the contract and its lijnen; None when a version as new was known. Every version is kept as it was told,
    also one that comes late."""
    versies = await reader.all(VERSIES_VAN_OVEREENKOMST, overeenkomst=event.overeenkomst)
    reden = _reden(event, versies)
    if all(row.versie != event.versie for row in versies):
        changes.insert(
            OVEREENKOMSTVERSIE,
            overeenkomst=event.overeenkomst,
            versie=event.versie,
            aanbieder=event.aanbieder.agb_code,
            soort=reden.soort,
            kenmerk=reden.kenmerk,
            indexeren=event.instellingen.indexeren,
            gehoord_op=context.now,
            inhoud=event.as_values(),
        )
    bekend = await reader.one(VERSIE_VAN, id=event.overeenkomst)
    if bekend is not None and bekend.versie >= event.versie:
        return None
    kolommen: dict[str, object] = {
        "versie": event.versie,
        "aanbieder": event.aanbieder.agb_code,
        "begindatum": event.begindatum,
        "einddatum": event.einddatum,
        "tolerantie": event.instellingen.tolerantie,
        "maximum": event.instellingen.maximum,
        "minimum": event.instellingen.minimum,
        "bijstellingsdrempel": event.instellingen.bijstellingsdrempel,
        "houdt_dagen": event.instellingen.tijdelijke_stop_houdt_plek_dagen,
    }
    if bekend is None:
        changes.insert(OVEREENKOMST, id=event.overeenkomst, **kolommen)
    else:
        changes.update(OVEREENKOMST, {"id": event.overeenkomst, "versie": bekend.versie}, version=None, **kolommen)
    oud = {row.id: lijn_van(row) for row in await reader.all(LIJNEN_VAN_OVEREENKOMST, overeenkomst=event.overeenkomst)}
    return Gehoord(tuple(_schrijf(changes, lijn, oud.get(lijn.id)) for lijn in _lijnen(event, oud)), reden)


def _reden(event: OvereenkomstVastgesteld, versies: Sequence[Any]) -> Reden:
    """Against the version before it, as far as that was heard."""
    vorige = max((row for row in versies if row.versie < event.versie), key=lambda row: int(row.versie), default=None)
    bekend = set() if vorige is None else set(_per_versie(OvereenkomstVastgesteld.of_values(vorige.inhoud)))
    nieuw = [aanleiding for wat, aanleiding in _per_versie(event) if (wat, aanleiding) not in bekend]
    return reden_van(eerste=event.versie == 1 or vorige is None, nieuw=nieuw)


def _per_versie(event: OvereenkomstVastgesteld) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Every version of every line as one text, with what it came of."""
    for regel in event.regels:
        for versie in regel.versies:
            reden = versie.aanleiding
            zonder = anders(versie, aanleiding=None).as_json().decode()
            wat = f"{regel.gemeente}/{regel.subsegment}/{zonder}"
            yield wat, None if reden is None else (reden.soort, reden.kenmerk)


def _schrijf(changes: Changeset, lijn: Lijn, oud: Lijn | None) -> Lijn:
    kolommen = als_kolommen(lijn.contract, lijn.ongedekt)
    if oud is not None:
        changes.update(LIJN, {"id": lijn.id}, version=oud.versie, **kolommen)
        return replace(lijn, versie=oud.versie + 1)
    changes.insert(
        LIJN,
        id=lijn.id,
        versie=1,
        overeenkomst=lijn.overeenkomst,
        aanbieder=lijn.aanbieder,
        gemeente=lijn.gemeente,
        subsegment=lijn.subsegment,
        **kolommen,
    )
    return lijn


def _lijnen(event: OvereenkomstVastgesteld, oud: dict[str, Lijn]) -> list[Lijn]:
    """The lijnen of the contract; months that it no longer has are kept, with nothing awarded."""
    regels = [_regel(regel) for regel in event.regels]
    houdt = event.instellingen.tijdelijke_stop_houdt_plek_dagen
    lijnen = [
        Lijn(
            lijn_id(event.overeenkomst, gemeente, subsegment),
            1,
            event.overeenkomst,
            event.aanbieder.agb_code,
            gemeente,
            subsegment,
            contract,
            ongedekt,
            houdt,
        )
        for (gemeente, subsegment), (contract, ongedekt) in dekkingen(
            regels, Maand.van(event.begindatum), Maand.van(event.einddatum)
        ).items()
    ]
    for plek, lijn in enumerate(lijnen):
        if lijn.id in oud:
            contract, ongedekt = met_eerdere_maanden(lijn.contract, lijn.ongedekt, oud[lijn.id].contract)
            lijnen[plek] = replace(lijn, contract=contract, ongedekt=ongedekt)
    over = oud.keys() - {lijn.id for lijn in lijnen}
    for identity in sorted(over):
        contract, ongedekt = zonder_dekking(oud[identity].contract)
        lijnen.append(replace(oud[identity], contract=contract, ongedekt=ongedekt, houdt_dagen=houdt))
    return lijnen


def _regel(regel: Contractregel) -> Regel:
    versies = sorted((_versie(versie) for versie in regel.versies), key=lambda versie: versie.vanaf)
    return Regel(regel.gemeente, regel.subsegment, tuple(versies))


def _versie(versie: Regelversie) -> Versie:
    sleutel = versie.verdeelsleutel
    return Versie(
        Maand.van(versie.vanaf),
        Plekken.lees(versie.plekken).als_breuk(),
        Bedrag.van_euro(versie.prijs_per_plek),
        None if sleutel is None else {gemeente: Fraction(aandeel) for gemeente, aandeel in sleutel.items()},
    )


async def versies_voor(reader: Reader, context: Context, overeenkomst: str, op: date | None) -> Sequence[Any]:
    """Every version that was heard of a contract, or the one that was known at the end of a day, as far as it concerns
    the caller. Refuses `OvereenkomstOnbekend`."""
    rows = await reader.all(VERSIES_VAN_OVEREENKOMST, overeenkomst=overeenkomst)
    caller = context.caller
    eigen = caller.aanbieder is None or any(row.aanbieder == caller.aanbieder for row in rows)
    if eigen and caller.gemeente is not None:
        lijnen = await reader.all(LIJNEN_VAN_OVEREENKOMST, overeenkomst=overeenkomst)
        eigen = any(lijn.gemeente == caller.gemeente for lijn in lijnen)
    if op is not None:
        rows = [row for row in rows if row.gehoord_op.astimezone(AMSTERDAM).date() <= op][-1:]
    if not rows or not eigen:
        raise OvereenkomstOnbekend("Deze overeenkomst, of een versie ervan op die dag, is bij u niet bekend.")
    return rows


async def lijnen_van_cel(reader: Reader, aanbieder: str, gemeente: str, subsegment: str) -> list[Lijn]:
    """The lijnen that cover a provider, gemeente and sub-segment, in order of time."""
    rows = await reader.all(LIJNEN_VAN_CEL, aanbieder=aanbieder, gemeente=gemeente, subsegment=subsegment)
    return [lijn_van(row) for row in rows]
