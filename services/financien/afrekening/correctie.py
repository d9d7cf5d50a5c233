"""What a settlement of months that were settled before books: only the difference, in a document of its own (F-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.financien.afrekening.berekening import bereken, lijnen_in, regels_nu
from services.financien.afrekening.rules import hele_maanden
from services.financien.afrekening.stappen import Row, voorschot_van
from services.financien.afrekening.store import VASTGESTELD_ROND
from shared.database.port import Reader
from shared.outbox.edge import Context

Sleutel = tuple[str, str]


@dataclass(slots=True)
class Eerder:
    """What settlements before it came to for one lijn: in all, and per month cost and advance, in cents."""

    afrekening: int
    kosten: dict[str, int]
    voorschot: dict[str, int]


async def eerdere(reader: Reader, row: Mapping[str, Any]) -> list[Row]:
    """The fixed settlements of the months of `row`: the first and its corrections, in order."""
    rows = await reader.all(VASTGESTELD_ROND, eerste=row["corrigeert"] or row["id"])
    return [dict(found._asdict()) for found in rows]


def eerder_per_lijn(documenten: Iterable[Row]) -> dict[Sleutel, Eerder]:
    """What fixed settlements booked, added up per lijn."""
    gevonden: dict[Sleutel, Eerder] = {}
    for document in documenten:
        for regel in document["regels"]:
            eerder = gevonden.setdefault(sleutel_van(regel), Eerder(0, {}, {}))
            eerder.afrekening += regel["afrekening_cent"]
            for deel in regel["maanden"]:
                maand = deel["maand"]
                eerder.kosten[maand] = eerder.kosten.get(maand, 0) + deel["kosten_cent"]
                eerder.voorschot[maand] = eerder.voorschot.get(maand, 0) + voorschot_van(deel)
    return gevonden


def sleutel_van(regel: Mapping[str, Any]) -> Sleutel:
    """Which lijn a regel is about."""
    return regel["overeenkomst"], regel["subsegment"]


def verschil(nu: Sequence[Row], documenten: Iterable[Row]) -> list[Row]:
    """The regels of now less what was settled: per month in `kosten_cent` and `voorschot_cent`, per regel in
    `afrekening_cent`. The other figures stay those of now, so that a reader sees what the difference is the difference
    of. A lijn or month that is gone from the contract since is taken back whole."""
    eerder = eerder_per_lijn(documenten)
    bekend = {sleutel_van(regel): regel for regel in nu}
    return [
        _regel(bekend.get(sleutel) or _leeg(sleutel), eerder.get(sleutel, Eerder(0, {}, {})))
        for sleutel in (*bekend, *(sleutel for sleutel in eerder if sleutel not in bekend))
    ]


def _leeg(sleutel: Sleutel) -> Row:
    return {
        "overeenkomst": sleutel[0],
        "subsegment": sleutel[1],
        "plekken": "0",
        "gemiddeld_bezet": "0.0000",
        "gerealiseerd_cent": 0,
        "betaald_cent": 0,
        "maanden": [],
        "doorlooptijd": None,
    }


def _regel(regel: Row, eerder: Eerder) -> Row:
    maanden = [_maand(deel, eerder) for deel in regel["maanden"]]
    weg = eerder.kosten.keys() - {deel["maand"] for deel in maanden}
    maanden += [_maand(_lege_maand(maand, eerder), eerder) for maand in weg]
    maanden.sort(key=lambda deel: str(deel["maand"]))
    afrekening = sum(deel["kosten_cent"] - deel["voorschot_cent"] for deel in maanden)
    return {**regel, "maanden": maanden, "eerder_cent": eerder.afrekening, "afrekening_cent": afrekening}


def _lege_maand(maand: str, eerder: Eerder) -> Row:
    """A month that the contract no longer has: it costs nothing, and what was paid for it stays paid."""
    betaald = eerder.voorschot.get(maand, 0)
    leeg = {"maand": maand, "plekken": "0", "bezette_dagen": 0, "jaarprijs_cent": 0, "kosten_cent": 0}
    return {**leeg, "betaald_cent": betaald, "voorschot_cent": betaald}


def _maand(deel: Row, eerder: Eerder) -> Row:
    maand = deel["maand"]
    return {
        **deel,
        "kosten_cent": deel["kosten_cent"] - eerder.kosten.get(maand, 0),
        "voorschot_cent": deel["betaald_cent"] - eerder.voorschot.get(maand, 0),
    }


def anders(regels: Iterable[Row]) -> bool:
    """Whether some month of a difference costs something else, or has an advance that was not settled."""
    return any(deel["kosten_cent"] or deel["voorschot_cent"] for regel in regels for deel in regel["maanden"])


async def opnieuw(reader: Reader, context: Context, row: Row) -> list[Row]:
    """The regels of a settlement as they would be now: its own, in a correction the difference. Refuses
    `PeriodeBuitenOvereenkomst`."""
    periode = hele_maanden(row["begindatum"], row["einddatum"])
    nu = await bereken(reader, context, row["gemeente"], row["aanbieder"], periode)
    if row["corrigeert"] is None:
        return nu
    return verschil(nu, [found for found in await eerdere(reader, row) if found["id"] != row["id"]])


async def sindsdien(reader: Reader, context: Context, row: Row) -> list[Row]:
    """What changed since a settlement was sent: the difference of now with what it says; since it was fixed, with what
    was settled of its months in all."""
    periode = hele_maanden(row["begindatum"], row["einddatum"])
    rows = await lijnen_in(reader, row["gemeente"], row["aanbieder"])
    nu = await regels_nu(reader, context, rows, periode)
    vast = [found for found in await eerdere(reader, row) if found["id"] != row["id"]]
    return verschil(nu, [*vast, row])
