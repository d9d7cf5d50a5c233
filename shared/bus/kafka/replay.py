"""Reads a topic from its beginning, beside every consumer group and without a mark of its own."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError, for_code

from shared.bus.history import History, HistoryUnreachable, Page
from shared.bus.kafka.administration import administration
from shared.bus.kafka.noise import hush
from shared.bus.kafka.reader import POLL_MS, records_of

MOST_RECORDS = 2000
log = structlog.get_logger()

Offsets = Mapping[TopicPartition, int]
Batch = Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]


async def replay(bootstrap: str, topic: str, *, patience: float = 30.0) -> History:
    """Every record up to what the topic held at the start; one without a value is left out. `patience`: seconds that
    the broker may take for an answer, or stay silent. Raises HistoryUnreachable."""
    hush()
    where = f"topic {topic} op {bootstrap}"
    try:
        async for page in _replay(bootstrap, topic, patience):
            yield page
    except UnknownTopicOrPartitionError as error:
        raise HistoryUnreachable(f"Het {where} bestaat niet. Maak de topics met: plekregie topics") from error
    except TimeoutError as error:
        raise HistoryUnreachable(f"Het {where} antwoordt niet binnen {patience:g} seconden.") from error
    except (KafkaError, OSError) as error:
        raise HistoryUnreachable(f"Het {where} is niet te lezen: {type(error).__name__}: {error}") from error


async def _replay(bootstrap: str, topic: str, patience: float) -> History:
    partitions = await partitions_of(bootstrap, topic, patience)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=round(patience * 1000),
    )
    try:
        async with asyncio.timeout(patience):
            await consumer.start()
            consumer.assign(partitions)
            first: Offsets = await consumer.beginning_offsets(partitions)
            last: Offsets = await consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, first[partition])
        total = sum(last[partition] - first[partition] for partition in partitions)
        left = {partition for partition in partitions if first[partition] < last[partition]}
        consumer.pause(*(set(partitions) - left))
        while left:
            batch = await next_batch(consumer, patience)
            for partition in list(left):
                async with asyncio.timeout(patience):
                    position = await consumer.position(partition)
                # The position, and not the last record: compaction leaves gaps, also at the end.
                if position >= last[partition]:
                    left.discard(partition)
                    consumer.pause(partition)
            done = total - sum([last[p] - await consumer.position(p) for p in left])
            yield Page(records_of(within(batch, last)), done, total)
    finally:
        await leave(consumer, patience)


async def partitions_of(bootstrap: str, topic: str, patience: float) -> list[TopicPartition]:
    """The partitions of a topic. Raises KafkaError when there is no such topic."""
    async with administration(bootstrap, patience) as admin:
        (described,) = await admin.describe_topics([topic])
    if described["error_code"]:
        raise for_code(described["error_code"])(topic)
    return [TopicPartition(topic, partition["partition"]) for partition in described["partitions"]]


async def next_batch(consumer: AIOKafkaConsumer, patience: float) -> Batch:
    """What comes next. Raises TimeoutError when for so long nothing comes: a broker that is away is only silent."""
    async with asyncio.timeout(patience):
        while True:
            batch: Batch = await consumer.getmany(timeout_ms=POLL_MS, max_records=MOST_RECORDS)
            if batch:
                return batch


def within(batch: Batch, last: Offsets) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
    """Without what was told after the start."""
    return {
        partition: [record for record in records if record.offset < last[partition]]
        for partition, records in batch.items()
    }


async def leave(consumer: AIOKafkaConsumer, patience: float) -> None:
    """Let go of the connections. What was read stays read, also when that fails."""
    try:
        async with asyncio.timeout(patience):
            await consumer.stop()
    except Exception as error:
        log.warning("bus.niet_netjes_weg", fout=type(error).__name__)
