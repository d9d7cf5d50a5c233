"""The disk is full: our own trouble, said as such (507 or 503, Retry-After); nothing is lost or done by halves.

Embedded only: distributed, the product writes no files. There PostgreSQL meets the full disk, and what its refusal
becomes is tested in tests/distributed/test_postgres.py; a server that is gone is in test_storingen.py.
"""

import resource
import sys
import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from shared.web.identity import Rol
from tests.e2e.opstelling import Sterveling
from tests.e2e.regio import BO, CM, TO, XML, Regio, Toewijzing, indicatie_in, regel

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="alleen op Linux: grens aan bestanden")
A = "54Z01"


class Vol:
    """While inside, no file of the product may grow beyond `bytes`: writing fails as on a full disk."""

    def __init__(self, proces: Sterveling, bytes: int) -> None:
        self.proces, self.bytes = proces, bytes

    def __enter__(self) -> None:
        assert sys.platform == "linux"
        resource.prlimit(self.proces.pid, resource.RLIMIT_FSIZE, (self.bytes, resource.RLIM_INFINITY))

    def __exit__(self, *_: object) -> None:
        assert sys.platform == "linux"
        resource.prlimit(self.proces.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.fixture(scope="module")
def proces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sterveling]:
    proces = Sterveling(tmp_path_factory.mktemp("vol") / "data")
    try:
        yield proces.start()
    finally:
        proces.stop()


@pytest.fixture
def regio(proces: Sterveling) -> Iterator[Regio]:
    with Regio(proces) as made:
        made.subsegment(A)
        yield made


@pytest.fixture
def toewijzing(regio: Regio, proces: Sterveling) -> Toewijzing:
    gemeente, aanbieder = f"2{proces.pid % 1000:03d}", f"{next(AGB):08d}"
    regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), [regel(gemeente, A, "2", "12000.00")])
    return regio.maak_toewijzing(gemeente, aanbieder, A, date(2026, 1, 1))


AGB = iter(range(42990001, 42999999))


def eigen_schuld(antwoord: httpx.Response) -> None:
    assert antwoord.status_code in (503, 507), antwoord.text
    assert antwoord.headers["content-type"] == "application/problem+json"
    assert int(antwoord.headers["retry-after"]) > 0
    assert "later" in antwoord.json()["detail"]


@pytest.mark.parametrize("ruimte", [0, 4096], ids=["no room at all", "a page"])
def test_a_message_is_refused_as_our_trouble_and_taken_when_there_is_room_again(
    regio: Regio, proces: Sterveling, toewijzing: Toewijzing, ruimte: int
) -> None:
    inhoud = regio.bericht(toewijzing, [toewijzing.start(date(2026, 2, 1))])
    kop = {"Authorization": f"Bearer {regio.token(Rol.AANBIEDER, aanbieder=toewijzing.aanbieder)}", **XML}
    with Vol(proces, ruimte):
        for _ in range(3):
            eigen_schuld(regio.http.post(f"{BO}/berichten", content=inhoud, headers=kop))
        # Reading goes on.
        params = {"peildatum": "2026-03-01", "aanbieder": toewijzing.aanbieder}
        (rij,) = regio.lijst(f"{CM}/bezetting", Rol.CONTRACTMANAGER, params)
        assert rij["bezet"] == 0
    antwoord = regio.http.post(f"{BO}/berichten", content=inhoud, headers=kop)
    assert antwoord.status_code == 200, antwoord.text
    regio.rust()
    (rij,) = regio.lijst(f"{CM}/bezetting", Rol.CONTRACTMANAGER, params)
    assert rij["bezet"] == 1
    assert len(regio.berichten(toewijzing.aanbieder, richting="in")) == 1, "what was refused left nothing behind"
    assert proces.leeft()


def test_a_decision_is_refused_as_our_trouble_and_made_once_when_there_is_room_again(
    regio: Regio, proces: Sterveling, toewijzing: Toewijzing
) -> None:
    gemeente = toewijzing.gemeente
    client = next(regio.personen)
    inhoud = indicatie_in(gemeente, toewijzing.aanbieder, A, date(2026, 1, 1), None, client, "jeugdwet")
    token = regio.token(Rol.CONSULENT, gemeente)
    kop = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"vol-{toewijzing.aanbieder}"}
    voor = len(regio.toewijzingen(gemeente, aanbieder=toewijzing.aanbieder))
    with Vol(proces, 0):
        eigen_schuld(regio.http.post(f"{TO}/indicaties", json=inhoud, headers=kop))
    made = regio.http.post(f"{TO}/indicaties", json=inhoud, headers=kop)
    assert made.status_code in (201, 409), made.text
    regio.rust()
    assert len(regio.toewijzingen(gemeente, aanbieder=toewijzing.aanbieder)) == voor + (made.status_code == 201)


def test_events_that_could_not_be_taken_in_come_again_when_there_is_room(
    regio: Regio, proces: Sterveling, toewijzing: Toewijzing
) -> None:
    """The disk fills up right after the answer: what the retour promised still reaches places and money."""
    wie = (toewijzing.gemeente, toewijzing.aanbieder, A, date(2026, 1, 1))
    gestrand = aantal = 0
    # As often as it takes: now and then everything is taken in before the disk is full.
    while aantal < 6 or (not gestrand and aantal < 60):
        volgende = regio.maak_toewijzing(*wie) if aantal else toewijzing
        aantal += 1
        regio.meld(volgende, volgende.start(date(2026, 2, 1)))
        with Vol(proces, 0):
            time.sleep(0.15)
            gestrand += len(proces.vraag("backoffice", "select 1 from outbox where verzonden_op is null"))
    regio.rust()
    params = {"peildatum": "2026-03-01", "aanbieder": toewijzing.aanbieder}
    (rij,) = regio.lijst(f"{CM}/bezetting", Rol.CONTRACTMANAGER, params)
    assert rij["bezet"] == aantal
    assert gestrand, "no event ever met the full disk"
    for dienst in ("contractmanagement", "financien", "backoffice", "toegang"):
        assert not proces.vraag(dienst, "select gebeurtenis from geparkeerd"), dienst
