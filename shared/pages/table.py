"""A table as a value: the page shows it, and the same rows leave as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shared.kernel.bedrag import Bedrag
from shared.kernel.plekken import Plekken
from shared.pages import words

BOM = "\ufeff"  # without it a Dutch Excel reads UTF-8 as something else
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a text beginning so is a formula to a spreadsheet

Waarde = str | int | Decimal | Fraction | Bedrag | Plekken | date | datetime | None


class Soort(StrEnum):
    """What a column holds, and so on which side it is aligned."""

    TEKST = "tekst"
    GETAL = "getal"
    BEDRAG = "bedrag"
    DATUM = "datum"
    PROCENT = "procent"


@dataclass(frozen=True, slots=True)
class Kolom:
    """A column with its heading. `code`: the heading of a column of codes that the CSV has beside it, for who goes on
    with the table in other software; a page shows names."""

    kop: str
    soort: Soort = Soort.TEKST
    code: str = ""


@dataclass(frozen=True, slots=True)
class Cel:
    """A value, where it leads to and how it looks. `bij`: small text after it; `klasse`: a class of the stylesheet;
    `code`: of whom or what it is the name."""

    waarde: Waarde
    href: str | None = None
    klasse: str = ""
    bij: str = ""
    code: str | None = None

    @property
    def tekst(self) -> str:
        """As a person reads it."""
        return getoond(self.waarde)


@dataclass(frozen=True, slots=True)
class Tabel:
    """A table. `naam`: what its CSV is called; `leeg`: what to say when there are no rows; the first cell of a row is
    its heading."""

    naam: str
    bijschrift: str
    kolommen: Sequence[Kolom]
    rijen: Sequence[Sequence[Cel]]
    leeg: str = "Er is nog niets."
    totaal: Sequence[Cel] = field(default=())

    def als_csv(self) -> bytes:
        """UTF-8 with BOM, semicolons, decimal commas: what opens well in a Dutch spreadsheet."""
        uit = io.StringIO()
        writer = csv.writer(uit, delimiter=";", lineterminator="\r\n")
        writer.writerow([kop for kolom in self.kolommen for kop in _met_code(kolom, kolom.kop, kolom.code)])
        for rij in [*self.rijen, *([self.totaal] if self.totaal else [])]:
            cellen = zip(self.kolommen, rij, strict=True)
            writer.writerow([in_csv(t) for kolom, cel in cellen for t in _met_code(kolom, cel.waarde, cel.code)])
        return (BOM + uit.getvalue()).encode()


def rij(*waarden: Waarde | Cel) -> list[Cel]:
    """Cells of these values."""
    return [waarde if isinstance(waarde, Cel) else Cel(waarde) for waarde in waarden]


def _met_code(kolom: Kolom, waarde: Waarde, code: str | None) -> tuple[Waarde, ...]:
    return (waarde, code) if kolom.code else (waarde,)


def getoond(waarde: Waarde) -> str:
    """A value as a person reads it; of a Fraction: a share, as percentage."""
    match waarde:
        case None:
            return "–"
        case str():
            return waarde
        case Bedrag():
            return words.euro(waarde)
        case datetime():
            return words.moment(waarde)
        case date():
            return words.datum_kort(waarde)
        case Fraction():
            return words.procent(waarde)
        case _:
            return words.getal(waarde)


def in_csv(waarde: Waarde) -> str:
    """A value in a cell of a spreadsheet: numbers stay numbers, texts stay texts."""
    match waarde:
        case None:
            return ""
        case str():
            return f"'{waarde}" if waarde.startswith(RISKY) else waarde
        case Bedrag():
            return waarde.als_euro().replace(".", ",")
        case Plekken():
            return waarde.als_tekst().replace(".", ",")
        case datetime():
            return waarde.astimezone(words.HIER).strftime("%d-%m-%Y %H:%M")
        case date():
            return waarde.strftime("%d-%m-%Y")
        case Fraction():
            return f"{round(Decimal(waarde.numerator) / Decimal(waarde.denominator), 4):f}".replace(".", ",")
        case _:
            return str(waarde).replace(".", ",")
