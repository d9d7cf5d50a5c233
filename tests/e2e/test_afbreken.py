"""Kill -9 in the middle of a load, and go on: nothing is lost, nothing happens twice, the end is the same."""

import contextlib
import queue
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from random import Random

import httpx
import pytest

from deploy.all_in_one import PARTS
from shared.web.identity import Rol
from tests.e2e.opstelling import Proces, Sterveling
from tests.e2e.regio import BO, TO, XML, Regio, Toewijzing, indicatie_in
from tests.e2e.streken import A, B, Gebied, Zorg, maak_gebied
from tests.e2e.test_onafhankelijk import Verteld
from tests.e2e.verhaallijn import INGANG, stand_van

pytestmark = pytest.mark.slow
ZADEN = (11, 23, 37, 41, 58, 64)
ZENDERS = 8
GEDULD = 45.0
Antwoorden = dict[bytes, httpx.Response]


class Ongestoord(Verteld):
    """The same region, told without any disturbance."""

    def _wijzig(self) -> None:
        pass


@pytest.fixture(scope="module")
def gebieden() -> dict[int, Gebied]:
    return {zaad: zonder_intrekking(maak_gebied(Random(zaad), meer_zorg=5)) for zaad in ZADEN}


def zonder_intrekking(gebied: Gebied) -> Gebied:
    """Only what the load itself tells: no later decisions of people."""
    for zorg in gebied.zorg:
        zorg.ingetrokken = False
    gebied.awards = [award for award in gebied.awards if award.tarieven[0]["vanaf"] == gebied.begin]
    gebied.zorg = [zorg for zorg in gebied.zorg if (zorg.gemeente, zorg.subsegment) != ("drie", A)]
    for award in gebied.awards:
        del award.tarieven[1:]
    return gebied


class Belast:
    """A region in a product that is killed while the messages come in."""

    def __init__(self, regio: Regio, gebied: Gebied) -> None:
        self.regio, self.gebied = regio, gebied
        # Without messages yet: that is what `bezorg` is for.
        self.aanbieder = regio.aanbieder()
        self.codes = {naam: regio.gemeente() for naam in gebied.gemeenten}
        regels = [Verteld.regel(self, award, award.tarieven[0]) for award in gebied.awards]  # type: ignore[arg-type]
        regio.overeenkomst(self.aanbieder, gebied.begin, gebied.eind, regels, gebied.instellingen)
        besluiten = [(zorg, *self._besluit(zorg)) for zorg in gebied.zorg]
        self.post = [
            inhoud
            for zorg, indicatie, client in besluiten
            for inhoud in self._berichten(zorg, regio.toewijzing(indicatie, self.codes[zorg.gemeente], client))
        ]

    def _besluit(self, zorg: Zorg) -> tuple[str, object]:
        gemeente = self.codes[zorg.gemeente]
        return self.regio.indicatie(gemeente, self.aanbieder, zorg.subsegment, zorg.ingangsdatum, zorg.einddatum)

    def _berichten(self, zorg: Zorg, toewijzing: Toewijzing) -> Iterator[bytes]:
        for begin, eind, tijdelijk, definitief in zorg.perioden:
            yield self.regio.bericht(toewijzing, [toewijzing.start(begin)])
            if eind is not None:
                yield self.regio.bericht(toewijzing, [toewijzing.stop(begin, eind, "20" if tijdelijk else "31")])
            if definitief is not None:
                yield self.regio.bericht(toewijzing, [toewijzing.stop(begin, definitief, "31")])

    def stand(self) -> object:
        return stand_van(self.regio, self.aanbieder, {code: naam for naam, code in self.codes.items()})


