"""Kill -9 in the middle of a load, and go on: nothing is lost, nothing happens twice, the end is the same.

Embedded there is one process to kill. Distributed it may be any of the eight while the others go on.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import httpx
import pytest

from deploy.parts import NAMES
from shared.contracts.backoffice import LeveringGewijzigd
from shared.web.identity import Rol
from tests.e2e.belasting import ZENDERS, Belast, Zending, zonder_intrekking
from tests.e2e.conftest import INGEBOUWD, VERSPREID, Regios, Servers
from tests.e2e.gebeurtenissen import Gebeurtenis, buiten_volgorde, op_kafka, vastgelegd
from tests.e2e.inzage import geleden
from tests.e2e.opstelling import Doelwit, Sterveling
from tests.e2e.regio import TO, Regio, indicatie_in
from tests.e2e.streken import A, B, Gebied, maak_gebied
from tests.e2e.test_onafhankelijk import Verteld
from tests.e2e.verhaallijn import INGANG, stand_van
from tests.e2e.verspreid import Verspreid, verspreid

pytestmark = pytest.mark.slow
ZADEN = (11, 23, 37, 41, 58, 64)
KEREN = {INGEBOUWD: 2, VERSPREID: 4}  # kills per region: six times four hits each of eight processes three times
# Messages that go past the other processes while the one that was killed starts again: not all, or the next kill finds
# nothing left.
NOG = 3
GEDULD = 120.0


class Ongestoord(Verteld):
    """The same region, told without any disturbance."""

    def _wijzig(self) -> None:
        pass


@pytest.fixture(scope="module")
def gebieden() -> dict[int, Gebied]:
    return {zaad: zonder_intrekking(maak_gebied(Random(zaad), meer_zorg=5)) for zaad in ZADEN}


class Beschieting:
    """The load of a region, and a product that dies in between."""

    def __init__(self, proces: Doelwit, belast: Belast, random: Random) -> None:
        self.proces, self.belast, self.random = proces, belast, random
        self.zending = Zending(proces, [belast], random)
        self.geraakt: list[str] = []
        self.onderweg: list[int] = []  # at each hit: events that had not arrived everywhere

    def schiet(self, keren: int) -> None:
        """Send everything; kill and start again so many times, at moments that the seed decides."""
        self.zending.begin()
        # The last moment may be after the last answer: then only the events are still under way.
        for moment in sorted(self.random.randint(1, self.zending.aantal) for _ in range(keren)):
            # What went by while the last one started again came through long ago: first there is something under way.
            self.zending.tot(min(max(moment, self.zending.klaar + ZENDERS // 2), self.zending.aantal))
            time.sleep(self.random.random() * 0.006)
            if isinstance(self.proces, Verspreid):
                self.onderweg.append(self.proces.onderweg())
                self.zending.ruimte = NOG
            self.geraakt.append(self.proces.raak(self.random))
            self.zending.ruimte = None
        self.zending.maak_af()
        self.belast.regio.rust()


@pytest.fixture(scope="module")
def proces(stand: str, tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Doelwit]:
    with ExitStack() as stack:
        if stand == VERSPREID:
            yield stack.enter_context(verspreid(servers.ondergrond(stack)))
            return
        proces = Sterveling(tmp_path_factory.mktemp("afbreken") / "data")
        stack.callback(proces.stop)
        yield proces.start()


@pytest.fixture(scope="module")
def belast(proces: Doelwit, gebieden: dict[int, Gebied]) -> Iterator[dict[int, Belast]]:
    """All regions decided on before the first kill."""
    with Regio(proces) as regio:
        regio.subsegment(A)
        regio.subsegment(B)
        made = {zaad: Belast(regio, gebied).maak_post() for zaad, gebied in gebieden.items()}
        regio.rust()
        yield made


@pytest.fixture(scope="module")
def beschoten(stand: str, proces: Doelwit, belast: dict[int, Belast]) -> dict[int, Beschieting]:
    """Every region's load, with some kills each."""
    made = {}
    for zaad, gebied in belast.items():
        made[zaad] = Beschieting(proces, gebied, Random(zaad))
        made[zaad].schiet(KEREN[stand])
    return made


