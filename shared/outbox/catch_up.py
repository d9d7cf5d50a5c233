"""Lets a reader of the embedded mode hear what was told before it listened.

A Kafka group that is new to a topic reads it from its beginning. The in-process bus keeps nothing: who began to listen
in a later release never hears what was sent until then. The outbox of who told it has it still, so it is delivered from
there, before anybody speaks.

The newest sent event of a topic is the mark: whoever has taken it in has heard the topic, for all that is sent goes to
every reader. So it is delivered last and by itself, and what is broken off before it begins again at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from sqlalchemy import bindparam, func, select

from shared.bus.port import Record
from shared.database.port import Database, Query
from shared.outbox.inbox import Consumer
from shared.outbox.tables import EventTables

PAGE = 2000  # events at a time
log = structlog.get_logger()


class Side(NamedTuple):
    """The database of a service, with its technical tables."""

    database: Database
    tables: EventTables


async def catch_up(consumer: Consumer, reader: Side, publishers: Mapping[str, Side]) -> int:
    """Deliver what `consumer`, whose inbox is that of `reader`, missed of the topics that it listens to; how many
    events. `publishers`: name of a service → where its outbox is."""
    delivered = 0
    for name in sorted({publisher_of(topic) for topic in consumer.topics} & publishers.keys()):
        told = publishers[name]
        topics = [topic for topic in consumer.topics if publisher_of(topic) == name]
        for newest in await newest_sent(told, topics):
            if not await taken_in(reader, newest.id):
                delivered += await deliver_all(consumer, told, newest)
    return delivered


def publisher_of(topic: str) -> str:
    """Topics are named after who publishes on them."""
    return topic.partition(".")[0]


async def newest_sent(told: Side, topics: Iterable[str]) -> Sequence[Any]:
    """The newest event of each topic that was sent; none of a topic on which nothing was."""
    outbox = told.tables.outbox
    numbers = (
        select(func.max(outbox.c.volgnummer))
        .where(outbox.c.topic.in_(sorted(topics)), outbox.c.verzonden_op.is_not(None))
        .group_by(outbox.c.topic)
    )
    async with told.database.reading() as reader:
        return await reader.select(select(outbox).where(outbox.c.volgnummer.in_(numbers)).order_by(outbox.c.topic))


async def taken_in(side: Side, identity: str) -> bool:
    """Whether a reader had this event, be it that it could not handle it."""
    async with side.database.reading() as reader:
        for table in (side.tables.inbox, side.tables.parked):
            if await reader.select(select(table.c.gebeurtenis).where(table.c.gebeurtenis == identity)):
                return True
    return False


async def deliver_all(consumer: Consumer, told: Side, newest: Any) -> int:
    """Deliver the sent events of a topic in their order, the newest by itself at the end; how many."""
    outbox = told.tables.outbox
    page = Query(
        select(outbox.c.volgnummer, outbox.c.sleutel, outbox.c.inhoud)
        .where(
            outbox.c.topic == newest.topic,
            outbox.c.verzonden_op.is_not(None),
            outbox.c.volgnummer > bindparam("na"),
            outbox.c.volgnummer < newest.volgnummer,
        )
        .order_by(outbox.c.volgnummer)
        .limit(PAGE)
    )
    done, last = 0, 0
    while True:
        async with told.database.reading() as reader:
            rows = await reader.all(page, na=last)
        if not rows:
            break
        await consumer.deliver([Record(newest.topic, row.sleutel, row.inhoud) for row in rows])
        done, last = done + len(rows), rows[-1].volgnummer
    await consumer.deliver([Record(newest.topic, newest.sleutel, newest.inhoud)])
    log.info("gebeurtenissen.ingehaald", lezer=consumer.name, topic=newest.topic, aantal=done + 1)
    return done + 1
