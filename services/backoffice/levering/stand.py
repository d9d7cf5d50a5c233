"""What a set of deliveries leaves standing: which starts and stops are present (OP080).

Counting is all there is to it, so the order of receipt cannot matter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.backoffice.levering.feiten import EERSTE, Aanlevering, Sleutel, Startsleutel, Stopsleutel


@dataclass(frozen=True, slots=True)
class Stand:
    """The administration of one levering.

    `saldo`: deliveries minus deletions per logical key; `starts`: the present starts, sorted by Begindatum;
    `stops`: the present stops per start key, also of starts that are absent themselves.
    """

    saldo: Mapping[Sleutel, int]
    starts: tuple[Startsleutel, ...]
    stops: Mapping[Startsleutel, tuple[Stopsleutel, ...]]

    def aanwezig(self, sleutel: Sleutel) -> bool:
        """A key is present when it was delivered more often than deleted (OP080)."""
        return self.saldo.get(sleutel, 0) > 0

    def open(self, start: Startsleutel) -> bool:
        """Whether no present stop ends this start (the "actueel startbericht" of TR326)."""
        return start not in self.stops


def stand(aanleveringen: Iterable[Aanlevering]) -> Stand:
    """The administration that follows from the deliveries of one levering; the same delivery counts once."""
    saldo: Counter[Sleutel] = Counter()
    for aanlevering in frozenset(aanleveringen):
        saldo[aanlevering.sleutel] += 1 if aanlevering.status == EERSTE else -1
    starts: list[Startsleutel] = []
    stops: defaultdict[Startsleutel, list[Stopsleutel]] = defaultdict(list)
    for sleutel, aantal in saldo.items():
        if aantal <= 0:
            continue
        if isinstance(sleutel, Startsleutel):
            starts.append(sleutel)
        else:
            stops[sleutel.start].append(sleutel)
    return Stand(
        saldo=saldo,
        starts=tuple(sorted(starts, key=lambda start: (start.begindatum, start.product))),
        stops={start: tuple(sorted(stops[start])) for start in sorted(stops)},
    )
