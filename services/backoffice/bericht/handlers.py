"""Keeping texts: what comes in before anything is judged, what goes out with the decision to send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.backoffice.bericht.rules import Richting, Status, identificatie, vingerafdruk
from services.backoffice.bericht.store import BERICHT
from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.kop import lees_kop
from services.backoffice.istandaarden.retour import maak_retour
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.tables import EVENT_TABLES
from shared.database.changeset import Changeset
from shared.outbox.edge import Context, Outcome
from shared.privacy.processing import log_processing
from shared.privacy.vault import Vault

GROND = "Jeugdwet hoofdstuk 7, Wmo 2015 hoofdstuk 5"  # why a text may be looked at


@dataclass(frozen=True, slots=True)
class Retourcodes:
    """The codes of a retour per level; no codes at all means: accepted."""

    kop: tuple[str, ...] = ()
    client: tuple[str, ...] | None = None
    producten: tuple[tuple[str, ...], ...] | None = None

    def alle(self) -> list[str]:
        """Every code that says what is wrong, once (0200 and 0233 say nothing is)."""
        found = [*self.kop, *(self.client or ()), *(code for product in self.producten or () for code in product)]
        return [code for code in dict.fromkeys(found) if code not in ("0200", "0233")]


def bound(bericht: str) -> str:
    """What the ciphertext of a message is bound to."""
    return f"bericht/{bericht}"


def tekst(row: Any, vault: Vault) -> bytes:
    """The bytes of an archived message."""
    return vault.decrypt(row.inhoud, bound(row.id))


def bewaar_ontvangst(
    context: Context,
    vault: Vault,
    inhoud: bytes,
    bericht: str,
    status: Status = Status.ONTVANGEN,
    lengte: int | None = None,
) -> Changeset:
    """Keep what came in, before anything else is done with it. `lengte` when more came than `inhoud` holds."""
    changes = Changeset()
    _insert(
        changes,
        context,
        vault,
        bericht,
        inhoud,
        richting=Richting.IN,
        status=status,
        lengte=lengte,
    )
    return changes


def verstuur(
    changes: Changeset,
    context: Context,
    vault: Vault,
    uitgaand: Bericht,
    inhoud: bytes,
    *,
    bericht: str,
    van: str,
    aan: str,
) -> None:
    """Put an outgoing message in the archive: from here its receiver can fetch it."""
    kop = lees_kop(uitgaand)
    _insert(
        changes,
        context,
        vault,
        bericht,
        inhoud,
        richting=Richting.UIT,
        status=Status.VERZONDEN,
        soort=uitgaand.naam,
        van=van,
        aan=aan,
        identificatie=kop.identificatie,
        dagtekening=kop.dagtekening,
    )


def beantwoord(
    changes: Changeset, context: Context, vault: Vault, heen: Bericht, bericht: str, codes: Retourcodes
) -> tuple[str, bytes]:
    """Make and keep the retour of an incoming message; its id and its bytes."""
    retour = context.new_id()
    gemaakt = maak_retour(
        heen,
        identificatie_retour=identificatie(retour),
        dagtekening_retour=context.today,
        kop_codes=codes.kop,
        client_codes=codes.client,
        product_codes=codes.producten,
    )
    inhoud = schrijf(gemaakt)
    kop = lees_kop(heen)
    _insert(
        changes,
        context,
        vault,
        retour,
        inhoud,
        richting=Richting.UIT,
        status=Status.VERZONDEN,
        soort=gemaakt.naam,
        van=kop.ontvanger,
        aan=kop.afzender,
        identificatie=identificatie(retour),
        dagtekening=context.today,
        retourcodes=codes.alle(),
        heenbericht=bericht,
    )
    return retour, inhoud


def _insert(
    changes: Changeset,
    context: Context,
    vault: Vault,
    bericht: str,
    inhoud: bytes,
    *,
    richting: Richting,
    status: Status,
    retourcodes: Sequence[str] = (),
    lengte: int | None = None,
    **fields: object,
) -> None:
    changes.insert(
        BERICHT,
        id=bericht,
        versie=1,
        richting=str(richting),
        vingerafdruk=vingerafdruk(inhoud),
        inhoud=vault.encrypt(inhoud, bound(bericht)),
        lengte=len(inhoud) if lengte is None else lengte,
        status=str(status),
        retourcodes=list(retourcodes),
        fouten=[],
        tijdstip=context.now,
        beller=context.caller.gebruiker,
        beller_aanbieder=context.caller.aanbieder,
        beller_gemeente=context.caller.gemeente,
        **fields,
    )


def bekijk(context: Context, vault: Vault, row: Any) -> Outcome[bytes]:
    """The text of a message, with the record of who looked at it."""
    outcome = Outcome(tekst(row, vault))
    log_processing(
        outcome.changes, EVENT_TABLES, context, action="bericht ingezien", subject=f"bericht/{row.id}", ground=GROND
    )
    return outcome
