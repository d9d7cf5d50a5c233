"""The edge of a decision: load, decide, commit once — again from the start when somebody was first.

Every route, event and schedule goes through here. A use case gets a `Reader` and a `Context`, and returns an
`Outcome`; it never commits itself. Events that it publishes are written to the outbox after its own rows, in the same
transaction (so that per aggregate the order of events is the order of commits).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy import bindparam, select

from shared.contracts.envelope import Contract, pack
from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, AskedLater, Database, Query, Reader, StaleVersion
from shared.kernel.clock import Clock
from shared.kernel.ids import NewId
from shared.outbox.tables import EventTables

Answer = TypeVar("Answer")
TRIES = 12
ALONE_AFTER = 3  # tries: who keeps losing to others of this process then goes alone


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `gemeente` and `aanbieder` bound what this caller may see and do."""

    gebruiker: str
    rol: str
    gemeente: str | None = None
    aanbieder: str | None = None

    @property
    def namens(self) -> str:
        """The organisation the caller acts for, for logs."""
        return self.gemeente or self.aanbieder or "regio"


SYSTEM = Caller("plekregie", "systeem")


@dataclass(frozen=True, slots=True)
class Context:
    """What a use case may know of the world around it."""

    now: datetime
    today: date
    new_id: NewId
    caller: Caller = SYSTEM
    cause: str | None = None


@dataclass(slots=True)
class Outcome(Generic[Answer]):
    """What a use case decided: what to write and what to answer."""

    answer: Answer
    changes: Changeset = field(default_factory=Changeset)


UseCase = Callable[[Reader, Context], Awaitable[Outcome[Answer]]]


class Edge:
    """One per service."""

    def __init__(
        self,
        database: Database,
        tables: EventTables,
        *,
        clock: Clock,
        new_id: NewId,
        source: str,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.tables = tables
        self.clock = clock
        self.new_id = new_id
        self._source = source
        self.wake = wake
        self._alone = asyncio.Lock()
        answers = tables.answers
        self.stored_answer = Query(
            select(answers.c.vingerafdruk, answers.c.status, answers.c.kop, answers.c.inhoud).where(
                answers.c.beller == bindparam("beller"),
                answers.c.route == bindparam("route"),
                answers.c.sleutel == bindparam("sleutel"),
            )
        )

    def context(self, caller: Caller = SYSTEM, cause: str | None = None) -> Context:
        return Context(self.clock.now(), self.clock.today(), self.new_id, caller, cause)

    async def read(self, use_case: Callable[[Reader, Context], Awaitable[Answer]], caller: Caller = SYSTEM) -> Answer:
        """Answer a question from one snapshot; nothing is written."""
        async with self.database.reading() as reader:
            return await use_case(reader, self.context(caller))

    async def carry_out(
        self, use_case: UseCase[Answer], *, caller: Caller = SYSTEM, cause: str | None = None, at_once: bool = False
    ) -> Answer:
        """Run one decision. `at_once`: it nearly always asks all it needs at one moment. Raises the use case's
        refusals, and `StaleVersion` when others kept being first."""
        lost: StaleVersion | AlreadyExists
        for _ in range(ALONE_AFTER):
            if self._alone.locked():
                # Somebody lost time and again, to requests that came later too: it goes first.
                async with self._alone:
                    pass
            made = await self._try(use_case, self.context(caller, cause), at_once)
            if isinstance(made, Outcome):
                return made.answer
        async with self._alone:
            for _ in range(TRIES - ALONE_AFTER):
                made = await self._try(use_case, self.context(caller, cause), at_once)
                if isinstance(made, Outcome):
                    return made.answer
                lost = made
        raise lost

    async def _try(
        self, use_case: UseCase[Answer], context: Context, at_once: bool
    ) -> Outcome[Answer] | StaleVersion | AlreadyExists:
        """Load, decide, commit; the error when somebody was first."""
        outcome = await self._decided(use_case, context, at_once)
        self._record_events(outcome.changes, context)
        try:
            await self.database.commit(outcome.changes)
        except (StaleVersion, AlreadyExists) as lost:
            return lost
        if outcome.changes.events:
            self.wake()
        return outcome

    async def _decided(self, use_case: UseCase[Answer], context: Context, at_once: bool) -> Outcome[Answer]:
        if at_once:
            with contextlib.suppress(AskedLater):
                async with self.database.at_once() as reader:
                    return await use_case(reader, context)
        async with self.database.reading() as reader:
            return await use_case(reader, context)

    def _record_events(self, changes: Changeset, context: Context) -> None:
        for event, cause in changes.events:
            assert isinstance(event, Contract)
            identity = context.new_id()
            changes.insert(
                self.tables.outbox,
                id=identity,
                topic=event.TOPIC,
                sleutel=event.aggregate(),
                inhoud=pack(event, id=identity, source=self._source, time=context.now, cause=cause or context.cause),
                aangemaakt_op=context.now,
            )
