"""Put together what next year asks for: per line, or per aanbieder and sub-segment over all gemeenten (F-6)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.bezetting.store import LEVERINGEN_VAN_CEL, Cel, als_bezet, als_perioden
from services.financien.contractgegevens.handlers import opgaven_van
from services.financien.contractgegevens.rules import opgegeven
from services.financien.indexatie.handlers import indexen_per_subsegment
from services.financien.indexatie.rules import Index, geindexeerde_prijs
from services.financien.overeenkomst.handlers import lijnen_van_cel
from services.financien.overeenkomst.rules import Lijn
from services.financien.voorstel.rules import (
    Levering,
    Schatting,
    Waarneming,
    gewogen_prijs,
    schat,
    te_weinig,
    venster,
    waarneming,
)
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

NIETS = Bedrag(0)


@dataclass(frozen=True, slots=True)
class Prijsbasis:
    """The price that a proposal counts with: what was agreed for the year (`maand` in it), or the last price there is,
    indexed where the figures are known."""

    prijs: Bedrag
    maand: Maand
    index: Fraction | None


@dataclass(frozen=True, slots=True)
class Voorstel:
    """Next year of a line: what was seen, what follows (None: too little, and why), and at what price."""

    gemeente: str | None
    aanbieder: str
    subsegment: str
    toegekend: Fraction
    waarneming: Waarneming
    schatting: Schatting | None
    te_weinig: str | None
    prijs: Prijsbasis
    opgegeven_dagen: int | None


async def stel_voor(
    reader: Reader, vandaag: date, jaar: int, groepen: Sequence[tuple[str | None, Sequence[Cel]]]
) -> list[Voorstel]:
    """The proposals for a year; each group of cells is seen as one (gemeente None: more than one together)."""
    indexen = await indexen_per_subsegment(reader, jaar)
    voorstellen = []
    for gemeente, cellen in groepen:
        voorstellen.append(await _voorstel(reader, vandaag, jaar, gemeente, cellen, indexen))
        await asyncio.sleep(0)  # SQLite never waits by itself, and a page of large lines takes long
    return voorstellen


async def _voorstel(
    reader: Reader, vandaag: date, jaar: int, gemeente: str | None, cellen: Sequence[Cel], indexen: Mapping[str, Index]
) -> Voorstel:
    lijnen: list[Lijn] = []
    leveringen: list[Levering] = []
    prijzen: list[tuple[Fraction, Bedrag]] = []
    bases: list[Prijsbasis] = []
    opgaven: set[int | None] = set()
    for cel in cellen:
        van_cel = await lijnen_van_cel(reader, *cel)
        lijnen += van_cel
        leveringen += [_levering(row, vandaag) for row in await reader.all(LEVERINGEN_VAN_CEL, **cel.sleutel())]
        basis = prijsbasis(van_cel, jaar, indexen.get(cel.subsegment))
        bases.append(basis)
        opgaven.add(await _opgave(reader, van_cel, vandaag))
        prijzen.append((_plekken_in(van_cel, Maand.van(vandaag)), basis.prijs))
    begin = min(lijn.contract.begin for lijn in lijnen).eerste
    gezien = waarneming(leveringen, *venster(vandaag, begin))
    jongste = max(bases, key=lambda basis: basis.maand)
    return Voorstel(
        gemeente,
        cellen[0].aanbieder,
        cellen[0].subsegment,
        sum((plekken for plekken, _ in prijzen), Fraction(0)),
        gezien,
        schat(gezien),
        te_weinig(gezien),
        Prijsbasis(gewogen_prijs(prijzen), jongste.maand, jongste.index),
        opgaven.pop() if len(opgaven) == 1 else None,
    )


async def _opgave(reader: Reader, lijnen: Sequence[Lijn], vandaag: date) -> int | None:
    """The length of stay that the contract of now, or else the last one, states."""
    begonnen = [lijn for lijn in lijnen if lijn.contract.begin.eerste <= vandaag] or list(lijnen)
    lijn = max(begonnen, key=lambda lijn: lijn.contract.begin)
    return opgegeven(await opgaven_van(reader, lijn.overeenkomst), lijn.gemeente, lijn.subsegment, vandaag)


def prijsbasis(lijnen: Sequence[Lijn], jaar: int, index: Index | None) -> Prijsbasis:
    """The price of the first month of the year that a lijn covers, else the last price before it (indexed)."""
    gedekt = [(maand, lijn) for lijn in lijnen for maand in lijn.contract.maanden() if lijn.dekt(maand)]
    in_jaar = [(maand, lijn) for maand, lijn in gedekt if maand.jaar == jaar]
    if in_jaar:
        maand, lijn = min(in_jaar, key=lambda paar: paar[0])
        return Prijsbasis(Bedrag(lijn.contract.jaarprijs_in(maand)), maand, None)
    if not gedekt:
        return Prijsbasis(NIETS, max(lijn.contract.eind for lijn in lijnen), None)
    maand, lijn = max(gedekt, key=lambda paar: paar[0])
    prijs = Bedrag(lijn.contract.jaarprijs_in(maand))
    if index is None or maand.jaar > jaar:
        return Prijsbasis(prijs, maand, None)
    return Prijsbasis(geindexeerde_prijs(prijs, index.waarde), maand, index.waarde)


def _plekken_in(lijnen: Sequence[Lijn], maand: Maand) -> Fraction:
    return sum((lijn.contract.plekken_in(maand) for lijn in lijnen if lijn.dekt(maand)), Fraction(0))


def _levering(row: Any, vandaag: date) -> Levering:
    """A stored levering; it is on hold when its last stop is temporary and its toewijzing goes on."""
    perioden = als_perioden(row.perioden)
    laatste = max(perioden, key=lambda periode: periode.begindatum, default=None)
    gestopt = laatste is not None and laatste.tijdelijk and laatste.definitief is None
    loopt = row.einddatum_toewijzing is None or row.einddatum_toewijzing > vandaag
    return Levering(als_bezet(row.bezet), gestopt and loopt)
