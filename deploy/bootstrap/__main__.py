"""`python -Es -m deploy.bootstrap runtime|test [command to repeat]`: exit 0 when ready, 1 with the reason."""

import os
import sys
from pathlib import Path

from deploy.bootstrap import environment, installers, sources
from deploy.bootstrap.report import StepFailed, explain, progress

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Set up the environment with the lock that the first argument names; return the exit status."""
    lock = ROOT / "requirements" / f"{arguments[0] if arguments else 'runtime'}.txt"
    again = arguments[1] if len(arguments) > 1 else "make install"
    if not lock.is_file():
        print(f"Er is geen lock {lock.name}; kies runtime of test.", file=sys.stderr)
        return 2
    try:
        _set_up(ROOT / ".venv", lock)
    except StepFailed as failure:
        print(explain(failure, again), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nAfgebroken. Verder gaan: {again}", file=sys.stderr)
        return 130
    return 0


def _set_up(venv: Path, lock: Path) -> None:
    env = sources.tool_environment(os.environ, sources.pip_configuration(os.environ, Path(sys.prefix)), venv)
    # The editable install is of the folder we stand in, wherever we were called from.
    os.chdir(ROOT)
    print("Plekregie wordt klaargezet in .venv (dit gebeurt eenmalig).", file=sys.stderr)
    if not environment.is_usable(venv):
        with progress(environment.STEP):
            environment.make(venv)
    with progress(installers.LIBRARIES):
        installers.install(lock, venv, env)
    with progress(installers.PRODUCT):
        installers.install_product(venv, env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
