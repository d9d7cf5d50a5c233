"""What is asked or committed at the same moment goes to the server together, and nobody notices but the clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Integer, bindparam, cast, func, select

from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, AskedLater, Query, Reader, StaleVersion
from shared.database.postgres import PostgresDatabase
from shared.outbox.edge import Context, Outcome
from tests.distributed.test_postgres import rename
from tests.shared.things import ALL, BY_ID, COUNTER, THING, edge_on, new_thing

pytestmark = pytest.mark.distributed
MOMENT = datetime(2026, 1, 5, 12, 30, 15, 250, UTC)
FACTS = Query(select(THING.c.facts, THING.c.blob, THING.c.day).where(THING.c.id == bindparam("id")))
NEWEST = Query(select(THING.c.id).where(THING.c.id <= bindparam("most")).order_by(THING.c.id.desc()).limit(2))
TOTAL = Query(select(func.sum(COUNTER.c.amount).label("amount")).where(COUNTER.c.place == bindparam("place")))
BROKEN = Query(select(cast(THING.c.id, Integer)).where(THING.c.id >= bindparam("id")))


def every_kind(identity: str) -> Changeset:
    """A thing with a value in every column, and something counted."""
    changes = Changeset()
    columns = {"name": "thing", "day": date(2026, 1, 5), "moment": MOMENT, "facts": {"a": [1, None]}}
    changes.insert(THING, id=identity, versie=1, blob=b"\x00\xff", **columns)
    for day, amount in ((1, 3), (2, 4)):
        changes.add(COUNTER, {"place": "p", "day": date(2026, 1, day)}, amount=amount)
    return changes


async def names(database: PostgresDatabase, ids: list[str]) -> list[str | None]:
    """What each of many readers finds, that all begin at the same moment (`-` for a thing without a name)."""

    async def look(identity: str) -> str | None:
        async with database.reading() as reader:
            row = await reader.one(BY_ID, id=identity)
            return None if row is None else row.name or "-"

    return await asyncio.gather(*(look(identity) for identity in ids))


async def outcomes(database: PostgresDatabase, changesets: list[Changeset]) -> list[BaseException | None]:
    return await asyncio.gather(*(database.commit(one) for one in changesets), return_exceptions=True)


async def test_every_reader_gets_the_answer_to_its_own_question(database: PostgresDatabase) -> None:
    await outcomes(database, [new_thing(f"{n:03d}") for n in range(120)])
    asked = [f"{n:03d}" for n in range(130)] + ["007", "007"]
    found = await names(database, asked)
    alone = [(await names(database, [one]))[0] for one in asked]
    assert found == alone
    assert found.count(None) == 10


async def test_different_questions_of_one_moment_get_the_answers_they_get_alone(database: PostgresDatabase) -> None:
    await database.commit(every_kind("a"))
    for n in range(5):
        await database.commit(new_thing(f"{n:02d}"))
    asked: list[tuple[Query, dict[str, object]]] = [
        (BY_ID, {"id": "a"}),
        (BY_ID, {"id": "nobody"}),
        (FACTS, {"id": "a"}),
        (NEWEST, {"most": "03"}),
        (TOTAL, {"place": "p"}),
        (ALL, {}),
        (BY_ID, {"id": "02"}),
    ]
    async with database.reading() as reader:
        together = await asyncio.gather(*(reader.all(query, **values) for query, values in asked))
    alone = []
    for query, values in asked:
        async with database.reading() as reader:
            alone.append(await reader.all(query, **values))
    assert together == alone
    assert [len(rows) for rows in together] == [1, 0, 1, 2, 1, 6, 1]
    assert together[0][0].moment == MOMENT
    assert (together[2][0].facts, together[2][0].blob) == ({"a": [1, None]}, b"\x00\xff")
    assert [row.id for row in together[3]] == ["03", "02"]
    assert together[4][0].amount == 7


async def test_a_question_that_fails_is_heard_by_all_of_its_moment(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    async with database.reading() as reader:
        found = await asyncio.gather(
            reader.one(BY_ID, id="a"), reader.one(BROKEN, id="a"), reader.all(ALL), return_exceptions=True
        )
    assert all(isinstance(one, Exception) for one in found)
    assert await names(database, ["a"]) == ["-"]


async def test_who_asks_at_one_moment_is_answered_once(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    async with database.at_once() as reader, database.at_once() as other:
        found = await asyncio.gather(reader.one(BY_ID, id="a"), reader.all(NEWEST, most="z"), other.one(BY_ID, id="b"))
        assert [found[0].id, found[1][0].id, found[2]] == ["a", "a", None]
        with pytest.raises(AskedLater):
            await other.one(BY_ID, id="a")


async def test_a_decision_that_asks_later_after_all_is_taken_on_one_snapshot(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    tries = 0

    async def use_case(reader: Reader, context: Context) -> Outcome[list[str]]:
        nonlocal tries
        tries += 1
        first = await reader.one(BY_ID, id="a")
        if tries == 2:
            await database.commit(rename("a", 1, "meanwhile"))
        second = await reader.one(BY_ID, id="a")
        return Outcome([first.name, second.name])

    assert await edge_on(database).carry_out(use_case, at_once=True) == [None, None]
    assert tries == 2


async def test_a_note_is_seen_by_who_comes_after_it(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    await database.note(rename("a", 1, "noted"))
    assert await names(database, ["a"]) == ["noted"]
    with pytest.raises(StaleVersion):
        await database.note(rename("a", 1, "too late"))


async def test_who_comes_after_a_commit_sees_it(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    async with database.reading() as old:
        await old.one(BY_ID, id="a")
        await database.commit(rename("a", 1, "later"))
        assert await names(database, ["a"]) == ["later"]
        assert (await old.one(BY_ID, id="a")).versie == 1


async def test_only_who_is_to_blame_hears_of_a_refusal(database: PostgresDatabase) -> None:
    await outcomes(database, [new_thing(f"{n:02d}") for n in range(20)])
    renamed = [rename(f"{n:02d}", 2 if n == 7 else 1, f"new {n}") for n in range(20)]
    found = await outcomes(database, renamed)
    assert [type(one) for one in found] == [StaleVersion if n == 7 else type(None) for n in range(20)]
    inserted = await outcomes(database, [new_thing(name) for name in ("x", "03", "y")])
    assert [type(one) for one in inserted] == [type(None), AlreadyExists, type(None)]


async def test_two_that_change_the_same_row_do_not_both_succeed(database: PostgresDatabase) -> None:
    await database.commit(new_thing("a"))
    found = await outcomes(database, [rename("a", 1, "one"), rename("a", 1, "two")])
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "StaleVersion"]


@pytest.mark.parametrize("stale", [False, True])
async def test_what_a_wider_statement_does_for_fewer_rows_is_counted_as_strictly(
    database: PostgresDatabase, stale: bool
) -> None:
    await database.commit(new_thing("a"))
    widest = Changeset()
    widest.update(THING, {"id": "a"}, version=1, facts=["first"])
    widest.add(COUNTER, {"place": "p", "day": date(2026, 1, 5)}, amount=1)
    widest.delete(COUNTER, place="nowhere", day=date(2026, 1, 5))
    widest.insert(THING, id="b", versie=1)
    await database.commit(widest)
    fewer = Changeset()  # behind the update of the thing stand lists without rows
    fewer.add(COUNTER, {"place": "p", "day": date(2026, 1, 5)}, amount=2)
    fewer.update(THING, {"id": "a"}, version=1 if stale else 2, facts=["second"])
    if stale:
        with pytest.raises(StaleVersion):
            await database.commit(fewer)
    else:
        await database.commit(fewer)
    async with database.reading() as reader:
        thing, total = await asyncio.gather(reader.one(BY_ID, id="a"), reader.one(TOTAL, place="p"))
    assert (thing.facts, total.amount) == ((["first"], 1) if stale else (["second"], 3))


async def test_a_file_of_megabytes_beside_other_rows_is_stored_as_it_was(database: PostgresDatabase) -> None:
    contents = bytes(range(256)) * 8192
    changes = every_kind("a")
    changes.insert(THING, id="b", versie=1, blob=contents)
    await database.commit(changes)
    async with database.reading() as reader:
        assert bytes((await reader.one(FACTS, id="b")).blob) == contents
