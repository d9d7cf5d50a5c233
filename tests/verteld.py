"""What an event says, read without its contract."""

from __future__ import annotations

import json
from typing import Any

from shared.contracts.envelope import Envelope


def inhoud(envelope: Envelope) -> dict[str, Any]:
    """The data as plain JSON values."""
    values: dict[str, Any] = json.loads(bytes(envelope.data))
    return values
