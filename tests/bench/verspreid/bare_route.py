"""The least that could take a 305 and answer it: a bare Starlette route that parses with lxml and writes the same rows.

`python -m tests.bench.verspreid.bare_route PORT FILE`: on uvicorn with its own choice of event loop and parser, as the
product. What a message writes and what it is answered is made beforehand (`Task`, pickled in FILE).
"""

# mypy: allow-untyped-calls
# asyncpg annotates only a part of its functions.

from __future__ import annotations

import pickle
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvicorn
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.memory import settle
from tests.bench.verspreid.rows import Statement

WARM, READY = "x-warm", "/readyz"


@dataclass(frozen=True, slots=True)
class Task:
    """Per message its statements and its answer, in the order in which they come. Statements in a transaction, as a
    good developer would write them, or (`whole`) one statement that is a transaction by itself."""

    url: str
    schema: str
    connections: int
    whole: bool
    turns: list[list[Statement]]
    answer: bytes


async def leave_as_it_is(_: object) -> None:
    """A connection that comes back needs nothing here; asyncpg would ask the server to reset it, every time."""


def app_of(task: Task) -> Starlette:
    """The application."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    turns = iter(task.turns)
    rehearsal = task.turns[0]
    pool: asyncpg.Pool

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(
            task.url,
            min_size=task.connections,
            max_size=task.connections,
            reset=leave_as_it_is,
            server_settings={"search_path": task.schema, "synchronous_commit": "on"},
        ) as pool:
            yield

    async def take(request: Request) -> Response:
        root = etree.fromstring(await request.body(), parser)
        assert len(root)
        if WARM in request.headers:
            await rehearse()
        elif task.whole:
            [statement] = next(turns)
            async with pool.acquire() as connection:
                await connection.execute(statement.text, *statement.values)
        else:
            statements = next(turns)
            async with pool.acquire() as connection, connection.transaction():
                for text, values in statements:
                    await connection.execute(text, *values)
        return Response(task.answer, media_type="application/xml")

    async def rehearse() -> None:
        """Prepare the statements on a connection, and undo."""
        async with pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            for text, values in rehearsal:
                await connection.execute(text, *values)
            await transaction.rollback()

    async def ready(_: Request) -> Response:
        return Response()

    routes = [Route("/backoffice/v1/berichten", take, methods=["POST"]), Route(READY, ready)]
    return Starlette(routes=routes, lifespan=lifespan)


def main() -> None:
    """Entry point of the process."""
    # Made by this bench, in a folder of its own: never anything from outside.
    task: Task = pickle.loads(Path(sys.argv[2]).read_bytes())
    settle()
    uvicorn.run(
        app_of(task), host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, server_header=False
    )


if __name__ == "__main__":
    # Under its own name, so that the pickle names importable classes.
    from tests.bench.verspreid.bare_route import main as run

    run()
