"""What one contract line shows: course, months and leveringen, worked out from its occupancy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from shared.kernel.periode import Maand, Periode, maanden
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Maandstand:
    """A month of the line, up to today: average occupied and awarded places over its days that are past."""

    maand: Maand
    plekken: Plekken
    gemiddeld: Fraction
    hoogste: int

    @property
    def benutting(self) -> Fraction | None:
        """Average occupied / awarded; None when nothing is awarded."""
        return self.gemiddeld / self.plekken.als_breuk() if self.plekken.honderdsten else None


@dataclass(frozen=True, slots=True)
class Leveringcijfers:
    """Leveringen of the line as figures: nobody can be recognised. Days of stay: of those that ended."""

    lopend: int
    begonnen: int
    beeindigd: int
    gemiddeld_verblijf: Fraction | None
    opgegeven: int | None


def maandstanden(lijn: Lijn, verloop: Verloop, vandaag: date) -> list[Maandstand]:
    """Every month from the line's first day until its last or today."""
    einde = min(lijn.tot_en_met, vandaag)
    if einde < lijn.vanaf:
        return []
    standen = []
    for maand in maanden(Maand.van(lijn.vanaf), Maand.van(einde)):
        van, tot_en_met = max(maand.eerste, lijn.vanaf), min(maand.laatste, einde)
        versie = lijn.regel.versie_op(van)
        dagen = (tot_en_met - van).days + 1
        hoogste = max((bezet for _, _, bezet in verloop.stappen(van, tot_en_met)), default=0)
        plekken = Plekken(0) if versie is None else versie.plekken
        standen.append(Maandstand(maand, plekken, Fraction(verloop.bezette_dagen(van, tot_en_met), dagen), hoogste))
    return standen


def leveringcijfers(lijn: Lijn, leveringen: Iterable[Sequence[Periode]], vandaag: date) -> Leveringcijfers:
    """`leveringen`: of each the separate, sorted periods in which it occupied a place. One counts for the line when it
    began while the line ran; its stay runs from its first day through its last (F-5: compared with the stated one)."""
    lopend = begonnen = beeindigd = verblijf = 0
    for perioden in leveringen:
        if not perioden or not lijn.vanaf <= perioden[0].begin <= min(lijn.tot_en_met, vandaag):
            continue
        begonnen += 1
        einde = perioden[-1].eind
        if einde is not None and einde < vandaag:
            beeindigd += 1
            verblijf += (einde - perioden[0].begin).days + 1
        elif any(periode.bevat(vandaag) for periode in perioden):
            lopend += 1
    gemiddeld = Fraction(verblijf, beeindigd) if beeindigd else None
    return Leveringcijfers(lopend, begonnen, beeindigd, gemiddeld, lijn.regel.versies[-1].opgegeven_doorlooptijd_dagen)


def bezet_per_dag(lijn: Lijn, verloop: Verloop, tot_en_met: date) -> list[tuple[date, float]]:
    """The steps of the occupancy, for a chart."""
    return [(van, float(bezet)) for van, _, bezet in verloop.stappen(lijn.vanaf, tot_en_met)]


def toegekend_per_dag(lijn: Lijn, tot_en_met: date) -> list[tuple[date, float]]:
    """The steps of the awarded places, for a chart."""
    return [
        (versie.vanaf, float(versie.plekken.als_breuk())) for versie in lijn.regel.versies if versie.vanaf <= tot_en_met
    ]


def zin(lijn: Lijn, standen: Sequence[Maandstand], verloop: Verloop, vandaag: date) -> str:
    """What the chart says, in a sentence."""
    if not standen:
        return "Deze regel is nog niet begonnen."
    dag = min(vandaag, lijn.tot_en_met)
    versie = lijn.regel.versie_op(dag)
    plekken = Plekken(0) if versie is None else versie.plekken
    boven = sum(
        (tot_en_met - van).days + 1
        for van, tot_en_met, bezet in verloop.stappen(lijn.vanaf, dag)
        if bezet > _toegekend(lijn, van)
    )
    hoogste = max(stand.hoogste for stand in standen)
    tekst = f"Bezet: {verloop.bezet_op(dag)} van {_nl(plekken)} plekken; het hoogste was {hoogste}."
    if boven:
        dagen = "1 dag" if boven == 1 else f"{boven} dagen"
        tekst += f" Op {dagen} was meer bezet dan toegekend."
    return tekst


def _toegekend(lijn: Lijn, dag: date) -> Fraction:
    versie = lijn.regel.versie_op(dag)
    return Fraction(0) if versie is None else versie.plekken.als_breuk()


def _nl(plekken: Plekken) -> str:
    return plekken.als_tekst().replace(".", ",")
