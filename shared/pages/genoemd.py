"""Aanbieders and gemeenten in a table: a page shows what they are called, its CSV has the code beside it."""

from __future__ import annotations

from shared.kernel.namen import Namen
from shared.pages.table import Cel, Kolom

AANBIEDER = Kolom("Aanbieder", code="AGB-code")
GEMEENTE = Kolom("Gemeente", code="CBS-code")


def aanbieder(namen: Namen, code: str, naar: str | None = None) -> Cel:
    """For the column AANBIEDER."""
    return Cel(namen.aanbieder(code), naar, code=code)


def gemeente(namen: Namen, code: str | None, naar: str | None = None) -> Cel:
    """For the column GEMEENTE; None: the region, which has no code."""
    return Cel(namen.gemeente(code), naar, code=code)


def partij(namen: Namen, code: str | None) -> Cel:
    """Whoever sends or gets a message; None: unknown."""
    return Cel(None if code is None else namen.partij(code), code=code)
