"""What happens to the clients of the demo region in a year: places fill up, run empty, are exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from deploy.demo.region import AANBIEDERS, GEMEENTEN, SUBSEGMENTEN, Beeld, Demolijn, contractperiode, overeenkomsten
from deploy.simulatie.briefwisseling import VLOT, Briefwisseling, Stijl
from deploy.simulatie.personen import wet_van
from deploy.simulatie.wereld import Klasse, Traject, Variant, Wereld, Wijziging, Zending, Zorgperiode

SEED = 20220701
MERK = "demo"
DAG = timedelta(days=1)
STIJLEN = (VLOT, Stijl(te_laat=0.3, slordig=0.05), Stijl(te_laat=0.05, slordig=0.15))
PAUZE_DAGEN = 12
WETTEN = {item.code: item.wet for item in SUBSEGMENTEN}


def demowereld(vandaag: date) -> Wereld:
    """The whole region through today; the same for the same day."""
    begin, _ = contractperiode(vandaag)
    trajecten = tuple(Verlopen(vandaag).alle())
    return Wereld(MERK, begin, vandaag, GEMEENTEN, SUBSEGMENTEN, overeenkomsten(vandaag), trajecten)


@dataclass(frozen=True, slots=True)
class Plek:
    """Where a client comes, and how that provider works."""

    aanbieder: str
    lijn: Demolijn
    gemeente: str
    stijl: Stijl


class Verlopen:
    """Makes the clients up, line by line. Every client is somebody else."""

    def __init__(self, vandaag: date) -> None:
        self._random = Random(SEED)
        self._vandaag = vandaag
        self._begin, self._eind = contractperiode(vandaag)
        self._nummers = count(1)
        self._personen = {wet: _personen(wet) for wet in ("jeugdwet", "wmo")}

    def alle(self) -> Iterator[Traject]:
        """Every client of every line."""
        for volgnummer, (aanbieder, item) in enumerate(AANBIEDERS.items()):
            stijl = STIJLEN[volgnummer % len(STIJLEN)]
            for lijn in item.lijnen:
                plekken = [Plek(aanbieder, lijn, gemeente, stijl) for gemeente in _gemeenten(lijn)]
                yield from self._van_lijn(plekken)
        yield from self._bijzonder()

    def _van_lijn(self, plekken: list[Plek]) -> Iterator[Traject]:
        """Those who are there now, those who went, those who wait; over the gemeenten in turn."""
        lijn = plekken[0].lijn
        for index in range(lijn.nu):
            yield self._aanwezig(plekken[index % len(plekken)], index)
        for index in range(lijn.gegaan):
            yield self._gegaan(plekken[index % len(plekken)], index)
        for index in range(lijn.wacht):
            plek = plekken[index % len(plekken)]
            dag = self._vandaag - self._random.randint(5, 60) * DAG
            yield self._traject(plek, dag, ())

    def _aanwezig(self, plek: Plek, index: int) -> Traject:
        start = self._instroom(plek.lijn, index)
        pauze = start + self._random.randint(20, 60) * DAG
        # Every sixth paused for a while; all of them are there today.
        if index % 6 != 1 or pauze + (PAUZE_DAGEN + 8) * DAG >= self._vandaag:
            return self._traject(plek, start, (Zorgperiode(start, None),))
        weer = pauze + PAUZE_DAGEN * DAG
        return self._traject(plek, start, (Zorgperiode(start, pauze, True), Zorgperiode(weer, None)))

    def _instroom(self, lijn: Demolijn, index: int) -> date:
        """First day of care: most places were taken over when the contract began, but for a line that fills up."""
        dagen = (self._vandaag - self._begin).days
        if lijn.beeld is Beeld.LOOPT_VOL and index > lijn.nu // 4:
            return self._begin + self._random.randint(dagen // 2, dagen - 12) * DAG
        if index < 0.6 * lijn.nu or lijn.beeld is Beeld.LOOPT_LEEG:
            return self._begin + self._random.randint(2, 30) * DAG
        return self._begin + self._random.randint(30, dagen - 12) * DAG

    def _gegaan(self, plek: Plek, index: int) -> Traject:
        dagen = (self._vandaag - self._begin).days
        if plek.lijn.beeld is Beeld.LOOPT_LEEG:
            # Here from the beginning, and gone one after the other in the last half year.
            start = self._begin + self._random.randint(0, 20) * DAG
            eind = self._vandaag - (8 + 150 * index // max(plek.lijn.gegaan, 1)) * DAG
        else:
            start = self._begin + self._random.randint(0, max(dagen - 190, 1)) * DAG
            eind = start + self._random.randint(60, 170) * DAG
        return self._traject(plek, start, (Zorgperiode(start, min(eind, self._vandaag - 5 * DAG)),))

    def _traject(
        self,
        plek: Plek,
        start: date,
        perioden: tuple[Zorgperiode, ...],
        wijzigingen: tuple[Wijziging, ...] = (),
        post: tuple[Zending, ...] | None = None,
    ) -> Traject:
        ingang = max(start - self._random.randint(1, 14) * DAG, self._begin)
        eind = self._eind - self._random.randint(0, 90) * DAG
        if post is None:
            wisseling = Briefwisseling(self._random, plek.stijl, ingang, self._vandaag)
            post = wisseling.over(perioden, vergeten=False) if perioden else ()
        wet = WETTEN[plek.lijn.subsegment]
        wie = (next(self._nummers), next(self._personen[wet]), wet, plek.gemeente, plek.aanbieder, plek.lijn.subsegment)
        return Traject(*wie, ingang, ingang, eind, perioden, wijzigingen, post)

    def _bijzonder(self) -> Iterator[Traject]:
        """A refusal that the consulent took back, and a stop whose start is still under way: it waits."""
        vol = self._plek("42420015", 0)
        dag = self._vandaag - 60 * DAG
        yield self._traject(vol, dag, (), (Wijziging(dag + 21 * DAG, ingetrokken=True),))
        te_vroeg = self._plek("42420007", 0)
        eind = self._vandaag - 2 * DAG
        stop = Zending(self._vandaag, Variant.VOOR_ZIJN_BEURT, (Klasse(eind - 30 * DAG, eind, "31"),))
        yield self._traject(te_vroeg, eind - 30 * DAG, (), post=(stop,))

    def _plek(self, aanbieder: str, regel: int) -> Plek:
        lijn = AANBIEDERS[aanbieder].lijnen[regel]
        return Plek(aanbieder, lijn, _gemeenten(lijn)[0], VLOT)


def _personen(wet: str) -> Iterator[int]:
    return (persoon for persoon in count() if wet_van(persoon) == wet)


def _gemeenten(lijn: Demolijn) -> list[str]:
    return sorted(lijn.verdeelsleutel) if lijn.gemeente is None else [lijn.gemeente]
