"""Makes the app with a service's pages: the same facts as its API, for people."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from shared.database.port import DatabaseError
from shared.kernel.refusal import Refusal
from shared.outbox.edge import Edge
from shared.pages.engine import HEADERS, Engine
from shared.pages.session import NotSignedIn
from shared.runtime.service import Surroundings
from shared.web.app import API_VERSION
from shared.web.headers import SECURITY
from shared.web.identity import Issuer
from shared.web.limits import BodyLimit
from shared.web.problem import Problem, answer, log, route_of, to_problem
from shared.web.storable import storable

ALWAYS = {"API-Version": API_VERSION, **{name.decode(): value.decode() for name, value in SECURITY}}


def make_pages(around: Surroundings, edge: Edge, package_file: str, routers: list[APIRouter]) -> FastAPI:
    """The pages of the service whose package holds `package_file`; its templates lie beside its nouns."""
    app = FastAPI(openapi_url=None, redirect_slashes=False, dependencies=[Depends(storable)])
    equip(app, around.issuer, Engine(around.settings, around.clock, Path(package_file).parent))
    app.state.edge = edge
    app.state.vault = around.vault
    for router in routers:
        app.include_router(router)
    app.add_middleware(BodyLimit)
    return app


def equip(app: FastAPI, issuer: Issuer, engine: Engine) -> None:
    """Let an app know its visitors, and show every error as a page."""
    app.state.issuer = issuer
    app.state.engine = engine
    for kind in (Problem, Refusal, RequestValidationError, HTTPException, DatabaseError, Exception):
        app.add_exception_handler(kind, troubled)
    app.add_exception_handler(NotSignedIn, _to_sign_in)


async def _to_sign_in(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    return RedirectResponse(error.url, 303, headers=HEADERS)


async def troubled(request: Request, error: Exception) -> Response:
    """An error as a page for who asked for one, as the API's problem for any other; the headers of all answers on it.
    Needs the app to be equipped."""
    if "text/html" not in request.headers.get("accept", ""):
        # A program that lost its way: it is answered as the API does.
        made = answer(request, error)
        made.headers.update(ALWAYS)
        return made
    problem = to_problem(error)
    if problem.status >= 500:
        log.error("bladzijde.mislukt", route=route_of(request), fout=type(error).__name__, exc_info=error)
    engine: Engine = request.app.state.engine
    # A form is sent to an address below the page that it stands on.
    back = request.url.path.rpartition("/")[0] or "/" if request.method == "POST" else "/"
    return engine.page(request, "fout.html", problem.title, status=problem.status, probleem=problem, terug=back)
