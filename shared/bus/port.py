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


class Bus(Protocol):
    """Carries bytes. Order is kept per key, not across keys or topics."""

    def subscribe(self, group: str, topics: frozenset[str], deliver: Deliver) -> None:
        """Let `deliver` have every record of these topics; it returns when they are safe on its side."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Returns only when every record is safe; raises when that is not certain (then publish again)."""

    async def start(self) -> None:
        """Begin to deliver; after every subscription. Returns at once, also when the bus can't be reached yet."""

    async def stop(self) -> None:
        """Let the deliveries at hand finish, then deliver no more."""

    async def progress(self) -> Sequence[Progress]:
        """Of every group that this process reads for; empty when delivering is part of publishing."""
