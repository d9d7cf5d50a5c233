"""A service as the runtime sees it: its app, its side of the event path, its schedules."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from shared.bus.port import Bus
from shared.database.peers import Alone, Peers
from shared.database.port import Database
from shared.kernel.clock import Clock
from shared.kernel.ids import NewId
from shared.outbox.edge import Edge
from shared.outbox.inbox import Consumer
from shared.outbox.rebuild import ReadSide
from shared.outbox.relay import Relay
from shared.privacy.vault import Vault
from shared.runtime.schedule import Schedule
from shared.runtime.settings import Settings
from shared.web.identity import Issuer


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a service is built with. `http` reaches the other services under their public paths; `peers` are the other
    processes of this service."""

    settings: Settings
    database: Database
    bus: Bus
    clock: Clock
    new_id: NewId
    issuer: Issuer
    vault: Vault
    http: Callable[[], httpx.AsyncClient]
    peers: Peers = field(default_factory=Alone)


@dataclass(slots=True)
class Service:
    """One of the four. A process that only serves HTTP never calls `start`: it records, another process carries."""

    name: str
    base: str
    app: FastAPI
    edge: Edge
    relay: Relay
    consumer: Consumer | None
    schedules: list[Schedule] = field(default_factory=list)
    peers: Peers = field(default_factory=Alone)
    read_side: ReadSide[Any] | None = None
    pages: FastAPI | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edge.wake = self._recorded

    def _recorded(self) -> None:
        """An event was recorded here."""
        self.wake()
        if not self.relay.active:
            self.peers.ring()

    def wake(self) -> None:
        """An event was recorded, here or in another process."""
        self.relay.wake()
        for schedule in self.schedules:
            if schedule.on_events:
                schedule.wake()

    def connect(self, bus: Bus) -> None:
        """Listen to the events this service reads."""
        if self.consumer is not None:
            bus.subscribe(self.name, self.consumer.topics, self.consumer.deliver, self.consumer.begin)

    async def start(self) -> None:
        """Start relay and schedules. Call after every service has connected, so that no event misses a reader."""
        self._tasks.append(asyncio.create_task(self.relay.run(), name=f"{self.name}.relay"))
        for schedule in self.schedules:
            self._tasks.append(asyncio.create_task(schedule.run(), name=f"{self.name}.{schedule.name}"))

    async def stop(self) -> None:
        """Stop working in the background. What was not carried yet stays in the outbox."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()


MIGRATIONS = "migrations"


def migrations_of(package_file: str) -> Path:
    """The migrations folder beside a service's module."""
    return Path(package_file).parent / MIGRATIONS
