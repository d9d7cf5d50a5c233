"""CloudEvents 1.0 in the NL GOV profile: the envelope around every event.

`id` is a UUIDv7, `source` names organisation and system, `subject` is the aggregate, `time` the registration, `data` a
contract of this package. Bytes are JSON (structured mode), made once when the event is recorded and never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Self, dataclass_transform

import msgspec

MOST_BYTES = 64 * 1024  # NL GOV profile
# What nests too deep to be read is as wrong as what is no JSON.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Text = Annotated[str, msgspec.Meta(min_length=1)]


class ByName(msgspec.StructMeta):
    """Fields are given by name only: contracts grow, so nobody may count on an order."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> ByName:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **options})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Contract(msgspec.Struct, metaclass=ByName, frozen=True, rename="camel", gc=False):
    """Base of every event's data. Keys are camelCase Dutch; unknown keys are ignored, so that contracts can grow. What
    is read is judged as it is read, what is made here when it is packed. `gc`: data holds no circles to look for."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]

    def aggregate(self) -> str:
        """Id of the versioned aggregate: Kafka key and CloudEvents subject."""
        raise NotImplementedError

    def version(self) -> int:
        """Version of the aggregate that this event carries; a reader keeps the highest."""
        raise NotImplementedError

    @classmethod
    def read(cls, data: bytes | msgspec.Raw) -> Self:
        """Read JSON. Raises ValueError, naming field and rule, when it is not what this contract says."""
        try:
            read: Self = decoder_of(cls).decode(data)
        except UNREADABLE as error:
            raise ValueError(f"{cls.__name__}: {error}") from error
        return read

    @classmethod
    def of_values(cls, values: Mapping[str, object]) -> Self:
        """From plain JSON values, as `as_values` gives them. Raises ValueError as `read` does."""
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise ValueError(f"{cls.__name__}: {error}") from error

    def as_json(self) -> bytes:
        """As it travels."""
        return msgspec.json.encode(self)

    def as_values(self) -> dict[str, Any]:
        """As plain JSON values: texts, numbers, lists."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        return values


@cache
def decoder_of(contract: type[Contract]) -> msgspec.json.Decoder[Any]:
    """What reads a contract, made once."""
    return msgspec.json.Decoder(contract)


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """An event as it was received. `data` is still JSON: the contract of `type` reads it."""

    specversion: Text
    id: Text
    source: Text
    type: Text
    subject: Text
    time: datetime
    data: msgspec.Raw
    cause: str | None = msgspec.field(default=None, name="causationid")


ENVELOPE = msgspec.json.Decoder(Envelope)


def pack(event: Contract, *, id: str, source: str, time: datetime, cause: str | None) -> bytes:
    """The event as bytes for the bus. `cause` is the id of the event or message that led to it. Raises ValueError when
    its data is not what its contract says: its readers would park it."""
    data = event.as_json()
    event.read(data)
    envelope: dict[str, object] = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": event.TYPE,
        "subject": event.aggregate(),
        "time": time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": msgspec.Raw(data),
    }
    if cause is not None:
        envelope["causationid"] = cause
    packed = msgspec.json.encode(envelope)
    if len(packed) > MOST_BYTES:
        raise ValueError(f"event {event.TYPE} of {len(packed)} bytes is over the {MOST_BYTES} of the NL GOV profile")
    return packed


def unpack(packed: bytes) -> Envelope:
    """Read an envelope. Raises ValueError when it is not one."""
    try:
        return ENVELOPE.decode(packed)
    except UNREADABLE as error:
        raise ValueError(f"no CloudEvents envelope: {error}") from error
