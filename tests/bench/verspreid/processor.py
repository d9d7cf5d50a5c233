"""What the processes of a measurement cost: processor seconds so far, from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PARENT, USER, SYSTEM, WAITED_USER, WAITED_SYSTEM = 1, 11, 12, 13, 14  # fields of /proc/PID/stat after the name


@dataclass(frozen=True, slots=True)
class Meter:
    """Name → process ids. Of a `family` the children count too, those that ended included: PostgreSQL has a process per
    connection. A process that is not of this machine (Docker, another server) is simply not named."""

    single: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, int] = field(default_factory=dict)

    def read(self) -> dict[str, float]:
        """Name → seconds."""
        found = {name: spent(stat(pid)) for name, pid in self.single.items()}
        if self.family:
            everyone = [stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
            for name, pid in self.family.items():
                children = sum(spent(one) for one in everyone if one and int(one[PARENT]) == pid)
                found[name] = spent(stat(pid), waited=True) + children
        return found

    def since(self, before: Mapping[str, float]) -> dict[str, float]:
        """Name → seconds spent since an earlier reading."""
        return {name: now - before[name] for name, now in self.read().items()}


def stat(pid: int) -> list[str]:
    """The fields of a process after its name; none when it is gone or the system has no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def spent(fields: list[str], *, waited: bool = False) -> float:
    """Processor seconds; with `waited` also those of children that ended."""
    if not fields:
        return 0.0
    wanted = (USER, SYSTEM, WAITED_USER, WAITED_SYSTEM) if waited else (USER, SYSTEM)
    return sum(int(fields[place]) for place in wanted) / CLOCK_TICKS


def parent_of(pid: int, name: str) -> int | None:
    """The parent of a process, when both are here and the parent goes by this name."""
    fields = stat(pid)
    if not fields:
        return None
    parent = int(fields[PARENT])
    try:
        here = Path(f"/proc/{parent}/comm").read_text().strip()
    except OSError:
        return None
    return parent if here == name else None
