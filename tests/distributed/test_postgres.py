"""What PostgreSQL adds: other processes, connections that break, one statement for a whole changeset."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from asyncpg.exceptions import InternalClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, literal, select, text

from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, DatabaseError, StaleVersion, StorageFull, StorageUnavailable
from shared.database.postgres import PostgresDatabase, connect
from tests.poorten import vrije_poort
from tests.shared.things import BY_ID, COUNTER, TABLES, THING, insert_rows, new_thing, rows, thing_database, things

pytestmark = pytest.mark.distributed
DAY = date(2026, 1, 5)
OURS = "FROM pg_stat_activity WHERE application_name = 'plekregie-' || current_schema()"
BLOCKED = f"{OURS} AND wait_event_type = 'Lock'"


@asynccontextmanager
async def administrator(url: str, schema: str) -> AsyncIterator[Any]:
    """A connection beside the database under test."""
    connection = await connect(url, {"search_path": schema})
    try:
        yield connection
    finally:
        await connection.close()


def rename(identity: str, version: int, name: str) -> Changeset:
    """A changeset that updates a thing and tells about it."""
    changes = Changeset()
    changes.update(THING, {"id": identity}, version=version, name=name)
    changes.insert(TABLES.outbox, id=name, topic="t", sleutel=identity, inhoud=b"", aangemaakt_op=datetime.now(UTC))
    return changes


async def until_blocked(admin: Any) -> None:
    """Until one of the database's connections waits for a lock."""
    for _ in range(1000):
        if await admin.fetchval(f"SELECT count(*) {BLOCKED}"):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits for a lock")


# Changesets that write a row once, twice, after each other and against each other's unique values.
IDS, NAMES = st.sampled_from("abc"), st.sampled_from(["x", "y", None])
WRITES = st.one_of(
    st.tuples(st.just("insert"), IDS, NAMES),
    st.tuples(st.just("update"), IDS, NAMES),
    st.tuples(st.just("lock"), IDS, st.integers(1, 2)),
    st.tuples(st.just("put"), IDS, NAMES),
    st.tuples(st.just("remove"), IDS, NAMES),
    st.tuples(st.just("count"), IDS, st.integers(-3, 3)),
    st.tuples(st.just("set"), IDS, st.integers(-3, 3)),
    st.tuples(st.just("clear"), IDS, st.none()),
)


def changeset_of(writes: list[tuple[str, str, Any]]) -> Changeset:
    changes = Changeset()
    for kind, identity, value in writes:
        counter = {"place": identity, "day": DAY}
        match kind:
            case "insert":
                changes.insert(THING, id=identity, versie=1, name=value)
            case "update":
                changes.update(THING, {"id": identity}, name=value)
            case "lock":
                changes.update(THING, {"id": identity}, version=value, blob=b"x")
            case "put":
                changes.put(THING, ("id",), id=identity, versie=1, name=value)
            case "remove":
                changes.delete(THING, id=identity)
            case "count":
                changes.add(COUNTER, counter, amount=value)
            case "set":
                changes.put(COUNTER, ("place", "day"), **counter, amount=value)
            case "clear":
                changes.delete(COUNTER, place=identity)
    return changes


async def outcome(database: Any, changes: Changeset) -> str:
    try:
        await database.commit(changes)
    except DatabaseError:
        # Which of two faults is found first is not promised.
        return "refused"
    return "written"


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(decisions=st.lists(st.lists(WRITES, min_size=1, max_size=5), min_size=1, max_size=5))
async def test_both_engines_make_the_same_of_the_same_changesets(
    database: PostgresDatabase, tmp_path_factory: pytest.TempPathFactory, decisions: list[list[Any]]
) -> None:
    for table in (THING, COUNTER):
        await database.execute(table.delete())
    folder: Path = tmp_path_factory.mktemp("both")
    async with thing_database(folder) as embedded:
        for writes in decisions:
            assert await outcome(database, changeset_of(writes)) == await outcome(embedded, changeset_of(writes))
        for table in (THING, COUNTER):
            assert await rows(database, table) == await rows(embedded, table)


