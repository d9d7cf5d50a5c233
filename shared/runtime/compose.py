"""What every composition root needs: an edge whose commits wake the relay."""

from __future__ import annotations

from shared.outbox.edge import Edge
from shared.outbox.relay import Relay
from shared.outbox.tables import EventTables
from shared.runtime.service import Surroundings


def make_edge(name: str, tables: EventTables, around: Surroundings) -> tuple[Edge, Relay]:
    """The edge and the relay of one service."""
    relay = Relay(around.database, tables, around.bus, around.clock.now)
    source = f"urn:nld:oin:{around.settings.oin}:systeem:plekregie-{name}"
    edge = Edge(around.database, tables, clock=around.clock, new_id=around.new_id, source=source, wake=relay.wake)
    return edge, relay
