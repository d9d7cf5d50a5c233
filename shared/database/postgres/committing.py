"""Changesets that are committed at the same moment go in one statement: one transaction, one wait for the disk.

Only those that write the same kinds of rows: then the statement is the same whatever their number. When it is refused
(a stale version, a key that is taken) each is committed by itself, so that only who is to blame hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from shared.database.changeset import Shape, Statement
from shared.database.port import AlreadyExists, StaleVersion
from shared.database.postgres.arranging import Group, arranged
from shared.database.postgres.connections import Connection, Connections

MOST = 100  # changesets in one transaction
Kinds = frozenset[Shape]
Write = Callable[[Connection, Sequence[Group]], Awaitable[None]]
Alone = Callable[[Sequence[Statement]], Awaitable[None]]


@dataclass(slots=True)
class One:
    """A changeset, and who waits for it."""

    statements: Sequence[Statement]
    done: asyncio.Future[None]

    def tell(self, error: BaseException | None) -> None:
        """What became of it. Who has given up is not told."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


@dataclass(slots=True)
class Together:
    """Changesets that will be one transaction."""

    kinds: Kinds
    ones: list[One] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    def tell(self, error: BaseException | None) -> None:
        """The same to all."""
        for one in self.ones:
            one.tell(error)


class Committing:
    """`write` runs groups as one statement on a connection; `alone` commits one changeset by itself."""

    def __init__(self, connections: Connections, write: Write, alone: Alone) -> None:
        self._connections = connections
        self._write = write
        self._alone = alone
        self._open: dict[Kinds, Together] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def commit(self, statements: Sequence[Statement]) -> None:
        """Returns when it is on disk. Raises the errors of the port."""
        together = self._join(frozenset(statement.shape for statement in statements))
        one = One(statements, asyncio.get_running_loop().create_future())
        together.ones.append(one)
        try:
            await one.done
        except asyncio.CancelledError:
            # Nobody waits any more: then nothing may stay behind that holds a connection.
            if together.task is not None and all(other.done.done() for other in together.ones):
                self._close(together)
                together.task.cancel()
            raise

    def _join(self, kinds: Kinds) -> Together:
        found = self._open.get(kinds)
        if found is None or len(found.ones) == MOST:
            found = self._open[kinds] = Together(kinds)
            found.task = asyncio.create_task(self._run(found))
            self._tasks.add(found.task)
            found.task.add_done_callback(self._tasks.discard)
        return found

    def _close(self, together: Together) -> None:
        """Nobody joins these any more."""
        if self._open.get(together.kinds) is together:
            del self._open[together.kinds]

    async def _run(self, together: Together) -> None:
        try:
            written = await self._at_once(together)
        except (StaleVersion, AlreadyExists) as error:
            if len(together.ones) == 1:
                together.tell(error)
                return
            written = False
        except Exception as error:
            together.tell(error)
            return
        except asyncio.CancelledError:
            together.tell(asyncio.CancelledError())
            raise
        finally:
            self._close(together)
        if written:
            together.tell(None)
        else:
            await asyncio.gather(*map(self._by_itself, together.ones))

    async def _at_once(self, together: Together) -> bool:
        """False when they touch the same row: then they can't be one statement."""
        async with self._connections.one() as connection:
            # Who came while every connection was in use goes along.
            self._close(together)
            groups = arranged([statement for one in together.ones for statement in one.statements])
            if groups is not None:
                await self._write(connection, groups)
        return groups is not None

    async def _by_itself(self, one: One) -> None:
        try:
            await self._alone(one.statements)
        except Exception as error:
            one.tell(error)
        else:
            one.tell(None)

    async def finish(self) -> None:
        """Wait for what is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)
