"""Comparing dates as they stand in a message, also those outside the years that computers count with."""

from collections.abc import Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.bouwstenen import Klasse
from services.backoffice.istandaarden.knoop import Waarde
from services.backoffice.istandaarden.regels.register import Bevinding
from services.backoffice.istandaarden.typen import Datum

Dag = tuple[int, int, int]


def dag(datum: str) -> Dag:
    """Year, month and day of a date that passed level 1; these compare in calendar order."""
    jaar, maand, dag_ = datum.rsplit("-", 2)
    return int(jaar), int(maand), int(dag_)


def onbestaande_datums(bericht: Bericht) -> Iterator[Bevinding]:
    """Dates outside the years 1 to 9999: the schema lets them pass, no calendar does (TR134: an existing date)."""
    yield from _zoek(bericht.inhoud, bericht.soort.wortel, "")


def _zoek(waarde: Waarde, klasse: Klasse, plaats: str) -> Iterator[Bevinding]:
    if not isinstance(waarde, dict):
        return
    for veld in klasse.velden:
        inhoud = waarde.get(veld.naam)
        if inhoud is None:
            continue
        pad = f"{plaats}/{veld.naam}" if plaats else veld.naam
        if isinstance(veld.soort, Klasse):
            if isinstance(inhoud, list):
                for volgnummer, lid in enumerate(inhoud, start=1):
                    yield from _zoek(lid, veld.soort, f"{pad}[{volgnummer}]")
            else:
                yield from _zoek(inhoud, veld.soort, pad)
        # Ten characters and no sign: a year from 0001 through 9999, level 1 has refused year 0000.
        elif isinstance(veld.soort, Datum) and isinstance(inhoud, str) and (len(inhoud) != 10 or inhoud[0] == "-"):
            yield pad, f"{veld.naam} is geen bestaande datum. Vul het jaar in met vier cijfers, zoals 2026-01-31."
