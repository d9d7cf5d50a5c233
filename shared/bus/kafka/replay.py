"""Reads a topic from its beginning, beside every consumer group and without a mark of its own."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError, for_code

from shared.bus.history import History, HistoryUnreachable, Page
from shared.bus.kafka.administration import administration
from shared.bus.kafka.leaving import leave
from shared.bus.kafka.noise import hush
from shared.bus.kafka.reader import POLL_MS, records_of

MOST_RECORDS = 2000

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
    clock = asyncio.get_running_loop().time
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
        done, heard = 0, clock()
        while left:
            async with asyncio.timeout(patience):
                batch: Batch = await consumer.getmany(timeout_ms=POLL_MS, max_records=MOST_RECORDS)
                # Positions, and not the records: compaction leaves gaps, also at the end.
                positions = {partition: await consumer.position(partition) for partition in left}
            left = {partition for partition in left if positions[partition] < last[partition]}
            consumer.pause(*(set(partitions) - left))
            before, done = done, total - sum(last[partition] - positions[partition] for partition in left)
            if done > before:
                heard = clock()
                yield Page(records_of(within(batch, last)), done, total)
            elif clock() - heard > patience:
                # A broker that is away is only silent: the library keeps trying.
                raise TimeoutError
    finally:
        await leave(consumer, patience, topic=topic)


async def partitions_of(bootstrap: str, topic: str, patience: float) -> list[TopicPartition]:
    """The partitions of a topic. Raises KafkaError when there is no such topic."""
    async with administration(bootstrap, patience) as admin:
        (described,) = await admin.describe_topics([topic])
    if described["error_code"]:
        raise for_code(described["error_code"])(topic)
    return [TopicPartition(topic, partition["partition"]) for partition in described["partitions"]]


def within(batch: Batch, last: Offsets) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
    """Without what was told after the start."""
    return {
        partition: [record for record in records if record.offset < last[partition]]
        for partition, records in batch.items()
    }
