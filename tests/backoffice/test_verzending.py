"""The worker makes a connection to toegang only when there is a message to make."""

from __future__ import annotations

from pathlib import Path

import httpx
from sqlalchemy import create_engine
from uuid_utils.compat import uuid7

from services.backoffice import app
from services.backoffice.tables import Base
from shared.bus.in_process import InProcessBus
from shared.database.sqlite import SqliteDatabase
from shared.kernel.clock import SystemClock
from shared.privacy.vault import open_vault
from shared.runtime.service import Surroundings
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer


class Connected(Exception):
    """Somebody made a client."""


def no_client() -> httpx.AsyncClient:
    raise Connected


async def test_with_nothing_to_report_no_connection_is_made(tmp_path: Path) -> None:
    """It looks after every event; making a client reads all certificates, while everything else stands still."""
    engine = create_engine(f"sqlite:///{tmp_path / 'backoffice.sqlite'}")
    Base.metadata.create_all(engine)
    engine.dispose()
    database, clock = SqliteDatabase(tmp_path / "backoffice.sqlite"), SystemClock()
    around = Surroundings(
        load_settings({}),
        database,
        InProcessBus(),
        clock,
        lambda: str(uuid7()),
        Issuer(tmp_path, clock),
        open_vault(tmp_path),
        no_client,
    )
    service = app.build(around)
    [verzending] = [schedule for schedule in service.schedules if schedule.name == "verzend_toewijzingen"]
    try:
        await verzending._job()
    finally:
        await database.close()