@pytest.mark.parametrize("zaad", ZADEN)
def test_the_end_state_is_that_of_an_undisturbed_run(
    regios: Regios, gebieden: dict[int, Gebied], beschoten: dict[int, Beschieting], zaad: int
) -> None:
    """Undisturbed in one process: both modes end the same."""
    regio = regios.van(INGEBOUWD)
    regio.subsegment(A)
    regio.subsegment(B)
    ongestoord = Ongestoord(regio, gebieden[zaad], Random(zaad))
    verwacht = stand_van(regio, ongestoord.aanbieder, {code: naam for naam, code in ongestoord.codes.items()})
    assert beschoten[zaad].belast.stand() == verwacht


def test_the_kills_fell_in_the_middle(proces: Doelwit, beschoten: dict[int, Beschieting]) -> None:
    """Else the others prove nothing."""
    onbeantwoord = sum(item.zending.onbeantwoord for item in beschoten.values())
    if isinstance(proces, Verspreid):
        geraakt = Counter(naam for item in beschoten.values() for naam in item.geraakt)
        assert geraakt.keys() == proces.leden.keys()
        assert min(geraakt.values()) > 1
        onderweg = [aantal for item in beschoten.values() for aantal in item.onderweg]
        assert sum(map(bool, onderweg)) > len(onderweg) / 2, "most kills found nothing under way"
        assert onbeantwoord > 0
    else:
        assert onbeantwoord > 2 * len(ZADEN)


@pytest.mark.parametrize("zaad", ZADEN)
def test_every_answered_message_is_kept_with_its_retour(beschoten: dict[int, Beschieting], zaad: int) -> None:
    item = beschoten[zaad]
    assert {antwoord.status_code for antwoord in item.zending.antwoorden.values()} <= {200, 202}
    assert item.zending.antwoorden.keys() == set(item.belast.post)
    regio, aanbieder = item.belast.regio, item.belast.aanbieder
    for inhoud, antwoord in item.zending.antwoorden.items():
        bericht = antwoord.headers["location"].rpartition("/")[2]
        assert regio.xml(bericht, aanbieder) == inhoud
        retour = regio.xml(bericht, aanbieder, "/retour")
        assert antwoord.status_code == 202 or retour == antwoord.content
        assert b"RetourCode>" not in retour


def test_nothing_happened_twice(proces: Doelwit, beschoten: dict[int, Beschieting]) -> None:
    for dienst in NAMES:
        assert not proces.vraag(dienst, "select gebeurtenis from geparkeerd"), dienst
        if isinstance(proces, Sterveling):
            assert proces.vraag(dienst, "pragma integrity_check") == [("ok",)]
    keys = "select levering, soort, product, begindatum, einddatum, reden from aanlevering where not vervallen"
    assert max(Counter(proces.vraag("backoffice", keys)).values()) == 1, "a message counted more than once"
    # Every event that was sent was taken in by each of its readers, once.
    gezonden = leveringen(proces)
    assert len(gezonden) > 50, "the look into the outbox sees nothing"
    for lezer in ("financien", "contractmanagement"):
        ontvangen = [rij[0] for rij in proces.vraag(lezer, "select gebeurtenis from inbox")]
        assert len(ontvangen) == len(set(ontvangen))
        assert {item.id for item in gezonden} <= set(ontvangen), lezer


def leveringen(proces: Doelwit) -> list[Gebeurtenis]:
    return [item for item in vastgelegd(proces) if item.topic == LeveringGewijzigd.TOPIC]


def test_events_are_recorded_and_carried_in_the_order_of_their_aggregate(
    proces: Doelwit, beschoten: dict[int, Beschieting]
) -> None:
    """Also where the relay was killed between sending and marking: what it sent again came behind nothing newer."""
    opgeslagen = vastgelegd(proces)
    assert not buiten_volgorde(opgeslagen)
    if isinstance(proces, Verspreid):
        vervoerd = op_kafka(proces.ondergrond.kafka)
        assert {item.id for item in vervoerd} == {item.id for item in opgeslagen}
        assert not buiten_volgorde(vervoerd)


