"""A broker for one installation: topics and groups have fixed names, so two can't share one."""

import asyncio
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.
from aiokafka.admin import AIOKafkaAdminClient

from shared.bus.topics import TOPICS
from tests.distributed.kafka import SETTING, own_broker


@contextmanager
def broker_voor_installatie() -> Iterator[str]:
    """The bootstrap address of one that holds nothing of Plekregie yet: the one that the environment names, to
    ourselves, or one of our own. Raises NoServer."""
    gegeven = os.environ.get(SETTING)
    if not gegeven:
        with own_broker() as broker:
            yield broker.bootstrap
        return
    with beurt(gegeven):
        bezet = asyncio.run(aanwezig(gegeven))
        # Never empty what others may have filled.
        assert not bezet, f"{SETTING}={gegeven} heeft al topics van een installatie ({', '.join(bezet)}); geef een lege"
        try:
            yield gegeven
        finally:
            asyncio.run(verwijder(gegeven))


@contextmanager
def beurt(bootstrap: str) -> Iterator[None]:
    """One test process at a time; the others wait. The lock ends with the process."""
    naam = f"plekregie-kafka-{sha256(bootstrap.encode()).hexdigest()[:12]}.slot"
    with (Path(tempfile.gettempdir()) / naam).open("w") as slot:
        fcntl.flock(slot, fcntl.LOCK_EX)
        yield


async def aanwezig(bootstrap: str) -> list[str]:
    """Our topics, as far as they exist."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return sorted({topic.name for topic in TOPICS} & set(await admin.list_topics()))
    finally:
        await admin.close()


async def verwijder(bootstrap: str) -> None:
    """What this installation made. Its groups end by themselves."""
    ours = await aanwezig(bootstrap)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        if ours:
            await admin.delete_topics(ours)
    finally:
        await admin.close()
