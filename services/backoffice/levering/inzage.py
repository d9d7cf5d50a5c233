"""Who looked at the leveringen of whom, on record with the look."""

from __future__ import annotations

from collections.abc import Iterable

from services.backoffice.tables import EVENT_TABLES
from shared.database.changeset import Changeset
from shared.outbox.edge import Context
from shared.privacy.processing import log_look

GROND = "Jeugdwet hoofdstuk 7, Wmo 2015 hoofdstuk 5"


def gezien(context: Context, clienten: Iterable[str], action: str) -> Changeset:
    """The record that these clients (pseudonyms) were shown."""
    changes = Changeset()
    log_look(changes, EVENT_TABLES, context, action=action, subjects=clienten, ground=GROND)
    return changes
