"""How much a body may hold, guarded while it is read: nobody fills our memory, declared length or not."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 2 * 1024 * 1024  # JSON bodies
GUARDS_ITSELF = "plekregie.guards-its-own-size"


def guards_its_own_size(request: Request) -> None:
    """A route that reads its body in pieces and has a limit of its own (messages: 25 MB) says so before it reads."""
    request.scope[GUARDS_ITSELF] = True


class BodyLimit:
    """ASGI middleware: reading on past the limit is refused with 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size = 0

        async def guarded() -> Message:
            nonlocal size
            if not scope.get(GUARDS_ITSELF) and declared(scope) > MOST_BYTES:
                raise HTTPException(413)
            message = await receive()
            size += len(message.get("body", b""))
            if not scope.get(GUARDS_ITSELF) and size > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, guarded, send)


def declared(scope: Scope) -> int:
    """The Content-Length, 0 when there is none."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0
