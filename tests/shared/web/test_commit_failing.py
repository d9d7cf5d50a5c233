"""Nobody hears yes before it is on disk."""

from __future__ import annotations

import sqlite3

from sqlalchemy import text

from services.toegang.indicatie.store import INDICATIE as INDICATIES
from services.toegang.tables import EVENT_TABLES
from tests.shared.region import INDICATIE, Region, but
from tests.shared.things import rows
from tests.shared.web.test_problem import problem

LONG = but(INDICATIE, resultaatafspraken=["x" * 2000] * 50)


async def test_on_a_full_disk_the_caller_hears_507_and_when_to_try_again(toegang: Region) -> None:
    database = toegang.database("toegang")
    await database.execute(text("PRAGMA max_page_count=1"))
    async with toegang.consulent as client:
        answer = await client.post("/toegang/v1/indicaties", json=LONG, headers={"idempotency-key": "k"})
        problem(answer, 507)
        assert answer.headers["retry-after"]
        for table in (INDICATIES, EVENT_TABLES.outbox, EVENT_TABLES.answers, EVENT_TABLES.processing):
            assert await rows(database, table) == []
        await database.execute(text("PRAGMA max_page_count=100000"))
        again = await client.post("/toegang/v1/indicaties", json=LONG, headers={"idempotency-key": "k"})
    assert again.status_code == 201


async def test_on_a_locked_database_the_caller_hears_503_and_reads_go_on(toegang: Region) -> None:
    database = toegang.database("toegang")
    await database.execute(text("PRAGMA busy_timeout=20"))
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        async with toegang.consulent as client:
            answer = await client.post("/toegang/v1/indicaties", json=INDICATIE)
            problem(answer, 503)
            assert answer.headers["retry-after"]
            assert (await client.get("/toegang/v1/indicaties")).status_code == 200
        other.execute("ROLLBACK")
    assert await rows(database, INDICATIES) == []


async def test_when_the_event_can_not_be_recorded_there_is_no_decision_either(toegang: Region) -> None:
    database = toegang.database("toegang")
    await database.execute(
        text("CREATE TRIGGER no_event BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'broken'); END")
    )
    async with toegang.consulent as client:
        problem(await client.post("/toegang/v1/indicaties", json=INDICATIE), 500)
    assert await rows(database, INDICATIES) == []


async def test_showing_a_client_fails_when_the_look_can_not_be_logged(toegang: Region) -> None:
    database = toegang.database("toegang")
    async with toegang.consulent as client:
        made = (await client.post("/toegang/v1/indicaties", json=INDICATIE)).json()
        await database.execute(text("DROP TABLE verwerking"))
        answer = await client.get(f"/toegang/v1/clienten/{made['client']}")
    problem(answer, 500)
    assert "Wit" not in answer.text
