"""Comparing dates as they stand in a message, also those outside the years that computers count with."""

from collections.abc import Callable, Iterator
from functools import cache

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Waarde, deel, verplicht
from services.backoffice.istandaarden.regels.register import Bevinding
from services.backoffice.istandaarden.typen import Datum

Dag = tuple[int, int, int]
_Zoeker = Callable[[Waarde, str], Iterator[Bevinding]]


def dag(datum: str) -> Dag:
    """Year, month and day of a date that passed level 1; these compare in calendar order."""
    jaar, maand, dag_ = datum.rsplit("-", 2)
    return int(jaar), int(maand), int(dag_)


def dagtekening(bericht: Bericht) -> Dag:
    """The day on which the message says it was made."""
    return dag(verplicht(deel(bericht.kop, "BerichtIdentificatie"), "Dagtekening"))


def onbestaande_datums(bericht: Bericht) -> Iterator[Bevinding]:
    """Dates outside the years 1 to 9999: the schema lets them pass, no calendar does (TR134: an existing date)."""
    yield from _zoeker(bericht.naam)(bericht.inhoud, "")


@cache
def _zoeker(naam: str) -> _Zoeker:
    return _in_klasse(BERICHTSOORTEN[naam].wortel) or (lambda _waarde, _plaats: iter(()))


def _in_klasse(klasse: Klasse) -> _Zoeker | None:
    """Looks into those elements of a class that are or hold dates; None when there are none."""
    delen = [(veld.naam, zoeker) for veld in klasse.velden if (zoeker := _in_veld(veld)) is not None]

    def zoek(waarde: Waarde, plaats: str) -> Iterator[Bevinding]:
        if isinstance(waarde, dict):
            for naam, zoeker in delen:
                inhoud = waarde.get(naam)
                if inhoud is not None:
                    yield from zoeker(inhoud, f"{plaats}/{naam}" if plaats else naam)

    return zoek if delen else None


def _in_veld(veld: Veld) -> _Zoeker | None:
    zoeker = _in_klasse(veld.soort) if isinstance(veld.soort, Klasse) else None
    if isinstance(veld.soort, Datum):
        zoeker = _in_datum
    if zoeker is None or not veld.herhaalt:
        return zoeker
    per_lid = zoeker

    def zoek(waarde: Waarde, plaats: str) -> Iterator[Bevinding]:
        if isinstance(waarde, list):
            for volgnummer, lid in enumerate(waarde, start=1):
                yield from per_lid(lid, f"{plaats}[{volgnummer}]")

    return zoek


def _in_datum(waarde: Waarde, plaats: str) -> Iterator[Bevinding]:
    # Ten characters and no sign: a year from 0001 through 9999, level 1 has refused year 0000.
    if isinstance(waarde, str) and (len(waarde) != 10 or waarde[0] == "-"):
        yield plaats, "Deze datum bestaat niet. Vul het jaar in met vier cijfers, zoals 2026-01-31."
