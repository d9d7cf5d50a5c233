"""Dates, amounts and numbers as Dutch readers write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Kwartaal, Maand
from shared.kernel.plekken import Plekken

TAAL = "nl_NL"
HIER = ZoneInfo("Europe/Amsterdam")
# For templates.
FILTERS = ("aandeel", "datum", "datum_kort", "moment", "maand", "euro", "getal", "leesbaar", "procent", "tijdstip")
Getal = int | Decimal | Fraction | Plekken


def datum(dag: date | None) -> str:
    """`1 maart 2026`, for in a sentence; nothing for None."""
    return "" if dag is None else format_date(dag, "d MMMM y", locale=TAAL)


def datum_kort(dag: date | None) -> str:
    """`01-03-2026`, for in a table."""
    return "" if dag is None else format_date(dag, "dd-MM-y", locale=TAAL)


def moment(tijdstip: datetime | None) -> str:
    """`1 maart 2026 14:05`, in Dutch time."""
    return "" if tijdstip is None else format_datetime(tijdstip, "d MMMM y HH:mm", tzinfo=HIER, locale=TAAL)


def maand(gevraagd: Maand | str) -> str:
    """`maart 2026`, of a month or of `2026-03`."""
    eerste = gevraagd.eerste if isinstance(gevraagd, Maand) else date.fromisoformat(f"{gevraagd}-01")
    return format_date(eerste, "MMMM y", locale=TAAL)


def kwartaal(gevraagd: Kwartaal | str) -> str:
    """`3e kwartaal 2026`, of a quarter or of `2026-Q3`."""
    gelezen = gevraagd if isinstance(gevraagd, Kwartaal) else Kwartaal.lees(gevraagd)
    return f"{gelezen.nummer}e kwartaal {gelezen.jaar}"


def euro(bedrag: Bedrag | str) -> str:
    """`€ 38.500,00`, with a space that does not break; of an amount or of `38500.00`."""
    waarde = bedrag if isinstance(bedrag, Bedrag) else Bedrag.van_euro(bedrag)
    return format_currency(Decimal(waarde.cent).scaleb(-2), "EUR", locale=TAAL)


def getal(aantal: Getal) -> str:
    """`1.234,5`: at most two decimals."""
    return format_decimal(_decimaal(aantal), "#,##0.##", locale=TAAL)


def procent(deel: Decimal | Fraction) -> str:
    """`75 %` of 0.75, without decimals."""
    return format_percent(_decimaal(deel), locale=TAAL).replace("%", "\xa0%")


def _decimaal(aantal: Getal) -> Decimal:
    if isinstance(aantal, Plekken):
        return Decimal(aantal.honderdsten).scaleb(-2)
    if isinstance(aantal, Fraction):
        return Decimal(aantal.numerator) / Decimal(aantal.denominator)
    return Decimal(aantal)


def tweede_decimaal(exact: Fraction) -> Decimal:
    """An exact number of places or days, to be shown with two decimals, half up."""
    return _decimaal(exact).quantize(Decimal("0.01"), ROUND_HALF_UP)


def leesbaar(code: str) -> str:
    """A code of ours as words: `niet_akkoord` → `niet akkoord`."""
    return code.replace("_", " ")


def tijdstip(tekst: str) -> str:
    """A moment that was kept as text (ISO 8601), as `moment` shows it."""
    return moment(datetime.fromisoformat(tekst))


def aandeel(tekst: str) -> str:
    """A share that was kept as text: `0.90` → `90 %`."""
    return procent(Fraction(tekst))
