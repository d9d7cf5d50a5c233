"""Use cases of sending: the 301 of everything that changed for one client, gemeente and aanbieder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.backoffice.bericht.handlers import verstuur
from services.backoffice.bericht.rules import identificatie
from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Afgekeurd, Schemafout
from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.toewijzing import ToegewezenProduct, maak_toewijzingsbericht
from services.backoffice.subsegment.store import BY_CODE
from services.backoffice.toewijzing.handlers import gebeurtenis
from services.backoffice.toewijzing.rules import Status
from services.backoffice.toewijzing.store import OF_CLIENT, TO_REPORT, TOEWIJZING
from services.backoffice.verzending.rules import in_bericht, moment
from shared.database.port import Reader
from shared.kernel.clock import AMSTERDAM
from shared.outbox.edge import Context, Outcome
from shared.privacy.vault import Vault


class Bestemming(NamedTuple):
    """One 301 is for one of these."""

    client: str
    gemeente: str
    aanbieder: str
    wet: str


async def te_verzenden(reader: Reader, context: Context) -> list[Bestemming]:
    """For whom a 301 must be made, once each."""
    found: dict[Bestemming, None] = {}
    for row in await reader.all(TO_REPORT):
        if await reader.one(BY_CODE, code=row.subsegment) is not None:
            found[Bestemming(row.client, row.gemeente, row.aanbieder, row.wet)] = None
    return list(found)


async def verzend(
    reader: Reader, context: Context, vault: Vault, bestemming: Bestemming, client: Client
) -> Outcome[str | None]:
    """Make the 301 and put it out. What can't be told in a valid message is held back, with the reason, for a person.
    Answers with the message's id, None when nothing was left to tell."""
    rows = await reader.all(OF_CLIENT, **bestemming._asdict())
    known = {code: await reader.one(BY_CODE, code=code) for code in sorted({row.subsegment for row in rows})}
    subsegmenten = {code: row for code, row in known.items() if row is not None}
    outcome: Outcome[str | None] = Outcome(None)
    for row in rows:
        if row.te_melden and row.subsegment in subsegmenten and subsegmenten[row.subsegment].wet != row.wet:
            _houd_tegen(outcome, row, f"Sub-segment {row.subsegment} hoort bij een andere wet dan de indicatie.")
            rows = [other for other in rows if other.id != row.id]
    told = in_bericht(rows, list(subsegmenten), context.today)
    if not any(row.te_melden for row in told):
        return outcome
    bericht = context.new_id()
    try:
        uitgaand = _bericht(bestemming, bericht, told, subsegmenten, client, context)
    except (Schemafout, Afgekeurd) as refused:
        reason = "; ".join(f"{fout.plaats}: {fout.melding}" for fout in refused.fouten)
        for row in told:
            if row.te_melden:
                _houd_tegen(outcome, row, reason)
        return outcome
    verstuur(
        outcome.changes,
        context,
        vault,
        uitgaand,
        schrijf(uitgaand),
        bericht=bericht,
        van=bestemming.gemeente,
        aan=bestemming.aanbieder,
    )
    for row in told:
        if row.te_melden:
            _verzonden(outcome, context, vault, row, client)
    outcome.answer = bericht
    return outcome


def _bericht(
    bestemming: Bestemming,
    bericht: str,
    rows: list[Any],
    subsegmenten: Mapping[str, Any],
    client: Client,
    context: Context,
) -> Bericht:
    now = moment(context.now).astimezone(AMSTERDAM)
    return maak_toewijzingsbericht(
        bestemming.wet,
        afzender=bestemming.gemeente,
        ontvanger=bestemming.aanbieder,
        identificatie=identificatie(bericht),
        dagtekening=context.today,
        client=client,
        producten=[
            ToegewezenProduct(
                nummer=row.nummer,
                categorie=subsegmenten[row.subsegment].productcategorie,
                code=row.subsegment,
                # A resend keeps both (IV013); what changed gets those of now.
                toewijzingsdatum=context.today if row.te_melden else row.toewijzingsdatum,
                toewijzingstijd=now.time() if row.te_melden else row.toewijzingstijd,
                ingangsdatum=row.ingangsdatum,
                einddatum=row.einddatum,
                reden_wijziging=row.reden_wijziging if row.te_melden else None,
            )
            for row in rows
        ],
    )


def _verzonden(outcome: Outcome[str | None], context: Context, vault: Vault, row: Any, client: Client) -> None:
    status = row.status if row.status == Status.VERWIJDERD else str(Status.VERZONDEN)
    outcome.changes.update(
        TOEWIJZING,
        {"id": row.id},
        version=row.versie,
        status=status,
        te_melden=False,
        bsn_hash=vault.blind_index(client.bsn),
        toewijzingsdatum=context.today,
        toewijzingstijd=moment(context.now).astimezone(AMSTERDAM).time(),
        reden_wijziging=None,
        toelichting=None,
    )
    outcome.changes.publish(gebeurtenis(row._replace(status=status, versie=row.versie + 1)))


def _houd_tegen(outcome: Outcome[str | None], row: Any, reason: str) -> None:
    status = str(Status.TEGENGEHOUDEN)
    outcome.changes.update(
        TOEWIJZING, {"id": row.id}, version=row.versie, status=status, te_melden=False, toelichting=reason
    )
    outcome.changes.publish(gebeurtenis(row._replace(status=status, versie=row.versie + 1)))
