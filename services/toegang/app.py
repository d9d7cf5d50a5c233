"""Composition root of toegang."""

from __future__ import annotations

from services.toegang.aanbod import handlers as aanbod
from services.toegang.client import api as client
from services.toegang.indicatie import api as indicatie
from services.toegang.tables import EVENT_TABLES
from shared.contracts.contractmanagement import (
    OvereenkomstVastgesteld,
    SignaalGewijzigd,
    SubsegmentVastgesteld,
)
from shared.outbox.inbox import Consumer, LaneListener
from shared.runtime.compose import make_edge
from shared.runtime.service import Service, Surroundings, migrations_of
from shared.web.app import make_app

NAME = "toegang"
BASE = "/toegang/v1"


def build(around: Surroundings) -> Service:
    """Put the service together."""
    edge, relay = make_edge(NAME, EVENT_TABLES, around, prompt=True)
    consumer = Consumer(
        NAME,
        edge,
        [
            LaneListener(SubsegmentVastgesteld, aanbod.onthoud_subsegment, ("code",), at_once=True),
            LaneListener(OvereenkomstVastgesteld, aanbod.onthoud_overeenkomst, ("overeenkomst",), at_once=True),
            LaneListener(SignaalGewijzigd, aanbod.onthoud_signaal, ("signaal",), at_once=True),
        ],
    )
    app = make_app(
        name=NAME,
        title="Plekregie toegang",
        description="Cliënten en indicaties: wie heeft wat nodig, in welk sub-segment, van wie.",
        base=BASE,
        edge=edge,
        issuer=around.issuer,
        vault=around.vault,
        routers=[client.router, indicatie.router],
        migrations=migrations_of(__file__),
    )
    return Service(NAME, BASE, app, edge, relay, consumer, peers=around.peers)
