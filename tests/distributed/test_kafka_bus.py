"""The Kafka bus against a real broker: nothing lost, nothing skipped, in order per key, whoever falls over."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError
from structlog.testing import capture_logs

from shared.bus.kafka import KafkaBus, Patience, TopicDiffers, behind, create_topics
from shared.bus.kafka.bus import fingerprint
from shared.bus.port import Bus, Record
from shared.bus.topics import TOPICS, Topic
from tests.distributed.kafka import Broker, NoServer, kafka_address, own_broker

pytestmark = pytest.mark.distributed

QUICK = Patience(session=4.0, drain=2.0, answer=20.0)
KEYS = 40
PARTITIONS = 6
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A broker that the test may stop and start."""
    try:
        with own_broker() as made:
            yield made
    except NoServer as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """The bootstrap address of a broker; the one that may be stopped, unless the environment names another."""
    return kafka_address(lambda: request.getfixturevalue("broker"))


@pytest_asyncio.fixture
async def topic(kafka: str) -> str:
    """A topic that nobody else uses."""
    return await new_topic(kafka)


async def new_topic(bootstrap: str) -> str:
    name = f"t.{uuid4().hex[:10]}"
    await create_topics(bootstrap, [Topic(name, PARTITIONS, {"cleanup.policy": "compact"})])
    return name


def events(topic: str, first: int, number: int) -> list[Record]:
    """Numbered over all; the same key comes back every KEYS records."""
    return [Record(topic, f"k{n % KEYS}", str(n).encode()) for n in range(first, first + number)]


