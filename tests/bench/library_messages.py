"""The messages that the library is measured with: two official examples, and claims as large as asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.kop import maak_kop
from services.backoffice.istandaarden.regels.client import voldoet_aan_elfproef
from services.backoffice.istandaarden.schrijven import schrijf

LINES_PER_CLIENT = 4
PERIOD: Knoop = {"Begindatum": "2026-03-01", "Einddatum": "2026-03-31"}


def example(shared: Path, name: str) -> bytes:
    """An official example."""
    return (shared / "istandaarden" / "examples" / f"{name}.xml").read_bytes()


def claim(size: int) -> bytes:
    """A JW323 of at least `size` bytes, and hardly more, that passes levels 1 and 2; each line is its own."""
    per_line = (len(_claim(1001)) - len(_claim(1))) / 1000
    return _claim(round(size / per_line) + 1)


def _claim(lines: int) -> bytes:
    clients: list[Waarde] = []
    numbers = _bsns()
    for begin in range(0, lines, LINES_PER_CLIENT):
        own: list[Waarde] = [_line(number) for number in range(begin, min(lines, begin + LINES_PER_CLIENT))]
        clients.append({"Bsn": next(numbers), "Prestaties": {"Prestatie": own}})
    total: Knoop = {"TotaalBedrag": sum(map(_amount, range(lines))), "DebetCredit": "D"}
    claimed: Knoop = {
        "DeclaratieNummer": "D2026031",
        "DeclaratiePeriode": PERIOD,
        "DeclaratieDagtekening": "2026-04-15",
        "TotaalIngediendBedrag": total,
        "Clienten": {"Client": clients},
    }
    head = maak_kop("JW323", afzender="12345678", ontvanger="0294", identificatie="B1", dagtekening=date(2026, 4, 15))
    return schrijf(Bericht("JW323", {"Header": head, "Declaratie": claimed}))


def _amount(number: int) -> int:
    return 1000 + number % 977


def _line(number: int) -> Knoop:
    return {
        "ProductReferentie": {"ReferentieNummer": f"R{number:08}"},
        "ToewijzingNummer": 1 + number,
        "ProductCategorie": "54",
        "ProductCode": "54A01",
        "ProductPeriode": {**PERIOD},
        "GeleverdVolume": 1 + number % 40,
        "Eenheid": "04",
        "ProductTarief": 1250,
        "IngediendBedrag": {"Bedrag": _amount(number), "DebetCredit": "D"},
    }


def _bsns() -> Iterator[str]:
    """Numbers that pass the eleven test, from a range that is not given out."""
    return (bsn for bsn in (str(number) for number in range(900_000_000, 1_000_000_000)) if voldoet_aan_elfproef(bsn))
