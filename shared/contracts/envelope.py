"""CloudEvents 1.0 in the NL GOV profile: the envelope around every event.

`id` is a UUIDv7, `source` names organisation and system, `subject` is the aggregate, `time` the registration, `data` a
contract of this package. Bytes are JSON (structured mode), made once when the event is recorded and never changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

MOST_BYTES = 64 * 1024  # NL GOV profile
TEXTS = ("specversion", "id", "source", "type", "subject", "time")


class Contract(BaseModel):
    """Base of every event's data. Keys are camelCase Dutch; unknown keys are ignored, so that contracts can grow."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]

    def aggregate(self) -> str:
        """Id of the versioned aggregate: Kafka key and CloudEvents subject."""
        raise NotImplementedError

    def version(self) -> int:
        """Version of the aggregate that this event carries; a reader keeps the highest."""
        raise NotImplementedError


class Envelope(NamedTuple):
    """An event as it was received. `data` is still untyped: the contract of `type` reads it."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    cause: str | None
    data: dict[str, Any]


def pack(event: Contract, *, id: str, source: str, time: datetime, cause: str | None) -> bytes:
    """The event as bytes for the bus. `cause` is the id of the event or message that led to it."""
    envelope: dict[str, object] = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": event.TYPE,
        "subject": event.aggregate(),
        "time": time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": event.model_dump(mode="json", by_alias=True),
    }
    if cause is not None:
        envelope["causationid"] = cause
    packed = orjson.dumps(envelope)
    if len(packed) > MOST_BYTES:
        raise ValueError(f"event {event.TYPE} of {len(packed)} bytes is over the {MOST_BYTES} of the NL GOV profile")
    return packed


def unpack(packed: bytes) -> Envelope:
    """Read an envelope. Raises ValueError when it is not one."""
    raw = orjson.loads(packed)
    try:
        if not all(isinstance(raw[name], str) and raw[name] for name in TEXTS):
            raise ValueError(f"no CloudEvents envelope: {', '.join(TEXTS)} are texts and never empty")
        return Envelope(
            id=raw["id"],
            source=raw["source"],
            type=raw["type"],
            subject=raw["subject"],
            time=datetime.fromisoformat(raw["time"]),
            cause=raw.get("causationid"),
            data=raw["data"],
        )
    except (KeyError, TypeError) as missing:
        raise ValueError(f"no CloudEvents envelope: {missing}") from missing
