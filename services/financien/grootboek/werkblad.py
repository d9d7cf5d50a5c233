"""The same journal entries as a spreadsheet: amounts and days are numbers there, texts are never formulas."""

from __future__ import annotations

from collections.abc import Iterable

from services.financien.brief.rules import Cel, Tabel
from services.financien.grootboek.csv import KOPPEN
from services.financien.grootboek.rules.rubriek import Journaalregel
from shared.kernel.bedrag import som


def als_tabel(naam: str, regels: Iterable[Journaalregel]) -> Tabel:
    """One row per side of a booking, in the columns of the CSV; below them debet and credit, which are the same."""
    op_rij = list(regels)
    kolom = {kop: nummer for nummer, kop in enumerate(KOPPEN)}
    totaal: list[Cel] = [None] * len(KOPPEN)
    totaal[0] = "totaal"
    totaal[kolom["debet"]] = som(regel.debet for regel in op_rij if regel.debet is not None)
    totaal[kolom["credit"]] = som(regel.credit for regel in op_rij if regel.credit is not None)
    return Tabel(naam, KOPPEN, tuple(map(_cellen, op_rij)), tuple(totaal))


def _cellen(regel: Journaalregel) -> tuple[Cel, ...]:
    geboekt, boeking, post = regel.geboekt, regel.boeking, regel.geboekt.post
    return (
        post.gemeente,
        geboekt.volgnummer,
        post.boekdatum,
        str(post.periode),
        str(regel.rekening),
        None if regel.rubriek is None else regel.rubriek.kostenplaats,
        None if regel.rubriek is None else regel.rubriek.taakveld,
        post.omschrijving,
        boeking.aanbieder,
        boeking.subsegment,
        None if boeking.maand is None else str(boeking.maand),
        boeking.tegenpartij,
        regel.debet,
        regel.credit,
        post.soort,
        f"{post.oorzaak.soort} {post.oorzaak.id}",
        geboekt.id,
    )
