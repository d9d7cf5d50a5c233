"""The post that releases a term for payment (F-2): the advance is made, and owed to the aanbieder."""

from __future__ import annotations

from services.financien.betaalschema.rules import Termijn
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, Rekening, boekdatum_in
from shared.kernel.periode import Maand

SOORT = "termijn"


def sleutel(lijn: str, maand: Maand) -> str:
    """The name of the fact that a term is released: there is one of a lijn and month."""
    return f"{SOORT}/{termijn_id(lijn, maand)}"


def termijn_id(lijn: str, maand: Maand) -> str:
    """The name of a term."""
    return f"{lijn}:{maand}"


def lees_termijn_id(tekst: str) -> tuple[str, Maand]:
    """Lijn and month of the name of a term. Refuses (ValueError) another text."""
    lijn, _, maand = tekst.rpartition(":")
    if not lijn:
        raise ValueError(f"'{tekst}' is geen termijn: schrijf lijn en maand, bijvoorbeeld o1:0294:54Z01:2026-01.")
    return lijn, Maand.lees(maand)


def vrijgave(
    *,
    lijn: str,
    overeenkomst: str,
    gemeente: str,
    aanbieder: str,
    subsegment: str,
    maand: Maand,
    termijn: Termijn,
    gesloten_tot: Maand | None,
) -> Journaalpost | None:
    """The post of a term whose month has begun; None for a term of zero. It is booked on the first of its month, or
    of the first open month when that one is closed; `maand` of the booking stays the month it is about.
    `overeenkomst` names contract and version, so that the post says what it rested on."""
    if termijn.bedrag.cent == 0:
        return None
    boeking = Boeking(Rekening.VOORSCHOTTEN, Rekening.TE_BETALEN, termijn.bedrag, aanbieder, subsegment, maand)
    return Journaalpost(
        gemeente,
        boekdatum_in(maand, gesloten_tot),
        SOORT,
        f"Voorschot {maand} voor {subsegment}, {overeenkomst}",
        Oorzaak(SOORT, termijn_id(lijn, maand)),
        sleutel(lijn, maand),
        (boeking,),
    )
