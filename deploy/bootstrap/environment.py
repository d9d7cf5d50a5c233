"""The virtual environment in the checkout: is it whole, is it still at its place, and making it."""

import subprocess
from pathlib import Path

from deploy.bootstrap.report import StepFailed

STEP = "de Python-omgeving .venv"


def python_of(venv: Path) -> Path:
    """The interpreter inside a virtual environment."""
    return venv / "bin" / "python"


def is_usable(venv: Path) -> bool:
    """Whether this folder is a whole environment of Python 3.11 or newer that was made at this very path.

    Scripts in an environment hold absolute paths: after the checkout moved, every one of them is dead.
    """
    activate = venv / "bin" / "activate"
    if not (venv / "pyvenv.cfg").is_file() or not activate.is_file():
        return False
    if str(venv) not in activate.read_text(encoding="utf-8", errors="replace"):
        return False
    question = [str(python_of(venv)), "-Ec", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(question, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make(venv: Path) -> None:
    """Make the environment, without pip, in place of whatever half or moved one stands there."""
    try:
        # In this process: the Python that runs may be the one inside the folder that is cleared.
        from venv import EnvBuilder

        EnvBuilder(clear=True, symlinks=True, with_pip=False).create(venv)
    except ImportError as error:
        advice = "Deze Python mist het onderdeel venv. Op Debian en Ubuntu: sudo apt install python3-venv"
        raise StepFailed(STEP, str(error), advice) from error
    except (OSError, ValueError) as error:
        raise StepFailed(STEP, str(error)) from error
