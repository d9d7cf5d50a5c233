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
# Blocks of a template that the browser asks for by themselves: what changes under the eyes, what another page shows.
PARTS = ("levend", "geld")


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
        self._environment.filters |= {name: getattr(words, name) for name in words.FILTERS}
        self._environment.filters["hash"] = lambda text: sha256(text.encode()).hexdigest()[:8]  # an id for a field
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
        """The page; with `?csv=NAAM` that table of it; with `?deel=NAAM` only that part, or 304 when the browser has it
        already."""
        wanted = request.query_params.get("csv")
        if (tabel := next((tabel for tabel in tabellen if tabel.naam == wanted), None)) is not None:
            name = f'attachment; filename="{tabel.naam}.csv"'
            return Response(tabel.als_csv(), media_type="text/csv", headers={**HEADERS, "content-disposition": name})
        made = self._environment.get_template(template)
        context = self._around(request, titel) | {"tabellen": {tabel.naam: tabel for tabel in tabellen}} | shown
        part = request.query_params.get("deel")
        if part in PARTS and part in made.blocks:
            return _part(request, made, part, context)
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


def _part(request: Request, made: Template, name: str, context: dict[str, Any]) -> Response:
    text = "".join(made.blocks[name](made.new_context(context)))
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {**HEADERS, "cache-control": "no-cache, private", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="text/html")


def _version() -> str:
    """Changes with the stylesheet and the script, so that a browser that kept older ones asks anew."""
    return sha256(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()))).hexdigest()[:12]
