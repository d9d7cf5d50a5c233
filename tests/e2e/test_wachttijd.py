"""What waits is refused when its time is up, and the rest is judged again; 302s; work without numbers."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from lxml import etree

from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.retour import maak_retour
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import StartProduct
from shared.web.identity import Rol
from tests.e2e.conftest import VERSPREID, Servers
from tests.e2e.inzage import InPostgres
from tests.e2e.keuring import Keuring
from tests.e2e.opstelling import GEDULD, VANDAAG, Ingebouwd
from tests.e2e.regio import Regio, Toewijzing, regel
from tests.e2e.rust import Rust

VRIJDAG = date(2026, 8, 21)
CODE = "54Z07"
ZONDER = "54Z08"


class Kalender:
    """A product of its own, whose day the test turns."""

    def __init__(self, regio: Regio, opstelling: Ingebouwd) -> None:
        self.regio = regio
        self._opstelling = opstelling

    def zet(self, dag: date) -> None:
        """It is this day now; what is due is done."""
        self._opstelling.zet_kalender(dag)

    def status(self, bericht: str, aanbieder: str) -> tuple[str, list[str]]:
        """Where a message stands."""
        rij = self.regio.roep("GET", bericht, Rol.AANBIEDER, aanbieder=aanbieder).json()
        return rij["status"], rij["retourcodes"]

    def wacht_op(self, bericht: str, aanbieder: str, status: str) -> list[str]:
        """The codes of a message, once it has this status."""
        einde = time.monotonic() + GEDULD
        while (gevonden := self.status(bericht, aanbieder))[0] != status:
            assert time.monotonic() < einde, gevonden
            time.sleep(0.02)
        return gevonden[1]


@pytest.fixture(scope="module")
def kalender(
    stand: str, servers: Servers, tmp_path_factory: pytest.TempPathFactory, keuring: Keuring
) -> Iterator[Kalender]:
    """In one process in both modes, for only there can the day be turned."""
    with ExitStack() as stack:
        if stand == VERSPREID:
            op = servers.ondergrond(stack)
            inzage = InPostgres(op.adres("eigenaar"))
            stack.callback(inzage.sluit)
            opstelling = Ingebouwd(op.map, VANDAAG, op.diensten(), Rust(inzage).wacht)
        else:
            opstelling = Ingebouwd(tmp_path_factory.mktemp("wachttijd") / "data", VANDAAG)
        stack.callback(opstelling.stop)
        regio = stack.enter_context(Regio(opstelling, keuring))
        maak_subsegmenten(regio)
        yield Kalender(regio, opstelling)


def maak_subsegmenten(regio: Regio) -> None:
    regio.subsegment(CODE)
    inhoud = {
        "naam": "Taakgericht",
        "segment": "Proef",
        "wet": "jeugdwet",
        "productcategorie": "54",
        "bekostiging": "taak",
        "metToewijzing": False,
    }
    regio.roep("PUT", f"/contractmanagement/v1/subsegmenten/{ZONDER}", Rol.BEHEER, json=inhoud)


@pytest.fixture
def toewijzing(kalender: Kalender) -> Toewijzing:
    regio = kalender.regio
    kalender.zet(VANDAAG)
    return regio.maak_toewijzing(regio.gemeente(), regio.aanbieder(), CODE, date(2026, 1, 1), date(2026, 12, 31))


def perioden(regio: Regio, toewijzing: Toewijzing) -> list[tuple[str, str | None]]:
    (rij,) = regio.toewijzingen(toewijzing.gemeente)
    return [(levering["begindatum"], levering["einddatum"]) for levering in rij["leveringen"]]


def test_a_stop_whose_start_never_comes_is_refused_after_one_werkdag(
    kalender: Kalender, toewijzing: Toewijzing
) -> None:
    regio, aanbieder = kalender.regio, toewijzing.aanbieder
    kalender.zet(VRIJDAG)
    antwoord = regio.meld(toewijzing, toewijzing.stop(date(2026, 7, 1), date(2026, 8, 1)))
    bericht = antwoord.headers["Location"]
    assert (antwoord.status_code, kalender.status(bericht, aanbieder)) == (202, ("wacht", ["9069"]))
    assert regio.roep("GET", bericht, Rol.AANBIEDER, aanbieder=aanbieder).json()["wachtTot"] == "2026-08-24"

    # Saturday, Sunday and the whole of Monday it may still be cured.
    for dagen in (1, 2, 3):
        kalender.zet(VRIJDAG + timedelta(days=dagen))
        time.sleep(0.1)
        assert kalender.status(bericht, aanbieder)[0] == "wacht"
    kalender.zet(VRIJDAG + timedelta(days=4))
    assert kalender.wacht_op(bericht, aanbieder, "afgekeurd") == ["9069"]
    retour = etree.fromstring(regio.xml(bericht.rpartition("/")[2], aanbieder, "/retour"))
    codes = [element.text for element in retour.iter() if str(element.tag).endswith("}RetourCode")]
    assert codes == ["0200", "9069", "0200"]

    # It has left the set: the start that comes now runs on.
    assert regio.meld(toewijzing, toewijzing.start(date(2026, 7, 1))).status_code == 200
    assert perioden(regio, toewijzing) == [("2026-07-01", None)]


def test_a_second_start_counts_while_it_waits_and_no_more_when_it_is_refused(
    kalender: Kalender, toewijzing: Toewijzing
) -> None:
    regio, aanbieder = kalender.regio, toewijzing.aanbieder
    assert regio.meld(toewijzing, toewijzing.start(date(2026, 3, 1))).status_code == 200
    tweede = regio.meld(toewijzing, toewijzing.start(date(2026, 5, 1)))
    bericht = tweede.headers["Location"]
    assert (tweede.status_code, kalender.status(bericht, aanbieder)) == (202, ("wacht", ["9326"]))
    assert perioden(regio, toewijzing) == [("2026-03-01", None), ("2026-05-01", None)]
    kalender.zet(VANDAAG + timedelta(days=5))
    assert kalender.wacht_op(bericht, aanbieder, "afgekeurd") == ["9326"]
    assert perioden(regio, toewijzing) == [("2026-03-01", None)]


def test_what_waits_in_time_is_accepted_by_what_cures_it(kalender: Kalender, toewijzing: Toewijzing) -> None:
    regio, aanbieder = kalender.regio, toewijzing.aanbieder
    regio.meld(toewijzing, toewijzing.start(date(2026, 3, 1)))
    tweede = regio.meld(toewijzing, toewijzing.start(date(2026, 5, 1))).headers["Location"]
    assert regio.meld(toewijzing, toewijzing.stop(date(2026, 3, 1), date(2026, 4, 30))).status_code == 200
    assert kalender.status(tweede, aanbieder) == ("goedgekeurd", [])
    kalender.zet(VANDAAG + timedelta(days=9))
    time.sleep(0.1)
    assert kalender.status(tweede, aanbieder) == ("goedgekeurd", [])
    assert perioden(regio, toewijzing) == [("2026-03-01", "2026-04-30"), ("2026-05-01", None)]


def test_the_providers_302_is_kept_with_our_301(kalender: Kalender, toewijzing: Toewijzing) -> None:
    regio, aanbieder = kalender.regio, toewijzing.aanbieder
    (rij,) = regio.berichten(aanbieder, richting="uit", berichtcode="JW301")
    heen = lees(regio.xml(rij["id"], aanbieder))
    retour = schrijf(maak_retour(heen, identificatie_retour="R1", dagtekening_retour=VANDAAG))
    assert regio.stuur(retour, regio.aanbieder(), goed=(403,)).status_code == 403
    assert regio.stuur(retour, aanbieder, goed=(204,)).status_code == 204
    (na,) = regio.berichten(aanbieder, richting="uit", berichtcode="436")
    assert (na["status"], na["retourcodes"]) == ("goedgekeurd", [])
    assert regio.xml(rij["id"], aanbieder, "/retour") == retour
    for code in ("436", "301", "JW301"):
        assert [found["id"] for found in regio.berichten(aanbieder, berichtcode=code)] == [rij["id"]]


def test_task_based_care_is_counted_without_a_number(kalender: Kalender, toewijzing: Toewijzing) -> None:
    regio = kalender.regio
    gemeente, aanbieder = toewijzing.gemeente, regio.aanbieder()
    regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), [regel(gemeente, ZONDER, "2", "12000.00")])
    wie = Toewijzing(**{**toewijzing.__dict__, "aanbieder": aanbieder})
    gestart = StartProduct(None, "54", ZONDER, None, date(2026, 6, 1))
    assert regio.meld(wie, gestart).status_code == 200
    regio.rust()
    (rij,) = regio.bezetting(VANDAAG, aanbieder)
    assert (rij["bezet"], rij["plekken"]) == (1, "2")
    # The same product without a number, where an assignment is needed, can't be tied to one (TR019).
    geweigerd = regio.meld(wie, StartProduct(None, "54", CODE, None, date(2026, 6, 1)))
    assert b"9019" in geweigerd.content
