"""Use cases of clients: remember one, find one, show one to who needs it for the messages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from services.toegang.client.rules import Clientgegevens, Contact
from services.toegang.client.store import BY_BSN, BY_ID, CLIENT
from services.toegang.tables import EVENT_TABLES
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Context, Outcome
from shared.privacy.processing import log_processing
from shared.privacy.vault import Vault

GROND = "Jeugdwet hoofdstuk 2, Wmo 2015 hoofdstuk 2"


class ClientOnbekend(NotFound):
    """No client with this BSN or pseudonym in this gemeente."""


def ingepakt(gegevens: Clientgegevens, vault: Vault, client: str) -> bytes:
    """Personal data as stored: encrypted and bound to the client's row."""
    return vault.encrypt(orjson.dumps(asdict(gegevens)), f"client/{client}")


def uitgepakt(row: Any, vault: Vault) -> Clientgegevens:
    """Personal data of a client row."""
    raw = orjson.loads(vault.decrypt(row.gegevens, f"client/{row.id}"))
    contact = tuple(Contact(**item) for item in raw.pop("contact"))
    geboortedatum = date.fromisoformat(raw.pop("geboortedatum"))
    return Clientgegevens(**raw, contact=contact, geboortedatum=geboortedatum)


async def onthoud_client(
    reader: Reader, context: Context, changes: Changeset, vault: Vault, gemeente: str, gegevens: Clientgegevens
) -> str:
    """Make the client known to this gemeente, or bring what is known up to date; the pseudonym."""
    bsn_hash = vault.blind_index(gegevens.bsn)
    row = await reader.one(BY_BSN, gemeente=gemeente, bsn_hash=bsn_hash)
    if row is None:
        client = context.new_id()
        changes.insert(
            CLIENT,
            id=client,
            gemeente=gemeente,
            bsn_hash=bsn_hash,
            gegevens=ingepakt(gegevens, vault, client),
            versie=1,
            gewijzigd_op=context.now,
        )
        return client
    client = str(row.id)
    same = uitgepakt(row, vault) == gegevens
    sealed = row.gegevens if same else ingepakt(gegevens, vault, client)
    # Also when nothing changed: two decisions about one client at the same moment must see each other (stacking).
    changes.update(CLIENT, {"id": client}, version=row.versie, gegevens=sealed, gewijzigd_op=context.now)
    return client


async def raak_client_aan(reader: Reader, changes: Changeset, client: str) -> None:
    """Let a decision about this client exclude another one at the same moment."""
    row = await reader.one(BY_ID, id=client)
    changes.update(CLIENT, {"id": client}, version=row.versie, gegevens=row.gegevens)


async def zoek_client(reader: Reader, context: Context, vault: Vault, bsn: str) -> Outcome[Any]:
    """The client with this BSN in the caller's own gemeente; the look is logged. Refuses `ClientOnbekend`."""
    row = await reader.one(BY_BSN, gemeente=context.caller.gemeente, bsn_hash=vault.blind_index(bsn))
    if row is None:
        raise ClientOnbekend("Er is in uw gemeente geen cliënt met dit BSN. Leg eerst een indicatie vast.")
    return _getoond(row, context, "client gezocht op BSN")


async def toon_client(reader: Reader, context: Context, client: str) -> Outcome[Any]:
    """The client with this pseudonym, for the caller's own gemeente; the look is logged. Refuses `ClientOnbekend`."""
    row = await reader.one(BY_ID, id=client)
    if row is None or row.gemeente != context.caller.gemeente:
        raise ClientOnbekend("Deze cliënt is in uw gemeente niet bekend.")
    return _getoond(row, context, "clientgegevens opgevraagd")


def _getoond(row: Any, context: Context, action: str) -> Outcome[Any]:
    outcome = Outcome(row)
    log_processing(outcome.changes, EVENT_TABLES, context, action=action, subject=row.id, ground=GROND)
    return outcome
