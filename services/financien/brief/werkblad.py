"""The tables of a document as a spreadsheet: amounts are numbers in a Dutch euro format, texts are never formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time
from fractions import Fraction

import xlsxwriter

from services.financien.brief.rules import Cel, Tabel, als_tekst
from shared.kernel.bedrag import Bedrag

EURO = "[$€-413] #,##0.00;[$€-413] -#,##0.00"
AANTAL = "#,##0.####"
MOST_NAME = 31  # characters of the name of a sheet
NOT_IN_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))
# A name that begins with `=` or looks like an address is a text here, nothing that a spreadsheet carries out.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def als_xlsx(titel: str, tabellen: Iterable[Tabel], moment: datetime) -> bytes:
    """A sheet per table, its head frozen and with filters, sums in the last row; `moment` is the file's own date."""
    uit = io.BytesIO()
    boek = xlsxwriter.Workbook(uit, OPTIONS)
    boek.set_properties({"title": titel, "created": moment.replace(tzinfo=None), "company": "Plekregie"})
    vormen = {
        naam: boek.add_format(vorm)
        for naam, vorm in {
            "kop": {"bold": True, "bg_color": "#EBEBEB", "bottom": 1, "text_wrap": True, "valign": "top"},
            "tekst": {},
            "euro": {"num_format": EURO},
            "aantal": {"num_format": AANTAL},
            "dag": {"num_format": "dd-mm-yyyy", "align": "left"},
            "totaal tekst": {"bold": True, "top": 1},
            "totaal euro": {"bold": True, "top": 1, "num_format": EURO},
            "totaal aantal": {"bold": True, "top": 1, "num_format": AANTAL},
            "totaal dag": {"bold": True, "top": 1, "num_format": "dd-mm-yyyy"},
        }.items()
    }
    namen: set[str] = set()
    for tabel in tabellen:
        _blad(boek.add_worksheet(_naam(tabel.naam, namen)), tabel, vormen)
    boek.close()
    return uit.getvalue()


def _naam(gewenst: str, namen: set[str]) -> str:
    """A name that a sheet may have and that no other has."""
    naam = basis = gewenst.translate(NOT_IN_NAME).strip()[:MOST_NAME] or "Blad"
    nummer = 1
    while naam.lower() in namen:
        nummer += 1
        naam = f"{basis[: MOST_NAME - 4]} {nummer}"
    namen.add(naam.lower())
    return naam


def _blad(blad: xlsxwriter.worksheet.Worksheet, tabel: Tabel, vormen: dict[str, xlsxwriter.format.Format]) -> None:
    for kolom, kop in enumerate(tabel.koppen):
        blad.write_string(0, kolom, kop, vormen["kop"])
        breedte = max([len(kop), *(len(als_tekst(rij[kolom])) for rij in tabel.rijen)])
        blad.set_column(kolom, kolom, min(max(breedte + 2, 10), 60))
    rijen = [(rij, "") for rij in tabel.rijen] + ([] if tabel.totaal is None else [(tabel.totaal, "totaal ")])
    for nummer, (rij, soort) in enumerate(rijen, start=1):
        for kolom, cel in enumerate(rij):
            _schrijf(blad, nummer, kolom, cel, vormen, soort)
    blad.freeze_panes(1, 0)
    if tabel.rijen:
        blad.autofilter(0, 0, len(tabel.rijen), len(tabel.koppen) - 1)


def _schrijf(
    blad: xlsxwriter.worksheet.Worksheet,
    rij: int,
    kolom: int,
    cel: Cel,
    vormen: dict[str, xlsxwriter.format.Format],
    soort: str,
) -> None:
    if isinstance(cel, Bedrag):
        blad.write_number(rij, kolom, Fraction(cel.cent, 100), vormen[f"{soort}euro"])
    elif isinstance(cel, Fraction | int):
        blad.write_number(rij, kolom, cel, vormen[f"{soort}aantal"])
    elif isinstance(cel, date):
        blad.write_datetime(rij, kolom, datetime.combine(cel, time()), vormen[f"{soort}dag"])
    elif cel is not None:
        blad.write_string(rij, kolom, cel, vormen[f"{soort}tekst"])
    else:
        blad.write_blank(rij, kolom, None, vormen[f"{soort}tekst"])
