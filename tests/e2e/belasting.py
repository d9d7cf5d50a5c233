"""A load of messages about whole regions: by several senders, each until answered, in any order and some twice."""

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

import httpx

from services.backoffice.istandaarden.persoon import Client
from shared.web.identity import Rol
from tests.e2e.opstelling import Opstelling
from tests.e2e.regio import BO, XML, Regio, Toewijzing
from tests.e2e.streken import A, Gebied, Zorg
from tests.e2e.test_onafhankelijk import Verteld
from tests.e2e.verhaallijn import stand_van

ZENDERS = 8
GEDULD = 240.0
LATER = (503, 507)  # our own trouble: the sender comes back


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
    """A region with everything decided, whose messages are still to come."""

    def __init__(self, regio: Regio, gebied: Gebied) -> None:
        self.regio, self.gebied = regio, gebied
        self.aanbieder = regio.aanbieder()
        self.codes = {naam: regio.gemeente() for naam in gebied.gemeenten}
        regels = [Verteld.regel(self, award, award.tarieven[0]) for award in gebied.awards]  # type: ignore[arg-type]
        regio.overeenkomst(self.aanbieder, gebied.begin, gebied.eind, regels, gebied.instellingen)
        self.besluiten = [(zorg, *self._besluit(zorg)) for zorg in gebied.zorg]
        self.post: list[bytes] = []

    def maak_post(self) -> "Belast":
        """Every message, as soon as its assignment is there."""
        for zorg, indicatie, client in self.besluiten:
            self.post += self._berichten(zorg, self.regio.toewijzing(indicatie, self.codes[zorg.gemeente], client))
        return self

    def _besluit(self, zorg: Zorg) -> tuple[str, Client]:
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


class Zending:
    """The messages of some regions on their way. `tempo`: seconds between two of them; 0 is as fast as it goes."""

    def __init__(self, product: Opstelling, belast: Sequence[Belast], random: Random, tempo: float = 0.0) -> None:
        self.antwoorden: dict[bytes, httpx.Response] = {}
        self.weggevallen: Counter[str] = Counter()  # requests without an answer, by what broke
        self.uitgesteld: Counter[int] = Counter()
        self.fout: list[BaseException] = []
        self._product = product
        self.tempo = tempo
        self.ruimte: int | None = None  # how many messages may still begin, for as long as that is bounded
        post = [(inhoud, item) for item in belast for inhoud in item.post]
        post += [stuk for stuk in post if random.random() < 0.2]
        random.shuffle(post)
        self.aantal = len(post)
        self.klaar = 0
        self._werk: queue.SimpleQueue[tuple[bytes, Belast]] = queue.SimpleQueue()
        for stuk in post:
            self._werk.put(stuk)
        self._slot = threading.Lock()
        self._beurt = time.monotonic()
        self._zenders = [threading.Thread(target=self._zend, daemon=True) for _ in range(ZENDERS)]

    @property
    def onbeantwoord(self) -> int:
        """How many requests got no answer."""
        return self.weggevallen.total()

    def begin(self) -> None:
        """Let the senders go."""
        self._beurt = time.monotonic()
        for zender in self._zenders:
            zender.start()

    def tot(self, aantal: int) -> None:
        """Until so many have been answered."""
        einde = time.monotonic() + GEDULD
        while self.klaar < aantal:
            assert not self.fout, self.fout
            assert time.monotonic() < einde, f"{self.klaar} of {self.aantal} were answered"
            time.sleep(0.0005)

    def maak_af(self) -> None:
        """Until all have been answered; from here on as fast as it goes."""
        self.tempo = 0.0
        self.tot(self.aantal)
        for zender in self._zenders:
            zender.join()

    def _zend(self) -> None:
        try:
            with self._product.client() as http:
                while True:
                    try:
                        inhoud, belast = self._werk.get_nowait()
                    except queue.Empty:
                        return
                    self._wacht_op_beurt()
                    token = belast.regio.token(Rol.AANBIEDER, aanbieder=belast.aanbieder)
                    antwoord = self._tot_antwoord(http, inhoud, {"Authorization": f"Bearer {token}", **XML})
                    with self._slot:
                        self.antwoorden[inhoud] = antwoord
                        self.klaar += 1
        except BaseException as error:
            self.fout.append(error)

    def _wacht_op_beurt(self) -> None:
        with self._slot:
            self._beurt = max(self._beurt + self.tempo, time.monotonic() - self.tempo)
            wacht = self._beurt - time.monotonic()
        if self.tempo and wacht > 0:
            time.sleep(wacht)
        while not self._mag_beginnen():
            time.sleep(0.002)

    def _mag_beginnen(self) -> bool:
        with self._slot:
            if self.ruimte is None:
                return True
            if self.ruimte == 0:
                return False
            self.ruimte -= 1
            return True

    def _tot_antwoord(self, http: httpx.Client, inhoud: bytes, kop: dict[str, str]) -> httpx.Response:
        while True:
            try:
                antwoord = http.post(f"{BO}/berichten", content=inhoud, headers=kop)
            except httpx.TransportError as fout:
                with self._slot:
                    self.weggevallen[f"{type(fout).__name__}: {fout}"] += 1
                time.sleep(0.02)
                continue
            if antwoord.status_code not in LATER:
                return antwoord
            with self._slot:
                self.uitgesteld[antwoord.status_code] += 1
            time.sleep(0.2)
