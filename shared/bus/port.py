"""What relay and consumers may ask of a bus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol


class Record(NamedTuple):
    """An event on its way: `key` is the versioned aggregate, `value` the envelope's bytes."""

    topic: str
    key: str
    value: bytes


class Progress(NamedTuple):
    """Of one group of readers: records not committed yet by any of them (None: the bus does not say), records that
    this one has committed since it started, and what it is waiting for when it is in trouble."""

    group: str
    behind: int | None
    done: int
    trouble: str | None


Deliver = Callable[[Sequence[Record]], Awaitable[None]]
# Delivers in two steps: returns when a next batch may begin, with what is left to wait for until this one is safe.
Begin = Callable[[Sequence[Record]], Awaitable[Awaitable[None]]]


class Bus(Protocol):
    """Carries bytes. Order is kept per key, not across keys or topics. `gather`: for so many seconds an event that
    nobody waits for is best kept, so that others go with it; 0 where going alone costs no more."""

    gather: float

    def subscribe(self, group: str, topics: frozenset[str], deliver: Deliver, begin: Begin | None = None) -> None:
        """Let `deliver` have every record of these topics; it returns when they are safe on its side. A bus that has
        more waiting than it hands over at a time may use `begin`, and hand over the next batch while this one is on its
        way: the reader sees to the order of what overlaps."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Returns only when every record is safe; raises when that is not certain (then publish again)."""

    async def start(self) -> None:
        """Begin to deliver; after every subscription. Returns at once, also when the bus can't be reached yet."""

    async def stop(self) -> None:
        """Let the deliveries at hand finish, then deliver no more."""

    async def progress(self) -> Sequence[Progress]:
        """Of every group that this process reads for; empty when delivering is part of publishing."""
