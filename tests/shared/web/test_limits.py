"""Nobody fills our memory: a body stops being read at its limit, declared or not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from services.backoffice.bericht.store import BERICHT
from services.backoffice.ontvangst.inhoud import KEPT_OF_TOO_MUCH
from services.backoffice.ontvangst.inhoud import MOST_BYTES as MOST_OF_A_MESSAGE
from shared.web.identity import Rol
from shared.web.limits import MOST_BYTES
from tests.shared.region import Region
from tests.shared.things import rows
from tests.shared.web.test_problem import problem
from tests.shared.web.thing_app import ThingApp

JSON = {"content-type": "application/json"}
PIECE = 64 * 1024


class Endless:
    """A body without a declared length; counts what was read of it."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.read = pieces, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.read += 1
            yield b" " * PIECE


@pytest.mark.parametrize("path", ["/dingen", "/kloppen"])
@pytest.mark.parametrize("mounted", [True, False])
async def test_a_body_over_the_limit_is_a_413(app: ThingApp, path: str, mounted: bool) -> None:
    token = app.issuer.token(Rol.BEHEER)
    async with app.http(headers={"authorization": f"Bearer {token}", **JSON}, mounted=mounted) as client:
        problem(await client.post(path, content=b" " * (MOST_BYTES + 1)), 413)


async def test_a_body_at_the_limit_is_read(beheer: httpx.AsyncClient) -> None:
    body = b'{"naam": "a"}'
    answer = await beheer.post("/dingen", content=body + b" " * (MOST_BYTES - len(body)), headers=JSON)
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/dingen", "/kloppen"])
async def test_a_body_without_declared_length_stops_being_read_at_the_limit(
    app: ThingApp, beheer: httpx.AsyncClient, path: str
) -> None:
    body = Endless(pieces=10 * MOST_BYTES // PIECE)

    async def slowly() -> AsyncIterator[bytes]:
        async for piece in body:
            yield piece

    answer = await beheer.post(path, content=slowly(), headers=JSON)
    problem(answer, 413)


@pytest.mark.parametrize("length", ["-1", "veel", "9" * 30, "1e9"])
async def test_a_nonsense_length_does_no_harm(app: ThingApp, length: str) -> None:
    received: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b'{"naam": "a"}', "more_body": False}

    async def send(message: dict[str, object]) -> None:
        received.append(message.get("status"))

    token = app.issuer.token(Rol.BEHEER)
    headers = [
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", length.encode()),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/dingen",
        "raw_path": b"/dingen",
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("x", 80),
        "root_path": "",
        "http_version": "1.1",
    }
    await app.app(scope, receive, send)
    assert received[0] == (413 if length == "9" * 30 else 201)


async def test_a_route_with_its_own_limit_reads_on(beheer: httpx.AsyncClient) -> None:
    answer = await beheer.post("/stromen", content=b" " * (3 * MOST_BYTES))
    assert answer.json() == {"lengte": 3 * MOST_BYTES}


async def test_a_message_may_be_25_megabytes_and_of_more_the_beginning_is_kept(beide: Region) -> None:
    async with beide.aanbieder as client:
        fits = await client.post(
            "/backoffice/v1/berichten", content=b" " * (2 * MOST_BYTES), headers={"content-type": "application/xml"}
        )
        problem(fits, 400)  # unreadable, but read
        too_much = await client.post(
            "/backoffice/v1/berichten",
            content=b"<" * (MOST_OF_A_MESSAGE + 1),
            headers={"content-type": "application/xml"},
        )
    kept = problem(too_much, 413)["bericht"]
    (row,) = [row for row in await rows(beide.database("backoffice"), BERICHT) if row.id == kept]
    text = beide.vault.decrypt(row.inhoud, f"bericht/{kept}")
    assert 0 < len(text) <= KEPT_OF_TOO_MUCH
    assert row.status == "te_groot"


async def test_a_message_of_another_kind_is_a_415_and_its_text_is_kept(beide: Region) -> None:
    async with beide.aanbieder as client:
        answer = await client.post(
            "/backoffice/v1/berichten", content=b"<a/>", headers={"content-type": "application/json"}
        )
    assert "application/xml" in problem(answer, 415)["detail"]
    (row,) = await rows(beide.database("backoffice"), BERICHT)
    assert beide.vault.decrypt(row.inhoud, f"bericht/{row.id}") == b"<a/>"
    assert row.status == "geweigerd"
