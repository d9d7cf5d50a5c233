"""A service put together as the product does, for a part of it: its consumer, or what it listens to."""

from __future__ import annotations

from pathlib import Path

import httpx
from uuid_utils.compat import uuid7

from deploy.parts import PARTS, part_of
from shared.bus.in_process import InProcessBus
from shared.database.postgres import PostgresDatabase
from shared.kernel.clock import SystemClock
from shared.outbox.inbox import Consumer
from shared.privacy.vault import open_vault
from shared.runtime.service import Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer


def consumer_of(name: str, database: PostgresDatabase, folder: Path) -> Consumer:
    """The consumer of a service on this database, with the keys of an installation in this folder."""
    settings = load_settings({"PLEKREGIE_DATA_DIR": str(folder), "PLEKREGIE_KEYS_DIR": str(folder / "sleutels")})
    clock = SystemClock()
    around = Surroundings(
        settings,
        database,
        InProcessBus(),
        clock,
        lambda: str(uuid7()),
        Issuer(settings.keys, clock),
        open_vault(settings.keys),
        httpx.AsyncClient,
    )
    made = part_of(name).build(around).consumer
    assert made is not None
    return made


def topics_read(admin: str, folder: Path) -> dict[str, frozenset[str]]:
    """Service → the topics it listens to. Nothing is connected for it."""
    return {part.name: consumer_of(part.name, PostgresDatabase(admin, part.name), folder).topics for part in PARTS}
