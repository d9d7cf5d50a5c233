"""Gives birth to products quickly: has read all code once, and forks a child for each `plekregie start`.

A start costs seconds of reading code, which is not what the tests of killing are about. Each child is a process of its
own, with its own memory, files and port, started through the command line's own entry. One order per line on stdin:
{"omgeving": {...}, "opties": [...], "uitvoer": path}; the answer is the child's pid.
"""

import json
import os
import signal
import sys
from typing import Any


def baar(opdracht: dict[str, Any]) -> int:
    """Fork a child that is `plekregie start`; its pid."""
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

        app(["start", *opdracht["opties"]], standalone_mode=False)
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """Until stdin closes."""
    import deploy.cli  # noqa: F401  # read before the first child

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that died are gone at once
    for regel in sys.stdin:
        print(baar(json.loads(regel)), flush=True)


if __name__ == "__main__":
    main()
