"""The front door: who are you, where to, what runs here, whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import Receive, Scope, Send

from deploy.aanmelden import Namen, sign_in_routes
from deploy.parts import PARTS
from shared.pages.app import equip
from shared.pages.engine import HEADERS, STATIC, Engine
from shared.pages.navigation import thuis
from shared.pages.session import visitor
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.web.app import API_VERSION

KEEP = {"cache-control": "public, max-age=31536000, immutable"}  # their address changes with what they hold


class FrontDoor(FastAPI):
    """The app of a process. A call to the API of a service goes straight to that service, which has everything of its
    own: the front door's machinery around it would only be passed through, at every call."""

    def straight(self, base: str, app: FastAPI) -> None:
        """Mount an API."""
        self.mount(base, app)
        mount = self.router.routes[-1]
        assert isinstance(mount, Mount)
        self._straight = [*self._straight, mount]

    _straight: Sequence[Mount] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for mount in self._straight:
                match, inner = mount.matches(scope)
                if match is Match.FULL:
                    scope.update(inner)
                    await mount.handle(scope, receive, send)
                    return
        await super().__call__(scope, receive, send)


def front_app(
    settings: Settings,
    services: Mapping[str, Service],
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """The services that this process serves, each under its base path and with its pages, and the front door at `/`."""
    app = FrontDoor(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    some = next(iter(services.values()))
    engine, issuer = Engine(settings, some.edge.clock), some.app.state.issuer
    equip(app, issuer, engine)
    app.include_router(front_routes(services))
    app.include_router(page_routes(engine))
    app.include_router(sign_in_routes(settings, issuer, engine, lambda: namen(services)))
    for service in services.values():
        app.straight(service.base, service.app)
    for service in services.values():
        if service.pages is not None:
            app.mount(f"/{service.name}", service.pages)
    return app


def front_routes(services: Mapping[str, Service]) -> APIRouter:
    """Routes of the process itself."""
    router = APIRouter(include_in_schema=False)

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


def page_routes(engine: Engine) -> APIRouter:
    """The page everybody begins on, and what all pages use."""
    router = APIRouter(include_in_schema=False)
    files = {file.name: file for file in STATIC.iterdir()}

    def about(request: Request) -> Response:
        return engine.page(request, "over.html", "Plekregie", diensten=PARTS, api_versie=API_VERSION)

    @router.get("/")
    async def front(request: Request) -> Response:
        caller = visitor(request)
        home = "/" if caller is None else thuis(caller)
        return about(request) if home == "/" else RedirectResponse(home, 303, headers=HEADERS)

    @router.get("/over")
    async def over(request: Request) -> Response:
        return about(request)

    @router.get("/opmaak/{naam}")
    async def opmaak(naam: str) -> Response:
        if naam not in files:
            raise HTTPException(404)
        return FileResponse(files[naam], headers={**HEADERS, **KEEP})

    return router


async def namen(services: Mapping[str, Service]) -> Namen:
    """Gemeenten and aanbieders to choose from, where this process knows them."""
    part = services.get("contractmanagement")
    if part is None:
        return Namen()
    from services.contractmanagement.namen import alle_namen

    async with part.edge.database.reading() as reader:
        known = await alle_namen(reader)
    return Namen(sorted(known.gemeenten.items()), sorted(known.aanbieders.items()))
