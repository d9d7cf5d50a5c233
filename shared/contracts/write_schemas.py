"""Writes the JSON Schema of every event to docs/events: `python -m shared.contracts.write_schemas [FOLDER]`.

The files are committed, so that a changed contract shows up in a review and a reader needs no Python of ours.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from shared.contracts.catalog import schemas

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "events"


def documents() -> dict[str, str]:
    """File name → content, for every event type."""
    return {
        f"{kind}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for kind, schema in schemas().items()
    }


def write(folder: Path) -> None:
    """Bring a folder to exactly these documents; what belongs to no event any more is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = documents()
    for old in folder.glob("*.json"):
        if old.name not in made:
            old.unlink()
    for name, content in made.items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
