"""The two sides of a payment in a table: for a gemeente the aanbieder comes first, for an aanbieder the gemeente."""

from __future__ import annotations

from shared.kernel.namen import Namen
from shared.outbox.edge import Caller
from shared.pages import genoemd
from shared.pages.genoemd import AANBIEDER, GEMEENTE
from shared.pages.table import Cel, Kolom


def kolommen(caller: Caller) -> tuple[Kolom, Kolom]:
    """Their headings. What differs from row to row is the heading of the row, and so what its link is called."""
    return (AANBIEDER, GEMEENTE) if caller.aanbieder is None else (GEMEENTE, AANBIEDER)


def volgorde(namen: Namen, aanbieder: str, gemeente: str) -> tuple[str, str]:
    """To sort rows by, as a reader looks for them: by name."""
    return namen.aanbieder(aanbieder).casefold(), namen.gemeente(gemeente).casefold()


def cellen(caller: Caller, namen: Namen, aanbieder: str, gemeente: str, naar: str) -> tuple[Cel, Cel]:
    """Their names in the same order; the first leads to `naar`."""
    if caller.aanbieder is None:
        return genoemd.aanbieder(namen, aanbieder, naar), genoemd.gemeente(namen, gemeente)
    return genoemd.gemeente(namen, gemeente, naar), genoemd.aanbieder(namen, aanbieder)
