"""The same key and input gets the same answer and no second effect."""

from __future__ import annotations

import asyncio
import sqlite3
from hashlib import sha256

import httpx
import pytest
from sqlalchemy import text

from services.toegang.indicatie.store import INDICATIE as INDICATIES
from services.toegang.tables import EVENT_TABLES
from shared.web.identity import Rol
from tests.shared.region import BSN, INDICATIE, Region, but
from tests.shared.things import TABLES, THING, rows
from tests.shared.web.test_problem import problem
from tests.shared.web.thing_app import ThingApp

KEY = {"idempotency-key": "een-eigen-sleutel"}


async def test_the_same_call_again_gets_the_same_answer_and_changes_nothing(
    app: ThingApp, beheer: httpx.AsyncClient
) -> None:
    first, again = [await beheer.post("/dingen", json={"naam": "a"}, headers=KEY) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["content-type"] == again.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await rows(app.database, THING)) == len(await rows(app.database, TABLES.outbox)) == 1


async def test_without_a_key_every_call_counts(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    for headers in ({}, {"idempotency-key": ""}, {"idempotency-key": "  "}):
        assert (await beheer.post("/dingen", json={"naam": "a"}, headers=headers)).status_code == 201
    assert len(await rows(app.database, THING)) == 3
    assert await rows(app.database, TABLES.answers) == []


async def test_ten_at_the_same_moment_have_one_effect_and_one_answer(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(beheer.post("/dingen", json={"naam": "a"}, headers=KEY) for _ in range(10)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len(await rows(app.database, THING)) == len(await rows(app.database, TABLES.outbox)) == 1


async def test_ten_indicaties_with_one_key_are_one_indicatie(toegang: Region) -> None:
    async with toegang.consulent as client:
        answers = await asyncio.gather(
            *(client.post("/toegang/v1/indicaties", json=INDICATIE, headers=KEY) for _ in range(10))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await rows(toegang.database("toegang"), INDICATIES)) == 1
    assert len(await rows(toegang.database("toegang"), EVENT_TABLES.outbox)) == 1


async def test_the_same_key_for_other_input_is_a_422_and_does_nothing(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    await beheer.post("/dingen", json={"naam": "a"}, headers=KEY)
    found = problem(await beheer.post("/dingen", json={"naam": "b"}, headers=KEY), 422)
    assert found["type"] == "urn:plekregie:fout:sleutel-hergebruikt"
    problem(await beheer.post("/dingen?x=1", json={"naam": "a"}, headers=KEY), 422)
    assert len(await rows(app.database, THING)) == 1


async def test_another_caller_another_role_and_another_route_have_keys_of_their_own(app: ThingApp) -> None:
    callers = [
        {"gebruiker": "jansen"},
        {"gebruiker": "pietersen"},
        {"gebruiker": "jansen", "rol": Rol.CONSULENT, "gemeente": "0294"},
        {"gebruiker": "jansen", "rol": Rol.CONSULENT, "gemeente": "1955"},
    ]
    found = set()
    for caller in callers:
        async with app.caller(**caller) as client:  # type: ignore[arg-type]
            found.add((await client.post("/dingen", json={"naam": "a"}, headers=KEY)).json()["id"])
    async with app.caller() as client:
        found.add((await client.post("/betalingen", json={"naam": "a"}, headers=KEY)).json()["id"])
    assert len(found) == 5


async def test_where_money_moves_a_key_is_required(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    found = problem(await beheer.post("/betalingen", json={"naam": "a"}), 400)
    assert "Idempotency-Key" in found["detail"]
    assert await rows(app.database, THING) == []
    assert (await beheer.post("/betalingen", json={"naam": "a"}, headers=KEY)).status_code == 201


@pytest.mark.parametrize(("length", "status"), [(255, 201), (256, 400)])
async def test_a_key_holds_at_most_255_characters(beheer: httpx.AsyncClient, length: int, status: int) -> None:
    answer = await beheer.post("/dingen", json={"naam": "a"}, headers={"idempotency-key": "k" * length})
    assert answer.status_code == status


async def test_a_refused_call_keeps_no_answer_so_the_key_can_be_used_for_the_right_one(toegang: Region) -> None:
    async with toegang.consulent as client:
        wrong = but(INDICATIE, einddatum="2025-01-01")
        problem(await client.post("/toegang/v1/indicaties", json=wrong, headers=KEY), 400)
        right = await client.post("/toegang/v1/indicaties", json=INDICATIE, headers=KEY)
    assert right.status_code == 201


async def test_a_call_that_could_not_be_written_keeps_no_answer_and_may_be_repeated(
    app: ThingApp, beheer: httpx.AsyncClient
) -> None:
    await app.database.execute(text("ALTER TABLE outbox RENAME TO away"))
    problem(await beheer.post("/dingen", json={"naam": "a"}, headers=KEY), 500)
    await app.database.execute(text("ALTER TABLE away RENAME TO outbox"))
    assert (await beheer.post("/dingen", json={"naam": "a"}, headers=KEY)).status_code == 201
    assert len(await rows(app.database, THING)) == 1


async def test_a_kept_answer_is_encrypted_and_bound_to_its_caller_route_and_key(toegang: Region) -> None:
    async with toegang.consulent as client:
        answer = await client.post("/toegang/v1/indicaties", json=INDICATIE, headers=KEY)
        again = await client.post("/toegang/v1/indicaties", json=INDICATIE, headers=KEY)
    (afspraak,) = INDICATIE["resultaatafspraken"]
    assert answer.json()["resultaatafspraken"] == again.json()["resultaatafspraken"] == [afspraak]
    (row,) = await rows(toegang.database("toegang"), EVENT_TABLES.answers)
    assert afspraak.encode() not in row.inhoud
    assert answer.json()["client"].encode() not in row.inhoud
    assert KEY["idempotency-key"] not in row.sleutel, "what a caller puts into its key is not kept in clear"
    # Moved to another key it does not decrypt: the caller hears of trouble, never of somebody else's client.
    with sqlite3.connect(toegang.database("toegang").path) as plain:
        plain.execute("UPDATE antwoord SET sleutel = ?", [sha256(b"andere").hexdigest()])
    async with toegang.consulent as client:
        moved = await client.post("/toegang/v1/indicaties", json=INDICATIE, headers={"idempotency-key": "andere"})
    problem(moved, 500)


async def test_a_look_with_the_same_key_gets_the_same_answer_and_is_recorded_each_time(toegang: Region) -> None:
    async with toegang.consulent as client:
        await client.post("/toegang/v1/indicaties", json=INDICATIE)
        first, again = [
            await client.post("/toegang/v1/clienten/_zoek", json={"bsn": BSN}, headers=KEY) for _ in range(2)
        ]
        other = await client.post("/toegang/v1/clienten/_zoek", json={"bsn": "123456782"}, headers=KEY)
    assert first.json()["bsn"] == BSN
    assert (first.content, again.headers["idempotency-replayed"]) == (again.content, "true")
    problem(other, 422)
    looks = [row.handeling for row in await rows(toegang.database("toegang"), EVENT_TABLES.processing)]
    assert looks.count("client gezocht op BSN") == 2