class Beschieting:
    """Concurrent senders, each sending a message until it is answered, and a product that dies in between."""

    def __init__(self, proces: Proces, belast: Belast, random: Random) -> None:
        self.proces, self.belast, self.random = proces, belast, random
        self.antwoorden: Antwoorden = {}
        self.onbeantwoord = 0
        self._werk: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        dubbel = [inhoud for inhoud in belast.post if random.random() < 0.2]
        post = [*belast.post, *dubbel]
        random.shuffle(post)
        for inhoud in post:
            self._werk.put(inhoud)
        self._aantal = len(post)
        self._klaar = 0
        self._slot = threading.Lock()

    def schiet(self, keren: int) -> None:
        """Send everything; kill and start again so many times, at moments that the seed decides."""
        zenders = [threading.Thread(target=self._zend) for _ in range(ZENDERS)]
        for zender in zenders:
            zender.start()
        # The last moment may be after the last answer: then only the events are still under way.
        momenten = sorted(self.random.randint(1, self._aantal) for _ in range(keren))
        for moment in momenten:
            while self._klaar < moment:
                time.sleep(0.0005)
            time.sleep(self.random.random() * 0.012)
            self.proces.dood()
            self.proces.start()
        for zender in zenders:
            zender.join(60)
            assert not zender.is_alive(), "a message got no answer"
        self.belast.regio.rust()

    def _zend(self) -> None:
        token = self.belast.regio.token(Rol.AANBIEDER, aanbieder=self.belast.aanbieder)
        kop = {"Authorization": f"Bearer {token}", **XML}
        with httpx.Client(base_url=self.proces.url, timeout=30) as http:
            while True:
                try:
                    inhoud = self._werk.get_nowait()
                except queue.Empty:
                    return
                antwoord = self._tot_antwoord(http, inhoud, kop)
                with self._slot:
                    self.antwoorden[inhoud] = antwoord
                    self._klaar += 1

    def _tot_antwoord(self, http: httpx.Client, inhoud: bytes, kop: dict[str, str]) -> httpx.Response:
        while True:
            try:
                return http.post(f"{BO}/berichten", content=inhoud, headers=kop)
            except httpx.TransportError:
                self.onbeantwoord += 1
                time.sleep(0.02)


@pytest.fixture(scope="module")
def proces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proces]:
    proces = Sterveling(tmp_path_factory.mktemp("afbreken") / "data")
    try:
        yield proces.start()
    finally:
        proces.stop()


@pytest.fixture(scope="module")
def belast(proces: Proces, gebieden: dict[int, Gebied]) -> Iterator[dict[int, Belast]]:
    """All regions decided on before the first kill."""
    with Regio(proces) as regio:
        regio.subsegment(A)
        regio.subsegment(B)
        made = {zaad: Belast(regio, gebied) for zaad, gebied in gebieden.items()}
        regio.rust()
        yield made


@pytest.fixture(scope="module")
def beschoten(proces: Proces, belast: dict[int, Belast]) -> dict[int, Beschieting]:
    """Every region's load, with two kills each."""
    made = {}
    for zaad, gebied in belast.items():
        made[zaad] = Beschieting(proces, gebied, Random(zaad))
        made[zaad].schiet(2)
    return made


@pytest.mark.parametrize("zaad", ZADEN)
def test_the_end_state_is_that_of_an_undisturbed_run(
    regio: Regio, gebieden: dict[int, Gebied], beschoten: dict[int, Beschieting], zaad: int
) -> None:
    regio.subsegment(A)
    regio.subsegment(B)
    ongestoord = Ongestoord(regio, gebieden[zaad], Random(zaad))
    verwacht = stand_van(regio, ongestoord.aanbieder, {code: naam for naam, code in ongestoord.codes.items()})
    assert beschoten[zaad].belast.stand() == verwacht


def test_the_kills_fell_in_the_middle(beschoten: dict[int, Beschieting]) -> None:
    """Else the others prove nothing."""
    assert sum(item.onbeantwoord for item in beschoten.values()) > 2 * len(ZADEN)


@pytest.mark.parametrize("zaad", ZADEN)
def test_every_answered_message_is_kept_with_its_retour(beschoten: dict[int, Beschieting], zaad: int) -> None:
    item = beschoten[zaad]
    assert {antwoord.status_code for antwoord in item.antwoorden.values()} <= {200, 202}
    assert item.antwoorden.keys() == set(item.belast.post)
    regio, aanbieder = item.belast.regio, item.belast.aanbieder
    for inhoud, antwoord in item.antwoorden.items():
        bericht = antwoord.headers["location"].rpartition("/")[2]
        assert regio.xml(bericht, aanbieder) == inhoud
        retour = regio.xml(bericht, aanbieder, "/retour")
        assert antwoord.status_code == 202 or retour == antwoord.content
        assert b"RetourCode>" not in retour


