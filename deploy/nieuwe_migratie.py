"""Development: `python -m deploy.nieuwe_migratie DIENST "naam"` writes the migration from the newest schema to the
models. Read what it wrote before you commit it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from deploy.all_in_one import PARTS
from shared.database.migrations import write_migration


def main(dienst: str, naam: str) -> None:
    """Write the migration of one service."""
    part = next(part for part in PARTS if part.name == dienst)
    with tempfile.TemporaryDirectory() as folder:
        made = write_migration(f"sqlite:///{Path(folder) / 'leeg.sqlite'}", part.migrations, part.metadata, name=naam)
    print(made or "Er is niets veranderd.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
