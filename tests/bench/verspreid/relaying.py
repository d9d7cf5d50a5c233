"""(b) The relay empties an outbox, against a bare producer that sends the same bytes, which it read beforehand."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from aiokafka import AIOKafkaProducer

from services.backoffice.tables import EVENT_TABLES
from shared.bus.kafka import KafkaBus, create_topics
from shared.bus.kafka.publisher import BATCH_BYTES
from shared.bus.topics import MANY, Topic
from shared.database.postgres import PostgresDatabase, connect
from shared.outbox.relay import BATCH, Relay
from tests.bench.verspreid.apart import Stopwatch, Took, apart
from tests.bench.verspreid.compared import Compared
from tests.bench.verspreid.events import leveringen
from tests.bench.verspreid.servers import Servers
from tests.bench.verspreid.storage import connected, make_schema

SCHEMA, TOPIC = "bench_relay", "bench.relay"
AIM = 0.5
COLUMNS = "id, topic, sleutel, inhoud, aangemaakt_op"
RECORD = f"INSERT INTO outbox ({COLUMNS}) SELECT {COLUMNS} FROM bron ORDER BY id"
STORE = "INSERT INTO bron SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[])"


@dataclass(frozen=True, slots=True)
class Product:
    """The relay as a worker runs it: read what is unsent, send, mark. A first batch makes the connections."""

    servers: Servers
    number: int

    async def run(self) -> Took:
        database = PostgresDatabase(self.servers.admin, SCHEMA)
        bus = KafkaBus(self.servers.bootstrap, instance="bench")
        relay = Relay(database, EVENT_TABLES, bus, lambda: datetime.now(UTC))
        try:
            assert await relay.carry() == BATCH
            await self._record_others()
            watch = Stopwatch(self.servers.meter)
            carried = await relay.carry()
            assert carried == self.number, carried
            return watch.stop(carried)
        finally:
            await bus.stop()
            await database.close()

    async def _record_others(self) -> None:
        connection = await connected(self.servers, SCHEMA)
        await connection.execute(f"{RECORD} OFFSET {BATCH}")
        await connection.execute("VACUUM ANALYZE outbox")
        await connection.close()


@dataclass(frozen=True, slots=True)
class Bare:
    """Everything is handed to the producer, and then there is one wait. A first batch here too."""

    servers: Servers

    async def run(self) -> Took:
        connection = await connect(self.servers.admin, {"search_path": SCHEMA})
        rows = [tuple(row) for row in await connection.fetch("SELECT topic, sleutel, inhoud FROM bron ORDER BY id")]
        await connection.close()
        producer = AIOKafkaProducer(
            bootstrap_servers=self.servers.bootstrap,
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
        )
        await producer.start()
        try:
            await self._send(producer, rows[:BATCH])
            watch = Stopwatch(self.servers.meter)
            await self._send(producer, rows[BATCH:])
            return watch.stop(len(rows) - BATCH)
        finally:
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, rows: list[tuple[str, str, bytes]]) -> None:
        sent = [await producer.send(topic, value, key=key.encode()) for topic, key, value in rows]
        await asyncio.gather(*sent)


async def measure(servers: Servers, folder: Path, vandaag: date, *, rounds: int, number: int) -> Compared:
    """In turns, so many events each time."""
    make_schema(servers, SCHEMA, "backoffice")
    await create_topics(servers.bootstrap, [Topic(TOPIC, MANY, {"compression.type": "producer"})])
    made = leveringen(BATCH + number, vandaag, mark="relay")
    rows = [(one.id, TOPIC, one.record.key, one.record.value, datetime.now(UTC)) for one in made]
    compared = Compared("b", "outbox → Kafka, gebeurtenissen", AIM, "kale producer")
    connection = await connected(servers, SCHEMA)
    try:
        await connection.execute(f"CREATE TABLE bron AS SELECT {COLUMNS} FROM outbox")
        await connection.execute(STORE, *(list(column) for column in zip(*rows, strict=True)))
        for _ in range(rounds):
            await connection.execute("TRUNCATE outbox RESTART IDENTITY")
            await connection.execute(f"{RECORD} LIMIT {BATCH}")
            compared.add(await apart(Product(servers, number), folder), await apart(Bare(servers), folder))
    finally:
        await connection.close()
    return compared
