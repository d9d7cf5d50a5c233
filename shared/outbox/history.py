"""The kept outbox of a publishing service as a source of all that it told (invariant 5)."""

from __future__ import annotations

import asyncio

from sqlalchemy import bindparam, func, select

from shared.bus.history import History, HistoryUnreachable, Page
from shared.bus.port import Record
from shared.database.port import Database, DatabaseError, Query
from shared.outbox.tables import EventTables

SPAN = 5000  # numbers at a time, so that no page takes long, however few of them are of this topic


async def outbox_history(database: Database, tables: EventTables, topic: str) -> History:
    """Every event of the topic up to the last one recorded now, sent or not. One that commits later, with a number
    that was handed out before, is unsent: the relay brings it. Raises HistoryUnreachable."""
    outbox = tables.outbox
    last = Query(select(func.max(outbox.c.volgnummer).label("volgnummer")))
    page = Query(
        select(outbox.c.sleutel, outbox.c.inhoud)
        .where(
            outbox.c.volgnummer > bindparam("na"),
            outbox.c.volgnummer <= bindparam("tot"),
            outbox.c.topic == bindparam("topic"),
        )
        .order_by(outbox.c.volgnummer)
    )
    try:
        async with database.reading() as reader:
            total = (await reader.one(last)).volgnummer or 0
        for after in range(0, total, SPAN):
            until = min(after + SPAN, total)
            # A snapshot for each page: a long one would keep the running product from cleaning up behind it.
            async with database.reading() as reader:
                rows = await reader.all(page, na=after, tot=until, topic=topic)
            yield Page([Record(topic, row.sleutel, row.inhoud) for row in rows], until, total)
            await asyncio.sleep(0)  # SQLite never waits by itself, and then nobody could break this off
    except DatabaseError as error:
        raise HistoryUnreachable(f"De verzonden gebeurtenissen van {topic} zijn niet te lezen: {error}") from error
