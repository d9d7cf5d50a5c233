"""Balances, worked out from the entries alone (F-9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from services.financien.grootboek.rules.boeking import Boeking, Journaalpost, Rekening
from shared.kernel.bedrag import Bedrag

NIETS = Bedrag(0)
Sleutel = tuple[Rekening, str | None, str | None]


def saldi(posten: Iterable[Journaalpost], peildatum: date) -> dict[Rekening, Bedrag]:
    """Balance of every account at the end of a day: debet minus credit. Accounts never used are absent."""
    gevonden: dict[Rekening, Bedrag] = {}
    for (rekening, _, _), bedrag in uitgesplitst(posten, peildatum).items():
        gevonden[rekening] = gevonden.get(rekening, NIETS) + bedrag
    return gevonden


def uitgesplitst(posten: Iterable[Journaalpost], peildatum: date) -> dict[Sleutel, Bedrag]:
    """The same per aanbieder and sub-segment."""
    gevonden: dict[Sleutel, Bedrag] = {}
    for post in posten:
        if post.boekdatum <= peildatum:
            for boeking in post.boekingen:
                tel(gevonden, boeking)
    return gevonden


def tel(saldo: dict[Sleutel, Bedrag], boeking: Boeking) -> None:
    """Let one booking work on balances."""
    for rekening, bedrag in ((boeking.debet, boeking.bedrag), (boeking.credit, -boeking.bedrag)):
        sleutel = (rekening, boeking.aanbieder, boeking.subsegment)
        saldo[sleutel] = saldo.get(sleutel, NIETS) + bedrag
