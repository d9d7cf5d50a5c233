"""Pages that follow each other without gap or double, and bookmarks that can't be bent."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from shared.web.identity import Rol
from tests.shared.things import THING, insert_rows
from tests.shared.web.test_problem import problem
from tests.shared.web.thing_app import ThingApp


async def fill(app: ThingApp, number: int) -> list[str]:
    names = [f"{n:03d}" for n in range(number)]
    await insert_rows(app.database, THING, *({"id": name, "versie": 1} for name in names))
    return names


async def walk(client: httpx.AsyncClient, path: str | None) -> list[list[str]]:
    pages = []
    while path is not None:
        answer = (await client.get(path)).json()
        pages.append([row["id"] for row in answer["resultaten"]])
        path = answer["volgende"]
    return pages


@pytest.mark.parametrize(("number", "sizes"), [(0, [0]), (3, [3]), (4, [4]), (5, [4, 1]), (9, [4, 4, 1])])
async def test_following_volgende_gives_everything_once_in_order(
    app: ThingApp, beheer: httpx.AsyncClient, number: int, sizes: list[int]
) -> None:
    names = await fill(app, number)
    pages = await walk(beheer, "/dingen?aantal=4")
    assert [len(page) for page in pages] == sizes
    assert [name for page in pages for name in page] == names


async def test_volgende_keeps_the_filters_and_works_under_the_mounted_path(app: ThingApp) -> None:
    await fill(app, 3)
    token = app.issuer.token(Rol.BEHEER)
    async with app.http(headers={"authorization": f"Bearer {token}"}, mounted=True) as client:
        first = (await client.get("/dingen?op=2026-01-01&aantal=2")).json()["volgende"]
        assert first.startswith("/test/v1/dingen?")
        assert "op=2026-01-01" in first
        assert "aantal=2" in first
        rest = await client.get(f"http://x{first}")
    assert [row["id"] for row in rest.json()["resultaten"]] == ["002"]


async def test_what_is_added_before_the_bookmark_shifts_nothing(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    await fill(app, 4)
    first = (await beheer.get("/dingen?aantal=2")).json()
    await insert_rows(app.database, THING, {"id": "000a", "versie": 1})
    assert (await walk(beheer, first["volgende"])) == [["002", "003"]]


def bookmark(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "é",
        "%00",
        "====",
        bookmark({}),
        bookmark("002"),
        bookmark([]),
        bookmark(["a", "b"]),
        bookmark([None]),
        bookmark([{}]),
        bookmark([["a"]]),
        bookmark([True]),
        bookmark([2**70]),
        bookmark([1]),
    ],
)
async def test_a_bent_bookmark_is_a_400_that_says_where_to_get_one(beheer: httpx.AsyncClient, value: str) -> None:
    found = problem(await beheer.get("/dingen", params={"na": value}), 400)
    assert "volgende" in found["detail"]


async def test_a_bookmark_is_a_value_and_never_a_statement(app: ThingApp, beheer: httpx.AsyncClient) -> None:
    await fill(app, 2)
    answer = await beheer.get("/dingen", params={"na": bookmark(["' OR 1=1; DROP TABLE thing; --"])})
    assert [row["id"] for row in answer.json()["resultaten"]] == ["000", "001"]
