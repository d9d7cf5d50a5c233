"""The computed part of a signal's history: one line of text for every version, cheap to add where the row is written.

What people did stands in `signaalstap`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from shared.outbox.edge import Context


class Oorzaak(NamedTuple):
    """What led to a change: an event (or turn of the day), and the message or event that led to that one."""

    gebeurtenis: str
    aanleiding: str | None = None


@dataclass(frozen=True, slots=True)
class Verandering:
    """A signal as it was worked out at a moment."""

    versie: int
    tijdstip: datetime
    status: str
    tot_en_met: date | None
    oorzaak: Oorzaak


def regel(versie: int, context: Context, status: str, tot_en_met: date | None, oorzaak: Oorzaak) -> str:
    """A version as a line of the history."""
    tot = None if tot_en_met is None else tot_en_met.isoformat()
    return json.dumps([versie, context.now.isoformat(), status, tot, *oorzaak]) + "\n"


def veranderingen(geschiedenis: str) -> Iterator[Verandering]:
    """The versions of a stored history, oldest first; none for what happened before there was a history."""
    for line in geschiedenis.splitlines():
        versie, op, status, tot, *oorzaak = json.loads(line)
        tot_en_met = None if tot is None else date.fromisoformat(tot)
        yield Verandering(versie, datetime.fromisoformat(op), status, tot_en_met, Oorzaak(*oorzaak))
