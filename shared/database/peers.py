"""What the processes that work on one database settle with each other: who does what, and when there is work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Peers(Protocol):
    """One per process and service; `start` before, `stop` after use."""

    async def start(self, heard: Callable[[], None] | None = None) -> None:
        """Begin; `heard` is called when another process rings. Returns at once, also when the database is away."""

    async def hold(self, name: str) -> bool:
        """Take or keep what only one process may have; False while another has it. What a process holds is free the
        moment it ends, however it ends. Raises StorageUnavailable when that can't be settled now."""

    def ring(self) -> None:
        """Tell the other processes that something was recorded. Returns at once; a ring may get lost, so that who
        waits for it looks by itself now and then."""

    async def stop(self) -> None:
        """Give back what is held."""


class Alone:
    """A process that has the database to itself (`deploy.serving.alone`)."""

    async def start(self, heard: Callable[[], None] | None = None) -> None:
        """Nobody rings."""

    async def hold(self, name: str) -> bool:
        return True

    def ring(self) -> None:
        """Nobody listens."""

    async def stop(self) -> None:
        """Nothing to give back."""
