"""Accountability as tables: for a spreadsheet, and as CSV with semicolons, comma decimals, UTF-8 with BOM."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from services.financien.bezetting.rules import hoogstens_vier_decimalen
from services.financien.brief.rules import Cel, Tabel
from services.financien.verantwoording.handlers import Verantwoording
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen

GEMEENTE, AANBIEDER = ("gemeente", "naam gemeente"), ("aanbieder", "naam aanbieder")
SUBSEGMENT = ("sub-segment", "naam sub-segment")
KOPPEN = (*GEMEENTE, "jaar", *AANBIEDER, "segment", *SUBSEGMENT, "regime", "eerste maand", "laatste maand")
AANSLUITING = (*GEMEENTE, "jaar", "wat", *AANBIEDER, *SUBSEGMENT, "administratie", "grootboek", "verschil")
FORMULE = ("=", "+", "-", "@", "\t", "\r")


def als_tabellen(verantwoord: Sequence[Verantwoording], namen: Namen) -> tuple[Tabel, Tabel]:
    """The figures, and where they do not agree with the ledger (one line per gemeente that does); a name beside each
    code that has one."""
    velden = tuple(dict.fromkeys(veld for een in verantwoord for veld in een.set.velden))
    cijfers = tuple(
        (
            *(een.gemeente, namen.gemeenten.get(een.gemeente), een.jaar),
            *(regel.aanbieder, namen.aanbieders.get(regel.aanbieder), regel.segment),
            *(regel.subsegment, namen.subsegmenten.get(regel.subsegment)),
            *(str(regel.deel.regime), str(regel.deel.begin), str(regel.deel.eind)),
            *(regel.waarden.get(veld) for veld in velden),
        )
        for een in verantwoord
        for regel in een.regels
    )
    aansluiting: list[tuple[Cel, ...]] = []
    for een in verantwoord:
        aansluiting += [
            (
                *(een.gemeente, namen.gemeenten.get(een.gemeente), een.jaar, verschil.wat),
                *(verschil.aanbieder, namen.aanbieders.get(verschil.aanbieder)),
                *(verschil.subsegment, namen.subsegmenten.get(verschil.subsegment)),
                *(verschil.administratie, verschil.grootboek, verschil.administratie - verschil.grootboek),
            )
            for verschil in een.verschillen
        ] or [_sluit_aan(een, namen)]
    return (
        Tabel("Verantwoording", (*KOPPEN, *map(str, velden)), cijfers),
        Tabel("Aansluiting", AANSLUITING, tuple(aansluiting)),
    )


def _sluit_aan(een: Verantwoording, namen: Namen) -> tuple[Cel, ...]:
    leeg = (None,) * (len(AANBIEDER) + len(SUBSEGMENT))
    wie = (een.gemeente, namen.gemeenten.get(een.gemeente), een.jaar)
    return (*wie, "sluit aan op het grootboek", *leeg, None, None, Bedrag(0))


def als_csv(tabel: Tabel) -> bytes:
    """A head and one line per row."""
    tekst = io.StringIO()
    schrijver = csv.writer(tekst, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(tabel.koppen)
    schrijver.writerows([_veld(cel) for cel in rij] for rij in tabel.rijen)
    return tekst.getvalue().encode("utf-8-sig")


def _veld(cel: Cel) -> str:
    if cel is None:
        return ""
    if isinstance(cel, Bedrag):
        return cel.als_euro().replace(".", ",")
    if isinstance(cel, Fraction):
        return hoogstens_vier_decimalen(cel).replace(".", ",")
    if isinstance(cel, date):
        return cel.isoformat()
    tekst = str(cel)
    return f"'{tekst}" if tekst.startswith(FORMULE) else tekst