def test_decisions_broken_off_are_made_once_and_their_301_leaves(
    proces: Doelwit, belast: dict[int, Belast], beschoten: dict[int, Beschieting]
) -> None:
    """The same decision sent again with its Idempotency-Key, over some kills: one assignment, one 301."""
    regio = next(iter(belast.values())).regio
    gemeente, aanbieder, random = regio.gemeente(), regio.aanbieder(), Random(7)
    clienten = [next(regio.personen) for _ in range(12)]
    gemaakt: dict[str, str] = {}

    def besluit(nummer: int) -> None:
        client = clienten[nummer]
        inhoud = indicatie_in(gemeente, aanbieder, A, INGANG, None, client, "jeugdwet")
        kop = {
            "Authorization": f"Bearer {regio.token(Rol.CONSULENT, gemeente)}",
            "Idempotency-Key": f"besluit-{nummer}",
        }
        with proces.client() as http:
            while True:
                try:
                    antwoord = http.post(f"{TO}/indicaties", json=inhoud, headers=kop)
                except httpx.TransportError:
                    time.sleep(0.02)
                    continue
                assert antwoord.status_code == 201, antwoord.text
                gemaakt[client.bsn] = antwoord.json()["id"]
                return

    regio.token(Rol.CONSULENT, gemeente)
    draden = [threading.Thread(target=besluit, args=(nummer,)) for nummer in range(12)]
    for draad in draden:
        draad.start()
    for _ in range(2):
        time.sleep(0.02 + random.random() * 0.03)
        proces.raak(random)
    for draad in draden:
        draad.join(GEDULD)
    einde = time.monotonic() + GEDULD
    while time.monotonic() < einde:
        rijen = regio.toewijzingen(gemeente)
        if len(rijen) == 12 and all(rij["status"] == "verzonden" for rij in rijen):
            break
        time.sleep(0.2)
    assert {rij["indicatie"] for rij in rijen} == set(gemaakt.values())
    assert sorted(int(rij["toewijzingNummer"]) for rij in rijen) == list(range(1, 13))
    assert len(regio.berichten(aanbieder, richting="uit")) == 12


def test_what_was_kept_but_never_judged_is_judged_after_all_and_changes_nothing(
    proces: Doelwit, beschoten: dict[int, Beschieting]
) -> None:
    """A kill between keeping a text and deciding on it leaves it undecided; its sender sent it again. When its time
    has come it turns out to be a repetition."""
    item = beschoten[ZADEN[0]]
    voor = item.belast.stand()
    proces.dood()
    ouder_maken(proces)
    proces.start()
    einde = time.monotonic() + GEDULD
    while proces.vraag("backoffice", "select id from bericht where status = 'ontvangen'"):
        assert time.monotonic() < einde, "a kept message is never judged"
        time.sleep(0.2)
    item.belast.regio.rust()
    assert item.belast.stand() == voor


def ouder_maken(proces: Doelwit) -> None:
    """Leave a text as a kill would: kept two minutes ago, without a verdict. What the kills left so is made old
    as well; the row of a repetition joins them, so that there is one for sure."""
    rijen = proces.vraag("backoffice", "select id from bericht where status = 'herhaling' limit 1")
    achtergebleven = proces.vraag("backoffice", "select id from bericht where status = 'ontvangen'")
    assert rijen
    leeg = "update bericht set status = 'ontvangen', versie = 1, heenbericht = null where id = ?"
    proces.wijzig("backoffice", leeg, rijen[0][0])
    proces.wijzig("backoffice", "update bericht set tijdstip = ? where status = 'ontvangen'", geleden(2))
    (aantal,) = proces.vraag("backoffice", "select count(*) from bericht where status = 'ontvangen'")[0]
    assert aantal == len(achtergebleven) + 1
