"""An installation on servers of its own, that may be stopped."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest

from shared.contracts.catalog import EVENTS
from tests.distributed import kafka, postgres_server
from tests.e2e import test_onafhankelijk as narekening
from tests.e2e.belasting import Belast, Zending, zonder_intrekking
from tests.e2e.gebeurtenissen import buiten_volgorde, op_kafka, vastgelegd
from tests.e2e.inzage import geleden
from tests.e2e.ondergrond import ondergrond
from tests.e2e.regio import Regio
from tests.e2e.rust import lezers
from tests.e2e.streken import A, B, maak_gebied
from tests.e2e.verspreid import Lid, Verspreid

GEDULD = 120.0


def wacht(klopt: Callable[[], object], wat: str, pauze: float = 0.1) -> None:
    """Until it holds."""
    einde = time.monotonic() + GEDULD
    while not klopt():
        assert time.monotonic() < einde, wat
        time.sleep(pauze)


def redenen(worker: Lid) -> list[str]:
    """Why a worker says that it does not get on; empty when it does."""
    status, inhoud = worker.gezondheid()
    assert status, f"{worker.naam} does not answer ({inhoud}): {worker.uitvoer.read_text()[-2000:]}"
    assert status == (503 if inhoud["redenen"] else 200)
    assert inhoud["dienst"] == worker.dienst
    gevonden: list[str] = inhoud["redenen"]
    return gevonden


class Installatie:
    """Eight processes with the servers that they stand on, and the region that speaks to them."""

    def __init__(self, product: Verspreid, postgres: postgres_server.Server, broker: kafka.Broker) -> None:
        self.product = product
        self.postgres = postgres
        self.broker = broker
        self.regio = Regio(product)
        self._zaad = 0

    def belast(self, aantal: int, meer_zorg: int) -> list[Belast]:
        """So many new regions with everything decided; their messages are still to come."""
        gemaakt = []
        for _ in range(aantal):
            self._zaad += 1
            gebied = zonder_intrekking(maak_gebied(Random(f"storing {self._zaad}"), meer_zorg=meer_zorg))
            gemaakt.append(Belast(self.regio, gebied))
        return gemaakt

    def gezond(self) -> bool:
        """Whether every worker gets on."""
        return not any(redenen(worker) for worker in self.product.workers())

    def serve_gereed(self) -> list[int]:
        """The readiness of the four that take requests."""
        return [lid.gezondheid()[0] for lid in self.product.serves()]

    def klopt(self, belast: list[Belast], zending: Zending) -> None:
        """Nothing was lost, nothing counted twice, every aggregate's events kept their order."""
        self._ook_wat_bleef_liggen()
        self.product.rust()
        self._elk_bericht_een_keer(belast, zending)
        for item in belast:
            narekening.test_every_delivery_is_administered_as_it_was(item)  # type: ignore[arg-type]  # the same shape
            narekening.test_occupancy_on_any_reference_date_is_that_of_the_days(item)  # type: ignore[arg-type]
            narekening.test_occupied_days_realised_and_forecast_through_today_agree(item)  # type: ignore[arg-type]
            narekening.test_signals_are_those_of_a_walk_over_every_day(item)  # type: ignore[arg-type]
        self._elke_gebeurtenis_een_keer()

    def _ook_wat_bleef_liggen(self) -> None:
        """What was kept when the trouble came, and not judged, is judged after a minute: that minute has passed."""
        ouder = "update bericht set tijdstip = ? where status = 'ontvangen'"
        self.product.wijzig("backoffice", ouder, geleden(2))
        onbeslist = "select id from bericht where status = 'ontvangen'"
        wacht(lambda: not self.product.vraag("backoffice", onbeslist), "a kept message is never judged")

    def _elk_bericht_een_keer(self, belast: list[Belast], zending: Zending) -> None:
        assert zending.antwoorden.keys() == {inhoud for item in belast for inhoud in item.post}
        antwoorden = Counter(antwoord.status_code for antwoord in zending.antwoorden.values())
        assert antwoorden.keys() <= {200, 202}, antwoorden
        for item in belast:
            rijen = self.regio.berichten(item.aanbieder, richting="in")
            oordelen = Counter(rij["status"] for rij in rijen if rij["status"] != "herhaling")
            assert oordelen == {"goedgekeurd": len(item.post)}, oordelen

    def _elke_gebeurtenis_een_keer(self) -> None:
        opgeslagen = vastgelegd(self.product)
        vervoerd = op_kafka(self.broker.bootstrap)
        assert {item.id for item in vervoerd} == {item.id for item in opgeslagen}
        assert not buiten_volgorde(opgeslagen)
        assert not buiten_volgorde(vervoerd)
        assert {item.topic for item in vervoerd} <= {event.TOPIC for event in EVENTS}
        for lezer, topics in lezers().items():
            ontvangen = [rij[0] for rij in self.product.vraag(lezer, "select gebeurtenis from inbox")]
            assert sorted(ontvangen) == sorted(item.id for item in opgeslagen if item.topic in topics), lezer
            assert not self.product.vraag(lezer, "select fout from geparkeerd"), lezer


@contextmanager
def installatie(map: Path, *, topics: bool = True) -> Iterator[Installatie]:
    """Running; without servers the test is skipped. `topics`: False leaves them for later."""
    with ExitStack() as stack:
        try:
            postgres = stack.enter_context(postgres_server.own_server())
            broker = stack.enter_context(kafka.own_broker())
        except (kafka.NoServer, postgres_server.NoServer) as missing:
            pytest.skip(str(missing))
        op = stack.enter_context(ondergrond(map, postgres.url, broker.bootstrap, topics=topics))
        product = Verspreid(op)
        stack.callback(product.stop)
        made = Installatie(product.start(), postgres, broker)
        stack.enter_context(made.regio)
        for code in (A, B):
            made.regio.subsegment(code)
        yield made
