"""Which dates and times of a message exist, and which rule says so.

The schema also takes years that no calendar has, and times with a zone west of Greenwich.
"""

from collections.abc import Callable, Iterator
from functools import cache

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.typen import Datum, Tijd

Dag = str
"""A date of ten characters: texts of these compare in calendar order."""
Vreemd = tuple[str, str, str]
"""Rule, element path and Dutch advice."""
_Toets = Callable[[str], bool]
_Zoeker = Callable[[Knoop], bool]


def _bestaat(datum: str) -> bool:
    # Ten characters and no sign: a year from 0001 through 9999, level 1 has refused year 0000.
    return len(datum) == 10 and datum[0] != "-"


def _zonder_zone(tijd: str) -> bool:
    return "-" not in tijd


_MELDINGEN: dict[type, tuple[_Toets, str, str]] = {
    Datum: (_bestaat, "TR134", "Deze datum bestaat niet. Vul het jaar in met vier cijfers, zoals 2026-01-31."),
    Tijd: (_zonder_zone, "RS034", "Deze tijd noemt een tijdzone. Vul de Nederlandse tijd in, zoals 09:30:00."),
}


def vreemde_tijden(bericht: Bericht) -> list[Vreemd]:
    """Every date outside the years 1 to 9999 (TR134: an existing date) and every time with a zone (RS034)."""
    if not _zoeker_van(bericht.naam)(bericht.inhoud):
        return []
    return list(_plaatsen(bericht.inhoud, BERICHTSOORTEN[bericht.naam].wortel, ""))


@cache
def _zoeker_van(naam: str) -> _Zoeker:
    return _zoeker(BERICHTSOORTEN[naam].wortel)


def _zoeker(klasse: Klasse) -> _Zoeker:
    """Tells quickly whether there is anything strange in a class."""
    toetsen: list[tuple[str, _Toets]] = []
    dieper: list[tuple[str, _Zoeker, bool]] = []
    for veld in klasse.velden:
        if type(veld.soort) in _MELDINGEN:
            toetsen.append((veld.naam, _MELDINGEN[type(veld.soort)][0]))
        elif isinstance(veld.soort, Klasse) and (zoeker := _zoeker(veld.soort)) is not _niets:
            dieper.append((veld.naam, zoeker, veld.herhaalt))

    def zoek(knoop: Knoop) -> bool:
        for naam, toets in toetsen:
            if naam in knoop and not toets(knoop[naam]):  # type: ignore[arg-type]  # level 1: a date is a text
                return True
        for naam, zoeker, herhaalt in dieper:
            inhoud = knoop.get(naam)
            if inhoud is None:
                continue
            if any(map(zoeker, inhoud)) if herhaalt else zoeker(inhoud):  # type: ignore[arg-type]  # level 1 again
                return True
        return False

    return zoek if toetsen or dieper else _niets


def _niets(_: Knoop) -> bool:
    return False


def _plaatsen(knoop: Knoop, klasse: Klasse, plaats: str) -> Iterator[Vreemd]:
    for veld in klasse.velden:
        inhoud = knoop.get(veld.naam)
        pad = f"{plaats}/{veld.naam}" if plaats else veld.naam
        if isinstance(inhoud, list):
            for volgnummer, lid in enumerate(inhoud, start=1):
                yield from _in_waarde(lid, veld, f"{pad}[{volgnummer}]")
        elif inhoud is not None:
            yield from _in_waarde(inhoud, veld, pad)


def _in_waarde(waarde: Waarde, veld: Veld, plaats: str) -> Iterator[Vreemd]:
    if isinstance(veld.soort, Klasse) and isinstance(waarde, dict):
        yield from _plaatsen(waarde, veld.soort, plaats)
    elif type(veld.soort) in _MELDINGEN and isinstance(waarde, str):
        toets, regel, melding = _MELDINGEN[type(veld.soort)]
        if not toets(waarde):
            yield regel, plaats, melding
