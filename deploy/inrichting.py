"""What `plekregie inrichten` does: everything an installation needs before its first process. Again does no harm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from deploy.around import CanNotRun, migrate
from deploy.parts import NAMES
from deploy.postgres.inrichten import richt_in
from shared.bus.kafka import UNREACHABLE, TopicDiffers, create_topics
from shared.kernel.clock import SystemClock
from shared.privacy.vault import open_vault
from shared.runtime.settings import PREFIX, Settings
from shared.web.identity import Issuer

Say = Callable[[str], None]


def inrichten(settings: Settings, kopieen: int, say: Say) -> None:
    """Keys, database roles, schemas, topics. Raises CanNotRun, StorageUnavailable."""
    open_vault(settings.keys)
    Issuer(settings.keys, SystemClock())
    say(f"Sleutels: {settings.keys}")
    if settings.beheer_database_url:
        databases(settings)
        say(f"PostgreSQL: een schema en een gebruiker voor {', '.join(NAMES)}")
    for name, version in migrate(settings).items():
        say(f"Schema van {name}: versie {version}")
    if settings.kafka_bootstrap_servers:
        topics(settings, kopieen, say)


def databases(settings: Settings) -> None:
    """Database, roles and schemas, as their addresses name them."""
    wanted = {name: str(getattr(settings, f"{name}_database_url")) for name in ("eigenaar", *NAMES)}
    missing = [f"{PREFIX}{name.upper()}_DATABASE_URL" for name, url in wanted.items() if not url]
    if missing:
        raise CanNotRun(f"{PREFIX}BEHEER_DATABASE_URL vraagt ook: {', '.join(missing)}.")
    try:
        asyncio.run(richt_in(settings.beheer_database_url, wanted.pop("eigenaar"), wanted))
    except ValueError as error:
        raise CanNotRun(str(error)) from error


def topics(settings: Settings, kopieen: int, say: Say) -> None:
    """The topics on Kafka."""
    servers = settings.kafka_bootstrap_servers
    if not servers:
        raise CanNotRun(f"Zet {PREFIX}KAFKA_BOOTSTRAP_SERVERS: zonder Kafka zijn er geen topics.")
    try:
        made = asyncio.run(create_topics(servers, copies=kopieen))
    except TopicDiffers as error:
        raise CanNotRun(str(error)) from error
    except UNREACHABLE as error:
        raise CanNotRun(f"Kafka op {servers} antwoordt niet ({type(error).__name__}).") from error
    say(f"Topics: {len(made.made)} gemaakt, {len(made.there)} waren er al")
