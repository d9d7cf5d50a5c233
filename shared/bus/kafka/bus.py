"""The bus port on Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from shared.bus.kafka.noise import hush
from shared.bus.kafka.progress import TopicsMissing, behind
from shared.bus.kafka.publisher import Publisher
from shared.bus.kafka.reader import Patience, Reader, whole
from shared.bus.port import Begin, Deliver, Progress, Record

# An event costs a look in the outbox, a mark, an answer of the broker, a fetch and a commit of whoever reads it; with
# others it shares them.
GATHER = 0.025  # seconds


def fingerprint(topics: frozenset[str]) -> str:
    """Of what a member reads, for in its name. The broker gives a member that comes back what it had, and goes by its
    name: under the same one, who came back with one more topic would not get it until another came or went."""
    return sha256(",".join(sorted(topics)).encode()).hexdigest()[:8]


class KafkaBus:
    """`instance` names this process among the workers of a service and stays the same over a restart (`1`, `2`, the
    name of a pod of a stateful set). Two processes with the same group and instance keep taking each other's place."""

    gather = GATHER

    def __init__(self, bootstrap: str, *, instance: str = "", patience: Patience | None = None) -> None:
        """`bootstrap`: `host:port`, with commas in between when there are more. Who only publishes needs no name."""
        hush()
        self._bootstrap = bootstrap
        self.instance = instance
        self._patience = patience or Patience()
        self._publisher = Publisher(bootstrap, patience=self._patience.answer)
        self._readers: list[Reader] = []

    def subscribe(self, group: str, topics: frozenset[str], deliver: Deliver, begin: Begin | None = None) -> None:
        """Before `start`. `deliver` gets batches that may hold records of several topics and partitions."""
        assert self.instance, "a reader has a name of its own"
        member = f"{group}-{self.instance}-{fingerprint(topics)}"
        self._readers.append(Reader(self._bootstrap, group, member, topics, begin or whole(deliver), self._patience))

    async def publish(self, records: Sequence[Record]) -> None:
        await self._publisher.publish(records)

    async def start(self) -> None:
        """Start reading. Returns at once, also while the broker is down: the readers keep trying."""
        for reader in self._readers:
            reader.start()

    async def stop(self) -> None:
        """Finish and commit the work at hand, then close every connection."""
        await asyncio.gather(*(reader.stop() for reader in self._readers))
        await self._publisher.stop()

    async def progress(self) -> list[Progress]:
        """Of every group that this process reads for."""
        return list(await asyncio.gather(*(self._progress(reader) for reader in self._readers)))

    async def _progress(self, reader: Reader) -> Progress:
        try:
            left = await behind(self._bootstrap, reader.group, reader.topics)
        except TopicsMissing as missing:
            return Progress(reader.group, None, reader.done, f"topics ontbreken: {missing}")
        except Exception:
            # Health must answer whatever is the matter; what is, is in `trouble` and in the log.
            return Progress(reader.group, None, reader.done, reader.trouble)
        return Progress(reader.group, left, reader.done, reader.trouble)