async def test_a_fault_in_the_last_write_undoes_the_first(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    await database.commit(rename("a", 1, "taken"))
    with pytest.raises(AlreadyExists) as refused:
        await database.commit(rename("a", 2, "taken"))
    assert (refused.value.table, refused.value.detail) in {("thing", "thing.name"), ("outbox", "outbox.id")}
    assert [(thing.name, thing.versie) for thing in await things(database)] == [("taken", 2)]


async def test_many_rows_of_one_table_change_together(database: PostgresDatabase) -> None:
    await insert_rows(database, THING, *({"id": str(n), "versie": n} for n in range(5)))
    changes = Changeset()
    for n in range(5):
        changes.update(THING, {"id": str(n)}, version=n, day=date(2026, 1, n + 1), facts=[n])
    await database.commit(changes)
    found = [(thing.versie, thing.day.day, thing.facts) for thing in await things(database)]  # type: ignore[arg-type]
    assert found == [(n + 1, n + 1, [n]) for n in range(5)]


async def test_a_stale_version_among_many_rows_undoes_all(database: PostgresDatabase) -> None:
    await insert_rows(database, THING, *({"id": str(n), "versie": 1 if n != 3 else 2} for n in range(5)))
    changes = Changeset()
    for n in range(5):
        changes.update(THING, {"id": str(n)}, version=1, day=DAY)
    with pytest.raises(StaleVersion) as stale:
        await database.commit(changes)
    assert stale.value.table == "thing"
    assert {thing.day for thing in await things(database)} == {None}


async def test_a_refusal_never_repeats_the_value(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a", name="999900006"))
    with pytest.raises(AlreadyExists) as refused:
        await database.commit(new_thing("b", name="999900006"))
    assert "999900006" not in f"{refused.value} {refused.value.detail}"


async def test_the_number_of_an_event_is_taken_after_the_lock_on_its_row(
    database: PostgresDatabase, postgres_url: str
) -> None:
    await database.commit(new_thing("a"))
    async with administrator(postgres_url, database.schema) as admin:
        async with admin.transaction():
            await admin.execute("SELECT 1 FROM thing WHERE id = 'a' FOR UPDATE")
            waiting = asyncio.create_task(database.commit(rename("a", 1, "new")))
            await until_blocked(admin)
            assert not await admin.fetchval("SELECT is_called FROM outbox_volgnummer_seq")
        await waiting
        assert await admin.fetchval("SELECT is_called FROM outbox_volgnummer_seq")


async def test_who_waited_for_a_row_that_then_changed_is_stale(database: PostgresDatabase, postgres_url: str) -> None:
    await database.commit(new_thing("a"))
    async with administrator(postgres_url, database.schema) as admin:
        async with admin.transaction():
            await admin.execute("UPDATE thing SET versie = 2 WHERE id = 'a'")
            waiting = asyncio.create_task(database.commit(rename("a", 1, "new")))
            await until_blocked(admin)
        with pytest.raises(StaleVersion):
            await waiting
    assert await rows(database, TABLES.outbox) == []


async def test_order_of_numbers_is_order_of_versions_with_many_at_once(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))

    async def change(number: int) -> None:
        while True:
            async with database.reading() as reader:
                version = (await reader.one(BY_ID, id="a")).versie
            changes = rename("a", version, f"{number}")
            changes.insert(THING, id=f"n{number}", versie=version)
            try:
                return await database.commit(changes)
            except StaleVersion:
                continue

    await asyncio.gather(*(change(number) for number in range(12)))
    versions = {row.id[1:]: row.versie for row in await things(database) if row.id != "a"}
    assert [versions[row.id] for row in await rows(database, TABLES.outbox)] == list(range(1, 13))


async def test_changesets_in_opposite_order_do_not_wait_for_each_other_in_a_ring(database: PostgresDatabase) -> None:
    def count(places: str) -> Changeset:
        changes = Changeset()
        for place in places:
            changes.add(COUNTER, {"place": place, "day": DAY}, amount=1)
        return changes

    await asyncio.gather(*(database.commit(count("abcdef" if n % 2 else "fedcba")) for n in range(40)))
    assert [row.amount for row in await rows(database, COUNTER)] == [40] * 6


async def test_a_ring_that_arises_all_the_same_is_named_as_being_too_late(
    database: PostgresDatabase, postgres_url: str
) -> None:
    for identity in "ab":
        await database.commit(new_thing(identity))
    both = Changeset()
    for identity in "ab":
        both.update(THING, {"id": identity}, version=1, day=DAY)
    async with administrator(postgres_url, database.schema) as admin:
        # Ours is the one that the server gives up.
        await admin.execute("SET deadlock_timeout = '10s'")
        async with admin.transaction():
            await admin.execute("UPDATE thing SET versie = 2 WHERE id = 'b'")
            waiting = asyncio.create_task(database.commit(both))
            await until_blocked(admin)
            await admin.execute("UPDATE thing SET versie = 2 WHERE id = 'a'")
    with pytest.raises(StaleVersion):
        await waiting


async def test_a_full_disk_is_named_and_nothing_is_written(database: PostgresDatabase, postgres_url: str) -> None:
    full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE disk_full; END$$"
    async with administrator(postgres_url, database.schema) as admin:
        await admin.execute(full)
        await admin.execute("CREATE TRIGGER full_disk BEFORE INSERT ON outbox EXECUTE FUNCTION full_disk()")
        try:
            await database.commit(new_thing("a"))
            with pytest.raises(StorageFull):
                await database.commit(rename("a", 1, "new"))
        finally:
            await admin.execute("DROP FUNCTION full_disk CASCADE")
    assert [thing.versie for thing in await things(database)] == [1]


async def test_after_the_server_broke_every_connection_it_goes_on(
    database: PostgresDatabase, postgres_url: str
) -> None:
    await database.commit(new_thing("before"))
    await things(database)
    async with administrator(postgres_url, database.schema) as admin:
        broken = (
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%{database.schema}'"
        )
        await admin.fetchval(broken)
    for _ in range(8):
        # Each connection may find out by itself that it is gone; nobody gets another error than this one.
        try:
            await database.commit(new_thing("after"))
        except StorageUnavailable:
            continue
        break
    assert {thing.id for thing in await things(database)} == {"before", "after"}


async def test_a_connection_that_breaks_while_waiting_is_named(database: PostgresDatabase, postgres_url: str) -> None:
    await database.commit(new_thing("a"))
    async with administrator(postgres_url, database.schema) as admin, admin.transaction():
        await admin.execute("SELECT 1 FROM thing FOR UPDATE")
        waiting = asyncio.create_task(database.commit(rename("a", 1, "new")))
        await until_blocked(admin)
        await admin.execute(f"SELECT pg_terminate_backend(pid) {BLOCKED}")
        with pytest.raises(StorageUnavailable):
            await waiting


async def test_a_server_that_is_not_there_is_named_and_not_ready() -> None:
    absent = PostgresDatabase(f"postgresql://x:y@127.0.0.1:{vrije_poort()}/x", "things")
    with pytest.raises(StorageUnavailable):
        await absent.commit(new_thing("a"))
    with pytest.raises(StorageUnavailable):
        await things(absent)  # type: ignore[arg-type]
    assert not await absent.alive()
    await absent.close()


async def test_a_schema_without_tables_is_not_ready(postgres_url: str, database: PostgresDatabase) -> None:
    empty = PostgresDatabase(postgres_url, "not_there")
    assert not await empty.alive()
    assert await database.alive()
    await empty.close()


async def test_a_commit_waits_for_the_disk_whatever_the_server_thinks(
    database: PostgresDatabase, postgres_url: str
) -> None:
    setting = select(func.current_setting("synchronous_commit").label("found"))
    async with administrator(postgres_url, database.schema) as admin:
        user = await admin.fetchval("SELECT quote_ident(current_user)")
        await admin.execute(f"ALTER ROLE {user} SET synchronous_commit = off")
        try:
            async with database.reading() as reader:
                assert [row.found for row in await reader.select(setting)] == ["on"]
        finally:
            await admin.execute(f"ALTER ROLE {user} RESET synchronous_commit")


async def test_a_reader_can_not_write(database: PostgresDatabase) -> None:
    async with database.reading() as reader:
        with pytest.raises(Exception, match="read-only"):
            await reader.select(select(func.nextval(literal("outbox_volgnummer_seq"))))
        # What a use case catches itself must not spoil the transaction of whoever comes next.
    assert await things(database) == []  # type: ignore[arg-type]


async def test_a_connection_that_waits_for_work_holds_nothing_back(
    database: PostgresDatabase, postgres_url: str
) -> None:
    await things(database)  # type: ignore[arg-type]
    async with administrator(postgres_url, database.schema) as admin:
        for _ in range(100):
            found = await admin.fetch(f"SELECT state, backend_xmin {OURS}")
            if all(row["backend_xmin"] is None for row in found):
                break
            await asyncio.sleep(0.01)
        assert {(row["state"], row["backend_xmin"]) for row in found} <= {("idle in transaction", None), ("idle", None)}


@pytest.mark.parametrize("how", ["refusal", "fault", "cancelled"])
async def test_the_only_connection_survives_what_its_user_does(
    postgres_url: str, database: PostgresDatabase, how: str
) -> None:
    narrow = PostgresDatabase(postgres_url, database.schema, readers=1, writers=1)

    async def use() -> None:
        async with narrow.reading() as reader:
            await reader.all(BY_ID, id="a")
            if how == "refusal":
                raise LookupError
            await reader.select(select(literal(1) / literal(0) if how == "fault" else func.pg_sleep(30)))

    task = asyncio.create_task(use())
    if how == "cancelled":
        await asyncio.sleep(0.1)
        task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.done()
    assert task.cancelled() or task.exception() is not None
    assert await things(narrow) == []  # type: ignore[arg-type]
    await narrow.close()


async def test_a_caller_that_gives_up_leaves_the_only_writer_working(
    postgres_url: str, database: PostgresDatabase
) -> None:
    narrow = PostgresDatabase(postgres_url, database.schema, writers=1)
    await narrow.commit(new_thing("a"))
    async with administrator(postgres_url, database.schema) as admin:
        async with admin.transaction():
            await admin.execute("SELECT 1 FROM thing FOR UPDATE")
            impatient = asyncio.create_task(narrow.commit(rename("a", 1, "impatient")))
            patient = asyncio.create_task(narrow.commit(new_thing("patient")))
            await until_blocked(admin)
            impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        await patient
    await narrow.close()


async def test_closing_waits_for_what_is_under_way(postgres_url: str, database: PostgresDatabase) -> None:
    other = PostgresDatabase(postgres_url, database.schema, writers=2)
    waiting = [asyncio.create_task(other.commit(new_thing(f"{n:02d}"))) for n in range(10)]
    await asyncio.sleep(0)
    await other.close()
    await asyncio.gather(*waiting)
    assert len(await things(database)) == 10  # type: ignore[arg-type]
    with pytest.raises(StorageUnavailable):
        await other.commit(new_thing("late"))


async def test_many_rows_go_in_together_or_not_at_all(database: PostgresDatabase) -> None:
    made = [{"id": f"{n:03d}", "versie": 1, "facts": {"n": n}, "moment": datetime.now(UTC)} for n in range(200)]
    await insert_rows(database, THING, *made)
    assert [thing.facts for thing in await things(database)] == [{"n": n} for n in range(200)]  # type: ignore[arg-type]
    with pytest.raises(AlreadyExists) as refused:
        await insert_rows(database, THING, *({**row, "id": "x" + str(row["id"])} for row in made), made[0])
    assert refused.value.table == "thing"
    assert len(await things(database)) == 200  # type: ignore[arg-type]


async def test_a_sum_of_whole_numbers_is_a_whole_number(database: PostgresDatabase) -> None:
    await insert_rows(database, COUNTER, *({"place": p, "day": DAY, "amount": 2**40} for p in "ab"))
    async with database.reading() as reader:
        (row,) = await reader.select(select(func.sum(COUNTER.c.amount).label("total"), func.max(COUNTER.c.day)))
    assert type(row.total) is int
    assert row.total == 2**41


async def test_whole_numbers_of_64_bits_can_be_asked_for(database: PostgresDatabase) -> None:
    await insert_rows(database, COUNTER, *({"place": p, "day": DAY, "amount": 2**n} for p, n in (("a", 40), ("b", 50))))
    async with database.reading() as reader:
        found = await reader.select(select(COUNTER.c.place).where(COUNTER.c.amount > 2**45))
        listed = await reader.select(select(COUNTER.c.place).where(COUNTER.c.amount.in_([2**40])))
    assert ([row.place for row in found], [row.place for row in listed]) == (["b"], ["a"])


async def test_a_value_that_can_not_be_sent_costs_no_connection(database: PostgresDatabase) -> None:
    narrow = PostgresDatabase(database.url, database.schema, readers=1, writers=1)
    await things(narrow)  # type: ignore[arg-type]
    async with narrow.reading() as reader:
        with pytest.raises(Exception, match="int64"):
            await reader.select(select(COUNTER.c.place).where(COUNTER.c.amount > 2**80))
    assert await things(narrow) == []  # type: ignore[arg-type]
    await narrow.close()


async def test_upkeep_in_plain_words_answers_with_the_number_of_rows(database: PostgresDatabase) -> None:
    await insert_rows(database, COUNTER, *({"place": p, "day": DAY, "amount": 1} for p in "abc"))
    assert await database.execute(text("DELETE FROM counter WHERE place < 'c'")) == 2


async def test_a_goodbye_that_the_driver_meets_halfway_is_trouble_of_storage_like_any_other(
    database: PostgresDatabase,
) -> None:
    with pytest.raises(StorageUnavailable):
        async with database._readers.one():
            raise InternalClientError("cannot switch to state 12")
    assert await database.alive()
