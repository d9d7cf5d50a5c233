"""The TR rules as the standard words them: in order of sending, each class against what is actual then.

Written apart from the product, to prove that the histories in these tests are ones a provider may send.
"""

from collections.abc import Iterable

from services.backoffice.levering.feiten import Sleutel, Startsleutel, Stopsleutel
from tests.backoffice.levering.simulatie import Bericht, Klasse


def eerste_bezwaar(berichten: Iterable[Bericht]) -> str | None:
    """The first retourcode that a reader in order would give; None when the whole history is fine."""
    actueel: dict[str, set[Sleutel]] = {}
    for bericht in berichten:
        for klasse in bericht.klassen:
            bezwaar = _bezwaar(actueel.setdefault(klasse.levering, set()), klasse)
            if bezwaar:
                return bezwaar
    return None


def _bezwaar(actueel: set[Sleutel], klasse: Klasse) -> str | None:
    sleutel = klasse.sleutel
    if klasse.status == 3:
        if sleutel not in actueel:
            return "9063"
        if isinstance(sleutel, Startsleutel) and _stops_op(actueel, sleutel):
            return "9071"
        actueel.remove(sleutel)
        return None
    if sleutel in actueel:
        return "9074"
    bezwaar = _bezwaar_start(actueel) if isinstance(sleutel, Startsleutel) else _bezwaar_stop(actueel, sleutel)
    actueel.add(sleutel)
    return bezwaar


def _stops_op(actueel: set[Sleutel], start: Startsleutel) -> list[Stopsleutel]:
    return [
        s
        for s in actueel
        if isinstance(s, Stopsleutel) and (s.product, s.begindatum) == (start.product, start.begindatum)
    ]


def _bezwaar_start(actueel: set[Sleutel]) -> str | None:
    is_open = any(isinstance(s, Startsleutel) and not _stops_op(actueel, s) for s in actueel)
    return "9326" if is_open else None


def _bezwaar_stop(actueel: set[Sleutel], stop: Stopsleutel) -> str | None:
    start = Startsleutel(stop.product, stop.begindatum)
    if start not in actueel:
        return "9069"
    for ander in _stops_op(actueel, start):
        if ander.reden != "20":
            return "9415"
        if stop.reden == "20":
            return "9413"
        if stop.einddatum < ander.einddatum:
            return "9414"
    return None
