"""Finding uv or pip for the environment, and installing a lock with it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.bootstrap import pip_wheel
from deploy.bootstrap.environment import python_of
from deploy.bootstrap.report import StepFailed, run

LIBRARIES = "de bibliotheken"
PRODUCT = "plekregie zelf"
# The oldest uv that we tried with the settings that we pass on.
_OLDEST_UV = (0, 13)
_NO_PIP = (
    "Deze Python heeft geen pip en er is geen pakket-index ingesteld. "
    "Op Debian en Ubuntu: sudo apt install python3-venv. Met een eigen spiegel: zet PIP_INDEX_URL."
)
# Wheels only: building from source would fetch tools that no lock names, and need a compiler.
_LOCKED = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
_EDITABLE = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."]

Command = list[str]


def install(lock: Path, venv: Path, env: Mapping[str, str]) -> None:
    """Install all of `lock` into `venv`: with uv, and when that is not to be had or fails, with pip."""
    failed = ""
    if uv := _uv(venv, env):
        try:
            run(LIBRARIES, [*uv, *_LOCKED, "-r", str(lock)], env)
            return
        except StepFailed as failure:
            failed = failure.output
    try:
        run(LIBRARIES, [*_pip(venv, env), "install", *_LOCKED, "-r", str(lock)], env)
    except StepFailed as failure:
        raise StepFailed(failure.step, f"{failed}\n{failure.output}", failure.advice) from failure


def install_product(venv: Path, env: Mapping[str, str]) -> None:
    """Install the checkout itself, editable, built with the locked setuptools and nothing from outside."""
    ready = _ready_uv(venv, env)
    run(PRODUCT, [*(ready or [*_pip(venv, env), "install"]), *_EDITABLE], env)


def _uv(venv: Path, env: Mapping[str, str]) -> Command | None:
    """`uv pip install` for this environment, of the locked uv if there is no recent one; None: do without."""
    if ready := _ready_uv(venv, env):
        return ready
    lock = venv.parent / "requirements" / "uv.txt"
    try:
        run("uv", [*_pip(venv, env), "install", *_LOCKED, "-r", str(lock)], env)
    except StepFailed:
        return None  # the lock is tried with pip next, and that failure is the one to show
    return _ready_uv(venv, env)


def _ready_uv(venv: Path, env: Mapping[str, str]) -> Command | None:
    for program in (str(venv / "bin" / "uv"), shutil.which("uv", path=env.get("PATH"))):
        found = re.match(r"uv (\d+)\.(\d+)", _answer([program, "--version"], env)) if program else None
        if program and found and (int(found[1]), int(found[2])) >= _OLDEST_UV:
            return [program, "pip", "install", "--python", str(python_of(venv))]
    return None


def _pip(venv: Path, env: Mapping[str, str]) -> Command:
    return pip_for(python_of(venv), sys.executable, env)


def pip_for(python: Path, running: str, env: Mapping[str, str]) -> Command:
    """A pip that installs for `python`: its own, from ensurepip, the system's, or the locked wheel.

    `running` is the Python that runs this set-up. StepFailed, with what to install, when there is none.
    """
    own = [str(python), "-m", "pip"]
    ensurepip = [str(python), "-m", "ensurepip", "--default-pip"]
    if _answer([*own, "--version"], env) or (_answer(ensurepip, env) and _answer([*own, "--version"], env)):
        return own
    for system in ([running, "-m", "pip"], ["pip3"], ["pip"]):
        aimed = [*system, "--python", str(python)]
        if _answer([*aimed, "--version"], env):
            return aimed
    index = env.get("PIP_INDEX_URL", "")
    if not index:
        raise StepFailed(LIBRARIES, "geen pip gevonden", _NO_PIP)
    venv = python.parents[1]
    try:
        wheel = pip_wheel.fetch(index, venv.parent / "requirements" / "pip.txt", venv / ".cache", env)
    except (OSError, LookupError, ValueError) as error:
        raise StepFailed("pip van de pakket-index", str(error)) from error
    return [str(python), str(wheel)]


def _answer(command: Command, env: Mapping[str, str]) -> str:
    """What a command prints, or nothing when it fails or does not exist."""
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""
