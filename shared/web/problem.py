"""Errors as application/problem+json (RFC 9457): one place that turns refusals and mishaps into answers.

An answer names the field, the rule and the way out; it never repeats the refused input (it may hold a BSN) and never
shows the inside of the product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.database.port import AlreadyExists, StaleVersion, StorageFull, StorageUnavailable
from shared.kernel.refusal import FieldFault, Kind, Refusal

MEDIA_TYPE = "application/problem+json"
STATUS = {Kind.INVALID: 400, Kind.FORBIDDEN: 403, Kind.MISSING: 404, Kind.CONFLICT: 409, Kind.KEY_REUSED: 422}
TITLES = {
    400: "De aanvraag klopt niet",
    401: "Niet aangemeld",
    403: "Niet toegestaan",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    406: "Deze vorm is er niet",
    409: "Dit botst met wat er al is",
    413: "Te groot",
    415: "Dit soort inhoud kan hier niet",
    500: "Er ging iets mis bij ons",
    503: "Nu even niet beschikbaar",
    507: "Geen opslagruimte",
}
JSON = re.compile(r"application/(?:[^/]+\+)?json")
NAME = re.compile(r"(?!.*\d{5})[\w-]{1,40}")
log = structlog.get_logger()


class Problem(Exception):
    """An answer other than what was asked for."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        faults: Sequence[FieldFault] = (),
        headers: Mapping[str, str] | None = None,
        type: str | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.faults = faults
        self.headers = dict(headers or {})
        self.type = type
        self.extra = dict(extra or {})

    def response(self) -> Response:
        """The answer itself."""
        body: dict[str, object] = {"status": self.status, "title": self.title, "detail": self.detail}
        if self.type is not None:
            body["type"] = self.type
        if self.faults:
            body["fouten"] = [fault._asdict() for fault in self.faults]
        body.update(self.extra)
        return Response(orjson.dumps(body), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def slug(name: str) -> str:
    """`ContractregelOverlapt` → `contractregel-overlapt`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def from_refusal(refusal: Refusal) -> Problem:
    """The one table from refusal to status."""
    kind = f"urn:plekregie:fout:{slug(type(refusal).__name__)}"
    return Problem(STATUS[refusal.kind], refusal.title, refusal.detail, refusal.faults, type=kind)


DUTCH = {
    "missing": "Dit veld is verplicht.",
    "extra_forbidden": "Dit veld bestaat hier niet. Kijk in de documentatie welke velden er zijn.",
    "string_type": "Hier hoort tekst (tussen aanhalingstekens).",
    "int_type": "Hier hoort een geheel getal.",
    "int_parsing": "Hier hoort een geheel getal.",
    "int_parsing_size": "Dit getal is te groot.",
    "int_from_float": "Hier hoort een geheel getal.",
    "string_unicode": "Hier hoort tekst (UTF-8).",
    "bool_type": "Hier hoort true of false.",
    "bool_parsing": "Hier hoort true of false.",
    "list_type": "Hier hoort een lijst.",
    "model_attributes_type": "Hier hoort een object.",
    "json_invalid": "De inhoud is geen geldige JSON.",
    "date_parsing": "Hier hoort een datum als JJJJ-MM-DD.",
    "date_type": "Hier hoort een datum als JJJJ-MM-DD.",
    "date_from_datetime_parsing": "Hier hoort een bestaande datum als JJJJ-MM-DD.",
    "date_from_datetime_inexact": "Hier hoort een datum als JJJJ-MM-DD, zonder tijd.",
    "dict_type": "Hier hoort een object.",
}


def dutch(error: Mapping[str, object]) -> str:
    """A validation error of pydantic in Dutch, without the refused value."""
    kind = str(error["type"])
    context = error.get("ctx")
    ctx = context if isinstance(context, Mapping) else {}
    if kind in DUTCH:
        return DUTCH[kind]
    if kind in ("enum", "literal_error"):
        return f"Kies een van: {ctx.get('expected')}.".replace(" or ", " of ")
    if kind == "string_pattern_mismatch":
        return f"De waarde heeft niet de vorm {ctx.get('pattern')}."
    if kind in ("string_too_short", "too_short"):
        return f"Minstens {ctx.get('min_length')}."
    if kind in ("string_too_long", "too_long"):
        return f"Hoogstens {ctx.get('max_length')}."
    if kind in ("greater_than_equal", "greater_than"):
        return f"De waarde is te klein; de grens is {ctx.get('ge', ctx.get('gt'))}."
    if kind in ("less_than_equal", "less_than"):
        return f"De waarde is te groot; de grens is {ctx.get('le', ctx.get('lt'))}."
    if kind in ("value_error", "assertion_error"):
        return str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return "Deze waarde past hier niet."


def place(location: object) -> str:
    """`("body", "regels", 0, "plekken")` → `regels[0].plekken`."""
    parts = location if isinstance(location, list | tuple) else [location]
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]" if text else ""
        elif part not in ("body", "query", "path", "header"):
            # A name can come from the input as well, and hold what must not be repeated.
            name = str(part) if NAME.fullmatch(str(part)) else "(onbekend veld)"
            text += f".{name}" if text else name
    return text or "inhoud"


def from_validation(error: RequestValidationError) -> Problem:
    """All faults at once, each with its field."""
    faults = [FieldFault(place(e["loc"]), str(e["type"]), dutch(e)) for e in error.errors()]
    names = ", ".join(dict.fromkeys(fault.veld for fault in faults))
    return Problem(400, TITLES[400], f"Controleer: {names}.", faults)


def is_unreadable_kind(error: RequestValidationError, request: Request) -> bool:
    """Whether a JSON body came under another Content-Type, so that nobody read it."""
    whole = any(tuple(fault["loc"]) == ("body",) and fault["type"] != "missing" for fault in error.errors())
    return whole and not is_json(request.headers.get("content-type", ""))


def is_json(content_type: str) -> bool:
    """Whether this Content-Type is JSON, or a kind of it."""
    return JSON.fullmatch(content_type.partition(";")[0].strip().lower()) is not None


def from_http(error: HTTPException) -> Problem:
    """What the framework itself refuses (unknown path, wrong method, too large)."""
    details = {
        400: "De inhoud is geen leesbare JSON (UTF-8).",
        404: "Dit adres bestaat niet. Let op: adressen eindigen niet op een schuine streep.",
        405: "Deze methode bestaat niet op dit adres; de kop Allow noemt wat wel kan.",
        413: "De inhoud is groter dan hier mag.",
    }
    if error.status_code == 400:
        fault = FieldFault("inhoud", "json_invalid", details[400])
        return Problem(400, TITLES[400], "Controleer: inhoud.", (fault,))
    title = TITLES.get(error.status_code, "Dit kan niet")
    detail = details.get(error.status_code, "De aanvraag kon niet worden verwerkt.")
    return Problem(error.status_code, title, detail, headers=dict(error.headers or {}))


def from_mishap(error: Exception) -> Problem:
    """Our own trouble: never with details of the inside, always with when to try again."""
    if isinstance(error, StaleVersion | AlreadyExists):
        return Problem(409, TITLES[409], "Iemand anders wijzigde dit op hetzelfde moment. Haal het opnieuw op.")
    if isinstance(error, StorageFull):
        detail = "De schijf is vol; er is niets opgeslagen. Probeer het later opnieuw."
        return Problem(507, TITLES[507], detail, headers={"Retry-After": "60"})
    if isinstance(error, StorageUnavailable):
        detail = "De opslag is even niet bereikbaar; er is niets opgeslagen. Probeer het later opnieuw."
        return Problem(503, TITLES[503], detail, headers={"Retry-After": "5"})
    return Problem(500, TITLES[500], "De fout is vastgelegd. Er is niets half opgeslagen.")


def to_problem(error: Exception) -> Problem:
    """Any exception as the answer it deserves."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return from_refusal(error)
    if isinstance(error, RequestValidationError):
        return from_validation(error)
    if isinstance(error, HTTPException):
        return from_http(error)
    return from_mishap(error)


def install(app: FastAPI) -> None:
    """Let every error of this app leave as a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, error)

    mishaps = (StaleVersion, AlreadyExists, StorageFull, StorageUnavailable)
    for kind in (Problem, Refusal, RequestValidationError, HTTPException, *mishaps):
        app.add_exception_handler(kind, handle)
    app.add_middleware(Mishaps)


def answer(request: Request, error: Exception) -> Response:
    """The answer to an error; our own trouble is logged."""
    if isinstance(error, RequestValidationError) and is_unreadable_kind(error, request):
        return Problem(415, TITLES[415], "Stuur de inhoud als Content-Type: application/json.").response()
    problem = to_problem(error)
    if problem.status >= 500:
        log.error("aanvraag.mislukt", route=route_of(request), fout=type(error).__name__, exc_info=error)
    return problem.response()


class Mishaps:
    """Our own errors as a problem. Starlette's place for them lies outside all middleware, so outside the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            response = answer(Request(scope, receive), error)
            if started:
                # Half an answer can't be taken back: the server breaks off the connection.
                raise
            await response(scope, receive, send)


def route_of(request: Request) -> str:
    """The route's template, never the path itself (paths may hold identifiers)."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', '?')}"
