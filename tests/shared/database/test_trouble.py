"""Trouble with the disk, a lock or a crash: nothing half, the right word for it, and on again afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text, update

from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, StaleVersion, StorageFull, StorageUnavailable
from shared.database.sqlite import SqliteDatabase, Writer
from tests.shared.things import BY_ID, GEDULD, THING, new_thing, thing_database, things

ROOT = Path(__file__).resolve().parents[3]
BIG = bytes(200_000)


async def fill_up(database: SqliteDatabase) -> None:
    """Let the file grow no further: what SQLite then says is what it says on a full disk."""
    await database.execute(text("PRAGMA max_page_count=1"))


async def make_room(database: SqliteDatabase) -> None:
    await database.execute(text("PRAGMA max_page_count=1000000"))


async def test_a_full_disk_is_named_and_nothing_is_written(database: SqliteDatabase) -> None:
    await database.commit(new_thing("before"))
    await fill_up(database)
    changes = new_thing("half")
    changes.insert(THING, id="too-big", versie=1, blob=BIG)
    with pytest.raises(StorageFull):
        await database.commit(changes)
    assert [thing.id for thing in await things(database)] == ["before"]


async def test_after_room_was_made_commits_work_again(database: SqliteDatabase) -> None:
    await fill_up(database)
    with pytest.raises(StorageFull):
        await database.commit(new_thing("big", blob=BIG))
    await make_room(database)
    await database.commit(new_thing("big", blob=BIG))
    assert [thing.id for thing in await things(database)] == ["big"]


async def test_on_a_full_disk_nobody_hears_yes_for_what_is_not_there(database: SqliteDatabase) -> None:
    await fill_up(database)
    names = [f"{n:02d}" for n in range(12)]
    changes = [new_thing(name, blob=BIG if number == 6 else None) for number, name in enumerate(names)]
    heard = await asyncio.gather(*(database.commit(one) for one in changes), return_exceptions=True)
    assert isinstance(heard[6], StorageFull)
    there = {thing.id for thing in await things(database)}
    assert there == {name for name, result in zip(names, heard, strict=True) if result is None}


async def test_upkeep_on_a_full_disk_is_named_as_well(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    await fill_up(database)
    with pytest.raises(StorageFull):
        await database.execute(update(THING).values(blob=BIG))


async def test_a_lock_that_lasts_is_named_and_nothing_is_written(database: SqliteDatabase) -> None:
    await database.execute(text("PRAGMA busy_timeout=20"))
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable):
            await database.commit(new_thing("locked-out"))
        other.execute("ROLLBACK")
    assert await things(database) == []
    await database.commit(new_thing("in"))
    assert [thing.id for thing in await things(database)] == ["in"]


async def test_a_file_that_can_not_be_opened_stops_the_start(tmp_path: Path) -> None:
    # Where the file should be is a folder: no one can open it, whoever runs the test.
    (tmp_path / "x.sqlite").mkdir()
    with pytest.raises(StorageUnavailable):
        SqliteDatabase(tmp_path / "x.sqlite")


async def test_a_writer_that_can_not_open_its_file_says_so_and_goes_on_when_it_can(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.mkdir()
    writer = Writer(path)
    writer.start()
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await asyncio.wait_for(writer.submit(lambda connection: connection.total_changes), GEDULD)
    path.rmdir()
    assert await asyncio.wait_for(writer.submit(lambda connection: connection.total_changes), GEDULD) == 0
    writer.stop()


async def test_a_database_without_schema_is_not_ready(tmp_path: Path) -> None:
    empty = SqliteDatabase(tmp_path / "empty.sqlite")
    try:
        assert not await empty.alive()
    finally:
        await empty.close()


async def test_a_file_that_is_no_database_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        SqliteDatabase(path)


async def test_a_database_with_its_schema_is_ready_also_while_another_process_writes(database: SqliteDatabase) -> None:
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await database.alive()
        other.execute("ROLLBACK")


async def test_a_reader_sees_one_snapshot(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", name="old"))
    change = Changeset()
    change.update(THING, {"id": "a"}, version=1, name="new")
    async with database.reading() as reader:
        assert (await reader.one(BY_ID, id="a")).name == "old"
        await database.commit(change)
        assert (await reader.one(BY_ID, id="a")).name == "old"
    async with database.reading() as reader:
        assert (await reader.one(BY_ID, id="a")).name == "new"


async def test_readers_do_not_wait_for_a_writer(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE thing SET name = 'under way'")
        assert [thing.name for thing in await asyncio.wait_for(things(database), GEDULD)] == [None]
        other.execute("ROLLBACK")


async def test_reading_then_writing_never_collides_with_others_that_do_the_same(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))

    async def add_one() -> None:
        while True:
            async with database.reading() as reader:
                row = await reader.one(BY_ID, id="a")
            await asyncio.sleep(0)
            changes = Changeset()
            changes.update(THING, {"id": "a"}, version=row.versie, name=str(row.versie))
            try:
                return await database.commit(changes)
            except StaleVersion:
                continue

    await asyncio.gather(*(add_one() for _ in range(10)))
    assert [thing.versie for thing in await things(database)] == [11]


ENDLESS = """
import asyncio, sys
from pathlib import Path
from tests.shared.things import new_thing, thing_database

async def main():
    async with thing_database(Path(sys.argv[1])) as database:
        number = 0
        while True:
            names = [f"{number + n:06d}" for n in range(8)]
            await asyncio.gather(*(database.commit(new_thing(name)) for name in names))
            print(*names, sep="\\n", flush=True)
            number += 8

asyncio.run(main())
"""


async def test_what_was_promised_before_a_crash_is_there_after_it(tmp_path: Path) -> None:
    running = subprocess.Popen(  # noqa: ASYNC220  # nothing else runs in this loop
        [sys.executable, "-c", ENDLESS, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    promised = [running.stdout.readline().strip() for _ in range(40)]
    running.send_signal(signal.SIGKILL)
    promised += running.stdout.read().split()
    running.wait()
    async with thing_database(tmp_path) as database:
        there = {thing.id for thing in await things(database)}
        assert set(promised) <= there
        with pytest.raises(AlreadyExists):
            await database.commit(new_thing(promised[0]))
        await database.commit(new_thing("after"))
