"""Signing in: on one's own computer by choosing a role, elsewhere with a token (an identity provider comes later)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.kernel.refusal import FieldFault
from shared.kernel.rol import Rol
from shared.pages.engine import HEADERS, Engine
from shared.pages.navigation import thuis
from shared.pages.session import SIGN_IN, forget, form, keep
from shared.runtime.settings import Settings
from shared.web.identity import Issuer
from shared.web.problem import Problem

UITLEG = {
    Rol.CONTRACTMANAGER: "de hele regio: bezetting en signalen",
    Rol.CONTROLLER: "voorschotten, bijstellingen en afrekeningen van één gemeente",
    Rol.BACKOFFICE: "het berichtenverkeer van één gemeente",
    Rol.AANBIEDER: "wat één aanbieder van zichzelf ziet",
}


class Namen(NamedTuple):
    """Codes with names, to choose from."""

    gemeenten: Sequence[tuple[str, str]] = ()
    aanbieders: Sequence[tuple[str, str]] = ()


def sign_in_routes(
    settings: Settings, issuer: Issuer, engine: Engine, namen: Callable[[], Awaitable[Namen]]
) -> APIRouter:
    """`/aanmelden` and `/afmelden`."""
    router = APIRouter(include_in_schema=False)

    async def shown(request: Request, ingevuld: dict[str, str], problemen: Sequence[FieldFault] = ()) -> Response:
        known = await namen()
        empty = {"rol": "", "gemeente": "", "aanbieder": "", "verder": ""}
        filled = empty | ingevuld
        return engine.page(
            request,
            "aanmelden.html",
            "Aanmelden",
            status=400 if problemen else 200,
            kiezen=on_own_computer(settings, request),
            rollen=UITLEG.items(),
            gemeenten=known.gemeenten,
            aanbieders=known.aanbieders,
            ingevuld=filled,
            verder=filled["verder"],
            problemen=problemen,
        )

    @router.get(SIGN_IN)
    async def aanmelden(request: Request, verder: str = "") -> Response:
        return await shown(request, {"verder": verder})

    @router.post(SIGN_IN)
    async def meld_aan(request: Request) -> Response:
        fields = await form(request, proven=False)
        if "token" not in fields and not on_own_computer(settings, request):
            raise Problem(403, "Niet toegestaan", "Een rol kiezen kan alleen op de computer waarop Plekregie draait.")
        try:
            token = given(fields) if "token" in fields else chosen(issuer, fields)
            caller = issuer.caller(token)
        except ValueError as refused:
            return await shown(request, fields, [FieldFault("", "aanmelden", str(refused))])
        except Problem as refused:
            return await shown(request, fields, [FieldFault("token", "token", refused.detail)])
        response = RedirectResponse(inside(fields.get("verder", "")) or thuis(caller), 303, headers=HEADERS)
        keep(response, request, token)
        return response

    @router.post("/afmelden")
    async def meld_af(request: Request) -> Response:
        await form(request)
        response = RedirectResponse("/", 303, headers=HEADERS)
        forget(response)
        return response

    return router


def given(fields: dict[str, str]) -> str:
    """The pasted token, also with the line breaks of a terminal in it."""
    return "".join(fields["token"].split())


def chosen(issuer: Issuer, fields: dict[str, str]) -> str:
    """A token for the chosen role. Raises ValueError that says what to fill in."""
    rol = next((rol for rol in UITLEG if rol == fields.get("rol")), None)
    if rol is None:
        raise ValueError(f"Kies een rol: {', '.join(UITLEG)}.")
    gemeente, aanbieder = fields.get("gemeente", ""), fields.get("aanbieder", "")
    if rol in (Rol.CONTROLLER, Rol.BACKOFFICE) and not (
        len(gemeente) == 4 and gemeente.isascii() and gemeente.isdigit()
    ):
        raise ValueError(f"Kies de gemeente waarvoor u {rol} bent: een CBS-code van vier cijfers.")
    if rol is Rol.AANBIEDER and not (len(aanbieder) == 8 and aanbieder.isascii() and aanbieder.isdigit()):
        raise ValueError("Kies de aanbieder waarvoor u werkt: een AGB-code van acht cijfers.")
    return issuer.token(rol, gemeente=gemeente or None, aanbieder=aanbieder or None)


def on_own_computer(settings: Settings, request: Request) -> bool:
    """Whether the product listens on this computer only, and is asked from it under its own name: a name of somebody
    else that leads here (DNS rebinding) would be a stranger's page with our cookie."""
    client = request.client.host if request.client else ""
    return all(map(_loopback, (settings.host, client, request.url.hostname or "")))


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def inside(path: str) -> str:
    """A path of this product, else nothing: nobody is sent elsewhere after signing in."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""
