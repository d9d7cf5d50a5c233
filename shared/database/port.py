"""What handlers and edges may ask of a database, whichever engine runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy import Executable, Select

from shared.database.changeset import Changeset


class DatabaseError(Exception):
    """Base of what a commit can answer other than yes."""


class StaleVersion(DatabaseError):
    """Somebody else changed the row since it was read: load again and decide again."""

    def __init__(self, table: str) -> None:
        super().__init__(f"stale version of a row in {table}")
        self.table = table


class AlreadyExists(DatabaseError):
    """A unique value is taken."""

    def __init__(self, table: str, detail: str = "") -> None:
        super().__init__(f"a row with this key exists in {table}: {detail}")
        self.table = table
        self.detail = detail


class StorageFull(DatabaseError):
    """The disk or quota is full: nothing was written."""


class StorageUnavailable(DatabaseError):
    """The database can't be reached or is locked: nothing was written; later may work."""


class AskedLater(DatabaseError):
    """A reader that was to ask all at one moment asked something later: decide again with one that may."""


class Query:
    """A named query: a select with `bindparam`s that each engine compiles once and then runs without overhead."""

    __slots__ = ("compiled", "statement")

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self.compiled: dict[str, object] = {}  # by engine


class Reader(Protocol):
    """Reads from one consistent snapshot. Several questions may be asked at once (`asyncio.gather`): the same one with
    other values then costs one round trip. Of many it is cheaper to ask `many` at once."""

    async def one(self, query: Query, /, **params: object) -> Any:
        """The single row (a named tuple) or None; more than one row is an error of the query."""

    async def all(self, query: Query, /, **params: object) -> Sequence[Any]:
        """Every row, as named tuples."""

    async def many(self, query: Query, /, **params: Sequence[object]) -> Sequence[Sequence[Any]]:
        """The same question for many sets of values: of each parameter a list of these. The rows per set, in order."""

    async def select(self, statement: Select[Any]) -> Sequence[Any]:
        """A select made for this occasion (filters of a list); compiled anew each time."""


class Database(Protocol):
    """One service's database. `side_by_side`: decisions of a reader that are best under way at a time, enough to share
    round trips and a commit, few enough to let requests in between. `lanes_at_once`: lanes that one decision takes in,
    where it can take more than one."""

    side_by_side: int
    lanes_at_once: int

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        """A snapshot to read from; nothing in it can write."""

    def at_once(self) -> AbstractAsyncContextManager[Reader]:
        """A snapshot for who asks all it needs at one moment (`asyncio.gather`): it costs half of `reading`. A question
        that comes later may raise AskedLater."""

    async def commit(self, changes: Changeset) -> None:
        """Write all or nothing, on disk when this returns. Raises the errors of this module."""

    async def note(self, changes: Changeset) -> None:
        """Write all or nothing, for everyone to see when this returns, but perhaps gone when the database server ends
        unasked: for what may then be done again. Raises as `commit`."""

    async def execute(self, statement: Executable) -> int:
        """One statement of upkeep in its own transaction (marking, archiving). Returns the number of rows."""

    async def alive(self) -> bool:
        """Whether a read works now (readiness)."""

    async def schema_version(self) -> str | None:
        """The version that the migrations brought the schema to; None when they never ran. Raises StorageUnavailable
        when it can't be read."""

    async def close(self) -> None:
        """Finish what waits, then let go of every connection."""
