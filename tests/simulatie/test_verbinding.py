"""Calls: repeated on the installation's own trouble, ended by its refusal, and many at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.simulatie import verbinding as module
from deploy.simulatie.metingen import Metingen
from deploy.simulatie.samen import samen
from deploy.simulatie.verbinding import Geweigerd, Onbereikbaar, PerDienst, Verbinding, open_verbinding
from shared.kernel.rol import Rol
from tests.poorten import vrije_poort


class Tokens:
    def token(self, rol: Rol, organisatie: str | None = None) -> str:
        return f"{rol}:{organisatie}"


class Installatie:
    """Answers as told, and remembers who asked what."""

    def __init__(self, *antwoorden: Response) -> None:
        self.antwoorden = list(antwoorden)
        self.gevraagd: list[tuple[str, str, str]] = []

    async def antwoord(self, request: Request) -> Response:
        self.gevraagd.append((request.method, str(request.url), request.headers.get("authorization", "")))
        return self.antwoorden.pop(0)

    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(
            app=Starlette(routes=[Route("/{rest:path}", self.antwoord, methods=["GET", "POST"])])
        )

    def doe(self, werk: Callable[[Verbinding], Awaitable[object]], metingen: Metingen | None = None) -> object:
        async def run() -> object:
            http = httpx.AsyncClient(transport=self.transport(), base_url="http://plekregie")
            async with Verbinding(http, Tokens(), metingen or Metingen(), 4) as verbinding:
                return await werk(verbinding)

        return asyncio.run(run())


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0)


def test_trouble_of_its_own_is_waited_for_and_a_refusal_is_not() -> None:
    druk = Installatie(Response(status_code=503), Response(status_code=507), JSONResponse({"id": 1}, 201))
    metingen = Metingen()
    made = druk.doe(lambda v: v.roep("indicatie", "POST", "/toegang/v1/indicaties", Rol.CONSULENT, "9701"), metingen)
    assert isinstance(made, httpx.Response)
    assert made.json() == {"id": 1}
    assert {wie for _, _, wie in druk.gevraagd} == {"Bearer consulent:9701"}
    assert metingen.uitgesteld == 2
    nee = Installatie(JSONResponse({"detail": "dat kan niet"}, 409))
    with pytest.raises(Geweigerd, match=r"POST /x door contractmanager.*409.*dat kan niet"):
        nee.doe(lambda v: v.roep("indicatie", "POST", "/x", Rol.CONTRACTMANAGER))


def test_it_gives_up_when_there_is_no_answer_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", -1)
    with pytest.raises(Geweigerd, match="nog geen antwoord"):
        Installatie(Response(status_code=503)).doe(lambda v: v.roep("x", "GET", "/x", Rol.BEHEER))


def test_a_list_is_read_to_its_last_page() -> None:
    paginas = Installatie(
        JSONResponse({"resultaten": [{"id": 1}], "volgende": "/x/v1/rijen?na=1"}),
        JSONResponse({"resultaten": [{"id": 2}], "volgende": None}),
    )
    rijen = paginas.doe(lambda v: v.lijst("rijen", "/x/v1/rijen", Rol.AANBIEDER, "42420001", aantal=1))
    assert rijen == [{"id": 1}, {"id": 2}]
    assert [url for _, url, _ in paginas.gevraagd] == [
        "http://plekregie/x/v1/rijen?aantal=1",
        "http://plekregie/x/v1/rijen?na=1",
    ]


def test_each_service_has_an_address_of_its_own() -> None:
    overal = Installatie(*(Response(status_code=200) for _ in range(2)))

    async def run() -> None:
        lines = PerDienst({"toegang": "http://een:1", "backoffice": "http://twee:2"}, overal.transport())
        async with httpx.AsyncClient(transport=lines, base_url="http://plekregie") as http:
            await http.get("/toegang/v1/x")
            await http.get("/backoffice/v1/y?z=1")

    asyncio.run(run())
    assert [url for _, url, _ in overal.gevraagd] == ["http://een:1/toegang/v1/x", "http://twee:2/backoffice/v1/y?z=1"]


def test_where_nothing_answers_or_it_is_not_ready_that_is_said_at_once() -> None:
    async def run() -> None:
        async with open_verbinding(f"http://127.0.0.1:{vrije_poort()}", Tokens(), Metingen(), 1) as verbinding:
            await verbinding.keur(["/toegang/v1/readyz"])

    with pytest.raises(Onbereikbaar, match=r"antwoordt niets.*--url"):
        asyncio.run(run())
    with pytest.raises(Onbereikbaar, match="/readyz antwoordt 503"):
        Installatie(Response(status_code=503)).doe(lambda v: v.keur(["/readyz"]))


def test_the_first_failure_ends_all_and_is_raised_itself() -> None:
    gedaan: Counter[str] = Counter()

    async def mislukt() -> None:
        raise Geweigerd("een")

    async def duurt() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            gedaan["afgebroken"] += 1

    with pytest.raises(Geweigerd, match="een"):
        asyncio.run(samen([duurt(), mislukt(), duurt()]))
    assert gedaan["afgebroken"] == 2