async def eventually(holds: Callable[[], bool]) -> None:
    """Until it holds. There is no event to wait for: a broker or another process makes it so."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


class Reads:
    """What was delivered, in order of delivery; `before` runs first and may fail or wait."""

    def __init__(self, before: Callable[[], Awaitable[None]] | None = None) -> None:
        self.got: list[tuple[str, int]] = []
        self.batches = 0
        self._before = before

    async def deliver(self, records: Sequence[Record]) -> None:
        if self._before is not None:
            await self._before()
        self.batches += 1
        self.got.extend((record.key, int(record.value)) for record in records)

    async def until(self, number: int, *others: Reads) -> None:
        """Until so many different ones were delivered."""
        await eventually(lambda: len({n for reads in (self, *others) for _, n in reads.got}) >= number)


def first_times(got: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    """Key → numbers in the order in which they came for the first time (what an inbox lets through)."""
    seen: dict[str, dict[int, None]] = defaultdict(dict)
    for key, number in got:
        seen[key].setdefault(number)
    return {key: list(numbers) for key, numbers in seen.items()}


def in_order(number: int) -> dict[str, list[int]]:
    return {f"k{key}": list(range(key, number, KEYS)) for key in range(KEYS)}


@asynccontextmanager
async def reading(
    bootstrap: str,
    topic: str,
    reads: Reads,
    *,
    group: str = "",
    instance: str = "1",
    patience: Patience = QUICK,
    also: str = "",
) -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(bootstrap, instance=instance, patience=patience)
    bus.subscribe(group or f"g-{topic}", frozenset({topic, also or topic}), reads.deliver)
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


@asynccontextmanager
async def publishing(bootstrap: str, patience: Patience = QUICK) -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(bootstrap, instance="zender", patience=patience)
    try:
        yield bus
    finally:
        await bus.stop()


async def relay(
    bus: Bus, topic: str, number: int, *, size: int = 50, pause: float = 0.0, last_after: asyncio.Event | None = None
) -> int:
    """Publish like the relay: batch by batch, the same again when it is not certain. How often that was so.
    `last_after`: what the last batch waits for."""
    again = 0
    for first in range(0, number, size):
        if last_after is not None and first + size >= number:
            await last_after.wait()
        while True:
            try:
                await bus.publish(events(topic, first, size))
                break
            except (KafkaError, TimeoutError, OSError):
                again += 1
                await asyncio.sleep(0.2)
        await asyncio.sleep(pause)
    return again


async def until_done(kafka: str, topic: str) -> None:
    """Until everything is committed."""
    async with asyncio.timeout(30):
        while await behind(kafka, f"g-{topic}", {topic}):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_what_is_published_is_delivered_once_and_in_order_per_key(kafka: str, topic: str) -> None:
    reads = Reads()
    async with publishing(kafka) as sender, reading(kafka, topic, reads):
        await relay(sender, topic, 2000, size=500)
        await reads.until(2000)
        await until_done(kafka, topic)
    assert len(reads.got) == 2000
    assert first_times(reads.got) == in_order(2000)


async def test_what_was_published_before_a_group_existed_reaches_it(kafka: str, topic: str) -> None:
    first, second = Reads(), Reads()
    async with publishing(kafka) as sender:
        await relay(sender, topic, 200)
    async with reading(kafka, topic, first, group=f"a-{topic}"), reading(kafka, topic, second, group=f"b-{topic}"):
        await first.until(200)
        await second.until(200)
    assert first_times(first.got) == first_times(second.got) == in_order(200)


async def test_a_topic_that_a_group_begins_to_read_later_reaches_it_from_its_beginning(kafka: str, topic: str) -> None:
    """As a service that listens to more after an update: what it read already does not come again."""
    later, before, after = await new_topic(kafka), Reads(), Reads()
    async with publishing(kafka) as sender:
        await relay(sender, topic, 200)
        await relay(sender, later, 200)
    async with reading(kafka, topic, before):
        await before.until(200)
        await until_done(kafka, topic)
    async with publishing(kafka) as sender, reading(kafka, topic, after, also=later):
        await after.until(200)
        assert first_times(after.got) == in_order(200)
        assert len(after.got) == 200, "only what was not read before"
        await sender.publish(events(topic, 200, 200))
        await after.until(400)  # what it read before goes on, once the broker has given up the member of before


async def test_a_delivery_that_fails_is_repeated_and_nothing_is_skipped(kafka: str, topic: str) -> None:
    failures = 0

    async def full_disk() -> None:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise OSError("no space left")

    reads = Reads(full_disk)
    async with publishing(kafka) as sender, reading(kafka, topic, reads) as bus:
        await relay(sender, topic, 400)
        await reads.until(400)
        await until_done(kafka, topic)
        [progress] = await bus.progress()
    assert failures == 3
    assert first_times(reads.got) == in_order(400)
    assert (progress.behind, progress.trouble) == (0, None)


class Steps:
    """Delivers in two steps; what is left of a batch is done when it is let go."""

    def __init__(self, *, freely: bool = False) -> None:
        self.begun: list[tuple[asyncio.Future[None], Sequence[Record]]] = []
        self.got: list[tuple[str, int]] = []
        self.freely = freely

    async def never(self, records: Sequence[Record]) -> None:
        raise AssertionError("it takes two steps")

    async def begin(self, records: Sequence[Record]) -> Awaitable[None]:
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.begun.append((left, records))
        if self.freely:
            left.set_result(None)
        return self._rest(left, records)

    async def _rest(self, left: asyncio.Future[None], records: Sequence[Record]) -> None:
        await left
        self.got.extend((record.key, int(record.value)) for record in records)

    def let_go(self, failure: Exception | None = None, *, place: int = 0) -> None:
        left, _ = self.begun[place]
        if failure is None:
            left.set_result(None)
        else:
            left.set_exception(failure)

    def all_from_now_on(self) -> None:
        self.freely = True
        for left, _ in self.begun:
            if not left.done():
                left.set_result(None)


@asynccontextmanager
async def stepping(bootstrap: str, topic: str, steps: Steps, instance: str = "1") -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(bootstrap, instance=instance, patience=QUICK)
    bus.subscribe(f"g-{topic}", frozenset({topic}), steps.never, steps.begin)
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many records make a batch full."""
    monkeypatch.setattr("shared.bus.kafka.reader.MOST_RECORDS", 50)
    return 50


