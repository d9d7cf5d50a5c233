"""The sending side: a whole batch at once, back when all of it is safe."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.bus.kafka.partitioning import partition_of
from shared.bus.port import Record

BATCH_BYTES = 256 * 1024  # per partition: a relay's batch fits, so that nothing waits for room
REQUEST_MS = 10_000


class Publisher:
    """Makes its producer when first needed, so that a process may start while the broker is down."""

    def __init__(self, bootstrap: str, *, patience: float) -> None:
        """`patience`: seconds that a batch may take, connecting included."""
        self._bootstrap = bootstrap
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    async def publish(self, records: Sequence[Record]) -> None:
        """Returns when every record is acknowledged; raises TimeoutError or KafkaError when that is not certain."""
        async with asyncio.timeout(self._patience):
            producer = await self._ready()
            try:
                await send_all(producer, records)
            except Exception:
                # Once a batch has failed its sequence has a gap, and this producer can't be used for that partition.
                self._replace(producer)
                raise
            # On a timeout the producer is kept: it goes on trying, in order and numbered, so that a repetition comes
            # after it. What it may hold is bounded by its batch size.

    async def _ready(self) -> AIOKafkaProducer:
        async with self._one_at_a_time:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=REQUEST_MS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await close(producer)
                    raise
                self._producer = producer
            return self._producer

    def _replace(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
            # In the background: it first sends what it still holds, which takes as long as the broker is away.
            task = asyncio.create_task(close(producer))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def stop(self) -> None:
        """Close the connections. What is not acknowledged is not sent, as far as the outbox is concerned."""
        if self._producer is not None:
            self._replace(self._producer)
        if self._leaving:
            _, late = await asyncio.wait(self._leaving, timeout=min(self._patience, 5.0))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def send_all(producer: AIOKafkaProducer, records: Sequence[Record]) -> None:
    """Hand over everything before waiting for the first: one acknowledgement a record would be 25 times slower.

    Packed per partition by ourselves: the library makes a future for every record, and looks its topic up again."""
    sent: list[asyncio.Future[object]] = []
    try:
        for (topic, partition), batches in (await packed(producer, records)).items():
            for batch in batches:
                batch.close()
                sent.append(await producer.send_batch(batch, topic, partition=partition))
        if sent:
            await asyncio.wait(sent)
        for one in sent:
            one.result()
    finally:
        for one in sent:
            one.add_done_callback(looked_at)


async def packed(producer: AIOKafkaProducer, records: Sequence[Record]) -> dict[tuple[str, int], list[BatchBuilder]]:
    """Topic and partition → what goes there, in order. Waits for the partitions of a topic that is not known yet."""
    partitions: dict[str, int] = {}
    found: dict[tuple[str, int], list[BatchBuilder]] = {}
    for topic, name, value in records:
        if topic not in partitions:
            partitions[topic] = len(await producer.partitions_for(topic))
        key = name.encode()
        batches = found.setdefault((topic, partition_of(key, partitions[topic])), [])
        if not batches or batches[-1].append(timestamp=None, key=key, value=value) is None:
            batches.append(producer.create_batch())
            # An empty batch takes a record of any size: whether that is too large is for the broker to say.
            batches[-1].append(timestamp=None, key=key, value=value)
    return found


def looked_at(one: asyncio.Future[object]) -> None:
    """One failure of a batch is raised; the others are no news."""
    if not one.cancelled():
        one.exception()


async def close(producer: AIOKafkaProducer) -> None:
    """Stop a producer; when that is broken off, at least its task and its connections."""
    try:
        with contextlib.suppress(Exception):
            await producer.stop()
    finally:
        # No public way: a stop that is broken off leaves the sender behind, which then spins without a pause.
        await producer._sender.close()
        await producer.client.close()
