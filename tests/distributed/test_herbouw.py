"""Rebuilding on PostgreSQL, the very same claims as on SQLite, and from the topics of a real Kafka."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import MetaData, text

from services.contractmanagement import tables as tables_contractmanagement
from services.financien import tables as tables_financien
from shared.bus.history import HistoryUnreachable
from shared.bus.kafka import KafkaBus, create_topics
from shared.bus.kafka.replay import replay
from shared.bus.port import Record
from shared.bus.topics import Topic
from shared.database.migrations import on_database
from shared.database.postgres import PostgresDatabase
from tests.contractmanagement import test_herbouw as in_contractmanagement
from tests.contractmanagement.conftest import VANDAAG
from tests.contractmanagement.omgeving import SUBSEGMENT, Omgeving
from tests.distributed.kafka import Broker, NoServer, kafka_address, own_broker
from tests.financien import test_herbouw as in_financien
from tests.financien.herbouwing import herbouw, maak_leeg, record, stand, vertel
from tests.financien.opstelling import Opstelling, op_database
from tests.shared.outbox.test_herbouw import outbox_keys

pytestmark = pytest.mark.distributed

Claim = Callable[..., Awaitable[None]]


def made(postgres_url: str, schema: str, metadata: MetaData) -> PostgresDatabase:
    """A database with the tables of a service. Not one that is emptied: of some tables rows are never removed."""
    on_database(postgres_url, lambda c: (c.execute(text(f"CREATE SCHEMA {schema}")), c.commit()))
    on_database(postgres_url, lambda c: (metadata.create_all(c), c.commit()), schema=schema)
    return PostgresDatabase(postgres_url, schema, readers=4, writers=4)


@pytest_asyncio.fixture
async def financien(postgres_url: str, schema: str) -> AsyncIterator[Opstelling]:
    """As the fixture of the same name on SQLite."""
    database = made(postgres_url, schema, tables_financien.Base.metadata)
    async with op_database(database, date(2026, 5, 15)) as opstelling:
        yield opstelling


@pytest_asyncio.fixture
async def omgeving(postgres_url: str, schema: str, tmp_path: Path) -> AsyncIterator[Omgeving]:
    """As the fixture of the same name on SQLite."""
    database = made(postgres_url, schema, tables_contractmanagement.Base.metadata)
    installatie = Omgeving(database, tmp_path, VANDAAG)
    await installatie.subsegment(SUBSEGMENT)
    yield installatie
    await database.close()


def claims(module: ModuleType, suffix: str) -> dict[str, Claim]:
    """The tests of a module, under names of their own."""
    return {
        f"{name}_{suffix}": claim
        for name, claim in vars(module).items()
        if name.startswith("test_") and inspect.iscoroutinefunction(claim)
    }


globals().update(claims(in_financien, "in_financien"), **claims(in_contractmanagement, "in_contractmanagement"))


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
async def bus(kafka: str) -> AsyncIterator[KafkaBus]:
    made = KafkaBus(kafka)
    yield made
    await made.stop()


async def new_topic(bootstrap: str) -> str:
    name = f"t.{uuid4().hex[:10]}"
    await create_topics(bootstrap, [Topic(name, 6, {"cleanup.policy": "compact"})])
    return name


async def test_a_topic_is_told_from_its_beginning_to_its_end_in_order_per_key(kafka: str, bus: KafkaBus) -> None:
    topic = await new_topic(kafka)
    sent = [Record(topic, f"k{n % 40}", str(n).encode()) for n in range(5000)]
    for first in range(0, len(sent), 500):
        await bus.publish(sent[first : first + 500])
    got: list[Record] = []
    last = 0
    async for page in replay(kafka, topic):
        assert page.total == 5000
        assert last <= page.done
        last = page.done
        got += page.records
    assert (last, len(got)) == (5000, 5000)
    for key in {item.key for item in sent}:
        assert [item for item in got if item.key == key] == [item for item in sent if item.key == key]


async def test_what_is_told_after_the_start_is_left_to_the_bus(kafka: str, bus: KafkaBus) -> None:
    topic = await new_topic(kafka)
    await bus.publish([Record(topic, f"k{n}", b"voor") for n in range(50)])
    got: list[Record] = []
    async for page in replay(kafka, topic):
        got += page.records
        await bus.publish([Record(topic, f"k{n}", b"na") for n in range(50)])
    assert [item.value for item in got] == [b"voor"] * 50


async def test_an_empty_topic_tells_nothing_and_a_record_without_value_is_left_out(kafka: str, bus: KafkaBus) -> None:
    topic = await new_topic(kafka)
    assert await outbox_keys(replay(kafka, topic)) == []
    await bus.publish([Record(topic, "weg", None), Record(topic, "er", b"1")])  # type: ignore[arg-type]  # Kafka's mark
    assert await outbox_keys(replay(kafka, topic)) == ["er"]


async def test_two_read_the_same_topic_beside_each_other_and_leave_no_mark(kafka: str, bus: KafkaBus) -> None:
    topic = await new_topic(kafka)
    await bus.publish([Record(topic, f"k{n}", b"1") for n in range(100)])
    for _ in range(2):
        both = await asyncio.gather(outbox_keys(replay(kafka, topic)), outbox_keys(replay(kafka, topic)))
        assert [len(set(keys)) for keys in both] == [100, 100]


async def test_a_topic_that_is_not_there_is_refused_with_the_way_out(kafka: str) -> None:
    with pytest.raises(HistoryUnreachable, match=r"bestaat niet.*plekregie topics"):
        await outbox_keys(replay(kafka, "t.bestaat.niet"))


async def test_a_broker_that_is_away_is_refused(postgres_url: str) -> None:
    with pytest.raises(HistoryUnreachable, match=r"topic t\.x op 127\.0\.0\.1:1 "):
        await outbox_keys(replay("127.0.0.1:1", "t.x", patience=3.0))


async def read_while_it_stops(broker: Broker, topic: str) -> None:
    """Stop the broker at the first page."""
    stopped = False
    async for _ in replay(broker.bootstrap, topic, patience=3.0):
        if not stopped:
            await asyncio.to_thread(broker.stop)
            stopped = True


async def test_a_broker_that_stops_half_way_is_named_and_the_reader_goes_on_living(broker: Broker) -> None:
    topic = await new_topic(broker.bootstrap)
    bus = KafkaBus(broker.bootstrap)
    # More than a reader gets in one go: when the broker stops there is something left to wait for.
    for first in range(0, 20_000, 500):
        await bus.publish([Record(topic, f"k{n}", b"x" * 1000) for n in range(first, first + 500)])
    await bus.stop()
    try:
        with pytest.raises(HistoryUnreachable, match="antwoordt niet binnen 3 seconden"):
            await read_while_it_stops(broker, topic)
    finally:
        await asyncio.to_thread(broker.start)
    # The library ends its stop as if its caller was cancelled: that must not have reached this task.
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]  # a test runs in a task
    keys = await outbox_keys(replay(broker.bootstrap, topic))
    assert len(keys) == 20_000


async def test_an_emptied_read_side_comes_back_from_the_topic(financien: Opstelling, kafka: str, bus: KafkaBus) -> None:
    topic = await new_topic(kafka)
    events = await vertel(financien, 5)
    voor, verteld = await stand(financien), len(await financien.gepubliceerd())
    await bus.publish([record(event)._replace(topic=topic) for event in events])
    await maak_leeg(financien)
    done = await herbouw(financien, replay(kafka, topic))
    assert (await stand(financien), len(await financien.gepubliceerd())) == (voor, verteld)
    assert done.events == len(events)
