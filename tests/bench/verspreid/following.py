"""(e) From retour to changed forecast and signaal, at half load, against one bare trip over the same broker."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.bus.kafka import create_topics
from shared.bus.topics import MANY, Topic
from shared.database.postgres.connections import Connection as Database
from tests.bench.client import Connection
from tests.bench.region import Cel
from tests.bench.server import BenchError, check
from tests.bench.setting_up import Klaar
from tests.bench.verspreid.events import Event
from tests.bench.verspreid.servers import Servers
from tests.bench.verspreid.storage import connected, make_schema

SCHEMA, TOPIC = "bench_rondgang", "bench.rondgang"
PATIENCE, PAUSE = 30.0, 0.003
AIM = 5.0
VERSIONS = """
SELECT (SELECT p.versie FROM financien.lijn l JOIN financien.prognose p ON p.lijn = l.id
        WHERE l.aanbieder = $1 AND l.gemeente = $2 AND l.subsegment = $3),
       (SELECT versie FROM contractmanagement.signaal
        WHERE aanbieder = $1 AND gemeente = $2 AND subsegment = $3 AND soort = 'vol')
"""


class Followed(NamedTuple):
    """One probe, in seconds: 305 in → retour out, retour → forecast, retour → signaal, and a bare trip after it."""

    retour: float
    prognose: float
    signaal: float
    trip: float


class Trip:
    """One event: produced and acknowledged by all, consumed, noted in an inbox and committed."""

    def __init__(self, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, database: Database) -> None:
        self._producer = producer
        self._consumer = consumer
        self._database = database

    async def go(self, event: Event) -> float:
        """Seconds from handing over until the commit returned."""
        begin = monotonic()
        reading = asyncio.create_task(self._read())
        await self._producer.send_and_wait(TOPIC, event.record.value, key=event.record.key.encode())
        seen, end = await reading
        assert seen == event.id
        await self._consumer.commit()
        return end - begin

    async def _read(self) -> tuple[str, float]:
        record = await self._consumer.getone()
        identity: str = orjson.loads(record.value or b"")["id"]
        note = "INSERT INTO inbox (gebeurtenis, ontvangen_op) VALUES ($1, $2)"
        await self._database.execute(note, identity, datetime.now(UTC))
        return identity, monotonic()


async def trips(servers: Servers, stack: AsyncExitStack) -> Trip:
    """What makes bare trips, until the stack ends."""
    make_schema(servers, SCHEMA, "financien")
    await create_topics(servers.bootstrap, [Topic(TOPIC, MANY, {"compression.type": "producer"})])
    producer = AIOKafkaProducer(bootstrap_servers=servers.bootstrap, acks="all", enable_idempotence=True)
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=servers.bootstrap,
        group_id="rondgang",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    for one in (producer, consumer):
        await one.start()
        stack.push_async_callback(one.stop)
    database = await connected(servers, SCHEMA)
    stack.push_async_callback(database.close)
    return Trip(producer, consumer, database)


async def follow(
    servers: Servers,
    port: int,
    proeven: Sequence[Klaar],
    events: Sequence[Event],
    busy: Callable[[], bool],
) -> list[Followed]:
    """Send the probes one after the other, each on a line of its own with one place, and after each an event on a bare
    trip; as long as `busy`. Whether something changed is looked up in the tables themselves, every 3 ms."""
    found = []
    async with AsyncExitStack() as stack:
        trip = await trips(servers, stack)
        database = await connected(servers, "public")
        stack.push_async_callback(database.close)
        sender = await Connection.open(port)
        stack.callback(sender.close)
        first, *others = events
        await trip.go(first)
        for proef, event in zip(proeven, others, strict=False):
            if not busy():
                break
            look = Look(database, proef.plaatsing.cel)
            await look.remember()
            begin = monotonic()
            check(await sender.call(proef.request), 200)
            retour = monotonic()
            prognose, signaal = await look.both_changed()
            found.append(Followed(retour - begin, prognose - retour, signaal - retour, await trip.go(event)))
    return found


class Look:
    """Watches the forecast and the signal of one cell, in one question: looking costs the processors it measures."""

    def __init__(self, database: Database, cel: Cel) -> None:
        self._database = database
        self._cel = (cel.aanbieder, cel.gemeente, cel.subsegment)
        self._was: tuple[object, ...] = ()

    async def remember(self) -> None:
        """How it is now."""
        self._was = await self._see()

    async def both_changed(self) -> list[float]:
        """When each was seen to be otherwise."""
        until = monotonic() + PATIENCE
        seen: dict[int, float] = {}
        while monotonic() < until:
            for place, (now, was) in enumerate(zip(await self._see(), self._was, strict=True)):
                if now != was:
                    seen.setdefault(place, monotonic())
            if len(seen) == len(self._was):
                return [seen[place] for place in sorted(seen)]
            await asyncio.sleep(PAUSE)
        raise BenchError(f"not followed within {PATIENCE} s")

    async def _see(self) -> tuple[object, ...]:
        return tuple(await self._database.fetchrow(VERSIONS, *self._cel))