async def test_while_more_waits_one_more_batch_is_begun_and_commits_keep_their_order(
    kafka: str, topic: str, small_batches: int
) -> None:
    steps = Steps()
    async with publishing(kafka) as sender:
        await relay(sender, topic, 600, size=600)
    async with stepping(kafka, topic, steps):
        await eventually(lambda: len(steps.begun) == 2)
        steps.let_go(place=1)
        await asyncio.sleep(1)
        assert len(steps.begun) == 2
        assert await behind(kafka, f"g-{topic}", {topic}) == 600, "the first one is not safe yet"
        steps.let_go()
        await eventually(lambda: len(steps.begun) == 4)
        steps.all_from_now_on()
        await until_done(kafka, topic)
    assert sorted(number for _, number in steps.got) == list(range(600)), "each of them once"
    begun = [(record.key, int(record.value)) for _, records in steps.begun for record in records]
    assert first_times(begun) == in_order(600)


async def test_a_batch_that_was_not_full_is_done_before_the_next_begins(kafka: str, topic: str) -> None:
    steps = Steps()
    async with publishing(kafka) as sender, stepping(kafka, topic, steps):
        await relay(sender, topic, 10, size=10)
        await eventually(lambda: bool(steps.begun))
        await relay(sender, topic, 10, size=10)
        await asyncio.sleep(0.5)
        assert len(steps.begun) == 1
        steps.all_from_now_on()
        await until_done(kafka, topic)


@pytest.mark.parametrize("second_first", [True, False])
async def test_what_fails_is_read_again_with_all_that_was_begun_behind_it(
    kafka: str, topic: str, small_batches: int, second_first: bool
) -> None:
    steps = Steps()
    async with publishing(kafka) as sender:
        await relay(sender, topic, 600, size=600)
    async with stepping(kafka, topic, steps):
        await eventually(lambda: len(steps.begun) == 2)
        if second_first:
            steps.let_go(place=1)
            await asyncio.sleep(0.1)
        steps.let_go(OSError("schijf vol"))
        if not second_first:
            await asyncio.sleep(0.1)
            steps.let_go(place=1)
        await eventually(lambda: len(steps.begun) > 2)
        assert await behind(kafka, f"g-{topic}", {topic}) == 600
        steps.got.clear()
        steps.all_from_now_on()
        await until_done(kafka, topic)
    assert sorted(number for _, number in steps.got) == list(range(600)), "from the first that failed on, each once"
    assert first_times(steps.got) == in_order(600)


async def test_both_batches_under_way_are_finished_before_another_member_gets_the_partitions(
    kafka: str, topic: str, small_batches: int
) -> None:
    one, two = Steps(), Steps(freely=True)
    async with publishing(kafka) as sender:
        await relay(sender, topic, 600, size=600)
    async with stepping(kafka, topic, one):
        await eventually(lambda: len(one.begun) == 2)
        async with stepping(kafka, topic, two, instance="2"):
            await asyncio.sleep(0.8)
            one.all_from_now_on()
            await until_done(kafka, topic)
    assert sorted(number for _, number in [*one.got, *two.got]) == list(range(600))


async def test_the_offset_is_committed_after_the_delivery_and_not_before(kafka: str, topic: str) -> None:
    asked, free = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        asked.set()
        await free.wait()

    reads = Reads(wait)
    async with publishing(kafka) as sender, reading(kafka, topic, reads):
        await relay(sender, topic, 100)
        await asyncio.wait_for(asked.wait(), 30)
        assert await behind(kafka, f"g-{topic}", {topic}) == 100
        free.set()
        await until_done(kafka, topic)
    assert len(reads.got) == 100


