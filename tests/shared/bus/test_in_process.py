"""The hop inside one process keeps nothing: it returns when its readers are done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from shared.bus.in_process import InProcessBus
from shared.bus.port import Record

ONE, OTHER = Record("one", "k", b"1"), Record("other", "k", b"2")


class Reader:
    """Remembers what it got; may be slow or fail."""

    def __init__(self, error: Exception | None = None, turns: int = 1) -> None:
        self.got: list[Record] = []
        self.error, self.turns = error, turns

    async def deliver(self, records: Sequence[Record]) -> None:
        for _ in range(self.turns):
            await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.got.extend(records)


async def test_each_reader_gets_its_own_topics_in_order() -> None:
    bus, both, one = InProcessBus(), Reader(), Reader()
    bus.subscribe("both", frozenset({"one", "other"}), both.deliver)
    bus.subscribe("one", frozenset({"one"}), one.deliver)
    await bus.publish([OTHER, ONE, OTHER])
    assert both.got == [OTHER, ONE, OTHER]
    assert one.got == [ONE]


async def test_publish_returns_only_when_every_reader_is_done() -> None:
    bus, done = InProcessBus(), []

    async def slow(records: Sequence[Record]) -> None:
        await asyncio.sleep(0.01)
        done.append(records)

    bus.subscribe("slow", frozenset({"one"}), slow)
    await bus.publish([ONE])
    assert done == [[ONE]]


async def test_a_failing_reader_does_not_keep_the_others_from_theirs_but_publish_says_so() -> None:
    bus, good = InProcessBus(), Reader(turns=20)
    bus.subscribe("bad", frozenset({"one"}), Reader(OSError("weg")).deliver)
    bus.subscribe("good", frozenset({"one"}), good.deliver)
    with pytest.raises(OSError, match="weg"):
        await bus.publish([ONE])
    assert good.got == [ONE]


async def test_what_nobody_reads_is_published_without_fuss() -> None:
    await InProcessBus().publish([ONE])
