"""Utilisation of awarded places (domain.md, "Utilisation")."""

from decimal import Decimal

from shared.kernel.plekken import Plekken


def benutting(bezet: int, plekken: Plekken) -> Decimal | None:
    """Occupied / awarded on one date, four decimals half up (`0.7500`); None when nothing is awarded."""
    if plekken.honderdsten == 0:
        return None
    # bezet / (honderdsten / 100), times 10,000 to count in the fourth decimal, plus a half
    tienduizendsten = (2 * bezet * 100 * 10_000 + plekken.honderdsten) // (2 * plekken.honderdsten)
    return Decimal(tienduizendsten).scaleb(-4)
