"""`python -m deploy.postgres`: set PostgreSQL up, with the addresses from the environment (once, by an administrator).

Asks PLEKREGIE_BEHEER_DATABASE_URL, PLEKREGIE_EIGENAAR_DATABASE_URL and, per service, PLEKREGIE_<DIENST>_DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

from deploy.all_in_one import PARTS
from deploy.postgres.inrichten import richt_in
from shared.database.engines import ALLOWED, checked
from shared.database.port import StorageUnavailable


def address(environment: Mapping[str, str], name: str) -> str:
    """The address of an administrator, the owner or a service. Raises ValueError naming the setting."""
    setting = f"PLEKREGIE_{name.upper()}_DATABASE_URL"
    if not environment.get(setting):
        raise ValueError(f"{setting} ontbreekt. Geef {ALLOWED.removesuffix(', of leeg voor SQLite')}.")
    return checked(environment[setting])


def main(environment: Mapping[str, str]) -> int:
    """Do it; the exit code."""
    try:
        beheer, eigenaar = address(environment, "beheer"), address(environment, "eigenaar")
        diensten = {part.name: address(environment, part.name) for part in PARTS}
        asyncio.run(richt_in(beheer, eigenaar, diensten))
    except (ValueError, StorageUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Klaar: een schema en een gebruiker voor {', '.join(diensten)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
