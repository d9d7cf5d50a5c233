"""The figures of the distributed bench: for JSON, and as lines for a person."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from tests.bench.verspreid.apart import Took
from tests.bench.verspreid.compared import side
from tests.bench.verspreid.following import AIM, Followed


def machine() -> dict[str, object]:
    """Where this ran."""
    return {
        "system": platform.platform(),
        "processor_count": os.cpu_count(),
        "python": platform.python_version(),
    }


def both_ways(seconds: Sequence[float]) -> dict[str, float]:
    """Median and p99, in milliseconds."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    return {"median": round(median(ordered) * 1000, 1), "p99": round(p99 * 1000, 1)}


class Round(NamedTuple):
    """One round of (e): the chain at full speed, what half of that (`rate` per second) took, the probes, and how many
    seconds each retour of the load took."""

    whole: Took
    half: Took
    rate: float
    found: Sequence[Followed]
    load: Sequence[float]


def followed_figures(rounds: Sequence[Round]) -> dict[str, object]:
    """Part (e). Latencies over the probes of all rounds; ratios per round, and the median of those."""
    found = [one for turn in rounds for one in turn.found]
    spreads = {
        "retour_ms": both_ways([one.retour for one in found]),
        "prognose_after_retour_ms": both_ways([one.prognose for one in found]),
        "signaal_after_retour_ms": both_ways([one.signaal for one in found]),
        "bare_trip_ms": both_ways([one.trip for one in found]),
    }
    figures: dict[str, object] = {
        "aim": AIM,
        "whole_chain": side([turn.whole for turn in rounds]),
        "half_load": side([turn.half for turn in rounds]),
        "background_per_second": [round(turn.rate, 1) for turn in rounds],
        "background_retour_ms": both_ways([seconds for turn in rounds for seconds in turn.load]),
        "probes": len(found),
        **spreads,
    }
    for name in ("prognose", "signaal"):
        times = [both_ways([getattr(one, name) for one in turn.found]) for turn in rounds]
        trips = [both_ways([one.trip for one in turn.found]) for turn in rounds]
        for how in ("median", "p99"):
            ratios = [time[how] / trip[how] for time, trip in zip(times, trips, strict=True)]
            figures[f"{name}_times_{how}"] = round(median(ratios), 1)
            figures[f"{name}_times_{how}_per_round"] = [round(ratio, 1) for ratio in ratios]
    return figures


def rebuilt_figures(took: Took, added: int) -> dict[str, object]:
    """Part (d)."""
    return {"events": took.events, "added": added, "seconds": round(took.seconds, 1), **side([took])}


def table(found: Mapping[str, Any]) -> str:
    """For a person."""
    lines: list[tuple[str, object]] = []
    for part in ("a", "b", "c"):
        if part in found:
            lines += compared_lines(part, found[part])
        if part == "a" and part in found:
            for name, title in (("product", "product"), ("bare", "kale route")):
                lines.append((f"    {title}, retour mediaan / p99 (ms)", pair(found[part]["latency_ms"][name])))
    if "d" in found:
        one = found["d"]
        lines.append((f"(d) herbouw van {one['events']} leveringen, per seconde", one["per_second"]))
        lines.append(("    processortijd per gebeurtenis (ms)", processes(one)))
    if "e" in found:
        lines += followed_lines(found["e"])
    width = max((len(name) for name, _ in lines), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines)


def compared_lines(part: str, one: Mapping[str, Any]) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        (f"({part}) {one['what']} per seconde", one["product"]["per_second"]),
        (f"    {one['limit']}", one["bare"]["per_second"]),
        (f"    verhouding (doel {str(one['aim']).replace('.', ',')})", f"{one['ratio']} {one['ratio_per_round']}"),
    ]
    if "one_statement" in one:
        lines.append(("    in één statement", one["one_statement"]["per_second"]))
        lines.append(("    verhouding daarmee", f"{one['ratio_one_statement']} {one['ratio_one_statement_per_round']}"))
    lines.append(("    processortijd (ms), product", processes(one["product"])))
    lines.append(("    processortijd (ms), kaal", processes(one["bare"])))
    return lines


def followed_lines(one: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [
        ("(e) de hele keten, berichten per seconde", one["whole_chain"]["per_second"]),
        ("    processortijd per bericht (ms)", processes(one["whole_chain"])),
        ("    volgen bij, berichten per seconde", one["background_per_second"]),
        ("    processortijd per bericht daarbij (ms)", processes(one["half_load"])),
        ("    retour, mediaan / p99 (ms)", pair(one["retour_ms"])),
        ("    retour → prognose, mediaan / p99 (ms)", pair(one["prognose_after_retour_ms"])),
        ("    retour → signaal, mediaan / p99 (ms)", pair(one["signaal_after_retour_ms"])),
        ("    kale rondgang, mediaan / p99 (ms)", pair(one["bare_trip_ms"])),
        *(
            (f"    {name}: zo veel rondgangen, {title} (doel 5)", f"{one[key]} {one[f'{key}_per_round']}")
            for name in ("prognose", "signaal")
            for title, how in (("mediaan", "median"), ("p99", "p99"))
            for key in [f"{name}_times_{how}"]
        ),
    ]


def processes(one: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in one["cpu_ms_per_event"].items())


def pair(spread: Mapping[str, float]) -> str:
    return f"{spread['median']} / {spread['p99']}"
