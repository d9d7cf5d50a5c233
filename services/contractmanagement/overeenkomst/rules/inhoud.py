"""What a contract holds, and how it changes from the first of a month (C-1, C-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.contractmanagement.overeenkomst.rules.drempels import Drempelversie, vanaf_gewijzigd
from shared.kernel.bedrag import Bedrag
from shared.kernel.plekken import Plekken

REGIO = "regio"


@dataclass(frozen=True, slots=True)
class Instellingen:
    """Contract settings. Shares are decimal strings as agreed; None = no bound."""

    tolerantie: str = "0"
    maximum: str | None = None
    minimum: str | None = None
    bijstellingsdrempel: str = "0.05"
    tijdelijke_stop_houdt_plek_dagen: int = 0
    indexeren: bool = False


@dataclass(frozen=True, slots=True)
class Aanleiding:
    """Why a version of a line came: the indexation of the year `kenmerk`, or something else in its own words."""

    soort: str
    kenmerk: str


@dataclass(frozen=True, slots=True)
class Regelversie:
    """What holds for a line from the first day of a month. `prijs_per_plek` is per year; `verdeelsleutel`
    (gemeente, share) only on a line for the region."""

    vanaf: date
    plekken: Plekken
    prijs_per_plek: Bedrag
    verdeelsleutel: tuple[tuple[str, str], ...] | None = None
    opgegeven_doorlooptijd_dagen: int | None = None
    aanleiding: Aanleiding | None = None


@dataclass(frozen=True, slots=True)
class Contractregel:
    """One line: an award for one gemeente, or for the region (`gemeente` None). Versions ascend by date."""

    gemeente: str | None
    subsegment: str
    versies: tuple[Regelversie, ...]

    @property
    def sleutel(self) -> tuple[str | None, str]:
        """What identifies a line within its contract."""
        return self.gemeente, self.subsegment

    def versie_op(self, dag: date) -> Regelversie | None:
        """The version that holds on `dag`; None before the line begins."""
        return next((versie for versie in reversed(self.versies) if versie.vanaf <= dag), None)


@dataclass(frozen=True, slots=True)
class Overeenkomst:
    """The contract of one hoofdaanbieder, with every dated version of its lines and of its thresholds for signals (the
    first from `begindatum`)."""

    id: str
    aanbieder: str
    naam: str
    begindatum: date
    einddatum: date
    instellingen: Instellingen
    regels: tuple[Contractregel, ...]
    drempels: tuple[Drempelversie, ...]


def regel_id(overeenkomst: str, regel: Contractregel) -> str:
    """The identifier of a line: stable, and made of what it is."""
    return f"{overeenkomst}/{regel.gemeente or REGIO}/{regel.subsegment}"


def gewijzigd(
    overeenkomst: Overeenkomst, ingangsdatum: date, regels: Iterable[Contractregel], drempels: Mapping[str, str]
) -> Overeenkomst:
    """The contract with these lines (one version each) and these thresholds (by name) from `ingangsdatum`.

    A version from that same date is replaced, later ones stay; a line that was not there is added (C-1).
    """
    bekend = {regel.sleutel: regel for regel in overeenkomst.regels}
    for nieuw in regels:
        oud = bekend.get(nieuw.sleutel)
        blijft = [versie for versie in oud.versies if versie.vanaf != ingangsdatum] if oud else []
        versies = tuple(sorted((*blijft, *nieuw.versies), key=lambda versie: versie.vanaf))
        bekend[nieuw.sleutel] = replace(nieuw, versies=versies)
    versies_drempels = overeenkomst.drempels
    if drempels:
        versies_drempels = vanaf_gewijzigd(versies_drempels, ingangsdatum, drempels)
    return replace(overeenkomst, regels=tuple(bekend.values()), drempels=versies_drempels)
