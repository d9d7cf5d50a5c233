"""Product and its limit, measured in turns: rates, their ratio, and what each cost by process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench.verspreid.apart import Took


@dataclass(slots=True)
class Compared:
    """One part. `limit` says what the product is held against; `others` are further limits beside it."""

    part: str
    what: str
    aim: float
    limit: str
    product: list[Took] = field(default_factory=list)
    bare: list[Took] = field(default_factory=list)
    others: dict[str, list[Took]] = field(default_factory=dict)

    def add(self, product: Took, bare: Took, **others: Took) -> None:
        """One round."""
        self.product.append(product)
        self.bare.append(bare)
        for name, took in others.items():
            self.others.setdefault(name, []).append(took)

    def figures(self) -> dict[str, object]:
        """For JSON."""
        return {
            "what": self.what,
            "aim": self.aim,
            "rounds": len(self.product),
            "events_per_round": self.product[0].events,
            "limit": self.limit,
            "product": side(self.product),
            "bare": side(self.bare),
            **against("", self.product, self.bare),
            **{name: side(took) for name, took in self.others.items()},
            **{
                key: value
                for name, took in self.others.items()
                for key, value in against(f"_{name}", self.product, took).items()
            },
        }


def side(rounds: Sequence[Took]) -> dict[str, object]:
    """Rate, and processor milliseconds per event by process: medians of the rounds."""
    names = rounds[0].cpu
    cpu = {name: round(median(one.cpu[name] * 1000 / one.events for one in rounds), 3) for name in names}
    return {"per_second": round(median(one.rate for one in rounds), 1), "cpu_ms_per_event": cpu}


def against(suffix: str, product: Sequence[Took], bare: Sequence[Took]) -> dict[str, object]:
    """Product against limit, round by round: neighbours in time."""
    ratios = [mine.rate / other.rate for mine, other in zip(product, bare, strict=True)]
    return {
        f"ratio{suffix}": round(median(ratios), 3),
        f"ratio{suffix}_per_round": [round(ratio, 3) for ratio in ratios],
    }
