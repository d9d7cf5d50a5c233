"""The all-in-one under cProfile (only the event loop's thread): `python -m tests.bench.profiled FILE`.

Profiling begins with the first SIGUSR1. The figures of such a run say where time goes, not how fast the product is.
"""

from __future__ import annotations

import cProfile
import signal
import sys
from pathlib import Path

from deploy.serving import run
from shared.runtime.settings import load_settings


def main() -> None:
    """Serve until told to stop, then write the profile."""
    profile = cProfile.Profile()
    signal.signal(signal.SIGUSR1, lambda *_: profile.enable())
    try:
        run(load_settings(), demo=False)
    finally:
        profile.disable()
        profile.dump_stats(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
