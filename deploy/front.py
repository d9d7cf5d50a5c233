"""The front door: what runs here, where its documents are, whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from html import escape

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from deploy.parts import PARTS
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.web.app import API_VERSION
from shared.web.headers import SECURITY
from shared.web.problem import Problem, answer

STYLE = """
:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid #8886}
.proef{background:#ffd54d;color:#222;padding:.5rem 1rem;border-radius:.25rem}
a{color:inherit;text-underline-offset:.2em}a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def front_app(
    settings: Settings,
    services: Mapping[str, Service],
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """The services that this process serves, each under its base path, with the front door at `/`."""
    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    for kind in (HTTPException, Problem):
        app.add_exception_handler(kind, refused)
    app.include_router(front_routes(settings, services))
    for service in services.values():
        app.mount(service.base, service.app)
    return app


def front_routes(settings: Settings, services: Mapping[str, Service]) -> APIRouter:
    """Routes of the process itself."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front() -> HTMLResponse:
        headers = {name.decode(): value.decode() for name, value in SECURITY}
        headers["content-security-policy"] = POLICY
        return HTMLResponse(page(settings), headers=headers)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> dict[str, str]:
        for service in services.values():
            await service.app.state.readiness.check()
        return {"status": "ok"}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def refused(request: Request, error: Exception) -> Response:
    """What lies outside every service (an unknown address, not ready) as a problem, with the headers of all answers."""
    made = answer(request, error)
    made.headers["API-Version"] = API_VERSION
    for name, value in SECURITY:
        made.headers[name.decode()] = value.decode()
    return made


def page(settings: Settings) -> str:
    """The page at `/`."""
    rows = "".join(
        f'<tr><th scope="row">{escape(part.name)}</th><td>{escape(part.purpose)}</td>'
        f'<td><a href="{part.base}/docs">documentatie {escape(part.name)}</a></td>'
        f'<td><a href="{part.base}/openapi.json">OpenAPI {escape(part.name)}</a></td></tr>'
        for part in PARTS
    )
    today = f", vandaag is {settings.vandaag}" if settings.vandaag else ""
    trial = f'<p class="proef" role="status">Proefstand{escape(today)}.</p>' if settings.proef else ""
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Plekregie</title><style>{STYLE}</style></head><body>{trial}<main><h1>Plekregie</h1>"
        "<p>Jeugdzorg en ondersteuning ingekocht als plekken: wie zit waar, wat kost dat, en waar loopt het vol.</p>"
        "<table><caption>De vier diensten</caption><thead><tr><th scope='col'>Dienst</th><th scope='col'>Waarvoor</th>"
        f"<th scope='col'>Lezen</th><th scope='col'>Voor software</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<p>API-versie {API_VERSION}. Een token maakt u met <code>.venv/bin/plekregie token --help</code>.</p>"
        "</main></body></html>"
    )
