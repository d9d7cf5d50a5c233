"""Which present starts and stops contradict each other: TR326, TR413, TR414, TR415 judged on the set.

The standard words these rules as "there is already one"; without order, both members of such a pair have the
fault, and the caller asks only about the member that was not accepted yet. Linear in the number of keys.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.backoffice.levering.feiten import TR413, TR414, TR415, Startsleutel, Stopsleutel
from services.backoffice.levering.stand import Stand


def botsende_starts(stand: Stand) -> frozenset[Startsleutel]:
    """The present starts in a pair of which the earlier (by Begindatum) has no present stop (TR326, OP289).

    Two starts on one day (different products) clash only when neither is stopped: with one stopped, that one
    may count as the earlier.
    """
    open_begindatums = Counter(start.begindatum for start in stand.starts if stand.open(start))
    if not open_begindatums:
        return frozenset()
    eerste_open = min(open_begindatums)
    laatste = stand.starts[-1].begindatum

    def botst(start: Startsleutel) -> bool:
        if start.begindatum > eerste_open:
            return True
        if not stand.open(start):
            return False
        return start.begindatum < laatste or open_begindatums[start.begindatum] > 1

    return frozenset(filter(botst, stand.starts))


def botsende_stops(stops: Iterable[Stopsleutel]) -> dict[Stopsleutel, tuple[str, ...]]:
    """Per stop its retourcodes, given all present stops of ONE start; a stop without a fault gets ().

    One temporary stop at most (TR413), one definitive stop at most (TR415), and the definitive one not before
    the temporary one (TR414).
    """
    tijdelijk: list[Stopsleutel] = []
    definitief: list[Stopsleutel] = []
    for stop in stops:
        (tijdelijk if stop.tijdelijk else definitief).append(stop)
    return _codes(tijdelijk, definitief) | _codes(definitief, tijdelijk)


def _codes(stops: Sequence[Stopsleutel], andere: Sequence[Stopsleutel]) -> dict[Stopsleutel, tuple[str, ...]]:
    """Retourcodes of the stops of one kind (temporary or definitive), next to those of the other kind."""
    if not stops:
        return {}
    zelfde_soort = (TR413 if stops[0].tijdelijk else TR415,) if len(stops) > 1 else ()
    vroegste = min((stop.einddatum for stop in andere), default=None)
    laatste = max((stop.einddatum for stop in andere), default=None)

    def volgorde(stop: Stopsleutel) -> tuple[str, ...]:
        if vroegste is None or laatste is None:
            return ()
        te_vroeg = vroegste < stop.einddatum if stop.tijdelijk else stop.einddatum < laatste
        return (TR414,) if te_vroeg else ()

    return {stop: zelfde_soort + volgorde(stop) for stop in stops}
