"""Which messages a caller may see: a gemeente and an aanbieder those they sent or receive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, or_

from services.backoffice.bericht.store import BERICHT
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller


class BerichtOnbekend(NotFound):
    """No such message, or not of this caller."""


def eigen_berichten(caller: Caller) -> Iterator[ColumnElement[bool]]:
    """Conditions on the archive that leave what this caller may see."""
    for own in (caller.gemeente, caller.aanbieder):
        if own is not None:
            mine = or_(BERICHT.c.van == own, BERICHT.c.aan == own)
            if caller.aanbieder is not None:
                # What a provider sent and could not be read has no sender yet: the token says whose it is.
                mine = or_(mine, BERICHT.c.beller_aanbieder == own)
            yield mine


def mag_zien(caller: Caller, row: Any) -> None:
    """Refuses `BerichtOnbekend` when there is no such message (None), or when it is of others."""
    own = caller.gemeente or caller.aanbieder
    if row is None or (own is not None and own not in (row.van, row.aan, row.beller_aanbieder, row.beller_gemeente)):
        raise BerichtOnbekend("Dit bericht is er niet, of het is niet van uw organisatie.")
