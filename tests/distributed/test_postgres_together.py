"""What is asked or committed at the same moment goes to the server together, and nobody notices but the clock."""

from __future__ import annotations

import asyncio

import pytest

from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, StaleVersion
from shared.database.postgres import PostgresDatabase
from tests.distributed.test_postgres import rename
from tests.shared.things import BY_ID, new_thing

pytestmark = pytest.mark.distributed


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
