"""Many callers, one transaction: shared fsync, separate fates."""

from __future__ import annotations

import asyncio
import sqlite3
import struct
from pathlib import Path

import pytest

from shared.database.port import AlreadyExists, StaleVersion, StorageUnavailable
from shared.database.sqlite import MOST_TOGETHER, SqliteDatabase, connect
from tests.shared.things import THING, new_thing, thing_database, things

WAL_HEADER, FRAME_HEADER = 32, 24


def transactions_on_disk(path: Path) -> int:
    """How many transactions the write-ahead log holds: its frames that carry a database size end one."""
    log = path.with_name(f"{path.name}-wal").read_bytes()
    page = struct.unpack(">I", log[8:12])[0]
    salts, ended = log[16:24], 0
    for start in range(WAL_HEADER, len(log) - FRAME_HEADER, FRAME_HEADER + page):
        size, written_salts = struct.unpack(">4xI8s8x", log[start : start + FRAME_HEADER])
        ended += written_salts == salts and size > 0
    return ended


async def test_changesets_that_wait_together_share_one_transaction(database: SqliteDatabase) -> None:
    await database.commit(new_thing("first"))
    before = transactions_on_disk(database.path)
    with sqlite3.connect(database.path, isolation_level=None) as other:
        # While another process writes, 32 callers queue up behind the one that found the lock taken.
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(database.commit(new_thing(f"{n:02d}"))) for n in range(32)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        other.execute("ROLLBACK")
    await asyncio.gather(*waiting)
    assert len(await things(database)) == 33
    assert transactions_on_disk(database.path) - before <= 2


async def test_commits_one_after_the_other_are_a_transaction_each(database: SqliteDatabase) -> None:
    await database.commit(new_thing("first"))
    before = transactions_on_disk(database.path)
    for number in range(5):
        await database.commit(new_thing(str(number)))
    assert transactions_on_disk(database.path) - before == 5


async def test_each_of_many_concurrent_callers_hears_its_own_result(database: SqliteDatabase) -> None:
    await database.commit(new_thing("taken"))
    good = [new_thing(f"{n:02d}") for n in range(32)]
    doubles, stale = [new_thing("taken") for _ in range(4)], []
    for version in (7, 8):
        changes = new_thing(f"with-{version}")
        changes.update(THING, {"id": "taken"}, version=version, name="x")
        stale.append(changes)
    order = [*good[:16], *doubles, *stale, *good[16:]]
    heard = await asyncio.gather(*(database.commit(changes) for changes in order), return_exceptions=True)
    assert [type(h) for h in heard] == [
        *[type(None)] * 16,
        *[AlreadyExists] * 4,
        *[StaleVersion] * 2,
        *[type(None)] * 16,
    ]
    assert {thing.id for thing in await things(database)} == {"taken", *(f"{n:02d}" for n in range(32))}


async def test_a_refused_changeset_leaves_nothing_behind_and_its_neighbours_untouched(
    database: SqliteDatabase,
) -> None:
    refused = new_thing("half")
    refused.insert(THING, id="other-half", versie=1)
    refused.update(THING, {"id": "absent"}, versie=2)
    results = await asyncio.gather(
        database.commit(new_thing("left")),
        database.commit(refused),
        database.commit(new_thing("right")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), StaleVersion, type(None)]
    assert [thing.id for thing in await things(database)] == ["left", "right"]


async def test_a_bug_in_one_changeset_reaches_its_own_caller_only(database: SqliteDatabase) -> None:
    bad = new_thing("bad", facts={1, 2})  # a set is no JSON
    results = await asyncio.gather(database.commit(new_thing("good")), database.commit(bad), return_exceptions=True)
    assert results[0] is None
    assert isinstance(results[1], TypeError)
    assert [thing.id for thing in await things(database)] == ["good"]


async def test_more_callers_than_fit_in_one_transaction_all_get_through(database: SqliteDatabase) -> None:
    many = MOST_TOGETHER * 2 + 7
    await asyncio.gather(*(database.commit(new_thing(f"{n:04d}")) for n in range(many)))
    assert len(await things(database)) == many


async def test_a_caller_that_gives_up_does_not_break_the_writer(database: SqliteDatabase) -> None:
    await database.commit(new_thing("first"))
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = asyncio.create_task(database.commit(new_thing("impatient")))
        patient = asyncio.create_task(database.commit(new_thing("patient")))
        await asyncio.sleep(0.05)
        impatient.cancel()
        other.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await patient
    await database.commit(new_thing("later"))
    # What was handed over is carried out: giving up only means not hearing of it.
    assert [thing.id for thing in await things(database)] == ["first", "impatient", "later", "patient"]


async def test_closing_first_commits_what_waits(tmp_path: Path) -> None:
    async with thing_database(tmp_path) as database:
        waiting = [asyncio.create_task(database.commit(new_thing(f"{n:02d}"))) for n in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    async with thing_database(tmp_path) as again:
        assert len(await things(again)) == 20


async def test_a_closed_database_refuses_to_commit(tmp_path: Path) -> None:
    async with thing_database(tmp_path) as database:
        pass
    with pytest.raises(StorageUnavailable):
        await database.commit(new_thing("late"))


async def test_an_empty_changeset_writes_nothing(database: SqliteDatabase) -> None:
    await database.commit(new_thing("first"))
    before = transactions_on_disk(database.path)
    changes = new_thing("none")
    changes.statements.clear()
    await database.commit(changes)
    assert transactions_on_disk(database.path) == before


def test_every_connection_uses_a_write_ahead_log_and_waits_for_the_disk(tmp_path: Path) -> None:
    connection = connect(tmp_path / "new.sqlite")
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    connection.close()
    full = 2
    assert found == {"journal_mode": "wal", "synchronous": full}
