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

import structlog
from prometheus_client import Counter
from sqlalchemy import bindparam, select

from shared.bus.port import Record
from shared.contracts.envelope import Contract, Envelope, unpack
from shared.database.changeset import Changeset
from shared.database.port import Query, Reader, StorageFull, StorageUnavailable
from shared.outbox.edge import Context, Edge, Outcome

PAUSES = (0.02, 0.1, 0.5)
MOST_LANES = 16  # at a time: enough to share a commit, few enough to let requests in between
log = structlog.get_logger()
PARKED = Counter("plekregie_geparkeerd", "Events that could not be handled and were parked", ["lezer", "type"])
TAKEN_IN = Counter("plekregie_ingenomen", "Events taken in", ["lezer", "type"])

Lane = tuple[str, ...]
Handler = Callable[[Reader, Context, Contract, Envelope], Awaitable[Changeset]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Which contract a handler reads. `lane`: fields of its data that name what the handler's decision takes hold of.
    Events of different lanes are handled side by side, so that they share a commit; without one, one at a time."""

    contract: type[Contract]
    handler: Handler
    lane: tuple[str, ...] = ()


class Consumer:
    """The reading side of one service."""

    def __init__(
        self, name: str, edge: Edge, listeners: Sequence[Listener], *, pauses: Sequence[float] = PAUSES
    ) -> None:
        """`pauses` in seconds between the tries; after the last one the event is parked."""
        self.name = name
        self._pauses = pauses
        self._edge = edge
        self._listeners: Mapping[str, Listener] = {item.contract.TYPE: item for item in listeners}
        self.topics = frozenset(item.contract.TOPIC for item in listeners)
        inbox = edge.tables.inbox
        self._seen = Query(select(inbox.c.gebeurtenis).where(inbox.c.gebeurtenis == bindparam("id")))

    async def deliver(self, records: Sequence[Record]) -> None:
        """Take in a batch, per lane in order. Returns when each is done, had been done before, or is parked."""
        lanes: dict[Lane, list[Record]] = {}
        for record in records:
            lane = self._lane(record)
            if lane is None:
                # It may touch what any lane holds: beside them it would find stale versions time and again.
                await self._side_by_side(lanes)
                await self.take_in(record)
            else:
                lanes.setdefault(lane, []).append(record)
        await self._side_by_side(lanes)

    def _lane(self, record: Record) -> Lane | None:
        """What names the lane of an event; None when it has none, or can't be read (then handling it says why)."""
        try:
            envelope = unpack(record.value)
            listener = self._listeners.get(envelope.type)
            fields = () if listener is None else listener.lane
            return tuple(str(envelope.data[name]) for name in fields) or None
        except (ValueError, KeyError, TypeError):
            return None

    async def _side_by_side(self, lanes: dict[Lane, list[Record]]) -> None:
        """Handle the lanes and empty them. Trouble of our storage is passed on when every lane has come to rest."""
        turns = iter(list(lanes.values()))
        lanes.clear()

        async def work() -> None:
            for lane in turns:
                for record in lane:
                    await self.take_in(record)

        for outcome in await asyncio.gather(*(work() for _ in range(MOST_LANES)), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def take_in(self, record: Record) -> None:
        """Handle one event, with bounded retries; park it when that does not help."""
        error: Exception | None = None
        for pause in (*self._pauses, None):
            try:
                await self.handle(record)
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
        """Handle one event in one transaction; nothing happens when the inbox already has it."""
        envelope = unpack(record.value)
        listener = self._listeners.get(envelope.type)
        if listener is None:
            return
        event = listener.contract.model_validate(envelope.data)

        async def use_case(reader: Reader, context: Context) -> Outcome[None]:
            if await reader.one(self._seen, id=envelope.id):
                return Outcome(None)
            changes = await listener.handler(reader, context, event, envelope)
            changes.insert(self._edge.tables.inbox, gebeurtenis=envelope.id, ontvangen_op=context.now)
            return Outcome(None, changes)

        await self._edge.carry_out(use_case, cause=envelope.id)
        TAKEN_IN.labels(self.name, envelope.type).inc()

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
