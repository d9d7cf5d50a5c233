"""Makes a service's FastAPI app: version, documents that work offline, problems, headers, health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline

from shared.outbox.edge import Edge
from shared.privacy.vault import Vault
from shared.web import problem
from shared.web.headers import Headers
from shared.web.identity import Issuer
from shared.web.limits import BodyLimit
from shared.web.readiness import Readiness
from shared.web.storable import storable

API_VERSION = "1.0.0"
health = APIRouter(include_in_schema=False)
CONTACT = {
    "name": "Plekregie",
    "url": "https://plekregie.example/contact",
    "email": "team@plekregie.example",
}


def make_app(
    *,
    name: str,
    title: str,
    description: str,
    base: str,
    edge: Edge,
    issuer: Issuer,
    vault: Vault,
    routers: list[APIRouter],
    migrations: Path | None = None,
) -> FastAPI:
    """One service's app. Routes reach what they need through `app.state`. `migrations`: the history of its schema, for
    readiness."""
    app = FastAPIOffline(
        title=title,
        description=description,
        version=API_VERSION,
        contact=CONTACT,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": base}],
        root_path_in_servers=False,
        redirect_slashes=False,
        redoc_url=None,
        openapi_url="/openapi.json",
        docs_url="/docs",
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(storable)],
    )
    app.state.edge = edge
    app.state.issuer = issuer
    app.state.vault = vault
    app.state.name = name
    app.state.readiness = Readiness(name, edge.database, migrations)
    problem.install(app)
    for router in routers:
        app.include_router(router)
    app.include_router(health)
    app.add_middleware(BodyLimit)
    app.add_middleware(Headers, version=API_VERSION)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way to extend its document
    return app


@health.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@health.get("/readyz")
async def readyz(request: Request) -> Response:
    """It can take requests: database and schema."""
    await request.app.state.readiness.check()
    return Response('{"status":"ok"}', media_type="application/json")


PROBLEM_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "type": {"type": "string"},
        "fouten": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "veld": {"type": "string"},
                    "regel": {"type": "string"},
                    "melding": {"type": "string"},
                },
            },
        },
    },
}
VERSION_HEADER = {"API-Version": {"description": "Versie van deze API", "schema": {"type": "string"}}}


def document(app: FastAPI) -> dict[str, object]:
    """The OpenAPI document with the version header and the problem answers that every call can give."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        contact=app.contact,
        license_info=app.license_info,
        routes=app.routes,
        servers=app.servers,
    )
    components = schema.setdefault("components", {})
    kinds = components.setdefault("schemas", {})
    kinds["Probleem"] = PROBLEM_SCHEMA
    for frameworks_own in ("HTTPValidationError", "ValidationError"):
        kinds.pop(frameworks_own, None)
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["security"] = [{"token": []}]
            answers = operation["responses"]
            answers.pop("422", None)
            for status in (400, 401, 403, 404):
                answers.setdefault(
                    str(status),
                    {
                        "description": problem.TITLES[status],
                        "content": {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
                    },
                )
            for answer in answers.values():
                answer.setdefault("headers", {}).update(VERSION_HEADER)
    app.openapi_schema = well_named(schema)
    return app.openapi_schema


def well_named(schema: dict[str, Any]) -> dict[str, Any]:
    """The document with every schema in UpperCamelCase: `Lijst_BerichtUit_` → `LijstBerichtUit` (ADR 2.2)."""
    text = orjson.dumps(schema).decode()
    names = {name: "".join(part[:1].upper() + part[1:] for part in name.split("_")) for name in kinds_of(schema)}
    for name, better in names.items():
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{better}"')
    made: dict[str, Any] = orjson.loads(text)
    made["components"]["schemas"] = {names[name]: kind for name, kind in kinds_of(made).items()}
    return made


def kinds_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The named schemas of a document."""
    kinds: dict[str, Any] = schema["components"]["schemas"]
    return kinds
