"""A key is in the partition in which every other Kafka client looks for it."""

from __future__ import annotations

from random import Random

import pytest
from aiokafka.partitioner import DefaultPartitioner

from shared.bus.kafka.partitioning import partition_of

PARTITIONS = list(range(12))


@pytest.mark.parametrize("length", [*range(14), 35, 36, 37, 38, 300])
def test_the_partition_is_the_one_that_the_library_would_choose(length: int) -> None:
    random, theirs = Random(length), DefaultPartitioner()
    keys = [random.randbytes(length) for _ in range(50)] + [b"\xff" * length, b"\x00" * length]
    assert [partition_of(key, 12) for key in keys] == [theirs(key, PARTITIONS, PARTITIONS) for key in keys]


def test_keys_of_aggregates_are_spread_over_all_partitions() -> None:
    keys = [f"0190a000-7000-7000-8000-{number:012d}".encode() for number in range(500)]
    assert {partition_of(key, 12) for key in keys} == set(PARTITIONS)
