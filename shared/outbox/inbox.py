"""Takes events in: each has effect once, in one transaction with its mark in the inbox.

A failure is tried again a few times; then the event is parked with its error and body, an alarm goes off (log and
metric) and the next one goes on. Trouble of our own storage is no fault of the event: it is passed back to the bus,
which delivers again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy import bindparam, select

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope, unpack
from shared.database.changeset import Changeset
from shared.database.port import Query, Reader, StorageFull, StorageUnavailable
from shared.outbox.edge import Context, Edge, Outcome

PAUSES = (0.02, 0.1, 0.5)
log = structlog.get_logger()
PARKED = Counter("plekregie_geparkeerd", "Events that could not be handled and were parked", ["lezer", "type"])
TAKEN_IN = Counter("plekregie_ingenomen", "Events taken in", ["lezer", "type"])

Lane = tuple[str, ...]


class Received(NamedTuple):
    """A record that could be read."""

    record: Record
    envelope: Envelope


class Heard(NamedTuple):
    """An event as it came in."""

    event: Contract
    envelope: Envelope


Handler = Callable[[Reader, Context, Contract, Envelope], Awaitable[Changeset]]
LaneHandler = Callable[[Reader, Context, Sequence[Heard]], Awaitable[Changeset]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Which contract a handler reads: one event at a time, one decision each."""

    contract: type[Contract]
    handler: Handler
    at_once: ClassVar[bool] = False

    async def handle(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        """Decide on the one event that was heard."""
        [(event, envelope)] = heard
        return await self.handler(reader, context, event, envelope)


@dataclass(frozen=True, slots=True)
class LaneListener:
    """A handler that decides at once on all that came for what its decision takes hold of. `lane`: the fields of the
    event's data that name this. Lanes are handled side by side, so that they share a commit. `at_once`: the handler
    nearly always asks all it needs at one moment."""

    contract: type[Contract]
    handler: LaneHandler
    lane: tuple[str, ...]
    at_once: bool = False

    async def handle(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        """Decide on what was heard, in order of arrival, none of it heard before."""
        return await self.handler(reader, context, heard)


class Consumer:
    """The reading side of one service."""

    def __init__(
        self, name: str, edge: Edge, listeners: Sequence[Listener | LaneListener], *, pauses: Sequence[float] = PAUSES
    ) -> None:
        """`pauses` in seconds between the tries; after the last one the event is parked."""
        self.name = name
        self._pauses = pauses
        self._edge = edge
        self._listeners: Mapping[str, Listener | LaneListener] = {item.contract.TYPE: item for item in listeners}
        self.topics = frozenset(item.contract.TOPIC for item in listeners)
        inbox = edge.tables.inbox
        self._seen = Query(select(inbox.c.gebeurtenis).where(inbox.c.gebeurtenis == bindparam("id")))

    async def deliver(self, records: Sequence[Record]) -> None:
        """Take in a batch, per lane in order. Returns when each is done, had been done before, or is parked."""
        lanes: dict[Lane, list[Received]] = {}
        for record in records:
            try:
                received = Received(record, unpack(record.value))
                lane = self._lane(received.envelope)
            except (ValueError, KeyError, TypeError):
                lane = None  # handling it says why it can't be read
            if lane is None:
                # It may touch what any lane holds: beside them it would find stale versions time and again.
                await self._side_by_side(lanes)
                await self.take_in(record)
            else:
                lanes.setdefault(lane, []).append(received)
        await self._side_by_side(lanes)

    def _lane(self, envelope: Envelope) -> Lane | None:
        """What names the lane of an event; None when it has none."""
        listener = self._listeners.get(envelope.type)
        if not isinstance(listener, LaneListener):
            return None
        return (envelope.type, *(str(envelope.data[name]) for name in listener.lane))

    async def _side_by_side(self, lanes: dict[Lane, list[Received]]) -> None:
        """Handle the lanes and empty them. Trouble of our storage is passed on when every lane has come to rest."""
        number = min(len(lanes), self._edge.database.side_by_side)
        turns = iter(list(lanes.values()))
        lanes.clear()

        async def work() -> None:
            for lane in turns:
                await self._take_in_lane(lane)

        for outcome in await asyncio.gather(*(work() for _ in range(number)), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _take_in_lane(self, lane: Sequence[Received]) -> None:
        """Decide on all of it at once; when that fails, one by one, so that only what can't be handled is parked."""
        if len(lane) > 1:
            try:
                await self._decide([received.envelope for received in lane])
            except (StorageFull, StorageUnavailable):
                raise
            except Exception as error:
                log.info("gebeurtenissen.een_voor_een", lezer=self.name, fout=type(error).__name__, aantal=len(lane))
            else:
                return
        for record, envelope in lane:
            await self.take_in(record, envelope)

    async def take_in(self, record: Record, envelope: Envelope | None = None) -> None:
        """Handle one event, with bounded retries; park it when that does not help. `envelope`: when it was read."""
        error: Exception | None = None
        for pause in (*self._pauses, None):
            try:
                await self._decide([envelope or unpack(record.value)])
            except (StorageFull, StorageUnavailable):
                raise
            except Exception as failure:
                error = failure
                if pause is not None:
                    await asyncio.sleep(pause)
                continue
            return
        assert error is not None
        await self._park(record, error)

    async def handle(self, record: Record) -> None:
        """Handle one event, and hear what goes wrong."""
        await self._decide([unpack(record.value)])

    async def _decide(self, envelopes: Sequence[Envelope]) -> None:
        """Handle events of one type (one event, or a lane) in one transaction with their marks in the inbox; what the
        inbox already has does nothing."""
        heard: dict[str, Heard] = {}
        kind = ""
        for envelope in envelopes:
            kind = envelope.type
            listener = self._listeners.get(kind)
            if listener is None:
                return
            heard.setdefault(envelope.id, Heard(listener.contract.model_validate(envelope.data), envelope))
        handler = self._listeners[kind]

        async def use_case(reader: Reader, context: Context) -> Outcome[None]:
            fresh = list(heard.values())
            # At the same moment: nearly always nothing was heard before, and then that is one round trip.
            seen, made = await asyncio.gather(
                self._known(reader, list(heard)), handler.handle(reader, context, fresh), return_exceptions=True
            )
            if isinstance(seen, BaseException):
                raise seen
            if seen:
                fresh = [item for identity, item in heard.items() if identity not in seen]
                made = await handler.handle(reader, context, fresh) if fresh else Changeset()
            if isinstance(made, BaseException):
                raise made
            for item in fresh:
                made.insert(self._edge.tables.inbox, gebeurtenis=item.envelope.id, ontvangen_op=context.now)
            return Outcome(None, made)

        await self._edge.carry_out(use_case, cause=next(reversed(heard)), at_once=handler.at_once)
        TAKEN_IN.labels(self.name, kind).inc(len(heard))

    async def _known(self, reader: Reader, ids: Sequence[str]) -> set[str]:
        """Which of these the inbox has."""
        rows = await asyncio.gather(*(reader.one(self._seen, id=identity) for identity in ids))
        return {row.gebeurtenis for row in rows if row is not None}

    async def _park(self, record: Record, error: Exception) -> None:
        try:
            envelope = unpack(record.value)
            identity, kind = envelope.id, envelope.type
        except ValueError:
            identity, kind = sha256(record.value).hexdigest(), "onleesbaar"
        changes = Changeset()
        changes.put(
            self._edge.tables.parked,
            ("gebeurtenis",),
            gebeurtenis=identity,
            topic=record.topic,
            sleutel=record.key,
            inhoud=record.value,
            fout=f"{type(error).__name__}: {error}"[:2000],
            pogingen=len(self._pauses) + 1,
            geparkeerd_op=self._edge.clock.now(),
            opgelost_op=None,
        )
        await self._edge.database.commit(changes)
        PARKED.labels(self.name, kind).inc()
        log.error("gebeurtenis.geparkeerd", lezer=self.name, gebeurtenis=identity, fout=type(error).__name__)
