"""Identity: bearer tokens (RFC 9068), roles and the organisation a caller acts for.

The embedded issuer signs with its own Ed25519 key; `plekregie token` prints what it makes. A gemeente sees its own, a
provider its own: the token says which, every call is checked against it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.kernel.agb import is_agb
from shared.kernel.clock import Clock
from shared.kernel.gemeente import is_gemeentecode
from shared.kernel.rol import Rol
from shared.outbox.edge import Caller
from shared.privacy.vault import write_secret
from shared.web.problem import Problem

__all__ = ["Issuer", "Rol", "requires", "unauthorized"]

KEY_FILE = "uitgever.json"
ISSUER = "plekregie"
ALGORITHM = "Ed25519"
MOST_USER = 100  # characters; a user is part of keys in the database, and those have a limit
REMEMBERED = 4096  # verified tokens kept, so that a signature is checked once and not at every call


GEMEENTE_ROLES = frozenset({Rol.CONSULENT, Rol.BACKOFFICE, Rol.CONTROLLER})


class Issuer:
    """Makes and checks tokens of the embedded mode."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        path = folder / KEY_FILE
        if not path.exists():
            fresh = OKPKey.generate_key("Ed25519", private=True)
            write_secret(path, json.dumps(fresh.as_dict(private=True)).encode())
        self._key = OKPKey.import_key(json.loads(path.read_text()))
        self._clock = clock
        self._verified: dict[str, tuple[Caller, float]] = {}

    def token(
        self,
        rol: Rol,
        *,
        gemeente: str | None = None,
        aanbieder: str | None = None,
        gebruiker: str | None = None,
        uren: float = 12,
    ) -> str:
        """A signed token. Raises ValueError when the organisation does not fit the role, or nobody is called so."""
        if gebruiker is not None and not is_user(gebruiker):
            raise ValueError(f"een gebruiker is 1 tot en met {MOST_USER} leesbare tekens: geef een kortere --gebruiker")
        if rol in GEMEENTE_ROLES and not is_gemeentecode(gemeente or ""):
            raise ValueError(f"rol {rol} hoort bij één gemeente: geef --gemeente met een CBS-code van 4 cijfers")
        if rol is Rol.AANBIEDER and not is_agb(aanbieder or ""):
            raise ValueError("rol aanbieder hoort bij één aanbieder: geef --aanbieder met een AGB-code van 8 cijfers")
        now = self._clock.now()
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": gebruiker or f"{rol}-{gemeente or aanbieder or 'regio'}",
            "client_id": ISSUER,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(hours=uren)).timestamp()),
            "rol": str(rol),
        }
        if rol in GEMEENTE_ROLES:
            claims["gemeente"] = gemeente
        if rol is Rol.AANBIEDER:
            claims["aanbieder"] = aanbieder
        return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims, self._key, algorithms=[ALGORITHM])

    def caller(self, token: str) -> Caller:
        """Who a token speaks for. Raises a 401 problem."""
        now = self._clock.now()
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[token] = known
        caller, until = known
        if now.timestamp() >= until:
            raise unauthorized("Het token is verlopen. Vraag een nieuw token.", now)
        return caller

    def _verify(self, token: str) -> tuple[Caller, float]:
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            claims = decoded.claims
            if claims["iss"] != ISSUER or claims["aud"] != ISSUER or decoded.header.get("typ") != "at+jwt":
                raise ValueError("not a token for this product")
            rol = Rol(claims["rol"])
            if not is_user(claims["sub"]):
                raise ValueError("not a user")
            caller = Caller(claims["sub"], rol, claims.get("gemeente"), claims.get("aanbieder"))
            return caller, float(claims["exp"])
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise unauthorized("Het token is niet geldig. Maak een token met: plekregie token", None) from error


def is_user(name: object) -> bool:
    """Whether someone can be called so."""
    return isinstance(name, str) and 1 <= len(name) <= MOST_USER and name.isprintable()


def unauthorized(detail: str, _: datetime | None = None) -> Problem:
    """A 401 as RFC 6750 wants it."""
    return Problem(401, "Niet aangemeld", detail, headers={"WWW-Authenticate": 'Bearer realm="plekregie"'})


def requires(*roles: Rol) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency: the caller, who must have one of these roles (else 401 or 403). Async though it waits for nothing:
    FastAPI would run it in a thread otherwise."""

    async def dependency(request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthorized("Geef een token mee: Authorization: Bearer <token>.")
        issuer: Issuer = request.app.state.issuer
        caller = issuer.caller(token.strip())
        if caller.rol not in roles:
            allowed = ", ".join(roles)
            raise Problem(403, "Niet toegestaan", f"Rol {caller.rol} mag dit niet; nodig is een van: {allowed}.")
        return caller

    return dependency
