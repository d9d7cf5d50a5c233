"""How long the server works on a page and how often it asks the database, beside the API route with the same figures.

In one process and without a network: what is measured is reading, working out and rendering. The data are the demo
region, or those of an installation that does not run (`--gegevens MAP`).
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from rich.console import Console

from deploy.all_in_one import AllInOne, build
from deploy.demo.loader import load_demo
from shared.database.sqlite import SqliteReader
from shared.kernel.rol import Rol
from shared.pages.session import COOKIE
from shared.runtime.settings import load_settings

ROUNDS = 15
ASKS = ("one", "all", "select")
LINK = re.compile(r'<(?:th|td)[^>]*><a href="(/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Measured:
    """A page: median milliseconds of the server, questions to the database, bytes; and of its API route."""

    page: str
    milliseconds: float
    queries: int
    size: int
    api: float | None

    @property
    def ratio(self) -> float | None:
        """How many times as long as the API route takes."""
        return None if self.api is None else self.milliseconds / self.api


@dataclass(frozen=True, slots=True)
class Plan:
    """A page to open and the route that gives its figures; `follow`: open the first link in its table."""

    role: Rol
    path: str
    api: str | None = None
    follow: int = 0


PLANS = (
    Plan(Rol.CONTRACTMANAGER, "/contractmanagement/regio", "/contractmanagement/v1/bezetting?aantal=1000"),
    Plan(Rol.CONTRACTMANAGER, "/contractmanagement/regels", "/contractmanagement/v1/bezetting?aantal=1000"),
    Plan(Rol.CONTRACTMANAGER, "/contractmanagement/regels", follow=1),
    Plan(Rol.CONTRACTMANAGER, "/contractmanagement/signalen", "/contractmanagement/v1/signalen?aantal=100"),
    Plan(Rol.CONTRACTMANAGER, "/contractmanagement/signalen", follow=1),
    Plan(Rol.CONTROLLER, "/financien/betaalschemas", "/financien/v1/betaalschemas?jaar={jaar}"),
    Plan(Rol.CONTROLLER, "/financien/betaalschemas", follow=1),
    Plan(Rol.CONTROLLER, "/financien/bijstellingen", "/financien/v1/bijstellingen"),
    Plan(Rol.BACKOFFICE, "/backoffice/berichten", "/backoffice/v1/berichten?aantal=50"),
    Plan(Rol.BACKOFFICE, "/backoffice/berichten", follow=1),
)


async def run(folder: Path, given: Path | None, say: Callable[[str], None]) -> list[Measured]:
    """Measure every page. `given`: the DATA_DIR of an installation that does not run."""
    product = build(load_settings({"PLEKREGIE_DATA_DIR": str(given or folder)}))
    if given is None:
        say("Demoregio laden …")
        await product.start()
        await load_demo(product, Console(stderr=True, quiet=True))
        await product.settle()
        await product.stop()
        product = build(load_settings({"PLEKREGIE_DATA_DIR": str(folder)}))
    try:
        async with visitor(product, Rol.CONTRACTMANAGER, "") as http:
            answer = await http.get("/contractmanagement/v1/bezetting?aantal=1000")
            gemeente = next(row["gemeente"] for row in answer.json()["resultaten"] if row["gemeente"])
        return [await measure(product, plan, gemeente) for plan in PLANS]
    finally:
        for service in product.services.values():
            await service.edge.database.close()


@asynccontextmanager
async def visitor(product: AllInOne, role: Rol, gemeente: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser and a program at once: signed in, with a token."""
    token = product.issuer.token(role, gemeente=gemeente if role in (Rol.CONTROLLER, Rol.BACKOFFICE) else None)
    transport = httpx.ASGITransport(app=product.app)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1:8000",
        cookies={COOKIE: token},
        headers={"Authorization": f"Bearer {token}"},
        timeout=120,
    ) as http:
        yield http


async def measure(product: AllInOne, plan: Plan, gemeente: str) -> Measured:
    """One page and its route, in turns."""
    async with visitor(product, plan.role, gemeente) as http:
        path, name = plan.path, plan.path
        if plan.follow:
            links = LINK.findall((await http.get(path)).text)
            path, name = (links[0].replace("&amp;", "&"), f"{name} → eerste") if links else (path, name)
        with counted() as asked:
            answer = await http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        api = None if plan.api is None else plan.api.format(jaar=product.clock.today().year)
        page_times: list[float] = []
        api_times: list[float] = []
        for _ in range(ROUNDS):
            page_times.append(await timed(http, path))
            if api is not None:
                api_times.append(await timed(http, api))
    return Measured(name, median(page_times), asked[0], len(answer.content), median(api_times) if api_times else None)


async def timed(http: httpx.AsyncClient, path: str) -> float:
    """Milliseconds of one answer."""
    begin = time.perf_counter()
    answer = await http.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return 1000 * (time.perf_counter() - begin)


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts the questions to the databases of this process."""
    asked = [0]
    kept: dict[str, Any] = {name: getattr(SqliteReader, name) for name in ASKS}

    def counting(name: str) -> Any:
        async def ask(reader: SqliteReader, *args: Any, **params: Any) -> Any:
            asked[0] += 1
            return await kept[name](reader, *args, **params)

        return ask

    for name in ASKS:
        setattr(SqliteReader, name, counting(name))
    try:
        yield asked
    finally:
        for name, original in kept.items():
            setattr(SqliteReader, name, original)


def table(found: list[Measured]) -> str:
    """The figures as text."""
    lines = ["bladzijde | ms | vragen | kB | maal de API", "--- | --- | --- | --- | ---"]
    for one in found:
        ratio = "" if one.ratio is None else f"{one.ratio:.1f}"
        lines.append(f"{one.page} | {one.milliseconds:.1f} | {one.queries} | {one.size / 1000:.0f} | {ratio}")
    return "\n".join(lines)
