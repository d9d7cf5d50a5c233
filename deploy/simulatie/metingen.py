"""What the play measured: messages by type and verdict, and how long every kind of call took."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

MOST_SHOWN = 20
Json = dict[str, object]


@dataclass
class Metingen:
    """Counts while it runs; `onverwacht` holds verdicts that a message should not have had."""

    begonnen: float = field(default_factory=time.perf_counter)
    klaar: float | None = None
    berichten: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    onverwacht: list[str] = field(default_factory=list)
    uitgesteld: int = 0
    _duren: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def duur(self, soort: str, seconden: float) -> None:
        """One call of this kind took so long."""
        self._duren[soort].append(seconden)

    def bericht(self, soort: str, oordeel: str, codes: list[str] | None = None) -> None:
        """A message got this verdict."""
        self.berichten[soort, oordeel] += 1
        self.codes.update(codes or ())

    def stop(self) -> None:
        """The playing is over: what is called after this (to compare) does not count for the throughput."""
        self.klaar = time.perf_counter()

    def als_json(self) -> Json:
        """The summary; times in milliseconds, throughput per second."""
        seconden = max((self.klaar or time.perf_counter()) - self.begonnen, 0.001)
        per_soort: dict[str, dict[str, int]] = defaultdict(dict)
        for (soort, oordeel), aantal in sorted(self.berichten.items()):
            per_soort[soort][oordeel] = aantal
        aanroepen = {
            soort: {"aantal": len(duren), "p50Ms": _deel(duren, 50), "p99Ms": _deel(duren, 99)}
            for soort, duren in sorted(self._duren.items())
        }
        return {
            "seconden": round(seconden, 1),
            "berichten": dict(per_soort),
            "berichtenPerSeconde": round(sum(self.berichten.values()) / seconden, 1),
            "retourcodes": dict(sorted(self.codes.items())),
            "aanroepen": aanroepen,
            "uitgesteld": self.uitgesteld,
            "onverwacht": self.onverwacht[:MOST_SHOWN],
            "aantalOnverwacht": len(self.onverwacht),
        }


def _deel(duren: list[float], procent: int) -> float:
    """The duration in milliseconds within which so many percent stayed."""
    gesorteerd = sorted(duren)
    return round(1000 * gesorteerd[min(len(gesorteerd) - 1, len(gesorteerd) * procent // 100)], 1)
