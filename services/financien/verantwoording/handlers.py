"""Account for a financial year of a gemeente: per aanbieder, sub-segment and regime, held against the ledger (F-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.boekjaar.handlers import Lijnjaar, Sleutel, geboekt, leveringen_in, lijnjaren
from services.financien.boekjaar.rules import Maandcijfer, lumpsum_in
from services.financien.boekjaar.store import LASTEN, OVERGEBOEKT, VOORSCHOTTEN
from services.financien.subsegment.handlers import segmenten
from services.financien.verantwoording.rules import (
    BIJ_PRODUCTIE,
    Deel,
    Informatieset,
    Regime,
    Veld,
    Verschil,
    informatieset_van,
    keur_informatieset,
    verschillen,
)
from services.financien.verantwoording.store import INFORMATIESET, INFORMATIESETS_VAN
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.outbox.edge import Context, Outcome

NIETS = Bedrag(0)
Waarde = Bedrag | Fraction | int | None
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verantwoordingsregel:
    """An aanbieder and sub-segment under one regime. `waarden`: what the information set asks; null where this regime
    does not know it."""

    aanbieder: str
    segment: str | None
    subsegment: str
    deel: Deel
    waarden: Mapping[Veld, Waarde]


@dataclass(frozen=True, slots=True)
class Verantwoording:
    """A financial year of a gemeente as it is known now."""

    gemeente: str
    jaar: int
    stand: date
    set: Informatieset
    regels: tuple[Verantwoordingsregel, ...]
    transitorisch: Bedrag
    verschillen: tuple[Verschil, ...]


async def geldende_informatieset(reader: Reader, jaar: int) -> Informatieset:
    """What was agreed last for a year, else what holds without."""
    rows = await reader.all(INFORMATIESETS_VAN, jaar=jaar)
    if not rows:
        return informatieset_van(jaar)
    row = rows[-1]
    delen = (Deel(Regime(d["regime"]), Maand.lees(d["begin"]), Maand.lees(d["eind"])) for d in row.regimes)
    return Informatieset(tuple(Veld(veld) for veld in row.velden), tuple(delen), row.bron)


async def leg_informatieset_vast(
    reader: Reader, context: Context, jaar: int, nieuw: Informatieset
) -> Outcome[Informatieset]:
    """Lay down what is accounted for over a year; earlier entries stay. Refuses `InformatiesetOngeldig`."""
    keur_informatieset(jaar, nieuw.velden, nieuw.delen)
    rows = await reader.all(INFORMATIESETS_VAN, jaar=jaar)
    outcome = Outcome(nieuw, Changeset())
    if rows and await geldende_informatieset(reader, jaar) == nieuw:
        return outcome
    outcome.changes.insert(
        INFORMATIESET,
        jaar=jaar,
        volgnummer=len(rows) + 1,
        velden=[str(veld) for veld in nieuw.velden],
        regimes=[{"regime": str(d.regime), "begin": str(d.begin), "eind": str(d.eind)} for d in nieuw.delen],
        bron=nieuw.bron,
        ingevoerd_op=context.now,
        ingevoerd_door=context.caller.gebruiker,
    )
    return outcome


async def verantwoord(
    reader: Reader, vandaag: date, gemeente: str, jaar: int, aanbieder: str | None = None
) -> Verantwoording:
    """The year of a gemeente, of one aanbieder when named."""
    informatie = await geldende_informatieset(reader, jaar)
    jaren = [
        deel
        for deel in await lijnjaren(reader, vandaag, gemeente, jaar)
        if aanbieder is None or deel.lijn.aanbieder == aanbieder
    ]
    segment = await segmenten(reader)
    per_paar: dict[tuple[str, str], list[Lijnjaar]] = {}
    for deel in jaren:
        per_paar.setdefault((deel.lijn.aanbieder, deel.lijn.subsegment), []).append(deel)
    regels = [
        Verantwoordingsregel(
            wie, segment.get(code), code, periode, _waarden(informatie.velden, delen, periode, vandaag)
        )
        for (wie, code), delen in per_paar.items()
        for periode in informatie.delen
        if any(periode.begin <= cijfer.maand <= periode.eind for deel in delen for cijfer in deel.maanden)
    ]
    boeken = [await geboekt(reader, gemeente, jaar, kanten) for kanten in (VOORSCHOTTEN, LASTEN, OVERGEBOEKT)]
    voorschotten, lasten, overgeboekt = (_van(aanbieder, deel) for deel in boeken)
    return Verantwoording(
        gemeente,
        jaar,
        vandaag,
        informatie,
        tuple(regels),
        som(overgeboekt.values()),
        (
            *verschillen("bevoorschot", _per_paar(jaren, lambda cijfer: cijfer.voorschot), voorschotten),
            *verschillen("afgerekend", _per_paar(jaren, _afgerekend), lasten),
        ),
    )


def _afgerekend(cijfer: Maandcijfer) -> Bedrag:
    return cijfer.kosten or NIETS if cijfer.afgerekend else NIETS


def _per_paar(jaren: Iterable[Lijnjaar], bedrag: Any) -> dict[tuple[str, str], Bedrag]:
    gevonden: dict[tuple[str, str], Bedrag] = {}
    for deel in jaren:
        paar = (deel.lijn.aanbieder, deel.lijn.subsegment)
        gevonden[paar] = gevonden.get(paar, NIETS) + som(bedrag(cijfer) for cijfer in deel.maanden)
    return gevonden


def _van(aanbieder: str | None, boeken: Mapping[Sleutel, Bedrag]) -> dict[tuple[str, str], Bedrag]:
    gevonden: dict[tuple[str, str], Bedrag] = {}
    for (wie, code, _), bedrag in boeken.items():
        if aanbieder in (None, wie):
            gevonden[wie, code] = gevonden.get((wie, code), NIETS) + bedrag
    return gevonden


def _waarden(velden: Iterable[Veld], delen: Sequence[Lijnjaar], periode: Deel, vandaag: date) -> dict[Veld, Waarde]:
    """What is asked. Production knows no places and advances: those are null, but never an amount that is there."""
    alle = _alle_waarden(delen, periode, vandaag)
    productie = periode.regime is Regime.PRODUCTIE
    return {veld: None if productie and not _ook_bij_productie(veld, alle[veld]) else alle[veld] for veld in velden}


def _ook_bij_productie(veld: Veld, waarde: Waarde) -> bool:
    return veld in BIJ_PRODUCTIE or (isinstance(waarde, Bedrag) and waarde != NIETS)


def _alle_waarden(delen: Sequence[Lijnjaar], periode: Deel, vandaag: date) -> dict[Veld, Waarde]:
    """Every field of an aanbieder and sub-segment over the months of a regime."""
    cijfers = [(deel, c) for deel in delen for c in deel.maanden if periode.begin <= c.maand <= periode.eind]
    lijnmaanden = {maand for deel in delen for maand in deel.lijn.contract.maanden() if deel.lijn.dekt(maand)}
    gedekt = sorted(maand for maand in lijnmaanden if periode.begin <= maand <= periode.eind)
    voorbij = [maand for maand in gedekt if maand.laatste < vandaag]
    dagen = dict.fromkeys(gedekt, 0)
    for _, cijfer in cijfers:
        dagen[cijfer.maand] = dagen.get(cijfer.maand, 0) + cijfer.dagen
    toegekend = sum((deel.lijn.contract.plekken_in(cijfer.maand) for deel, cijfer in cijfers), Fraction(0))
    bezet = sum((Fraction(dagen[maand], maand.dagen) for maand in voorbij), Fraction(0))
    gerealiseerd = som(cijfer.kosten or NIETS for _, cijfer in cijfers)
    afgerekend = som(_afgerekend(cijfer) for _, cijfer in cijfers)
    bevoorschot = som(cijfer.voorschot for _, cijfer in cijfers)
    lumpsum = som(
        lumpsum_in(deel.lijn.contract, [c.maand for c in deel.maanden if periode.begin <= c.maand <= periode.eind])
        for deel in delen
    )
    return {
        Veld.PLEKKEN: toegekend / len(gedekt) if gedekt else Fraction(0),
        Veld.LUMPSUM: lumpsum,
        Veld.BEVOORSCHOT: bevoorschot,
        Veld.GEREALISEERD: gerealiseerd,
        Veld.AFGEREKEND: afgerekend,
        Veld.NOG_AF_TE_REKENEN: gerealiseerd - afgerekend,
        Veld.TE_VERREKENEN: gerealiseerd - bevoorschot,
        Veld.BEZETTE_DAGEN: sum(dagen.values()),
        Veld.GEMIDDELD_BEZET: bezet / len(voorbij) if voorbij else None,
        # The leveringen of a cell stand at each of its lijnen: one is enough.
        Veld.LEVERINGEN: _leveringen(delen[0], gedekt, vandaag),
    }


def _leveringen(deel: Lijnjaar, gedekt: Sequence[Maand], vandaag: date) -> int:
    """How many leveringen occupied a place in a month that a lijn covers, through today."""
    spannes = [(maand.eerste, min(maand.laatste, vandaag)) for maand in gedekt]
    return sum(any(leveringen_in([perioden], *span) for span in spannes) for perioden in deel.bezet)
