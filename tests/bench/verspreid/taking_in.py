"""(c) Financien takes leveringen in, with all they lead to, against a consumer that only notes them in an inbox."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.bus.kafka import KafkaBus, create_topics
from shared.bus.kafka.publisher import BATCH_BYTES
from shared.bus.kafka.reader import POLL_MS
from shared.bus.port import Record
from shared.bus.topics import MANY, Topic
from shared.database.postgres import PostgresDatabase, connect
from tests.bench.server import BenchError
from tests.bench.verspreid.apart import Stopwatch, Took, apart
from tests.bench.verspreid.compared import Compared
from tests.bench.verspreid.composed import consumer_of
from tests.bench.verspreid.events import Event, leveringen, overeenkomsten
from tests.bench.verspreid.servers import Servers
from tests.bench.verspreid.storage import connected, make_schema

SCHEMA, BARE_SCHEMA = "bench_financien", "bench_inbox"
TOPIC, BARE_TOPIC = "bench.levering", "bench.levering.kaal"
AIM = 0.3
PER_COMMIT = 500  # of the limit
NOTE = "INSERT INTO inbox (gebeurtenis, ontvangen_op) SELECT unnest($1::text[]), now()"


@dataclass(frozen=True, slots=True)
class Product:
    """The consumer that financien composes, on the real bus: from its first batch until its last is committed."""

    servers: Servers
    folder: Path
    topic: str
    number: int

    async def run(self) -> Took:
        database = PostgresDatabase(self.servers.admin, SCHEMA)
        consumer = consumer_of("financien", database, self.folder)
        bus = KafkaBus(self.servers.bootstrap, instance="bench")
        watch: Stopwatch | None = None
        taken, done = 0, asyncio.Event()

        async def begin(records: Sequence[Record]) -> Awaitable[None]:
            nonlocal watch
            watch = watch or Stopwatch(self.servers.meter)
            return counted(await consumer.begin(records), len(records))

        async def counted(rest: Awaitable[None], number: int) -> None:
            nonlocal taken
            await rest
            taken += number
            if taken >= self.number:
                done.set()

        bus.subscribe(f"product-{self.topic}", frozenset({self.topic}), consumer.deliver, begin)
        await bus.start()
        try:
            await done.wait()
            assert watch is not None
            return watch.stop(taken)
        finally:
            await bus.stop()
            await database.close()


@dataclass(frozen=True, slots=True)
class Bare:
    """One insert and one commit per batch, and then the offsets."""

    servers: Servers
    group: str
    number: int

    async def run(self) -> Took:
        connection = await connect(self.servers.admin, {"search_path": BARE_SCHEMA})
        consumer = AIOKafkaConsumer(
            BARE_TOPIC,
            bootstrap_servers=self.servers.bootstrap,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        watch: Stopwatch | None = None
        taken = 0
        try:
            while taken < self.number:
                batch = await consumer.getmany(timeout_ms=POLL_MS, max_records=PER_COMMIT)
                watch = watch or Stopwatch(self.servers.meter)
                ids = [orjson.loads(record.value or b"")["id"] for records in batch.values() for record in records]
                await connection.execute(NOTE, ids)
                taken += len(ids)
                if batch and taken < self.number:
                    await consumer.commit({partition: rows[-1].offset + 1 for partition, rows in batch.items()})
            assert watch is not None
            return watch.stop(taken)
        finally:
            await consumer.stop()
            await connection.close()


async def measure(
    servers: Servers, folder: Path, vandaag: date, *, rounds: int, number: int, bare_number: int
) -> Compared:
    """In turns; for the product every round has leveringen of its own, on a topic of its own. The limit is so much
    faster that it needs more events (`bare_number`) to be measured; it takes in the same kind, the same ones each time.
    """
    make_schema(servers, SCHEMA, "financien")
    make_schema(servers, BARE_SCHEMA, "financien")
    data = folder / "financien"
    await know_contracts(servers, data, vandaag)
    await fill(servers.bootstrap, BARE_TOPIC, list(leveringen(bare_number, vandaag, mark="kaal")))
    compared = Compared("c", "Kafka → inbox en gevolg, gebeurtenissen", AIM, "kale lezer met inbox")
    for turn in range(rounds):
        topic = f"{TOPIC}.{turn}"
        await fill(servers.bootstrap, topic, list(leveringen(number, vandaag, mark=f"ronde{turn}")))
        product = await apart(Product(servers, data, topic, number), folder)
        await check(servers, SCHEMA, "levering", number * (turn + 1))
        connection = await connected(servers, BARE_SCHEMA)
        await connection.execute("TRUNCATE inbox")
        await connection.close()
        compared.add(product, await apart(Bare(servers, f"kaal{turn}", bare_number), folder))
        await check(servers, BARE_SCHEMA, "inbox", bare_number)
    return compared


async def know_contracts(servers: Servers, folder: Path, vandaag: date) -> None:
    """Financien knows the lines, so that every levering changes a forecast."""
    database = PostgresDatabase(servers.admin, SCHEMA)
    try:
        await consumer_of("financien", database, folder).deliver([one.record for one in overeenkomsten(vandaag)])
    finally:
        await database.close()


async def fill(bootstrap: str, topic: str, events: Sequence[Event]) -> None:
    """Create a topic of the bench and publish the events on it."""
    await create_topics(bootstrap, [Topic(topic, MANY, {"compression.type": "producer"})])
    await publish(bootstrap, topic, events)


async def publish(bootstrap: str, topic: str, events: Sequence[Event]) -> None:
    """All at once."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", max_batch_size=BATCH_BYTES)
    await producer.start()
    try:
        sent = [await producer.send(topic, one.record.value, key=one.record.key.encode()) for one in events]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def check(servers: Servers, schema: str, table: str, number: int) -> None:
    """Every event had its effect, once."""
    connection = await connected(servers, schema)
    found = await connection.fetchval(f"SELECT count(*) FROM {table}")
    parked = await connection.fetchval("SELECT count(*) FROM geparkeerd")
    await connection.close()
    if (found, parked) != (number, 0):
        raise BenchError(f"{schema}: {found} rows in {table}, {parked} parked, instead of {number} and none")
