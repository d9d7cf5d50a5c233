"""Turns a template and what it shows into an answer: the page, one part of it, or a table as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from shared.kernel.clock import Clock
from shared.pages import words
from shared.pages.navigation import bestemmingen
from shared.pages.session import PROOF, proof, visitor
from shared.pages.table import Tabel
from shared.runtime.settings import Settings
from shared.web.headers import SECURITY

HERE = Path(__file__).parent
STATIC = HERE / "static"
# Charts are drawn into the page; nothing else of a page is inline, and nothing comes from another address.
POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"),
        *("connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"),
    )
)
HEADERS = {name.decode(): value.decode() for name, value in SECURITY} | {"content-security-policy": POLICY}
LIVE = "levend"  # the block of a template that the browser asks for again and again


class Engine:
    """Renders the pages of one process. `folders`: where templates are, beside those of every page."""

    def __init__(self, settings: Settings, clock: Clock, *folders: Path) -> None:
        self._settings = settings
        self._clock = clock
        self._environment = Environment(
            loader=FileSystemLoader([HERE / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for filter_ in (
            words.datum,
            words.datum_kort,
            words.moment,
            words.maand,
            words.euro,
            words.getal,
            words.procent,
        ):
            self._environment.filters[filter_.__name__] = filter_
        self._version = _version()

    def page(
        self,
        request: Request,
        template: str,
        titel: str,
        *,
        tabellen: Sequence[Tabel] = (),
        status: int = 200,
        **shown: Any,
    ) -> Response:
        """The page; with `?csv=NAAM` that table of it; with `?deel=levend` only what changes by itself, or 304 when the
        browser has it already."""
        wanted = request.query_params.get("csv")
        if (tabel := next((tabel for tabel in tabellen if tabel.naam == wanted), None)) is not None:
            name = f'attachment; filename="{tabel.naam}.csv"'
            return Response(tabel.als_csv(), media_type="text/csv", headers={**HEADERS, "content-disposition": name})
        made = self._environment.get_template(template)
        context = self._around(request, titel) | {"tabellen": {tabel.naam: tabel for tabel in tabellen}} | shown
        if request.query_params.get("deel") == LIVE and LIVE in made.blocks:
            return _part(request, made, context)
        return Response(made.render(context), status, headers=HEADERS, media_type="text/html")

    def _around(self, request: Request, titel: str) -> dict[str, Any]:
        caller = visitor(request)
        return {
            "titel": titel,
            "pad": request.url.path,
            "vraag": request.url.query,
            "bezoeker": caller,
            "bestemmingen": list(bestemmingen(caller)),
            "bewijs": proof(request),
            "bewijsveld": PROOF,
            "proef": self._settings.proef,
            "vandaag": self._clock.today(),
            "nu": self._clock.now(),
            "versie": self._version,
        }


def page(
    request: Request, template: str, titel: str, *, tabellen: Sequence[Tabel] = (), status: int = 200, **shown: Any
) -> Response:
    """A page of the app that this request came to; see `Engine.page`."""
    engine: Engine = request.app.state.engine
    return engine.page(request, template, titel, tabellen=tabellen, status=status, **shown)


def _part(request: Request, made: Template, context: dict[str, Any]) -> Response:
    text = "".join(made.blocks[LIVE](made.new_context(context)))
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {**HEADERS, "cache-control": "no-cache, private", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="text/html")


def _version() -> str:
    """Changes with the stylesheet and the script, so that a browser that kept older ones asks anew."""
    return sha256(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()))).hexdigest()[:12]
