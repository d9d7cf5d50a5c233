"""The reading side: one member of a consumer group, that hands batches to `deliver` and commits afterwards.

A batch is done before the next one is handed over, unless more is waiting than a batch holds: then the next one is read
and begun while this one is on its way to the disk. How far we are is committed beside them, a few times a second: when
partitions are taken away, the batch under way is finished and all of it committed first. What is delivered and not
committed (a crash, a lost connection, a drain that took too long) is delivered again, here or elsewhere; the inbox
knows it.
"""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError

from shared.bus.kafka.leaving import leave
from shared.bus.port import Begin, Deliver, Record

MOST_RECORDS = 4000  # a reader that is behind decides once on all that came for a lane
POLL_MS = 500
# A partition that was emptied is asked for again when the question that is under way comes back: at most this long.
BROKER_WAIT_MS = 50
# A commit costs the broker as much as a batch of events: one for all that was delivered in this time.
COMMIT_PAUSE = 0.2  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
# A worker that is busy for longer has lost its partitions to another by then.
LONGEST_BATCH_MS = 15 * 60_000
log = structlog.get_logger()

Work = asyncio.Task[Exception | None]  # what delivering failed on, if it did
Batch = Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds. `session`: how long a member may be silent, or away for a restart, and keep its
    partitions. `drain`: how long the work at hand may take when partitions are taken away. `answer`: the broker."""

    session: float = 30.0
    drain: float = 10.0
    answer: float = 30.0

    @property
    def rebalance(self) -> float:
        """The broker waits this long for every member to drain and come back."""
        return self.drain * 2


class Reader:
    """A member of group `group`, known to the broker as `member` whatever process it lives in."""

    def __init__(
        self, bootstrap: str, group: str, member: str, topics: frozenset[str], begin: Begin, patience: Patience
    ) -> None:
        self.group = group
        self.topics = topics
        self.trouble: str | None = None
        self.done = 0  # records delivered and committed
        self._bootstrap = bootstrap
        self.member = member
        self._begin = begin
        self._patience = patience
        self._pause = FIRST_PAUSE
        self._stopping = asyncio.Event()
        self._under_way: list[Work] = []  # two at most, in order
        self._again: dict[TopicPartition, int] = {}  # where to read again, of what failed
        self._finished: dict[TopicPartition, int] = {}  # delivered and not committed: where to go on
        self._delivered = 0  # records of these
        self._hurry = asyncio.Event()  # commit now
        self._committing: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start reading, as soon as the broker answers."""
        self._stopping.clear()
        self._running = asyncio.create_task(self._run(), name=f"{self.group}.bus")

    async def stop(self) -> None:
        """Finish and commit the work at hand, then leave. The broker keeps the place for `session` seconds."""
        self._stopping.set()
        await self.drain()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    async def drain(self) -> None:
        """Wait for the work at hand; break it off when it takes too long. It is delivered again then."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=self._patience.drain)
            if late:
                log.warning("bus.afgebroken", groep=self.group, lid=self.member)
                for work in late:
                    work.cancel()
                await asyncio.wait(late, timeout=self._patience.drain / 2)
        if self._committing is not None and not self._committing.done():
            self._hurry.set()
            await asyncio.wait({self._committing}, timeout=self._patience.drain / 2)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._read()
            except Exception as error:
                # Broker away, topics not created yet, thrown out of the group: a new member starts where it was.
                await self._rest("bus.hapert", error)

    async def _read(self) -> None:
        consumer = self._consumer()
        consumer.subscribe(topics=sorted(self.topics), listener=Handover(self))
        try:
            async with asyncio.timeout(self._patience.answer + self._patience.rebalance):
                await consumer.start()
            # It answers and has let us in. Trouble of our own storage shows again at the next delivery.
            self.trouble = None
            while not self._stopping.is_set():
                batch = await consumer.getmany(timeout_ms=POLL_MS, max_records=MOST_RECORDS)
                if self._committing is not None and self._committing.done():
                    self._committing.result()  # what is wrong with the broker shows here, also when nothing comes
                if batch:
                    await self._hand_over(consumer, batch)
        finally:
            try:
                await self.drain()
                self._under_way.clear()
                await self._committed()
            finally:
                # Also when we are stopped while waiting: a consumer that is left behind goes on saying that it lives,
                # and holds its partitions.
                await leave(consumer, self._patience.answer, groep=self.group, lid=self.member)

    async def _hand_over(self, consumer: AIOKafkaConsumer, batch: Batch) -> None:
        """Begin to deliver. Returns when there is room for another batch."""
        before = next((work for work in self._under_way if not work.done()), None)
        if before is None:
            self._again.clear()
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # A task, made without waiting in between: whoever takes our partitions away finds it and can wait for it.
        self._under_way.append(asyncio.create_task(self._take(consumer, batch, begun, before)))
        full = sum(map(len, batch.values())) >= MOST_RECORDS
        while self._under_way:
            first, *others = self._under_way
            if first.done() and (failure := failure_of(first)) is not None:
                # Before anything is begun again, what was begun behind it has come to its end as well.
                if others:
                    await asyncio.wait(others)
                self._under_way.clear()
                await self._rest("bus.levering_hapert", failure)
            elif first.done():
                del self._under_way[0]
                self._pause, self.trouble = FIRST_PAUSE, None
            elif full and begun.done() and not others:
                return
            else:
                waiting: set[asyncio.Future[Any]] = {first} if begun.done() else {first, begun}
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def _take(
        self, consumer: AIOKafkaConsumer, batch: Batch, begun: asyncio.Future[None], before: Work | None
    ) -> Exception | None:
        """Deliver, and have it committed after what came before it. What delivering failed on, if it did: then this
        batch is read again from its start, and so is what came behind it, for it is the storage of our own that is in
        trouble, not the records. Nothing is skipped."""
        try:
            failure = failure_of(before) or await self._delivered_or_not(batch, begun)
            if before is not None:
                await asyncio.wait({before})
            failure = failure_of(before) or failure
        except asyncio.CancelledError:
            self._rewind(consumer, batch)
            raise
        if failure is not None:
            self._rewind(consumer, batch)
            return failure
        self._finished.update({partition: records[-1].offset + 1 for partition, records in batch.items()})
        self._delivered += sum(len(records) for records in batch.values())
        if self._committing is None or self._committing.done():
            if self._committing is not None:
                self._committing.result()
            self._committing = asyncio.create_task(self._commit(consumer))
        return None

    async def _delivered_or_not(self, batch: Batch, begun: asyncio.Future[None]) -> Exception | None:
        try:
            rest = await self._begin(records_of(batch))
            begun.set_result(None)
            await rest
        except Exception as error:
            return error
        return None

    def _rewind(self, consumer: AIOKafkaConsumer, batch: Batch) -> None:
        """Read this batch again, as far as its partitions are still ours: from the first record of all that failed."""
        for partition, records in batch.items():
            start = records[0].offset
            self._again[partition] = start = min(start, self._again.get(partition, start))
            if partition in consumer.assignment():
                consumer.seek(partition, start)

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        """Commit what is finished, in a moment, and go on until there is nothing left to commit."""
        while self._finished:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COMMIT_PAUSE):
                    await self._hurry.wait()
            self._hurry.clear()
            offsets, self._finished = self._finished, {}
            delivered, self._delivered = self._delivered, 0
            try:
                async with asyncio.timeout(self._patience.answer):
                    await consumer.commit(offsets)
                self.done += delivered
            except (CommitFailedError, IllegalStateError) as error:
                # The partitions went to another member in the meantime: it gets these records as well.
                log.info("bus.niet_vastgelegd", groep=self.group, lid=self.member, fout=type(error).__name__)

    async def _committed(self) -> None:
        """Wait for the last commit, as far as there is one: with this consumer it ends."""
        try:
            if self._committing is not None:
                self._hurry.set()
                await asyncio.wait({self._committing})  # bounded by itself
        finally:
            if self._committing is not None:
                self._committing.cancel()
                await asyncio.gather(self._committing, return_exceptions=True)
                self._committing = None
            self._finished, self._delivered = {}, 0
            self._hurry.clear()

    async def _rest(self, what: str, error: BaseException) -> None:
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self.trouble = type(error).__name__
        log.warning(what, groep=self.group, lid=self.member, fout=self.trouble, wacht=pause)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._stopping.wait()

    def _consumer(self) -> AIOKafkaConsumer:
        wait = self._patience
        # The assignor keeps its state in the class: members in one process would overwrite each other's.
        assignor = type("Sticky", (StickyPartitionAssignor,), {})
        return AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=self.group,
            group_instance_id=self.member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(assignor,),
            session_timeout_ms=round(wait.session * 1000),
            heartbeat_interval_ms=round(wait.session * 100),
            rebalance_timeout_ms=round(wait.rebalance * 1000),
            # Joining a group takes as long as the slowest member: an earlier timeout would make us start all over.
            request_timeout_ms=round((wait.rebalance + wait.answer) * 1000),
            max_poll_interval_ms=LONGEST_BATCH_MS,
            fetch_max_wait_ms=BROKER_WAIT_MS,
        )


class BrokenOff(Exception):
    """A batch took too long when its partitions were taken away."""


class Handover(ConsumerRebalanceListener):
    """Before partitions go to another member, the work on them is finished and committed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        await self._reader.drain()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        log.info("bus.verdeeld", groep=self._reader.group, lid=self._reader.member, partities=len(set(assigned)))


def records_of(batch: Batch) -> list[Record]:
    """Per partition in order. A record without a value is Kafka's own mark that its key may be forgotten."""
    return [
        Record(record.topic, str(record.key or b"", "utf-8", "replace"), record.value)
        for records in batch.values()
        for record in records
        if record.value is not None
    ]


def failure_of(before: Work | None) -> Exception | None:
    """Why what came before failed, as far as it did by now."""
    if before is None or not before.done():
        return None
    return BrokenOff() if before.cancelled() else before.result()


def whole(deliver: Deliver) -> Begin:
    """For who takes in a batch in one step: the next one may begin when it is done."""

    async def begin(records: Sequence[Record]) -> Awaitable[None]:
        await deliver(records)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    return begin
