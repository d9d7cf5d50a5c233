"""What a consulent should know of the chosen offer before the 301 leaves (B-5a: a warning, never a refusal)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Regel:
    """A contract line as toegang knows it. `gemeenten` are those it was awarded for."""

    gemeenten: frozenset[str]
    subsegment: str
    begindatum: date
    einddatum: date


VOL = {
    "bijna_vol": "De plekken van deze aanbieder in dit sub-segment zijn bijna vol.",
    "vol": "Alle plekken van deze aanbieder in dit sub-segment zijn bezet.",
    "overbezet": "Deze aanbieder heeft in dit sub-segment meer cliënten dan plekken.",
}


def waarschuwingen(
    regels: Sequence[Regel] | None, signalen: Sequence[str], gemeente: str, subsegment: str, ingangsdatum: date
) -> tuple[str, ...]:
    """Dutch sentences. `regels` are the provider's lines, None when no contract of this provider is known here yet;
    `signalen` the open occupancy alerts on this offer."""
    vol = tuple(VOL[soort] for soort in signalen if soort in VOL)
    if regels is None:
        return ("Van deze aanbieder is hier (nog) geen overeenkomst bekend.", *vol)
    passend = [
        regel
        for regel in regels
        if gemeente in regel.gemeenten
        and regel.subsegment == subsegment
        and regel.begindatum <= ingangsdatum <= regel.einddatum
    ]
    if not passend:
        return ("Deze aanbieder heeft op de ingangsdatum geen contractregel voor dit sub-segment.", *vol)
    return vol
