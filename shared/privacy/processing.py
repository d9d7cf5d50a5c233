"""Logboek Dataverwerkingen: who saw or decided what about whom, when, and on what ground.

Written in the transaction of the decision, or committed before the data is shown; the subject is a pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.database.changeset import Changeset
from shared.outbox.edge import Context
from shared.outbox.tables import EventTables


def log_processing(
    changes: Changeset, tables: EventTables, context: Context, *, action: str, subject: str, ground: str
) -> None:
    """Add one line for one subject. `ground` is the legal basis, such as "Jeugdwet art. 2.3"."""
    changes.insert(
        tables.processing,
        id=context.new_id(),
        tijdstip=context.now,
        gebruiker=context.caller.gebruiker,
        rol=context.caller.rol,
        namens=context.caller.namens,
        handeling=action,
        betrokkene=subject,
        grondslag=ground,
    )


def log_look(
    changes: Changeset, tables: EventTables, context: Context, *, action: str, subjects: Iterable[str], ground: str
) -> None:
    """Add one line for everyone whose data this answer shows, however often it does."""
    for subject in dict.fromkeys(subjects):
        log_processing(changes, tables, context, action=action, subject=subject, ground=ground)
