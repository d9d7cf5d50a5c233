"""The figures of a run, as a table for people and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.floor import Floor
from tests.bench.follow import Followed
from tests.bench.rows import Write


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the product. `answered`: until the last retour; `done`: until all services have written all."""

    messages: int
    answered: float
    done: float
    cpu: float | None
    seconds: list[float]
    floor: Floor

    @property
    def ratio(self) -> float:
        """Product against floor, both until everything is written."""
        return self.floor.seconds / self.done


@dataclass(frozen=True, slots=True)
class RowLine:
    """One line of the row list: rows per message, mean bytes per row."""

    write: Write
    per_message: float
    bytes: int


def figures(
    rounds: Sequence[Round], followed: Sequence[Followed], rows: Sequence[RowLine], senders: int, background: float
) -> dict[str, object]:
    """Everything that was measured, medians of the rounds."""
    latency = [second for one in rounds for second in one.seconds]
    cpu = [one.cpu * 1000 / one.messages for one in rounds if one.cpu is not None]
    return {
        "machine": {
            "system": platform.platform(),
            "processor_count": os.cpu_count(),
            "python": platform.python_version(),
        },
        "rounds": len(rounds),
        "messages_per_round": rounds[0].messages,
        "senders": senders,
        "retour_per_second": _rounded(median(one.messages / one.answered for one in rounds)),
        "complete_per_second": _rounded(median(one.messages / one.done for one in rounds)),
        "retour_ms": _spread(latency),
        "cpu_ms_per_message": _rounded(median(cpu)) if cpu else None,
        "floor_messages_per_second": _rounded(median(one.messages / one.floor.seconds for one in rounds)),
        "floor_transactions_per_second": _rounded(median(one.floor.transactions / one.floor.seconds for one in rounds)),
        "ratio": _rounded(median(one.ratio for one in rounds), 3),
        "ratio_per_round": [_rounded(one.ratio, 3) for one in rounds],
        "background_per_second": background,
        "probes": len(followed),
        "probe_retour_ms": _spread([one.retour for one in followed]),
        "bezetting_after_retour_ms": _spread([one.bezetting for one in followed]),
        "signaal_after_retour_ms": _spread([one.signaal for one in followed]),
        "rows": [
            {**line.write._asdict(), "per_message": round(line.per_message, 3), "bytes": line.bytes} for line in rows
        ],
    }


def table(found: dict[str, object]) -> str:
    """The figures for a person."""
    lines = [
        ("305 → retour, per seconde", found["retour_per_second"]),
        ("305 → retour, mediaan / p99 (ms)", _pair(found["retour_ms"])),
        ("305 → alles geschreven, per seconde", found["complete_per_second"]),
        ("processortijd per bericht (ms)", found["cpu_ms_per_message"]),
        ("ondergrens (sqlite3), berichten per seconde", found["floor_messages_per_second"]),
        ("ondergrens (sqlite3), transacties per seconde", found["floor_transactions_per_second"]),
        ("verhouding product / ondergrens (doel 0,25)", found["ratio"]),
        ("retour → bezetting gewijzigd, mediaan / p99 (ms)", _pair(found["bezetting_after_retour_ms"])),
        ("retour → signaal gewijzigd, mediaan / p99 (ms)", _pair(found["signaal_after_retour_ms"])),
    ]
    width = max(len(name) for name, _ in lines)
    text = [f"{name:<{width}}  {value}" for name, value in lines]
    text += ["", "Rijen per bericht (elke rij één keer geteld):"]
    rows = found["rows"]
    assert isinstance(rows, list)
    for row in rows:
        where = f"{row['database']}.{row['table']}"
        text.append(f"  {where:<40} {row['op']:<7} {row['per_message']:>6} × {row['bytes']:>5} bytes")
    return "\n".join(text)


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    return {"median": _rounded(median(ordered) * 1000), "p99": _rounded(p99 * 1000)}


def _pair(spread: object) -> str:
    assert isinstance(spread, dict)
    return f"{spread['median']} / {spread['p99']}"


def _rounded(value: float, digits: int = 1) -> float:
    return round(value, digits)
