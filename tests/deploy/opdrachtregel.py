"""`plekregie` as a person types it, many times: each command is a process of its own, forked from one that has read the
code already. Reading it takes seconds of processor time, and is not what these commands are tried for; that a command
starts from nothing is shown by the tests that start a real one.

An order is a line on stdin, {"woorden": [...], "omgeving": {...}, "uit": path, "fout": path}; its answer the exit code.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import traceback
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
GELEZEN = tuple(
    f"deploy.{naam}" for naam in ("cli", "all_in_one", "gebeurtenissen", "grootboek", "herbouw", "inrichting")
)


def plekregie(omgeving: dict[str, str], *woorden: str, code: int = 0) -> subprocess.CompletedProcess[bytes]:
    """Run a command; fails when it ends with another code."""
    with TemporaryDirectory() as folder:
        uit, fout = Path(folder, "uit"), Path(folder, "fout")
        opdracht = {"woorden": woorden, "omgeving": omgeving, "uit": str(uit), "fout": str(fout)}
        einde = _stuur(json.dumps(opdracht))
        assert einde == code, (einde, uit.read_bytes(), fout.read_bytes())
        return subprocess.CompletedProcess(woorden, einde, uit.read_bytes(), fout.read_bytes())


def _stuur(opdracht: str) -> int:
    proces = _gelezen()
    assert proces.stdin is not None
    assert proces.stdout is not None
    print(opdracht, file=proces.stdin, flush=True)
    return int(proces.stdout.readline())


@cache
def _gelezen() -> subprocess.Popen[str]:
    """The process that has read the code. It ends when its stdin does: at the latest with the tests."""
    command = [sys.executable, "-m", "tests.deploy.opdrachtregel"]
    pipe = subprocess.PIPE
    proces = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
    assert proces.stdin is not None
    atexit.register(proces.stdin.close)
    return proces


def voer_uit(opdracht: dict[str, Any]) -> int:
    """Fork a child that is `plekregie` with these words, and wait for its end; the exit code."""
    pid = os.fork()
    if not pid:
        _wees_plekregie(opdracht)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _wees_plekregie(opdracht: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(opdracht["omgeving"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for nummer, naam in ((1, "uit"), (2, "fout")):
            os.dup2(os.open(opdracht[naam], os.O_WRONLY | os.O_CREAT), nummer)
        sys.argv = ["plekregie", *opdracht["woorden"]]
        import_module("deploy.cli").main()
        code = 0
    except SystemExit as einde:
        code = einde.code if isinstance(einde.code, int) else int(einde.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Until stdin closes."""
    for naam in GELEZEN:
        import_module(naam)
    for regel in sys.stdin:
        print(voer_uit(json.loads(regel)), flush=True)


if __name__ == "__main__":
    main()
