"""Journal entries as CSV for a financial administration: semicolons, comma decimals, UTF-8 with BOM."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from services.financien.grootboek.rules.rubriek import Journaalregel
from shared.kernel.bedrag import Bedrag

KOPPEN = (
    *("gemeente", "volgnummer", "boekdatum", "periode", "rekening", "kostenplaats", "taakveld", "omschrijving"),
    *("aanbieder", "subsegment", "maand", "tegenpartij", "debet", "credit", "soort", "oorzaak", "journaalpost"),
)
FORMULE = ("=", "+", "-", "@", "\t", "\r")


def als_csv(regels: Iterable[Journaalregel]) -> bytes:
    """A head and one line per side of a booking."""
    tekst = io.StringIO()
    schrijver = csv.writer(tekst, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(KOPPEN)
    schrijver.writerows(map(_velden, regels))
    return tekst.getvalue().encode("utf-8-sig")


def _velden(regel: Journaalregel) -> list[str]:
    geboekt, boeking, post = regel.geboekt, regel.boeking, regel.geboekt.post
    return [
        post.gemeente,
        str(geboekt.volgnummer),
        post.boekdatum.isoformat(),
        str(post.periode),
        str(regel.rekening),
        "" if regel.rubriek is None else _tekst(regel.rubriek.kostenplaats),
        "" if regel.rubriek is None else regel.rubriek.taakveld,
        _tekst(post.omschrijving),
        boeking.aanbieder or "",
        boeking.subsegment or "",
        "" if boeking.maand is None else str(boeking.maand),
        boeking.tegenpartij or "",
        _bedrag(regel.debet),
        _bedrag(regel.credit),
        post.soort,
        f"{post.oorzaak.soort} {post.oorzaak.id}",
        geboekt.id,
    ]


def _bedrag(bedrag: Bedrag | None) -> str:
    return "" if bedrag is None else bedrag.als_euro().replace(".", ",")


def _tekst(tekst: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{tekst}" if tekst.startswith(FORMULE) else tekst
