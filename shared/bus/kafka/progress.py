"""How far a group is: what a worker's health, a metric and an alarm look at."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.kafka.administration import administration
from shared.bus.kafka.leaving import leave


class TopicsMissing(Exception):
    """Topics that should be read are not there; the text names them."""


async def behind(bootstrap: str, group: str, topics: Collection[str], *, patience: float = 10.0) -> int:
    """How many records of these topics the group has not committed yet, over all its members. Raises TopicsMissing,
    and TimeoutError or KafkaError when the broker does not say."""
    async with administration(bootstrap, patience) as admin:
        described = await admin.describe_topics(sorted(topics))
        missing = set(topics) - {topic["topic"] for topic in described if topic["partitions"]}
        if missing:
            raise TopicsMissing(", ".join(sorted(missing)))
        partitions = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in described
            for partition in topic["partitions"]
        ]
        done = await admin.list_consumer_group_offsets(group)
        reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, request_timeout_ms=round(patience * 1000))
        try:
            await reader.start()
            first = await reader.beginning_offsets(partitions)
            last = await reader.end_offsets(partitions)
        finally:
            await leave(reader, patience, groep=group)
    return sum(
        last[partition] - max(first[partition], done[partition].offset if partition in done else 0)
        for partition in partitions
    )
