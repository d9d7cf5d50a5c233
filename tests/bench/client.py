"""A light HTTP/1.1 client: one kept connection, one call at a time. A real library would cost more than the server."""

from __future__ import annotations

import asyncio
import json
from typing import NamedTuple, cast
from urllib.parse import quote

END_OF_HEAD = b"\r\n\r\n"


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: bytes


def request(method: str, path: str, token: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """A request as bytes, made before the clock runs."""
    head = f"{method} {quote(path, safe='/?=&')} HTTP/1.1\r\nHost: plekregie\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def json_request(method: str, path: str, token: str, body: object) -> bytes:
    """A request with a JSON body."""
    return request(method, path, token, json.dumps(body).encode())


class Connection(asyncio.Protocol):
    """See module."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Connect to the server on this machine."""
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none by inheritance.
        self._transport = cast(asyncio.WriteTransport, transport)

    async def call(self, raw: bytes) -> Answer:
        """Send a request and wait for its answer."""
        assert self._transport is not None
        self._received = b""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._waiting

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(END_OF_HEAD)
        if not found or self._waiting is None:
            return
        if len(body) >= _length(head):
            waiting, self._waiting = self._waiting, None
            waiting.set_result(Answer(int(head[9:12]), body))

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        """Let go."""
        if self._transport is not None:
            self._transport.close()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0
