"""Put a financial year of a gemeente together from contracts, terms, occupancy, settlements and ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.financien.afrekening.berekening import instellingen_van
from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import stand_van
from services.financien.bezetting.store import LEVERINGEN_VAN_CEL, als_bezet
from services.financien.boekjaar.rules import Maandcijfer, lumpsum_in, maandcijfers, verwacht_in
from services.financien.boekjaar.store import LIJNEN_IN_JAAR, VASTGESTELD_IN_JAAR
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import lijn_van
from shared.database.port import Query, Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, Periode

NIETS = Bedrag(0)
Sleutel = tuple[str, str, Maand]  # aanbieder, sub-segment, month


@dataclass(frozen=True, slots=True)
class Lijnjaar:
    """A lijn in a financial year. `bezet`: the occupied days of each of its leveringen through today."""

    lijn: Lijn
    maanden: tuple[Maandcijfer, ...]
    lumpsum: Bedrag
    verwacht: Bedrag
    bezet: tuple[tuple[Periode, ...], ...]


def grenzen(jaar: int) -> tuple[Maand, Maand]:
    """First and last month of a financial year."""
    return Maand(jaar, 1), Maand(jaar, 12)


async def lijnjaren(reader: Reader, vandaag: date, gemeente: str, jaar: int) -> list[Lijnjaar]:
    """Every lijn of a gemeente that covers a month of the year, in order of aanbieder and sub-segment."""
    eerste, laatste = grenzen(jaar)
    rows = await reader.all(LIJNEN_IN_JAAR, gemeente=gemeente, eerste=str(eerste), laatste=str(laatste))
    vastgesteld = await _vastgesteld(reader, gemeente, jaar)
    gevonden = []
    for row in rows:
        gevonden.append(await _lijnjaar(reader, vandaag, row, jaar, vastgesteld))
        await asyncio.sleep(0)  # SQLite never waits by itself, and a large gemeente takes long
    return [deel for deel in gevonden if deel.maanden]


async def _lijnjaar(
    reader: Reader, vandaag: date, row: Any, jaar: int, vastgesteld: dict[tuple[str, str], dict[Maand, Bedrag]]
) -> Lijnjaar:
    lijn = lijn_van(row)
    eerste, laatste = grenzen(jaar)
    schema = await schema_van_lijn(reader, lijn.id)
    eigen = [maand for maand in sorted(schema.keys() | set(lijn.contract.maanden())) if eerste <= maand <= laatste]
    stand = stand_van(await verloop_van(reader, cel_van(lijn)), vandaag)
    cijfers = maandcijfers(
        lijn.contract,
        eigen,
        vandaag,
        lijn.eigen_dagen(stand.dagen),
        {maand: termijn.bedrag for maand, termijn in schema.items()},
        vastgesteld.get((lijn.overeenkomst, lijn.subsegment), {}),
        instellingen_van(row),
    )
    bezet = [als_bezet(levering.bezet) for levering in await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())]
    dekt = lijn.dekt(Maand.van(vandaag))
    return Lijnjaar(
        lijn,
        cijfers,
        lumpsum_in(lijn.contract, eigen),
        verwacht_in(lijn.contract, cijfers, vandaag, stand.bezet if dekt else 0),
        tuple(bezet),
    )


async def _vastgesteld(reader: Reader, gemeente: str, jaar: int) -> dict[tuple[str, str], dict[Maand, Bedrag]]:
    """(overeenkomst, sub-segment) → month → what it costs by settlements that were fixed, corrections included."""
    eerste, laatste = grenzen(jaar)
    gevonden: dict[tuple[str, str], dict[Maand, Bedrag]] = {}
    vraag = {"gemeente": gemeente, "eerste": eerste.eerste, "laatste": laatste.laatste}
    for row in await reader.all(VASTGESTELD_IN_JAAR, **vraag):
        for regel in row.regels:
            maanden = gevonden.setdefault((regel["overeenkomst"], regel["subsegment"]), {})
            for deel in regel["maanden"]:
                maand = Maand.lees(deel["maand"])
                if eerste <= maand <= laatste:
                    maanden[maand] = maanden.get(maand, NIETS) + Bedrag(deel["kosten_cent"])
    return gevonden


async def geboekt(
    reader: Reader, gemeente: str, jaar: int, kanten: tuple[Query, Query], **rest: object
) -> dict[Sleutel, Bedrag]:
    """Debet minus credit in the ledger about the months of a year; what adds up to nothing is left out."""
    eerste, laatste = grenzen(jaar)
    gevonden: dict[Sleutel, Bedrag] = {}
    for teken, kant in zip((1, -1), kanten, strict=True):
        for row in await reader.all(kant, gemeente=gemeente, eerste=str(eerste), laatste=str(laatste), **rest):
            sleutel = (row.aanbieder, row.subsegment, Maand.lees(row.maand))
            gevonden[sleutel] = gevonden.get(sleutel, NIETS) + Bedrag(teken * int(row.cent))
    return {sleutel: bedrag for sleutel, bedrag in gevonden.items() if bedrag.cent}


def leveringen_in(bezet: Iterable[tuple[Periode, ...]], begin: date, eind: date) -> int:
    """How many leveringen occupied a place on one of these days."""
    if eind < begin:
        return 0
    dagen = Periode(begin, eind)
    return sum(any(periode.overlapt(dagen) for periode in perioden) for perioden in bezet)
