"""Every answer carries the version and the six security headers, whatever it answers."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from shared.web.app import API_VERSION
from shared.web.headers import SECURITY
from shared.web.identity import Rol
from tests.shared.region import INDICATIE, Region
from tests.shared.web.thing_app import ThingApp

ALWAYS = {"api-version": API_VERSION, **{name.decode(): value.decode() for name, value in SECURITY}}


def carries_all(answer: httpx.Response) -> bool:
    return all(answer.headers.get_list(name) == [value] for name, value in ALWAYS.items())


@pytest.mark.parametrize("mounted", [True, False])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/dingen", 200),
        ("POST", "/dingen", 400),
        ("GET", "/weigeringen/van-ander", 403),
        ("GET", "/weigeringen/onbekend", 404),
        ("GET", "/nergens", 404),
        ("GET", "/dingen/", 404),
        ("PUT", "/dingen", 405),
        ("GET", "/weigeringen/vergeven", 409),
        ("GET", "/ongelukken/x", 500),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/openapi.json", 200),
    ],
)
async def test_answers_carry_them(app: ThingApp, method: str, path: str, status: int, mounted: bool) -> None:
    token = app.issuer.token(Rol.BEHEER)
    async with app.http(headers={"authorization": f"Bearer {token}"}, mounted=mounted) as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert carries_all(answer), dict(answer.headers)


async def test_answers_without_a_token_or_of_too_much_or_while_the_disk_is_full_carry_them(app: ThingApp) -> None:
    async with app.http() as nobody, app.caller() as somebody:
        assert carries_all(await nobody.get("/dingen"))
        kind = {"content-type": "application/json"}
        assert carries_all(await somebody.post("/dingen", content=b" " * 3_000_000, headers=kind))
        assert carries_all(await somebody.post("/dingen", content=b"x", headers={"content-type": "text/plain"}))
        await app.database.execute(text("DROP TABLE outbox"))
        broken = await somebody.post("/dingen", json={"naam": "a"})
    assert broken.status_code == 500
    assert carries_all(broken)


async def test_the_real_services_carry_them_as_well(beide: Region) -> None:
    async with beide.consulent as client, beide.http() as nobody:
        assert carries_all(await client.post("/toegang/v1/indicaties", json=INDICATIE))
        assert carries_all(await nobody.get("/backoffice/v1/toewijzingen"))
        assert carries_all(await nobody.get("/backoffice/v1/docs"))
        assert carries_all(await nobody.get("/backoffice/v1/nergens"))


async def test_the_six_are_those_of_the_api_design_rules() -> None:
    assert set(ALWAYS) == {
        "api-version",
        "cache-control",
        "content-security-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
    }


async def test_a_service_without_its_database_is_alive_but_not_ready(app: ThingApp) -> None:
    async with app.http() as client:
        assert (await client.get("/readyz")).status_code == 200
        for table in ("thing", "counter", "outbox", "inbox", "geparkeerd", "antwoord", "verwerking"):
            await app.database.execute(text(f"DROP TABLE {table}"))
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
