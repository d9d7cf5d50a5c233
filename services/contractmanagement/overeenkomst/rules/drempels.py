"""Thresholds of signals as agreed in a contract, from a date (C-2). What follows from them is in `signaal`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from shared.kernel.refusal import FieldFault


@dataclass(frozen=True, slots=True)
class Drempelwaarden:
    """Shares of awarded places, decimal strings as agreed; the defaults are those of domain.md ("Signalen")."""

    bijna_vol: str = "0.90"
    vol: str = "1.00"
    marge: str = "0.05"
    onderbezet: str = "0.70"


class Drempelversie(NamedTuple):
    """What holds from the first day of a month until the next version."""

    vanaf: date
    waarden: Drempelwaarden


STANDAARD = Drempelwaarden()


def drempels_op(versies: Sequence[Drempelversie], dag: date) -> Drempelwaarden:
    """The thresholds that hold on `dag`; before the first version, or without any, the defaults."""
    return next((versie.waarden for versie in reversed(versies) if versie.vanaf <= dag), STANDAARD)


def vanaf_gewijzigd(
    versies: Sequence[Drempelversie], ingangsdatum: date, genoemd: Mapping[str, str]
) -> tuple[Drempelversie, ...]:
    """The versions with one from `ingangsdatum`: what is not named stays as it was on that day. A version from that
    same date is replaced, later ones stay as they are."""
    nieuw = Drempelversie(ingangsdatum, replace(drempels_op(versies, ingangsdatum), **genoemd))
    blijft = [versie for versie in versies if versie.vanaf != ingangsdatum]
    return tuple(sorted((*blijft, nieuw), key=lambda versie: versie.vanaf))


def fouten_in_drempels(waarden: Drempelwaarden, veld: str) -> Iterator[FieldFault]:
    """Every contradiction, at the field under `veld` that can be mended."""
    bijna_vol, vol, marge, onderbezet = (Fraction(tekst) for tekst in asdict(waarden).values())
    if bijna_vol > vol:
        melding = f"`bijnaVol` ({waarden.bijna_vol}) is hoger dan `vol` ({waarden.vol}). Maak `bijnaVol` lager."
        yield FieldFault(f"{veld}.bijnaVol", "C-2", melding)
    if marge >= bijna_vol:
        melding = f"`marge` ({waarden.marge}) is niet lager dan `bijnaVol` ({waarden.bijna_vol}). Maak `marge` lager."
        yield FieldFault(f"{veld}.marge", "C-2", melding)
    if onderbezet >= bijna_vol:
        melding = (
            f"`onderbezet` ({waarden.onderbezet}) is niet lager dan `bijnaVol` ({waarden.bijna_vol}): dan is een regel "
            "tegelijk bijna vol en onderbezet. Maak `onderbezet` lager."
        )
        yield FieldFault(f"{veld}.onderbezet", "C-2", melding)
