"""Which message may come from whom, and what the checks against the administration say (levels 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GOED, NIET_BEOORDEELD = "0200", "0233"
TECHNISCH = "0001"
TR019, TR056, TR135 = "9019", "9056", "8848"

VAN_AANBIEDER = frozenset({"305", "307"})
RETOUR_OP_ONS = frozenset({"302"})


@dataclass(frozen=True, slots=True)
class Afzender:
    """Who delivers: `aanbieder` or `gemeente` bounds it, both None is a node that delivers for all."""

    aanbieder: str | None
    gemeente: str | None


def mag_aanleveren(wie: Afzender, *, van: str, aan: str) -> bool:
    """Whether this caller may deliver a message that really comes from `van` (AGB) to `aan` (CBS)."""
    if wie.aanbieder is not None:
        return wie.aanbieder == van
    return wie.gemeente is None or wie.gemeente == aan


def codes_per_product(eigen: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The codes of each class in a refused message: its own, or 0200 when nothing is wrong with it (IV028)."""
    return tuple(tuple(codes) or (GOED,) for codes in eigen)
