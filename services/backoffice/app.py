"""Composition root of backoffice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import httpx
import structlog

from services.backoffice.bericht import api as bericht
from services.backoffice.bericht import pages as bladzijden
from services.backoffice.bericht.handlers import tekst
from services.backoffice.bericht.store import OVERDUE, UNDECIDED
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.levering import api as levering
from services.backoffice.levering import herkomst
from services.backoffice.levering.handlers import verwerk_indicatie
from services.backoffice.ontvangst import api as ontvangst
from services.backoffice.ontvangst.handlers import Ontvangen, Werkwijze, beslis, weiger_na_wachten
from services.backoffice.partij.handlers import onthoud_aanbieder, onthoud_gemeente
from services.backoffice.subsegment.handlers import onthoud_subsegment
from services.backoffice.tables import EVENT_TABLES
from services.backoffice.verzending.clientgegevens import Clientgegevens, GeenClientgegevens
from services.backoffice.verzending.handlers import te_verzenden, verzend
from shared.contracts.contractmanagement import GemeenteVastgesteld, OvereenkomstVastgesteld, SubsegmentVastgesteld
from shared.contracts.toegang import IndicatieVastgesteld
from shared.outbox.edge import Caller, Edge
from shared.outbox.inbox import Consumer, Listener
from shared.pages.app import make_pages
from shared.runtime.compose import make_edge
from shared.runtime.schedule import Schedule
from shared.runtime.service import Service, Surroundings, migrations_of
from shared.web.app import make_app

NAME = "backoffice"
BASE = "/backoffice/v1"
SIDE_BY_SIDE = 4  # messages in the making: each waits for an answer of toegang and for the disk
ABANDONED = timedelta(seconds=60)  # a message kept this long without a verdict lost its request (a crash)
log = structlog.get_logger()


class Jobs:
    """The recurring work of backoffice."""

    def __init__(self, edge: Edge, werkwijze: Werkwijze, clientgegevens: Clientgegevens) -> None:
        self._edge = edge
        self._werkwijze = werkwijze
        self._clientgegevens = clientgegevens

    async def verzend_toewijzingen(self) -> None:
        """Make every 301 that is due, some side by side. One that can't be made now doesn't hold up the others."""
        gevonden = await self._edge.read(te_verzenden)
        if not gevonden:
            return  # as after nearly every event: then no connection is made either
        bestemmingen = iter(gevonden)

        async def maak(http: httpx.AsyncClient) -> None:
            for bestemming in bestemmingen:
                try:
                    client = await self._clientgegevens.haal(http, bestemming.client, bestemming.gemeente)
                except GeenClientgegevens as error:
                    log.warning("toewijzing.wacht_op_clientgegevens", reden=str(error))
                    continue
                use_case = partial(verzend, vault=self._werkwijze.vault, bestemming=bestemming, client=client)
                await self._edge.carry_out(use_case)

        async with self._clientgegevens.verbinding() as http:
            outcomes = await asyncio.gather(*(maak(http) for _ in range(SIDE_BY_SIDE)), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def weiger_wachtende(self) -> None:
        """Refuse what has waited long enough, oldest first, one at a time."""
        async with self._edge.database.reading() as reader:
            overdue = await reader.all(OVERDUE, vandaag=self._edge.clock.today())
        for row in overdue:
            await self._edge.carry_out(
                partial(weiger_na_wachten, werkwijze=self._werkwijze, bericht=row.id), cause=row.id
            )

    async def beslis_achtergebleven(self) -> None:
        """Decide on messages that were kept but never judged, because the process ended in between."""
        async with self._edge.database.reading() as reader:
            rows = await reader.all(UNDECIDED, voor=self._edge.clock.now() - ABANDONED)
        for row in rows:
            caller = Caller(row.beller, "herstel", row.beller_gemeente, row.beller_aanbieder)
            found = Ontvangen(row.id, row.vingerafdruk, beoordeel(tekst(row, self._werkwijze.vault)))
            use_case = partial(beslis, werkwijze=self._werkwijze, ontvangen=found)
            await self._edge.carry_out(use_case, caller=caller, cause=row.id)


def build(around: Surroundings) -> Service:
    """Put the service together."""
    edge, relay = make_edge(NAME, EVENT_TABLES, around, prompt=True)
    werkwijze = Werkwijze(around.vault, around.settings.wachttijd_werkdagen)
    jobs = Jobs(edge, werkwijze, Clientgegevens(around.http, around.issuer))
    peers = around.peers
    schedules = [
        Schedule("verzend_toewijzingen", peers, jobs.verzend_toewijzingen, every=2.0, on_events=True),
        Schedule("weiger_wachtende", peers, jobs.weiger_wachtende, every=30.0),
        Schedule("beslis_achtergebleven", peers, jobs.beslis_achtergebleven, every=30.0),
    ]
    consumer = Consumer(
        NAME,
        edge,
        [
            Listener(SubsegmentVastgesteld, onthoud_subsegment),
            Listener(IndicatieVastgesteld, verwerk_indicatie),
            Listener(GemeenteVastgesteld, onthoud_gemeente),
            Listener(OvereenkomstVastgesteld, onthoud_aanbieder),
        ],
    )
    app = make_app(
        name=NAME,
        title="Plekregie backoffice",
        description="Toewijzingen, leveringen en het berichtenverkeer iJw en iWmo 3.2.",
        base=BASE,
        edge=edge,
        issuer=around.issuer,
        vault=around.vault,
        routers=[bericht.router, ontvangst.router, levering.router, herkomst.router],
        migrations=migrations_of(__file__),
    )
    app.state.werkwijze = werkwijze
    pages = make_pages(around, edge, __file__, [bladzijden.router])
    return Service(NAME, BASE, app, edge, relay, consumer, schedules, peers=peers, pages=pages)
