"""What goes in comes out: dates, moments, JSON, bytes and nothing at all."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, or_, select, update

from shared.database.changeset import Changeset
from shared.database.port import Query
from shared.database.sqlite import SqliteDatabase
from tests.shared.things import BY_ID, COUNTER, THING, insert_rows, new_thing, rows, things

AMSTERDAM_SUMMER = timezone(timedelta(hours=2))
MOMENT = datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=AMSTERDAM_SUMMER)
VALUES = {
    "name": "Ünï 'quoted' ; --",
    "day": date(2026, 2, 28),
    "moment": MOMENT,
    "facts": {"lijst": [1, None, "é"], "waar": True},
    "blob": bytes(range(256)),
}


async def test_every_kind_of_value_comes_back_as_it_went_in(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", **VALUES))
    async with database.reading() as reader:
        row = await reader.one(BY_ID, id="a")
    assert {name: getattr(row, name) for name in VALUES} == VALUES


async def test_nothing_comes_back_as_nothing(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", **dict.fromkeys(("name", "day", "moment", "blob"))))
    (row,) = await things(database)
    assert (row.name, row.day, row.moment, row.facts, row.blob) == (None,) * 5


async def test_update_and_put_convert_as_insert_does(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    changed, put = Changeset(), Changeset()
    changed.update(THING, {"id": "a"}, version=1, **VALUES)
    put.put(THING, ("id",), id="b", versie=2, **{**VALUES, "name": "other"})
    await database.commit(changed)
    await database.commit(put)
    first, second = await things(database)
    assert first[3:] == second[3:] == tuple(VALUES.values())[1:]


async def test_many_rows_written_at_once_come_back_as_they_went_in(database: SqliteDatabase) -> None:
    nothing = dict.fromkeys(VALUES)
    rows_in = [
        {**VALUES, "versie": 2**63 - 1, "name": 'een "regel"\n\\x41'},
        {**nothing, "versie": -1, "facts": []},
        {**VALUES, "versie": 1, "moment": MOMENT + timedelta(days=1), "blob": b"", "day": date.max},
    ]
    columns = tuple(rows_in[0])
    changes = Changeset()
    changes.insert_many(THING, ("id", *columns), [(str(n), *row.values()) for n, row in enumerate(rows_in)])
    await database.commit(changes)
    assert [{name: getattr(row, name) for name in columns} for row in await things(database)] == rows_in
    changed = Changeset()
    for n, row in enumerate(reversed(rows_in)):
        changed.update(THING, {"id": str(n)}, **{**row, "name": f"anders {n}"})
    await database.commit(changed)
    changed_rows = [{**row, "name": f"anders {n}"} for n, row in enumerate(reversed(rows_in))]
    assert [{name: getattr(row, name) for name in columns} for row in await things(database)] == changed_rows


async def test_of_many_questions_each_has_its_own_rows(database: SqliteDatabase) -> None:
    changes = Changeset()
    changes.add_many(COUNTER, ("place", "day"), ("amount",), [("a", date(2026, 1, n), n) for n in (1, 2, 2)])
    await database.commit(changes)
    counted = Query(
        select(COUNTER.c.day, COUNTER.c.amount)
        .where(COUNTER.c.place == bindparam("place"), COUNTER.c.day >= bindparam("day"))
        .order_by(COUNTER.c.day)
    )
    first, second, third = (date(2026, 1, n) for n in (1, 2, 3))
    async with database.reading() as reader:
        found = await reader.many(counted, place=list("aabaa"), day=[second, third, first, first, second])
        one = await reader.many(counted, place=["a"], day=[second])
        none = await reader.many(counted, place=[], day=[])
    assert found == [[(second, 4)], [], [], [(first, 1), (second, 4)], [(second, 4)]]
    assert (one, none) == ([[(second, 4)]], [])


async def test_a_moment_comes_back_in_utc_and_is_the_same_moment(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", moment=MOMENT))
    (row,) = await things(database)
    assert row.moment == MOMENT
    assert row.moment.tzinfo is UTC


async def test_moments_of_different_zones_sort_by_when_they_were(database: SqliteDatabase) -> None:
    earlier, later = datetime(2026, 7, 1, 1, 0, tzinfo=AMSTERDAM_SUMMER), datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    for name, moment in (("later", later), ("earlier", earlier)):
        await insert_rows(database, THING, {"id": name, "versie": 1, "moment": moment})
    async with database.reading() as reader:
        found = await reader.select(select(THING.c.id).order_by(THING.c.moment))
        before = await reader.select(select(THING.c.id).where(THING.c.moment < later))
    assert [row.id for row in found] == ["earlier", "later"]
    assert [row.id for row in before] == ["earlier"]


async def test_a_moment_without_zone_is_refused_and_nothing_is_written(database: SqliteDatabase) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await database.commit(new_thing("a", moment=datetime(2026, 7, 1)))
    assert await things(database) == []


async def test_a_date_is_stored_as_text_that_sorts(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", day=date(987, 1, 2)))
    with sqlite3.connect(database.path) as plain:
        assert plain.execute("SELECT day FROM thing").fetchone() == ("0987-01-02",)


async def test_bound_dates_and_lists_of_dates_are_converted(database: SqliteDatabase) -> None:
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    await insert_rows(database, COUNTER, *({"place": "a", "day": day, "amount": day.day} for day in days))
    named = Query(select(COUNTER.c.amount).where(COUNTER.c.day >= bindparam("day"), COUNTER.c.place == "a"))
    async with database.reading() as reader:
        assert [row.amount for row in await reader.all(named, day=days[1])] == [2, 3]
        listed = await reader.select(select(COUNTER.c.amount).where(COUNTER.c.day.in_(days[:2])))
        assert [row.amount for row in listed] == [1, 2]


async def test_a_parameter_whose_name_starts_like_that_of_a_date_is_left_alone(database: SqliteDatabase) -> None:
    await insert_rows(database, COUNTER, {"place": "a", "day": date(2026, 1, 1), "amount": 4})
    named = Query(
        select(COUNTER.c.amount).where(COUNTER.c.day == bindparam("day"), COUNTER.c.place == bindparam("day_place"))
    )
    async with database.reading() as reader:
        assert [row.amount for row in await reader.all(named, day=date(2026, 1, 1), day_place="a")] == [4]


async def test_an_empty_list_finds_nothing(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    async with database.reading() as reader:
        assert list(await reader.select(select(THING.c.id).where(THING.c.id.in_([])))) == []


@pytest.mark.parametrize(("listed", "others"), [([], ["a", "b"]), (["a"], ["b"]), (["a", "b", "c"], [])])
async def test_what_is_not_in_a_list_can_be_asked_for(
    database: SqliteDatabase, listed: list[str], others: list[str]
) -> None:
    for identity in ("a", "b"):
        await database.commit(new_thing(identity))
    statement = select(THING.c.id).where(THING.c.id.not_in(listed)).order_by(THING.c.id)
    async with database.reading() as reader:
        assert [row.id for row in await reader.select(statement)] == others


async def test_upkeep_statements_convert_too_and_count_rows(database: SqliteDatabase) -> None:
    await insert_rows(database, THING, *({"id": name, "versie": 1} for name in "abc"))
    statement = update(THING).where(THING.c.id.in_(["a", "b"])).values(moment=MOMENT, day=date(2026, 1, 1))
    assert await database.execute(statement) == 2
    found = {row.id: (row.moment, row.day) for row in await things(database)}
    assert found == {"a": (MOMENT, date(2026, 1, 1)), "b": (MOMENT, date(2026, 1, 1)), "c": (None, None)}


async def test_one_row_is_asked_for_and_more_is_a_fault_of_the_query(database: SqliteDatabase) -> None:
    await insert_rows(database, THING, *({"id": name, "versie": 1} for name in "ab"))
    either = Query(select(THING.c.id).where(or_(THING.c.id == "a", THING.c.id == "b")))
    async with database.reading() as reader:
        assert await reader.one(BY_ID, id="absent") is None
        with pytest.raises(LookupError):
            await reader.one(either)


async def test_amounts_keep_64_bits(database: SqliteDatabase) -> None:
    largest = 2**63 - 1
    await insert_rows(database, COUNTER, {"place": "a", "day": date(2026, 1, 1), "amount": largest})
    assert [row.amount for row in await rows(database, COUNTER)] == [largest]
