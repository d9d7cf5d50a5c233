"""Composition root of contractmanagement."""

from __future__ import annotations

from services.contractmanagement.benutting import api as benutting
from services.contractmanagement.bezetting.handlers import aanbod_van
from services.contractmanagement.bezetting.store import opgeslagen_aanbod
from services.contractmanagement.contractregel import pages as contractregel
from services.contractmanagement.gemeente import api as gemeente
from services.contractmanagement.overeenkomst import api as overeenkomst
from services.contractmanagement.regio import pages as regio
from services.contractmanagement.signaal import api as signaal
from services.contractmanagement.signaal import handlers as gevolgen
from services.contractmanagement.signaal import pages as signaalbladen
from services.contractmanagement.signaal.dagwissel import wissel_dag
from services.contractmanagement.subsegment import api as subsegment
from services.contractmanagement.tables import EVENT_TABLES
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.outbox.inbox import Consumer, LaneListener, Listener
from shared.outbox.rebuild import ReadSide
from shared.pages.app import make_pages
from shared.runtime.compose import make_edge
from shared.runtime.schedule import Schedule
from shared.runtime.service import Service, Surroundings, migrations_of
from shared.web.app import make_app

NAME = "contractmanagement"
BASE = "/contractmanagement/v1"
DAGWISSEL_PAUZE = 60.0  # seconds between looks at the calendar


def build(around: Surroundings) -> Service:
    """Put the service together."""
    edge, relay = make_edge(NAME, EVENT_TABLES, around, prompt=False)
    consumer = Consumer(
        NAME,
        edge,
        [
            LaneListener(
                LeveringGewijzigd, gevolgen.na_leveringen, ("aanbieder", "subsegment"), many=True, at_once=True
            ),
            Listener(OvereenkomstVastgesteld, gevolgen.na_overeenkomst),
        ],
    )
    app = make_app(
        name=NAME,
        title="Plekregie contractmanagement",
        description="Sub-segmenten, overeenkomsten, bezetting en signalen: wat is ingekocht en hoe vol is het.",
        base=BASE,
        edge=edge,
        issuer=around.issuer,
        vault=around.vault,
        routers=[gemeente.router, subsegment.router, overeenkomst.router, benutting.router, signaal.router],
        migrations=migrations_of(__file__),
    )
    dagwissel = Schedule("dagwissel", around.peers, lambda: wissel_dag(edge), every=DAGWISSEL_PAUZE)
    read_side = ReadSide(LeveringGewijzigd, aanbod_van, opgeslagen_aanbod, gevolgen.na_herbouw, gevolgen.na_leveringen)
    pages = make_pages(around, edge, __file__, [regio.router, contractregel.router, signaalbladen.router])
    return Service(
        *(NAME, BASE, app, edge, relay, consumer, [dagwissel]), peers=around.peers, read_side=read_side, pages=pages
    )
