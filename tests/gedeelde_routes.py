"""The routes of a service, worked out once per process.

FastAPI works out again what a route needs for each app that takes it in, when it is first called: up to a tenth of a
second of processor time for a service with many routes, more than all the rest of putting a service together. What it
finds knows no app, since a request brings its own. So each next app of a process takes what the first one found.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import BaseRoute

from shared.runtime.service import Service

_UITGEWERKT: dict[int, BaseRoute] = {}  # by the identity of a router, which what was worked out keeps alive


def hergebruik_routes(*apps: FastAPI | None) -> None:
    """Let these apps use what was found before of the routers that they were made of."""
    for app in apps:
        routes = [] if app is None else app.router.routes
        for plaats, route in enumerate(routes):
            router = getattr(route, "original_router", None)  # FastAPI's own routes, such as /docs, have none
            if router is not None:
                routes[plaats] = _UITGEWERKT.setdefault(id(router), route)


def met_bekende_routes(service: Service) -> Service:
    """The same service; its routes need no working out again."""
    hergebruik_routes(service.app, service.pages)
    return service
