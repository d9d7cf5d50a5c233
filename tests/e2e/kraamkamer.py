"""Gives birth to products quickly: has read all code once, and forks a child for each command that starts one.

A start costs seconds of reading code, which is not what the tests of killing are about. Each child is a process of its
own, with its own memory, files and port, started through the command line's own entry. One order per line on stdin:
{"omgeving": {...}, "woorden": ["start", ...], "uitvoer": path}; the answer is the child's pid.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

WORTEL = Path(__file__).resolve().parents[2]
# What the command line reads only when it starts something.
GELEZEN = ("deploy.cli", "deploy.serving", "deploy.all_in_one", "deploy.processes", "shared.bus.kafka")
DIENSTEN = ("toegang", "backoffice", "financien", "contractmanagement")


def baar(opdracht: dict[str, Any]) -> int:
    """Fork a child that is `plekregie` with these words; its pid."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(opdracht["omgeving"])
        uitvoer = os.open(opdracht["uitvoer"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for nummer, bron in ((0, os.open(os.devnull, os.O_RDONLY)), (1, uitvoer), (2, uitvoer)):
            os.dup2(bron, nummer)
        from deploy.cli import app

        app(opdracht["woorden"], standalone_mode=False)
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """Until stdin closes."""
    for naam in (*GELEZEN, *(f"services.{dienst}.app" for dienst in DIENSTEN)):
        import_module(naam)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that died are gone at once
    for regel in sys.stdin:
        print(baar(json.loads(regel)), flush=True)


class Kraamkamer:
    """The nursery as the tests see it: a process of its own, for as long as it is not closed."""

    def __init__(self, omgeving: Mapping[str, str]) -> None:
        self._proces = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.kraamkamer"],
            cwd=WORTEL,
            env=dict(omgeving),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def baar(self, woorden: list[str], omgeving: Mapping[str, str], uitvoer: Path) -> "Kind":
        """A running `plekregie` with these words."""
        opdracht = {"omgeving": dict(omgeving), "woorden": woorden, "uitvoer": str(uitvoer)}
        assert self._proces.stdin is not None
        assert self._proces.stdout is not None
        self._proces.stdin.write(json.dumps(opdracht) + "\n")
        self._proces.stdin.flush()
        return Kind(int(self._proces.stdout.readline()))

    def sluit(self) -> None:
        assert self._proces.stdin is not None
        self._proces.stdin.close()
        self._proces.wait(30)


class Kind:
    """A child of the nursery."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def leeft(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def meld(self, teken: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, teken)

    def beeindig(self, teken: signal.Signals, geduld: float = 60.0) -> None:
        """Send a signal, and wait until it has ended."""
        self.meld(teken)
        einde = time.monotonic() + geduld
        while self.leeft():
            assert time.monotonic() < einde, "the product does not end"
            time.sleep(0.001)


if __name__ == "__main__":
    main()