async def test_stopping_finishes_and_commits_the_work_at_hand(kafka: str, topic: str) -> None:
    asked = asyncio.Event()

    async def slow() -> None:
        asked.set()
        await asyncio.sleep(0.5)

    reads = Reads(slow)
    async with publishing(kafka) as sender:
        await relay(sender, topic, 100, size=100)
    async with reading(kafka, topic, reads):
        await asyncio.wait_for(asked.wait(), 30)
    assert reads.got
    assert await behind(kafka, f"g-{topic}", {topic}) == 100 - len(reads.got)


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_broker_that_goes_and_comes_back_loses_nothing(broker: Broker, how: str) -> None:
    topic = await new_topic(broker.bootstrap)
    early, late = Reads(), Reads()
    impatient = Patience(session=4.0, drain=2.0, answer=2.0)
    async with AsyncExitStack() as stack:
        sender = await stack.enter_async_context(publishing(broker.bootstrap, impatient))
        await stack.enter_async_context(reading(broker.bootstrap, topic, early, group=f"a-{topic}"))
        await sender.publish(events(topic, 0, 100))
        gone = asyncio.Event()
        sending = asyncio.create_task(relay(sender, topic, 2000, pause=0.02, last_after=gone))
        await early.until(300)
        await asyncio.to_thread(getattr(broker, how))
        try:
            gone.set()
            # A worker that is started while the broker is away gets there in the end.
            await stack.enter_async_context(reading(broker.bootstrap, topic, late, group=f"b-{topic}"))
            with pytest.raises((KafkaError, TimeoutError)):
                await sender.publish(events(topic, 0, 1))
            assert not sending.done()
        finally:
            await asyncio.to_thread(broker.start)  # the next test needs it as well
        assert await sending > 0
        await early.until(2000)
        await late.until(2000)
    assert first_times(early.got) == first_times(late.got) == in_order(2000)


async def test_members_that_come_and_go_under_load_lose_nothing_and_keep_the_order(kafka: str, topic: str) -> None:
    total = 6000

    async def work() -> None:
        await asyncio.sleep(0.005)

    # One list: the order over all members together is what counts.
    one, two, three = Reads(work), Reads(work), Reads(work)
    together: list[tuple[str, int]] = []
    for reads in (one, two, three):
        reads.got = together
    async with AsyncExitStack() as stack:
        sender = await stack.enter_async_context(publishing(kafka))
        sending = asyncio.create_task(relay(sender, topic, total, pause=0.02))
        await stack.enter_async_context(reading(kafka, topic, one, instance="1"))
        await one.until(500)
        async with reading(kafka, topic, two, instance="2"):
            await one.until(2500)
        # It left without a word (a static member): its partitions are taken over when its session is over.
        await stack.enter_async_context(reading(kafka, topic, three, instance="3"))
        await sending
        await one.until(total)
        await until_done(kafka, topic)
    assert all(reads.batches for reads in (one, two, three))
    assert first_times(together) == in_order(total)


async def test_work_at_hand_is_finished_and_committed_before_another_member_gets_the_partitions(
    kafka: str, topic: str
) -> None:
    asked = asyncio.Event()

    async def slow() -> None:
        asked.set()
        await asyncio.sleep(0.8)

    one, two = Reads(slow), Reads()
    async with publishing(kafka) as sender, reading(kafka, topic, one, instance="1"):
        await relay(sender, topic, 300, size=300)
        await asyncio.wait_for(asked.wait(), 30)
        async with reading(kafka, topic, two, instance="2"):
            await relay(sender, topic, 300, size=300)
            await eventually(lambda: bool(two.got))
            await until_done(kafka, topic)
    # 300 were sent twice; nothing was delivered more often than that.
    assert len(one.got) + len(two.got) == 600


