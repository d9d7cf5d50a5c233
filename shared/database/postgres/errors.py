"""The server's and the driver's errors in the words of the port; what is our bug stays what it is."""

from __future__ import annotations

import re
from typing import NoReturn

from asyncpg.exceptions import (
    InterfaceError,
    InternalClientError,
    InvalidCachedStatementError,
    PostgresError,
)

from shared.database.port import AlreadyExists, DatabaseError, StaleVersion, StorageFull, StorageUnavailable

# What asyncpg raises. InternalClientError also where the server has just said goodbye on the connection that is used.
DRIVER_ERRORS = (OSError, PostgresError, InterfaceError, InternalClientError)
STALE = "stale version in table"
UNIQUE, DISK_FULL, BAD_TEXT, PLAN_CHANGED = "23505", "53100", "22P02", "0A000"
CONFLICT = ("40001", "40P01")  # serialization failure, deadlock: somebody else was first
# connection; out of connections or memory; stopped or starting; input/output; lock not available; read-only standby
TROUBLE = ("08", "53", "57", "58", "55P03", "25006")


def translated(error: BaseException, table: str = "") -> DatabaseError | BaseException:
    """What the caller should hear of `error`. `table` is the one written, where the server names none.

    A connection that breaks during a commit leaves its outcome unknown. Callers may try again: an Idempotency-Key or
    the inbox recognises what did get through.
    """
    if isinstance(error, PostgresError):
        return _from_server(error, table)
    if isinstance(error, TimeoutError) or is_broken(error):
        return StorageUnavailable(str(error) or type(error).__name__)
    return error


def is_broken(error: BaseException) -> bool:
    """Whether the connection can't be used any more. After a timeout or a cancelled task it can: asyncpg tells the
    server, and the next command waits until that is done."""
    return isinstance(error, OSError | InternalClientError | InterfaceError) and not isinstance(error, TimeoutError)


def raise_translated(error: BaseException, table: str = "") -> NoReturn:
    """Raise it in the words of the port, with the original as its cause."""
    other = translated(error, table)
    if other is error:
        raise error
    raise other from error


def _from_server(error: PostgresError, table: str) -> DatabaseError | PostgresError:
    state, written = field(error, "sqlstate"), field(error, "table_name") or table
    if state == UNIQUE:
        return AlreadyExists(written, taken_columns(error))
    if state in CONFLICT:
        return StaleVersion(written)
    if state == BAD_TEXT and (found := re.search(rf"{STALE} (\w+)", str(error))):
        return StaleVersion(found[1])
    if state == DISK_FULL:
        return StorageFull(str(error))
    if state.startswith(TROUBLE) or isinstance(error, InvalidCachedStatementError):
        return StorageUnavailable(str(error))
    return error


def taken_columns(error: PostgresError) -> str:
    """`table.column, table.column` as SQLite says it: never the values, which may be someone's personal data."""
    found = re.search(r"\((.+?)\)=\(", field(error, "detail"))
    table = field(error, "table_name")
    return ", ".join(f"{table}.{name}" for name in found[1].split(", ")) if found else ""


def field(error: PostgresError, name: str) -> str:
    """A field of the server's answer; asyncpg sets those that were sent."""
    return getattr(error, name, None) or ""
