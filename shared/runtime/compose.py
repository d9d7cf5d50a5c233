"""What every composition root needs: an edge and the relay of what it records."""

from __future__ import annotations

from shared.outbox.edge import Edge
from shared.outbox.relay import Relay
from shared.outbox.tables import EventTables
from shared.runtime.service import Surroundings


def make_edge(name: str, tables: EventTables, around: Surroundings, *, prompt: bool) -> tuple[Edge, Relay]:
    """The edge and the relay of one service. `prompt`: somebody waits for what follows from its events."""
    gather = 0.0 if prompt else around.bus.gather
    relay = Relay(around.database, tables, around.bus, around.clock.now, around.peers, gather=gather)
    source = f"urn:nld:oin:{around.settings.oin}:systeem:plekregie-{name}"
    edge = Edge(around.database, tables, clock=around.clock, new_id=around.new_id, source=source)
    return edge, relay
