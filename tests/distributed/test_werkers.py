"""Workers that die in the middle of a batch, come and go, and take over from each other, under load."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import date
from functools import partial
from random import Random

import pytest

from shared.bus.kafka import behind
from tests.distributed.installatie import Installatie, installatie, wacht
from tests.e2e.belasting import Zending
from tests.e2e.rust import lezers
from tests.e2e.streken import A
from tests.e2e.verspreid import Lid

pytestmark = [pytest.mark.distributed, pytest.mark.slow]


@pytest.fixture(scope="module")
def op(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installatie]:
    with installatie(tmp_path_factory.mktemp("werkers") / "data") as made:
        yield made


def ingenomen(op: Installatie, lezer: str) -> int:
    """How many events a service has taken in."""
    aantal: int = op.product.vraag(lezer, "select count(*) from inbox")[0][0]
    return aantal


def vastgelegd(op: Installatie, lezer: str) -> int:
    """How far the offsets are that its group has committed, against the end."""
    return asyncio.run(behind(op.broker.bootstrap, lezer, lezers()[lezer]))


def besluiten_apart(op: Installatie, aantal: int = 60) -> None:
    """Contracts of others: each is a decision of its own, where all leveringen of a batch may share one commit. So
    there is a middle to be killed in, however fast the worker is."""
    for _ in range(aantal):
        regel = {"gemeente": op.regio.gemeente(), "subsegment": A, "plekken": "1", "prijsPerPlek": "12000.00"}
        op.regio.overeenkomst(op.regio.aanbieder(), date(2026, 1, 1), date(2026, 12, 31), [regel])


@pytest.mark.parametrize("lezer", ["financien", "contractmanagement"])
def test_a_worker_killed_in_the_middle_of_a_batch_takes_it_in_again_without_effect(op: Installatie, lezer: str) -> None:
    """Contractmanagement's own contracts wait in its outbox while its worker is away, so a batch of its may be one
    commit: there the kill falls right after that, before or after its offsets."""
    belast = [item.maak_post() for item in op.belast(2, 30)]
    op.product.rust()
    worker = op.product.leden[f"worker {lezer}"]
    worker.beeindig(signal.SIGTERM)
    assert vastgelegd(op, lezer) == 0, "a clean stop commits what was done"
    voor = ingenomen(op, lezer)
    zending = Zending(op.product, belast, Random(2))
    zending.begin()
    zending.maak_af()
    if lezer == "financien":
        besluiten_apart(op)
    wacht(lambda: op.product.onderweg("kafka") == 0, "the other workers do not get on")
    klaarstaand = vastgelegd(op, lezer)
    op.product.herstart(worker)
    wacht(lambda: ingenomen(op, lezer) > voor, "the worker does not begin", pauze=0.0)
    worker.beeindig(signal.SIGKILL)
    gedaan = ingenomen(op, lezer) - voor
    over = vastgelegd(op, lezer)
    assert gedaan > 0
    if lezer == "financien":
        assert gedaan < klaarstaand, "killed too late"
        assert over > klaarstaand - gedaan, "what was done was committed already: not in the middle of a batch"
    op.product.herstart(worker)
    op.klopt(belast, zending)
    wacht(lambda: op.gezond(), "a worker does not get well")


def verstuurt(worker: Lid) -> bool:
    """Whether it is this worker whose relay carries."""
    status, inhoud = worker.gezondheid()
    return status > 0 and bool(inhoud["uitgaand"]["verstuurt"])


def verwerkt(worker: Lid) -> int:
    """How many records it has taken in since it started."""
    status, inhoud = worker.gezondheid()
    return sum(groep["verwerkt"] for groep in inhoud["inkomend"]) if status else 0


def test_a_second_worker_of_each_service_shares_the_work_and_takes_over(op: Installatie) -> None:
    """Added under load, then one is stopped, one killed, and of each pair the relay's holder is killed: static members
    leave without a word, so their partitions wait until their session is over."""
    belast = [item.maak_post() for item in op.belast(3, 40)]
    zending = Zending(op.product, belast, Random(3))
    zending.tempo = 60.0 / zending.aantal
    zending.begin()
    eersten = {lid.dienst: lid for lid in op.product.workers()}
    tweeden = {dienst: op.product.nog_een_worker(dienst) for dienst in eersten}
    for tweede in tweeden.values():
        op.product.herstart(tweede)
    for dienst in ("financien", "contractmanagement"):
        wacht(partial(verwerkt, tweeden[dienst]), f"the second worker of {dienst} gets no work")
        assert verwerkt(eersten[dienst]) > 0
    for dienst in eersten:
        wacht(partial(verstuurt, eersten[dienst]), f"nobody carries for {dienst}")
        assert not verstuurt(tweeden[dienst]), "two relays carry side by side"

    tweeden["financien"].beeindig(signal.SIGTERM)
    tweeden["contractmanagement"].beeindig(signal.SIGKILL)
    for dienst in ("backoffice", "toegang"):
        eersten[dienst].beeindig(signal.SIGKILL)
        wacht(partial(verstuurt, tweeden[dienst]), f"nobody takes over the relay of {dienst}")
    op.product.herstart(eersten["backoffice"])
    op.product.herstart(tweeden["contractmanagement"])
    zending.maak_af()
    op.klopt(belast, zending)
    levend = [lid for lid in op.product.workers() if lid.leeft()]
    assert {lid.dienst for lid in levend} == set(eersten)
    assert not verstuurt(eersten["backoffice"]), "who comes back finds the relay taken"
