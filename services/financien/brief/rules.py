"""What a letter or specification says, apart from how it looks; and amounts and days as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

MAANDNAMEN = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
MINUS = "\u2212"
REACTIETERMIJN = 14  # days; ours, a gemeente may choose another

Cel = str | int | Bedrag | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Afzender:
    """Who writes on behalf of a gemeente, and how many days an aanbieder gets to react."""

    gemeente: str
    naam: str
    adres: tuple[str, ...] = ()
    contact: str | None = None
    reactietermijn_dagen: int = REACTIETERMIJN


@dataclass(frozen=True, slots=True)
class Kop:
    """A heading."""

    tekst: str


@dataclass(frozen=True, slots=True)
class Alinea:
    """A paragraph."""

    tekst: str


@dataclass(frozen=True, slots=True)
class Tabel:
    """A table: head, rows of cells, and a row of sums if it has one. `naam` names it, in a spreadsheet as well."""

    naam: str
    koppen: tuple[str, ...]
    rijen: tuple[tuple[Cel, ...], ...]
    totaal: tuple[Cel, ...] | None = None


Blok = Kop | Alinea | Tabel


@dataclass(frozen=True, slots=True)
class Document:
    """A letter (with `aanhef`) or a specification. `concept`: it was not sent, and says so on every page."""

    afzender: Afzender
    aanbieder: str
    aanbieder_naam: str | None
    datum: date
    kenmerk: str
    onderwerp: str
    blokken: tuple[Blok, ...]
    brief: bool = True
    liggend: bool = False
    concept: bool = False

    def tabellen(self) -> tuple[Tabel, ...]:
        """Its tables, for a spreadsheet; before them what its head says: of whom it is, for whom, about what."""
        hoofd = Tabel(
            "Waarover",
            ("Wat", "Gegeven"),
            (
                ("Onderwerp", self.onderwerp),
                ("Van", self.afzender.naam),
                ("Gemeentecode", self.afzender.gemeente),
                ("Aan", self.aanbieder_naam),
                ("AGB-code", self.aanbieder),
                ("Kenmerk", self.kenmerk),
                ("Datum", self.datum),
            ),
        )
        return (hoofd, *(blok for blok in self.blokken if isinstance(blok, Tabel)))


def alineas(tekst: str | None) -> tuple[Alinea, ...]:
    """What a person wrote, a paragraph per line."""
    return tuple(Alinea(regel.strip()) for regel in (tekst or "").splitlines() if regel.strip())


def in_euro(bedrag: Bedrag) -> str:
    """As Dutch people write it: `€ 1.234,56`, `€ −0,05`."""
    euro, cent = divmod(abs(bedrag.cent), 100)
    teken = MINUS if bedrag.cent < 0 else ""
    return f"€ {teken}{euro:,}".replace(",", ".") + f",{cent:02d}"


def in_woorden(dag: date) -> str:
    """`1 juli 2026`."""
    return f"{dag.day} {MAANDNAMEN[dag.month - 1]} {dag.year}"


def maand_in_woorden(maand: Maand) -> str:
    """`juli 2026`."""
    return f"{MAANDNAMEN[maand.nummer - 1]} {maand.jaar}"


def in_decimalen(aantal: Fraction, decimalen: int = 4) -> str:
    """A number with a comma, half away from zero, without zeros at its end: `3,5`, `0,3333`, `12`."""
    schaal = 10**decimalen
    heel = (2 * abs(aantal.numerator) * schaal + aantal.denominator) // (2 * aantal.denominator)
    geheel, rest = divmod(heel, schaal)
    teken = MINUS if aantal < 0 and heel else ""
    deel = f"{rest:0{decimalen}d}".rstrip("0") if decimalen else ""
    return f"{teken}{geheel:,}".replace(",", ".") + (f",{deel}" if deel else "")


def in_procenten(deel: Fraction) -> str:
    """A share as a percentage with at most one decimal: `12,5%`."""
    return f"{in_decimalen(deel * 100, 1)}%"


def als_tekst(cel: Cel) -> str:
    """A cell as it stands in a letter."""
    if cel is None:
        return ""
    if isinstance(cel, Bedrag):
        return in_euro(cel)
    if isinstance(cel, date):
        return f"{cel:%d-%m-%Y}"
    if isinstance(cel, Fraction):
        return in_decimalen(cel)
    return cel if isinstance(cel, str) else in_decimalen(Fraction(cel), 0)


def is_getal(cel: Cel) -> bool:
    """Whether a cell is put to the right: numbers and amounts."""
    return isinstance(cel, Bedrag | Fraction | int)


def opsomming(woorden: Sequence[str]) -> str:
    """`a`, `a en b`, `a, b en c`."""
    if len(woorden) < 2:
        return "".join(woorden)
    return f"{', '.join(woorden[:-1])} en {woorden[-1]}"


def rechts(tabel: Tabel) -> tuple[bool, ...]:
    """Which columns hold numbers only: those stand to the right, head included."""
    rijen: Iterable[tuple[Cel, ...]] = tabel.rijen
    return tuple(
        any(rij[i] is not None for rij in rijen) and all(rij[i] is None or is_getal(rij[i]) for rij in tabel.rijen)
        for i in range(len(tabel.koppen))
    )
