"""Who is signed in: a token in a cookie that no script can read and no other site sends along.

The cookie holds the same signed token as the API takes, so nothing is stored and any process knows its visitors. Forms
carry a proof made from that token: another site neither reads nor guesses it.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, quote

from fastapi import Request, Response

from shared.kernel.rol import Rol
from shared.outbox.edge import Caller
from shared.web.identity import Issuer
from shared.web.problem import Problem

COOKIE = "plekregie_sessie"
PROOF = "bewijs"  # the hidden field of every form
SIGN_IN = "/aanmelden"
SAFE = ("same-origin", "none")  # what browsers say of a request that no other site caused


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer: the visitor goes to the page where that is done, and then back."""

    def __init__(self, then: str) -> None:
        super().__init__("not signed in")
        self.url = f"{SIGN_IN}?verder={quote(then, safe='/')}"


def visitor(request: Request) -> Caller | None:
    """Who is signed in; None when nobody is, or when the session is over."""
    token = request.cookies.get(COOKIE)
    issuer: Issuer = request.app.state.issuer
    if not token:
        return None
    try:
        return issuer.caller(token)
    except Problem:
        return None


def signed_in(*roles: Rol) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency: the visitor, who must have one of these roles. Raises NotSignedIn, or a 403 problem."""

    async def dependency(request: Request) -> Caller:
        caller = visitor(request)
        if caller is None:
            raise NotSignedIn(request.url.path if request.method == "GET" else "/")
        if caller.rol not in roles:
            allowed = ", ".join(roles)
            raise Problem(403, "Deze bladzijde is niet voor uw rol", f"U bent {caller.rol}; nodig is: {allowed}.")
        return caller

    return dependency


def keep(response: Response, request: Request, token: str) -> None:
    """Let this browser be signed in with the token, until it expires or the browser closes."""
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="strict", secure=_over_https(request))


def forget(response: Response) -> None:
    """Sign this browser out."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def proof(request: Request) -> str:
    """What a form of this visitor carries; empty when nobody is signed in."""
    token = request.cookies.get(COOKIE, "")
    return hmac.digest(token.encode(), PROOF.encode(), "sha256").hex() if token else ""


async def form(request: Request, *, proven: bool = True) -> dict[str, str]:
    """The fields of a form that this visitor sent from a page of ours. Raises a 403 problem for one that came from
    elsewhere. `proven` False: for signing in, when there is no session yet to prove anything with."""
    if request.headers.get("sec-fetch-site", SAFE[0]) not in SAFE:
        raise _from_elsewhere()
    body = (await request.body()).decode("utf-8", "replace")
    fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=100))
    given = fields.pop(PROOF, "")
    if proven and not hmac.compare_digest(given.encode(), proof(request).encode() or b"-"):
        raise _from_elsewhere()
    return {name: value.strip() for name, value in fields.items()}


def _from_elsewhere() -> Problem:
    return Problem(403, "Formulier niet aangenomen", "Open de bladzijde opnieuw en vul het formulier daar in.")


def _over_https(request: Request) -> bool:
    return (request.headers.get("x-forwarded-proto") or request.url.scheme) == "https"
