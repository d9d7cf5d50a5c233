"""Takes events in: each has effect once, in one transaction with its mark in the inbox.

A failure is tried again a few times; then the event is parked with its error and body, an alarm goes off (log and
metric) and the next one goes on. Trouble of our own storage is no fault of the event: it is passed back to the bus,
which delivers again later.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from operator import attrgetter
from typing import ClassVar, NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy import bindparam, select

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope, unpack
from shared.database.changeset import Changeset
from shared.database.port import Query, Reader, StorageFull, StorageUnavailable
from shared.outbox.edge import Context, Edge, Outcome
from shared.outbox.lanes import Batch, Lanes, Turn

PAUSES = (0.02, 0.1, 0.5)
# Decisions on many lanes that load and decide at a time; without this bound all of them would decide, and then all wait
# for the disk.
IN_HAND = 2
log = structlog.get_logger()
PARKED = Counter("plekregie_geparkeerd", "Events that could not be handled and were parked", ["lezer", "type"])
TAKEN_IN = Counter("plekregie_ingenomen", "Events taken in", ["lezer", "type"])

Lane = Hashable


class Heard(NamedTuple):
    """An event as it came in."""

    event: Contract
    envelope: Envelope


class Received(NamedTuple):
    """A record that could be read."""

    record: Record
    heard: Heard


class Some(NamedTuple):
    """Lanes of events of one type, so many at most in one decision."""

    size: int
    turns: Sequence[tuple[Turn, Sequence[Sequence[Received]]]]


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
    event that name this. Lanes are handled side by side, so that they share a commit; `many`: the handler takes many of
    them in one decision, which costs less than one each; `at_once`: it nearly always asks all it needs at one
    moment."""

    contract: type[Contract]
    handler: LaneHandler
    lane: tuple[str, ...]
    many: bool = False
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
        self._in_hand = asyncio.Semaphore(IN_HAND)
        self._lanes = Lanes()
        self._named = {
            item.contract.TYPE: attrgetter(*item.lane) for item in listeners if isinstance(item, LaneListener)
        }
        self.topics = frozenset(item.contract.TOPIC for item in listeners)
        inbox = edge.tables.inbox
        self._seen = Query(select(inbox.c.gebeurtenis).where(inbox.c.gebeurtenis == bindparam("id")))

    async def deliver(self, records: Sequence[Record]) -> None:
        """Take in a batch, per lane in order. Returns when each is done, had been done before, or is parked."""
        await (await self.begin(records))

    async def begin(self, records: Sequence[Record]) -> Awaitable[None]:
        """As `deliver`, in two steps: returns when the next batch may begin, with what is left to wait for."""
        batch = self._lanes.begin()
        try:
            last = await self._up_to_last(batch, records)
        except BaseException:
            batch.end()
            raise
        rest = asyncio.create_task(self._side_by_side(last))
        rest.add_done_callback(lambda _: batch.end())
        return rest

    async def _up_to_last(self, batch: Batch, records: Sequence[Record]) -> list[Some]:
        """Take in all that must be done before the last events that have a lane; those stand in line then."""
        lanes: dict[str, dict[Lane, list[Received]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            heard = self._heard(record)
            if heard is None:
                # It may touch what any lane holds: beside them it would find stale versions time and again.
                await self._side_by_side(self._in_line(batch, lanes))
                lanes.clear()
                await batch.alone()
                await self.take_in(record)
            else:
                kind = heard.envelope.type
                lane: Lane = self._named[kind](heard.event)
                lanes[kind][lane].append(Received(record, heard))
        return self._in_line(batch, lanes)

    def _in_line(self, batch: Batch, lanes: Mapping[str, Mapping[Lane, Sequence[Received]]]) -> list[Some]:
        """Which lanes are decided on together, in line for them."""
        found = []
        for kind, received in lanes.items():
            listener = self._listeners[kind]
            many = isinstance(listener, LaneListener) and listener.many
            size = self._edge.database.lanes_at_once if many else 1
            # In one order, so that batches that overlap have much the same lanes together.
            names = sorted(received, key=str) if many else list(received)
            some = [names[first : first + size] for first in range(0, len(names), size)]
            turns = [(batch.turn([(kind, name) for name in one]), [received[name] for name in one]) for one in some]
            found.append(Some(size, turns))
        return found

    def _heard(self, record: Record) -> Heard | None:
        """An event that has a lane; None for any other, and for what can't be read: handling it says why."""
        try:
            envelope = unpack(record.value)
            if envelope.type not in self._named:
                return None
            return Heard(self._listeners[envelope.type].contract.read(envelope.data), envelope)
        except ValueError:
            return None

    async def _side_by_side(self, found: Sequence[Some]) -> None:
        """Handle lanes. Trouble of our storage is passed on when every lane has come to rest."""
        for size, turns in found:
            await self._all(
                [partial(self._in_turn, turn, lanes) for turn, lanes in turns],
                max(1, min(len(turns), self._edge.database.side_by_side // size)),
            )

    async def _in_turn(self, turn: Turn, lanes: Sequence[Sequence[Received]]) -> None:
        async with turn.taken():
            await self._take_in_lanes(lanes)

    async def _all(self, decisions: Iterable[Callable[[], Awaitable[None]]], number: int) -> None:
        """Take decisions, so many at a time."""
        turns = iter(decisions)

        async def work() -> None:
            for decide in turns:
                await decide()

        for outcome in await asyncio.gather(*(work() for _ in range(number)), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _take_in_lanes(self, lanes: Sequence[Sequence[Received]]) -> None:
        """Decide on all of it at once; when that fails, lane by lane, and then one by one, so that only what can't be
        handled is parked."""
        received = [item for lane in lanes for item in lane]
        if len(received) > 1:
            try:
                await self._decide([item.heard for item in received], look=False, many=len(lanes) > 1)
            except (StorageFull, StorageUnavailable):
                raise
            except Exception as error:
                wat = "gebeurtenissen.per_baan" if len(lanes) > 1 else "gebeurtenissen.een_voor_een"
                log.info(wat, lezer=self.name, fout=type(error).__name__, aantal=len(received))
            else:
                return
        if len(lanes) > 1:
            await self._all([partial(self._take_in_lanes, [lane]) for lane in lanes], len(lanes))
            return
        for record, heard in received:
            await self.take_in(record, heard)

    async def take_in(self, record: Record, heard: Heard | None = None) -> None:
        """Handle one event, with bounded retries; park it when that does not help. `heard`: when it was read."""
        error: Exception | None = None
        look = heard is None
        for pause in (*self._pauses, None):
            try:
                await self._handle(record, heard, look=look)
            except (StorageFull, StorageUnavailable):
                raise
            except Exception as failure:
                error, look = failure, True
                if pause is not None:
                    await asyncio.sleep(pause)
                continue
            return
        assert error is not None
        await self._park(record, error)

    async def handle(self, record: Record) -> None:
        """Handle one event, and hear what goes wrong."""
        await self._handle(record, None)

    async def _handle(self, record: Record, heard: Heard | None, *, look: bool = True) -> None:
        if heard is None:
            envelope = unpack(record.value)
            listener = self._listeners.get(envelope.type)
            if listener is None:
                return
            heard = Heard(listener.contract.read(envelope.data), envelope)
        await self._decide([heard], look=look)

    async def _decide(self, received: Sequence[Heard], *, look: bool = True, many: bool = False) -> None:
        """Handle events of one type (one event, or those of some lanes) in one transaction with their marks in the
        inbox; what the inbox already has does nothing. Without `look` the first try takes them to be new: when one is
        not, its mark is refused, and with it all that was decided. `many`: of more than one lane."""
        heard: dict[str, Heard] = {}
        for item in received:
            heard.setdefault(item.envelope.id, item)
        kind = received[0].envelope.type
        handler = self._listeners[kind]
        inbox = self._edge.tables.inbox

        async def use_case(reader: Reader, context: Context) -> Outcome[None]:
            nonlocal look
            fresh = await self._fresh(reader, heard) if look else list(heard.values())
            look = True
            if not fresh:
                return Outcome(None)
            async with self._in_hand if many else nullcontext():
                changes = await handler.handle(reader, context, fresh)
            marks = [(item.envelope.id, context.now) for item in fresh]
            changes.insert_many(inbox, ("gebeurtenis", "ontvangen_op"), marks)
            return Outcome(None, changes)

        await self._edge.carry_out(use_case, cause=next(reversed(heard)), at_once=handler.at_once)
        TAKEN_IN.labels(self.name, kind).inc(len(heard))

    async def _fresh(self, reader: Reader, heard: Mapping[str, Heard]) -> list[Heard]:
        """Those that the inbox does not have."""
        seen = await reader.many(self._seen, id=list(heard))
        return [item for item, rows in zip(heard.values(), seen, strict=True) if not rows]

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
