"""All that was told on one topic, from its beginning: what a read side is rebuilt from."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple

from shared.bus.port import Record


class Page(NamedTuple):
    """Some records, in order per key, and how far the reading is: `done` of `total`, in steps of the source's own
    (there may be fewer records than steps)."""

    records: Sequence[Record]
    done: int
    total: int


# As far as it went when the reading began; what is told meanwhile is left to the bus.
History = AsyncGenerator[Page, None]


class HistoryUnreachable(Exception):
    """The source can't be read; the text says which and why, for the person who runs the installation."""
