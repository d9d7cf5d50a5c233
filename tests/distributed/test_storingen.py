"""The servers under an installation fall away under load and come back: lost 0, double 0, order per key kept."""

import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from tests.distributed.installatie import Installatie, installatie, redenen, wacht
from tests.e2e.belasting import Belast, Zending
from tests.e2e.rust import lezers
from tests.e2e.verspreid import Lid

pytestmark = [pytest.mark.distributed, pytest.mark.slow]
MINUUT = 60.0


def noemt_topics(worker: Lid) -> bool:
    return any("topics ontbreken" in reden for reden in redenen(worker))


class ZonderTopics:
    """What was seen of an installation whose topics were forgotten, with decisions made on it."""

    def __init__(self, op: Installatie) -> None:
        self.op = op
        (self.belast,) = op.belast(1, 4)
        wacht(lambda: all(map(noemt_topics, op.product.workers())), "a worker does not name the topics that it misses")
        self.redenen = {worker.dienst: redenen(worker) for worker in op.product.workers()}
        self.serve = op.serve_gereed()
        self.onderweg = op.product.onderweg()


@pytest.fixture(scope="module")
def zonder_topics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZonderTopics]:
    with installatie(tmp_path_factory.mktemp("storingen") / "data", topics=False) as op:
        gezien = ZonderTopics(op)
        op.product.ondergrond.maak_topics()
        yield gezien


@pytest.fixture
def op(zonder_topics: ZonderTopics) -> Installatie:
    """In good health."""
    made = zonder_topics.op
    wacht(lambda: made.gezond(), "a worker does not get well")
    return made


def onder_belasting(
    op: Installatie, seconden: float, storing: Callable[[Zending], Any]
) -> tuple[list[Belast], Zending]:
    """Send the messages of some regions over so much time, with the trouble after a while; then wait for all."""
    belast = [item.maak_post() for item in op.belast(2, 40)]
    zending = Zending(op.product, belast, Random(1))
    zending.tempo = seconden / zending.aantal
    zending.begin()
    zending.tot(zending.aantal // 20)
    storing(zending)
    zending.maak_af()
    return belast, zending


def test_without_topics_decisions_are_taken_and_arrive_when_the_topics_are_made(zonder_topics: ZonderTopics) -> None:
    gezien = zonder_topics
    assert gezien.onderweg > 0
    assert gezien.serve == [200] * 4, "taking requests needs no Kafka"
    for dienst, lijst in gezien.redenen.items():
        assert ", ".join(sorted(lezers()[dienst])) in "".join(lijst)
    for dienst, lijst in gezien.redenen.items():
        assert any(woord in reden for reden in lijst for woord in ("kan niet lezen", "Kafka zegt niet")), (
            dienst,
            lijst,
        )
    wacht(lambda: gezien.op.gezond(), "a worker does not get well when the topics are there")
    gezien.belast.maak_post()
    zending = Zending(gezien.op.product, [gezien.belast], Random(0))
    zending.begin()
    zending.maak_af()
    gezien.op.klopt([gezien.belast], zending)


def test_a_broker_that_is_away_for_a_minute_stops_no_message_and_loses_nothing(op: Installatie) -> None:
    gezien: dict[str, Any] = {}

    def minuut_weg(zending: Zending) -> None:
        op.broker.stop()
        weg_sinds, voor = time.monotonic(), zending.klaar
        wacht(lambda: all(redenen(worker) for worker in op.product.workers()), "a worker is well without a broker")
        gezien["redenen"] = [redenen(worker) for worker in op.product.workers()]
        gezien["serve"] = op.serve_gereed()
        time.sleep(max(0.0, weg_sinds + MINUUT - time.monotonic()))
        gezien["serve"] += op.serve_gereed()
        gezien["tijdens"] = zending.klaar - voor
        gezien["onderweg"] = op.product.onderweg()
        op.broker.start()

    belast, zending = onder_belasting(op, MINUUT * 1.2, minuut_weg)
    assert gezien["tijdens"] > zending.aantal / 4, "there was no load while the broker was away"
    assert gezien["onderweg"] > 0
    assert gezien["serve"] == [200] * 8, "who serves stays ready"
    assert (zending.weggevallen, zending.uitgesteld) == ({}, {}), "every message was taken at once"
    wacht(lambda: op.gezond(), "a worker does not get well when the broker is back")
    op.klopt(belast, zending)


@pytest.mark.parametrize("hoe", ["stop", "kill"])
def test_postgres_that_restarts_under_load_costs_waiting_and_nothing_else(op: Installatie, hoe: str) -> None:
    gezien: dict[str, Any] = {}

    def weg_en_terug(zending: Zending) -> None:
        for _ in range(2):
            zending.tot(min(zending.aantal, zending.klaar + zending.aantal // 4))
            getattr(op.postgres, hoe)()
            wacht(lambda: set(op.serve_gereed()) == {503}, "who serves is ready without a database")
            gezien["redenen"] = [redenen(worker) for worker in op.product.workers()]
            op.postgres.start()

    belast, zending = onder_belasting(op, 15.0, weg_en_terug)
    assert sum(zending.uitgesteld.values()) > 0, "no message met the trouble"
    assert zending.weggevallen == {}, "also without a database every request gets an answer"
    wacht(lambda: op.serve_gereed() == [200] * 4, "who serves does not get ready again")
    wacht(lambda: op.gezond(), "a worker does not get well when the database is back")
    op.klopt(belast, zending)
