"""Composition root of financien."""

from __future__ import annotations

from services.financien.afrekening import api as afrekening
from services.financien.afrekening import pages as afrekeningbladen
from services.financien.bankverklaring import api as bankverklaring
from services.financien.begroting import api as begroting
from services.financien.betaalgegevens import api as betaalgegevens
from services.financien.betaalschema import api as betaalschema
from services.financien.betaalschema import contractjaar
from services.financien.betaalschema import pages as betaalschemabladen
from services.financien.betaling import api as betaling
from services.financien.betaling import bank
from services.financien.bezetting.handlers import cel_van_levering
from services.financien.bezetting.store import opgeslagen_cellen
from services.financien.bijstelling import api as bijstelling
from services.financien.bijstelling import pages as bijstellingbladen
from services.financien.brief import api as brief
from services.financien.gemeente.handlers import volg_gemeente
from services.financien.grootboek import api as grootboek
from services.financien.herkomst import api as herkomst
from services.financien.indexatie import api as indexatie
from services.financien.jaareinde import api as jaareinde
from services.financien.kwartaalmonitor import api as kwartaalmonitor
from services.financien.overeenkomst import api as overeenkomst
from services.financien.prognose import api as prognose
from services.financien.prognose import pages as lijnblad
from services.financien.prognose.handlers import na_herbouw, volg_leveringen, volg_overeenkomst
from services.financien.subsegment.handlers import volg_subsegment
from services.financien.tables import EVENT_TABLES
from services.financien.verantwoording import api as verantwoording
from services.financien.voorstel import api as voorstel
from services.financien.vrijgave.handlers import Vrijgave
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import GemeenteVastgesteld, OvereenkomstVastgesteld, SubsegmentVastgesteld
from shared.outbox.inbox import Consumer, LaneListener, Listener
from shared.outbox.rebuild import ReadSide
from shared.pages.app import make_pages
from shared.runtime.compose import make_edge
from shared.runtime.schedule import Schedule
from shared.runtime.service import Service, Surroundings, migrations_of
from shared.web.app import make_app

NAME = "financien"
BASE = "/financien/v1"
VRIJGAVE_PAUZE = 5.0  # seconds between looks at calendar and contracts


def build(around: Surroundings) -> Service:
    """Put the service together."""
    edge, relay = make_edge(NAME, EVENT_TABLES, around, prompt=False)
    listeners: list[Listener | LaneListener] = [
        Listener(SubsegmentVastgesteld, volg_subsegment),
        Listener(GemeenteVastgesteld, volg_gemeente),
        Listener(OvereenkomstVastgesteld, volg_overeenkomst),
        LaneListener(LeveringGewijzigd, volg_leveringen, ("aanbieder", "gemeente", "subsegment"), many=True),
    ]
    app = make_app(
        name=NAME,
        title="Plekregie financien",
        description="Voorschotten, prognoses, bijstellingen en afrekeningen van plekken.",
        base=BASE,
        edge=edge,
        issuer=around.issuer,
        vault=around.vault,
        routers=[
            betaalschema.router,
            contractjaar.router,
            overeenkomst.router,
            prognose.router,
            kwartaalmonitor.router,
            bijstelling.router,
            brief.router,
            afrekening.router,
            grootboek.router,
            indexatie.router,
            voorstel.router,
            begroting.router,
            jaareinde.router,
            verantwoording.router,
            herkomst.router,
            betaalgegevens.router,
            betaling.router,
            bank.router,
            bankverklaring.router,
        ],
        migrations=migrations_of(__file__),
    )
    consumer = Consumer(NAME, edge, listeners)
    read_side = ReadSide(LeveringGewijzigd, cel_van_levering, opgeslagen_cellen, na_herbouw, volg_leveringen)
    vrijgave = Schedule("geef_termijnen_vrij", around.peers, Vrijgave(edge).kijk, every=VRIJGAVE_PAUZE)
    routers = [betaalschemabladen.router, lijnblad.router, bijstellingbladen.router, afrekeningbladen.router]
    pages = make_pages(around, edge, __file__, routers)
    return Service(
        *(NAME, BASE, app, edge, relay, consumer, [vrijgave]), peers=around.peers, read_side=read_side, pages=pages
    )