def test_nothing_happened_twice(proces: Proces, beschoten: dict[int, Beschieting]) -> None:
    for dienst in (part.name for part in PARTS):
        assert not proces.vraag(dienst, "select id from outbox group by id having count(*) > 1"), dienst
        assert not proces.vraag(dienst, "select gebeurtenis from geparkeerd"), dienst
        assert proces.vraag(dienst, "pragma integrity_check") == [("ok",)]
    uniek = "select json_extract(inhoud, '$.data.levering') l, json_extract(inhoud, '$.data.versie') v from outbox"
    versies = proces.vraag("backoffice", f"{uniek} where topic like '%levering%'")
    assert len(versies) > 50, "the look into the outbox sees nothing"
    assert max(Counter(versies).values()) == 1
    keys = "select levering, soort, product, begindatum, einddatum, reden from aanlevering where not vervallen"
    assert max(Counter(proces.vraag("backoffice", keys)).values()) == 1, "a message counted more than once"
    # Every event that was sent was taken in by each of its readers, once.
    gezonden = {rij[0] for rij in proces.vraag("backoffice", "select id from outbox where topic like '%levering%'")}
    for lezer in ("financien", "contractmanagement"):
        ontvangen = [rij[0] for rij in proces.vraag(lezer, "select gebeurtenis from inbox")]
        assert len(ontvangen) == len(set(ontvangen))
        assert gezonden <= set(ontvangen), lezer


def test_decisions_broken_off_are_made_once_and_their_301_leaves(
    proces: Proces, belast: dict[int, Belast], beschoten: dict[int, Beschieting]
) -> None:
    """The same decision sent again with its Idempotency-Key, over two kills: one assignment, one 301."""
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
        with httpx.Client(base_url=proces.url, timeout=30) as http:
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
        proces.dood()
        proces.start()
    for draad in draden:
        draad.join(60)
    lease_voorbij(proces)
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
    proces: Proces, beschoten: dict[int, Beschieting]
) -> None:
    """A kill between keeping a text and deciding on it leaves it undecided; its sender sent it again. When its time
    has come it turns out to be a repetition."""
    item = beschoten[ZADEN[0]]
    voor = item.belast.stand()
    proces.dood()
    ouder_maken(proces)
    lease_voorbij(proces)
    proces.start()
    einde = time.monotonic() + GEDULD
    while proces.vraag("backoffice", "select id from bericht where status = 'ontvangen'"):
        assert time.monotonic() < einde, "a kept message is never judged"
        time.sleep(0.2)
    item.belast.regio.rust()
    assert item.belast.stand() == voor


def ouder_maken(proces: Proces) -> None:
    """Leave a text as a kill would: kept two minutes ago, without a verdict. What the kills left so is made old
    as well; the row of a repetition joins them, so that there is one for sure."""
    rijen = proces.vraag("backoffice", "select id from bericht where status = 'herhaling' limit 1")
    achtergebleven = proces.vraag("backoffice", "select id from bericht where status = 'ontvangen'")
    assert rijen
    with contextlib.closing(sqlite3.connect(proces.map / "backoffice.sqlite", timeout=10)) as connection, connection:
        connection.execute(
            "update bericht set status = 'ontvangen', versie = 1, heenbericht = null where id = ?", rijen[0]
        )
        connection.execute("update bericht set tijdstip = datetime(tijdstip, '-2 minutes') where status = 'ontvangen'")
        changed = connection.execute("select count(*) from bericht where status = 'ontvangen'").fetchone()[0]
    assert changed == len(achtergebleven) + 1


def lease_voorbij(proces: Proces) -> None:
    """A process that was killed keeps its leases until they end (half a minute and more): that time has passed."""
    with contextlib.closing(sqlite3.connect(proces.map / "backoffice.sqlite", timeout=10)) as connection, connection:
        connection.execute("update lease set tot = datetime(tot, '-5 minutes'), versie = versie + 1")
