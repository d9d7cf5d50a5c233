"""From the lines of a contract to one lijn per gemeente and sub-segment (F-1; C-2 for the regional award)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.financien.lumpsum.rules import Contractlijn, Tarief
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, maanden

NIETS = Bedrag(0)


@dataclass(frozen=True, slots=True)
class Versie:
    """What holds for a contract line from `vanaf`; price per place per year. `aandelen`: gemeente → share, only for a
    line awarded for the region."""

    vanaf: Maand
    plekken: Fraction
    prijs_per_plek: Bedrag
    aandelen: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Regel:
    """One contract line: an award for one gemeente, or for the region (`gemeente` None). Versions ascend."""

    gemeente: str | None
    subsegment: str
    versies: tuple[Versie, ...]

    def gemeenten(self) -> set[str]:
        """The gemeenten that this line ever covers."""
        if self.gemeente is not None:
            return {self.gemeente}
        return {gemeente for versie in self.versies for gemeente in versie.aandelen or {}}

    def tarief(self, gemeente: str, maand: Maand) -> tuple[Fraction, Bedrag] | None:
        """Places of this gemeente and price in a month; None when it is not covered then."""
        geldend = [versie for versie in self.versies if versie.vanaf <= maand]
        if not geldend:
            return None
        versie = geldend[-1]
        if self.gemeente is not None:
            return (versie.plekken, versie.prijs_per_plek) if self.gemeente == gemeente else None
        aandeel = (versie.aandelen or {}).get(gemeente)
        return None if aandeel is None else (versie.plekken * aandeel, versie.prijs_per_plek)


@dataclass(frozen=True, slots=True)
class Reden:
    """Why a contract is as it is now: concluded (`overeenkomst`), changed (`wijziging`), or its prices were indexed
    (`indexatie`, with the year as `kenmerk`)."""

    soort: str
    kenmerk: str | None = None


def reden_van(*, eerste: bool, nieuw: Iterable[tuple[str, str] | None]) -> Reden:
    """The reason of a version. `eerste`: nothing was heard of the contract before; `nieuw`: what each version of a line
    that was not there before came of. Lines indexed together with another change make it a change."""
    if eerste:
        return Reden("overeenkomst")
    redenen = set(nieuw)
    if len(redenen) == 1 and (enige := redenen.pop()) is not None:
        soort, kenmerk = enige
        return Reden("indexatie" if soort == "indexatie" else "wijziging", kenmerk)
    return Reden("wijziging")


@dataclass(frozen=True, slots=True)
class Lijn:
    """One gemeente and sub-segment of a contract. `ongedekt`: months in which the gemeente is out of the
    verdeelsleutel. `houdt_dagen`: days that a place stays occupied after a temporary stop."""

    id: str
    versie: int
    overeenkomst: str
    aanbieder: str
    gemeente: str
    subsegment: str
    contract: Contractlijn
    ongedekt: frozenset[Maand] = frozenset()
    houdt_dagen: int = 0

    def dekt(self, maand: Maand) -> bool:
        """Whether the lijn holds in this month."""
        return self.contract.begin <= maand <= self.contract.eind and maand not in self.ongedekt

    def eigen_dagen(self, dagen: Mapping[Maand, int]) -> dict[Maand, int]:
        """Occupied days within the lijn: occupation without a contract line counts nowhere (domain.md)."""
        begin, eind, ongedekt = self.contract.begin, self.contract.eind, self.ongedekt
        return {maand: aantal for maand, aantal in dagen.items() if begin <= maand <= eind and maand not in ongedekt}


def lijn_id(overeenkomst: str, gemeente: str, subsegment: str) -> str:
    """The name of a lijn: the same whenever it is worked out."""
    return f"{overeenkomst}:{gemeente}:{subsegment}"


def houdt_plek(lijnen: Iterable[Lijn], dag: date) -> int:
    """Days that the contract holding on `dag` (last day before a temporary stop) keeps a place; 0 without contract."""
    maand = Maand.van(dag)
    return max((lijn.houdt_dagen for lijn in lijnen if lijn.dekt(maand)), default=0)


def dekkingen(
    regels: Iterable[Regel], begin: Maand, eind: Maand
) -> dict[tuple[str, str], tuple[Contractlijn, frozenset[Maand]]]:
    """(gemeente, subsegment) → what was awarded and the months without cover, for a contract `begin` through `eind`.

    A regional award counts for a gemeente as plekken × share, exactly; a lijn begins with its first covered month.
    """
    per_subsegment: dict[str, list[Regel]] = {}
    for regel in regels:
        per_subsegment.setdefault(regel.subsegment, []).append(regel)
    gevonden: dict[tuple[str, str], tuple[Contractlijn, frozenset[Maand]]] = {}
    for subsegment, groep in sorted(per_subsegment.items()):
        for gemeente in sorted({gemeente for regel in groep for gemeente in regel.gemeenten()}):
            dekking = _dekking(groep, gemeente, begin, eind)
            if dekking is not None:
                gevonden[gemeente, subsegment] = dekking
    return gevonden


def _dekking(
    regels: list[Regel], gemeente: str, begin: Maand, eind: Maand
) -> tuple[Contractlijn, frozenset[Maand]] | None:
    wissels = sorted({max(versie.vanaf, begin) for regel in regels for versie in regel.versies})
    standen = [(maand, _geldend(regels, gemeente, maand)) for maand in wissels if maand <= eind]
    while standen and standen[0][1] is None:
        del standen[0]
    if not standen:
        return None
    tarieven = tuple(Tarief(maand, *(geldend or (Fraction(0), NIETS))) for maand, geldend in standen)
    grenzen = [*(maand for maand, _ in standen[1:]), eind.volgende()]
    ongedekt = frozenset(
        maand
        for (vanaf, geldend), tot in zip(standen, grenzen, strict=True)
        if geldend is None
        for maand in maanden(vanaf, tot)[:-1]
    )
    return Contractlijn(standen[0][0], eind, tarieven), ongedekt


def _geldend(regels: list[Regel], gemeente: str, maand: Maand) -> tuple[Fraction, Bedrag] | None:
    return next((tarief for regel in regels if (tarief := regel.tarief(gemeente, maand)) is not None), None)


def zonder_dekking(contract: Contractlijn) -> tuple[Contractlijn, frozenset[Maand]]:
    """The same months, with nothing awarded: for a lijn that a later version of its contract no longer has."""
    leeg = Contractlijn(contract.begin, contract.eind, (Tarief(contract.begin, Fraction(0), NIETS),))
    return leeg, frozenset(contract.maanden())


def met_eerdere_maanden(
    contract: Contractlijn, ongedekt: frozenset[Maand], eerder: Contractlijn
) -> tuple[Contractlijn, frozenset[Maand]]:
    """A lijn that begins later than it did before keeps those months, with nothing awarded: they may have been paid,
    and settlement must reach them."""
    begin = min(contract.begin, eerder.begin)
    eerste = maanden(begin, contract.begin)[:-1]
    return Contractlijn(begin, contract.eind, contract.tarieven), ongedekt.union(eerste)