async def test_a_member_that_restarts_keeps_its_place_without_a_rebalance(kafka: str, topic: str) -> None:
    steady, leaving, back = Reads(), Reads(), Reads()
    group = f"g-{topic}"
    patient = Patience(session=20.0, drain=2.0)
    async with publishing(kafka) as sender, reading(kafka, topic, steady, instance="1", patience=patient):
        await sender.publish(events(topic, 0, 400))
        await steady.until(400)
        sent = 400
        async with reading(kafka, topic, leaving, instance="2", patience=patient):
            while not leaving.got:
                await sender.publish(events(topic, sent, 400))
                sent += 400
                await steady.until(sent, leaving)
        with capture_logs() as logs:
            await sender.publish(events(topic, sent, 400))
            async with reading(kafka, topic, back, instance="2", patience=patient):
                await steady.until(sent + 400, leaving, back)
    divided = [entry["lid"] for entry in logs if entry["event"] == "bus.verdeeld"]
    assert divided == [f"{group}-2-{fingerprint(frozenset({topic}))}"]
    assert first_times(leaving.got).keys() <= first_times(back.got).keys()


async def test_a_worker_that_is_killed_in_the_middle_of_a_batch_loses_nothing(
    kafka: str, topic: str, tmp_path: Path
) -> None:
    log = tmp_path / "geleverd"
    log.touch()

    def delivered() -> list[tuple[str, int]]:
        lines = [line.split() for line in log.read_text().splitlines()]
        return [(key, int(number)) for key, number in lines]

    def reached(goal: int) -> bool:
        return len(set(delivered())) >= goal

    command = ["-m", "tests.distributed.kafka_member", kafka, f"g-{topic}", "1", topic, str(log)]
    async with publishing(kafka) as sender:
        await relay(sender, topic, 1000, size=500)
    for goal in (100, 1000):
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT)
        try:
            await eventually(partial(reached, goal))
        finally:
            process.kill()
            await process.wait()
    # It was killed before its first commit: what it had done came again, and nothing else.
    assert first_times(delivered()) == in_order(1000)
    assert 1000 < len(delivered()) < 2000


async def test_publishing_to_a_topic_that_is_not_there_is_refused_until_it_is(kafka: str) -> None:
    name = f"t.{uuid4().hex[:10]}"
    reads = Reads()
    async with publishing(kafka, Patience(answer=1.0)) as sender:
        with pytest.raises((KafkaError, TimeoutError)):
            await sender.publish(events(name, 0, 10))
        await create_topics(kafka, [Topic(name, 2, {})])
        await sender.publish(events(name, 0, 10))
    async with reading(kafka, name, reads):
        await reads.until(10)


async def test_topics_are_created_as_declared_and_a_different_one_is_named(kafka: str) -> None:
    prefix = uuid4().hex[:8]
    topics = [Topic(f"{prefix}.{topic.name}", topic.partitions, topic.config) for topic in TOPICS]
    made = await create_topics(kafka, topics)
    again = await create_topics(kafka, topics)
    assert (len(made.made), made.there) == (len(TOPICS), ())
    assert (again.made, len(again.there)) == ((), len(TOPICS))

    other = Topic(topics[0].name, 7, {**topics[0].config, "cleanup.policy": "delete"})
    with pytest.raises(TopicDiffers) as refusal:
        await create_topics(kafka, [other])
    assert other.name in str(refusal.value)
    assert "3 partities" in str(refusal.value)
    assert "cleanup.policy=compact" in str(refusal.value)


async def test_progress_is_unknown_while_the_broker_is_away() -> None:
    async def never(_: Sequence[Record]) -> None:
        raise AssertionError

    bus = KafkaBus("127.0.0.1:1", instance="1", patience=QUICK)
    bus.subscribe("g", frozenset({"t"}), never)
    await bus.start()
    await asyncio.sleep(0.3)
    [progress] = await bus.progress()
    await bus.stop()
    assert progress.behind is None
    assert progress.trouble == "KafkaConnectionError"
