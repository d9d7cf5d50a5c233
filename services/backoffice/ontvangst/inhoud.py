"""The body of a call that brings a message: raw XML, at most 25 MB, read in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request

from services.backoffice.bericht.api import XML
from shared.web.limits import guards_its_own_size
from shared.web.problem import Problem

MOST_BYTES = 25 * 1024 * 1024  # OP179
KEPT_OF_TOO_MUCH = 64 * 1024
INLINE = 64 * 1024  # larger texts are judged in a thread, so that they don't hold up the others
REQUEST_BODY = {"requestBody": {"required": True, "content": {XML: {"schema": {"type": "string"}}}}}
Antwoord = TypeVar("Antwoord")


class TeGroot(Exception):
    """The body goes on past 25 MB. `begin` is its first part, `lengte` what had come in by then, in bytes."""

    def __init__(self, begin: bytes, lengte: int) -> None:
        super().__init__(lengte)
        self.begin = begin
        self.lengte = lengte

    def problem(self, wat_nu: str, bericht: str | None = None) -> Problem:
        """The 413; `bericht` is where the beginning was kept, when it was."""
        extra = {} if bericht is None else {"bericht": bericht}
        return Problem(413, "Te groot", f"Een bericht is hoogstens 25 MB. {wat_nu}", extra=extra)


async def lees_inhoud(request: Request) -> bytes:
    """The whole body. Raises TeGroot as soon as it is more than 25 MB."""
    guards_its_own_size(request)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise TeGroot(b"".join([*parts, part])[:KEPT_OF_TOO_MUCH], size)
        parts.append(part)
    return b"".join(parts)


def is_xml(request: Request) -> bool:
    """Whether the caller says that the body is XML."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in (XML, "text/xml")


def geen_xml() -> Problem:
    """The 415."""
    return Problem(415, "Dit soort inhoud kan hier niet", f"Stuur het bericht als Content-Type: {XML}.")


async def zonder_ophouden(functie: Callable[[bytes], Antwoord], inhoud: bytes) -> Antwoord:
    """What `functie` makes of the body, without holding up other calls."""
    return functie(inhoud) if len(inhoud) <= INLINE else await asyncio.to_thread(functie, inhoud)
