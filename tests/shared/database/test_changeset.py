"""What each kind of write does, on SQLite and in words for PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.database.changeset import Changeset, Shape, bound_columns, sql_text
from shared.database.port import AlreadyExists, StaleVersion
from shared.database.sqlite import SqliteDatabase
from tests.shared.things import COUNTER, THING, new_thing, rows, things
from tests.voorbeelden import voorbeelden

DAY = date(2026, 1, 5)


async def test_insert_refuses_a_taken_key_and_names_the_table(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    with pytest.raises(AlreadyExists) as refused:
        await database.commit(new_thing("a"))
    assert (refused.value.table, refused.value.detail) == ("thing", "thing.id")


async def test_insert_refuses_a_taken_unique_value(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", name="same"))
    with pytest.raises(AlreadyExists) as refused:
        await database.commit(new_thing("b", name="same"))
    assert refused.value.detail == "thing.name"


async def test_update_with_the_version_that_was_read_raises_it_by_one(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    changes = Changeset()
    changes.update(THING, {"id": "a"}, version=1, name="new")
    await database.commit(changes)
    (thing,) = await things(database)
    assert (thing.name, thing.versie) == ("new", 2)


@pytest.mark.parametrize("version", [0, 2])
async def test_update_with_another_version_is_stale_and_names_the_table(database: SqliteDatabase, version: int) -> None:
    await database.commit(new_thing("a", name="old"))
    changes = Changeset()
    changes.update(THING, {"id": "a"}, version=version, name="new")
    with pytest.raises(StaleVersion) as stale:
        await database.commit(changes)
    assert stale.value.table == "thing"
    (thing,) = await things(database)
    assert (thing.name, thing.versie) == ("old", 1)


async def test_update_of_a_row_that_is_not_there_is_refused_also_without_a_version(database: SqliteDatabase) -> None:
    changes = Changeset()
    changes.update(THING, {"id": "absent"}, name="new")
    with pytest.raises(StaleVersion):
        await database.commit(changes)


async def test_of_two_updates_on_one_version_the_second_is_stale(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a"))
    first, second = Changeset(), Changeset()
    first.update(THING, {"id": "a"}, version=1, name="first")
    second.update(THING, {"id": "a"}, version=1, name="second")
    await database.commit(first)
    with pytest.raises(StaleVersion):
        await database.commit(second)


async def test_put_inserts_and_then_replaces(database: SqliteDatabase) -> None:
    for amount in (5, 7):
        changes = Changeset()
        changes.put(COUNTER, ("place", "day"), place="a", day=DAY, amount=amount)
        await database.commit(changes)
    assert [row.amount for row in await rows(database, COUNTER)] == [7]


async def test_put_of_a_key_alone_keeps_what_is_there(database: SqliteDatabase) -> None:
    await database.commit(new_thing("a", name="kept"))
    changes = Changeset()
    changes.put(THING, ("id", "versie"), id="a", versie=1)
    shape = changes.statements[0].shape
    assert sql_text(shape, "?").endswith("ON CONFLICT (id, versie) DO NOTHING")


@voorbeelden(25)
@given(amounts=st.lists(st.integers(-5, 5), max_size=12), data=st.data())
def test_add_makes_the_row_on_first_use_and_its_sql_is_the_same_for_every_order(
    amounts: list[int], data: st.DataObject
) -> None:
    def statements(order: list[int]) -> list[tuple[str, tuple[object, ...]]]:
        changes = Changeset()
        for amount in order:
            changes.add(COUNTER, {"place": "a", "day": DAY}, amount=amount)
        return [(sql_text(shape, "?"), values) for shape, rows, _ in changes.statements for values in rows]

    assert sorted(statements(amounts), key=str) == sorted(statements(data.draw(st.permutations(amounts))), key=str)


async def test_adds_commute(database: SqliteDatabase) -> None:
    for place, order in (("up", [1, 2, -5]), ("down", [-5, 2, 1])):
        changes = Changeset()
        for amount in order:
            changes.add(COUNTER, {"place": place, "day": DAY}, amount=amount)
        await database.commit(changes)
    assert {row.place: row.amount for row in await rows(database, COUNTER)} == {"up": -2, "down": -2}


async def test_delete_removes_the_rows_with_that_key_and_none_is_fine(database: SqliteDatabase) -> None:
    changes = Changeset()
    for place in ("a", "b"):
        for day in (1, 2):
            changes.put(COUNTER, ("place", "day"), place=place, day=date(2026, 1, day), amount=1)
    await database.commit(changes)
    for _ in range(2):
        removal = Changeset()
        removal.delete(COUNTER, place="a")
        await database.commit(removal)
    assert {row.place for row in await rows(database, COUNTER)} == {"b"}


UPDATE = Shape("update", COUNTER, ("amount",), ("place", "day"), "versie")


def test_placeholders_are_numbered_for_postgresql() -> None:
    assert sql_text(UPDATE, "$") == "UPDATE counter SET amount = $1 WHERE place = $2 AND day = $3 AND versie = $4"


def test_values_are_bound_in_the_order_of_their_placeholders() -> None:
    assert bound_columns(UPDATE) == ("amount", "place", "day", "versie")
    assert bound_columns(Shape("delete", COUNTER, (), ("place",))) == ("place",)
    assert bound_columns(Shape("add", COUNTER, ("place", "amount"), ("place",))) == ("place", "amount")
