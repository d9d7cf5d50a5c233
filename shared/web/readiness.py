"""Whether a service can take requests: its database answers, and its schema is one this code can work with.

Nothing else counts. With the broker down messages are still accepted, that is what the outbox is for.
"""

from __future__ import annotations

from pathlib import Path

from shared.database.migrations import History, history
from shared.database.port import Database, DatabaseError
from shared.web.problem import Problem


class Readiness:
    """Of one service. `migrations`: the folder with the history of its schema; without one any schema is right."""

    def __init__(self, name: str, database: Database, migrations: Path | None) -> None:
        self._name = name
        self._database = database
        self._migrations = migrations
        self._history: History | None = None
        self._right = migrations is None

    async def check(self) -> None:
        """Returns when requests can be taken; else raises a 503 that says what to do. What was found right is not
        asked again while the database is alive: a schema only moves on."""
        if self._right and await self._database.alive():
            return
        if self._migrations is None:
            raise self._silent()
        self._right = False
        try:
            version = await self._database.schema_version()
        except DatabaseError as error:
            raise self._silent() from error
        if self._history is None:
            self._history = history(self._migrations)
        if version is None:
            raise unready(f"Het schema van {self._name} is er nog niet. {self._way_out()}")
        if version in self._history.older:
            newest = self._history.newest
            raise unready(
                f"Het schema van {self._name} is versie {version}; deze code vraagt {newest}. {self._way_out()}"
            )
        # What this code does not know came after it: while an installation is renewed, old and new code run together.
        self._right = True

    def _silent(self) -> Problem:
        return unready(f"De database van {self._name} antwoordt niet.")

    def _way_out(self) -> str:
        return f"Draai eerst: plekregie migrate {self._name}."


def unready(detail: str) -> Problem:
    """A 503 for who looks whether requests can be sent here; it looks again soon."""
    return Problem(503, "Niet gereed", detail, headers={"Retry-After": "5"})
