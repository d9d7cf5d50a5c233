"""Kill -9 at every step of a payment batch, from composing to what the bank says, and go on: every term is paid once.

Each step is sent until it is answered, with its Idempotency-Key or, by somebody who forgot it, with another. The bank
here pays whatever file it is ever given, so a second file, or one payment under two names, would be paid twice.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from random import Random
from typing import Any

import httpx
import pytest

from shared.contracts.envelope import unpack
from shared.contracts.financien import BetalingGewijzigd
from shared.web.identity import Rol
from tests.e2e.conftest import INGEBOUWD, VERSPREID, Servers
from tests.e2e.ondergrond import plekregie
from tests.e2e.opstelling import Doelwit, Sterveling, schone_omgeving
from tests.e2e.regio import FI, Regio, regel
from tests.e2e.streken import A, B
from tests.e2e.verspreid import Verspreid, verspreid
from tests.financien.betaalopstelling import IBAN_AANBIEDER, IBAN_GEMEENTE, boeking, camt053, overboekingen
from tests.verteld import inhoud

pytestmark = pytest.mark.slow
STAPPEN = ("batch", "eerste goedkeuring", "tweede goedkeuring", "bestand", "aanlevering", "terugmelding")
# Kills at every step: whether the caller forgot its key, and whether the kill waits until the step was committed while
# the caller has not heard of it; else it falls at any moment.
RONDES = {
    INGEBOUWD: ((False, False), (True, False), (False, True), (True, True)),
    VERSPREID: ((False, False), (False, True), (True, True)),
}
UITVOERDATUM = "2026-08-20"
MAANDEN = 8  # January through August have begun
GEDULD = 120.0
RUIM = httpx.Timeout(GEDULD)
DOOF = httpx.Timeout(GEDULD, read=0.0001)  # sends, and hears nothing
Json = dict[str, Any]


@dataclass
class Ronde:
    """One gemeente with two aanbieders that it pays, and everything that the bank was ever given."""

    gemeente: str
    aanbieders: list[str]
    vergeetachtig: bool
    na_vastleggen: bool
    naar_bank: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)  # batch → what its file says
    onbeantwoord: Counter[str] = field(default_factory=Counter)
    antwoorden: Counter[tuple[str, int]] = field(default_factory=Counter)


class Uitvoerder:
    """People of a gemeente, who go on until they are answered."""

    def __init__(self, proces: Doelwit, ronde: Ronde) -> None:
        self.proces, self.ronde = proces, ronde
        self.niet_gehoord, self.weer_op = threading.Event(), threading.Event()
        self._tokens: dict[str, str] = {}

    def kop(self, wie: str) -> dict[str, str]:
        if wie not in self._tokens:
            self._tokens[wie] = self.proces.token(Rol.CONTROLLER, gemeente=self.ronde.gemeente, gebruiker=wie)
        return {"Authorization": f"Bearer {self._tokens[wie]}"}

    def neem(self, stap: str) -> None:
        """Take a step, time and again until it is answered; then once more, as the impatient do."""
        poging = 0
        if self.ronde.na_vastleggen:
            poging += 1
            with self.proces.client(GEDULD) as http, pytest.raises(httpx.TransportError):
                self._ongehoord(http, stap)
            self.ronde.onbeantwoord[stap] += 1
            self.niet_gehoord.set()
            self.weer_op.wait(GEDULD)
        with self.proces.client(GEDULD) as http:
            while True:
                sleutel = f"{stap}-{poging if self.ronde.vergeetachtig else 0}"
                poging += 1
                try:
                    antwoord = self._eens(http, stap, sleutel)
                    if antwoord.status_code >= 500:
                        raise httpx.TransportError(antwoord.text)
                    weer = self._eens(http, stap, sleutel)
                except httpx.TransportError:
                    self.ronde.onbeantwoord[stap] += 1
                    time.sleep(0.02)
                    continue
                # 409: it was done before, and the answer got lost; never with the key that it was done with.
                assert antwoord.status_code in ((200, 201, 409) if self.ronde.vergeetachtig else (200, 201)), antwoord
                assert (weer.status_code, weer.content) == (antwoord.status_code, antwoord.content)
                self.ronde.antwoorden[stap, antwoord.status_code] += 1
                return

    def _ongehoord(self, http: httpx.Client, stap: str) -> None:
        """Take a step once and hear nothing of it, also when the answer comes before the caller can be deaf."""
        antwoord = self._eens(http, stap, f"{stap}-0", DOOF)
        raise httpx.ReadTimeout("not heard", request=antwoord.request)

    def _eens(self, http: httpx.Client, stap: str, sleutel: str, geduld: httpx.Timeout = RUIM) -> httpx.Response:
        """Take a step once, on what is there; only for the step itself is the caller impatient."""
        wie = "bert" if stap == "tweede goedkeuring" else "anna"
        kop = {**self.kop(wie), "Idempotency-Key": sleutel}
        if stap == "batch":
            http.timeout = geduld
            inhoud = {"gemeente": self.ronde.gemeente, "uitvoerdatum": UITVOERDATUM}
            return http.post(f"{FI}/betaalbatches", json=inhoud, headers=kop)
        batch = self._batch(http)
        if stap == "terugmelding":
            afschrift = camt053(
                *(boeking(k, euro, dag="2026-08-19") for k, _, euro in sorted(self._bestand(http, batch)))
            )
            xml = {**kop, "Content-Type": "application/xml"}
            http.timeout = geduld
            return http.post(f"{FI}/terugmeldingen", content=afschrift, headers=xml)
        http.timeout = geduld
        wat = "goedkeuringen" if "goedkeuring" in stap else stap
        antwoord = http.post(f"{FI}/betaalbatches/{batch}/{wat}", headers=kop)
        if stap == "bestand" and antwoord.status_code == 200:
            self._bestand(http, batch)
        return antwoord

    def _batch(self, http: httpx.Client) -> str:
        antwoord = http.get(f"{FI}/betaalbatches", headers=self.kop("anna"))
        if antwoord.status_code != 200:
            raise httpx.TransportError(antwoord.text)
        (batch,) = antwoord.json()["resultaten"]
        return str(batch["id"])

    def _bestand(self, http: httpx.Client, batch: str) -> set[tuple[str, str, str]]:
        """Hand the file to the bank, as often as it is asked for."""
        kop = {**self.kop("anna"), "Accept": "application/xml"}
        antwoord = http.get(f"{FI}/betaalbatches/{batch}", headers=kop)
        if antwoord.status_code != 200:
            raise httpx.TransportError(antwoord.text)
        gevonden = set(overboekingen(antwoord.content))
        assert self.ronde.naar_bank.setdefault(batch, gevonden) == gevonden, "a file that was made changed"
        return gevonden


@pytest.fixture(scope="module")
def proces(stand: str, tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Doelwit]:
    with ExitStack() as stack:
        if stand == VERSPREID:
            yield stack.enter_context(verspreid(servers.ondergrond(stack)))
            return
        proces = Sterveling(tmp_path_factory.mktemp("betaling") / "data")
        stack.callback(proces.stop)
        yield proces.start()


@pytest.fixture(scope="module")
def rondes(stand: str, proces: Doelwit) -> list[Ronde]:
    """Everything that comes before the first step: contracts, released terms, confirmed account numbers."""
    with Regio(proces) as regio:
        regio.subsegment(A)
        regio.subsegment(B)
        made = [
            Ronde(regio.gemeente(), [regio.aanbieder(), regio.aanbieder()], vergeetachtig, na_vastleggen)
            for vergeetachtig, na_vastleggen in RONDES[stand]
        ]
        for ronde in made:
            for aanbieder in ronde.aanbieders:
                regels = [regel(ronde.gemeente, A, "2.5", "38123.45"), regel(ronde.gemeente, B, "1", "777.77")]
                regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), regels)
            _rekeningen(proces, ronde)
        regio.rust()
        for ronde in made:
            _wacht_op_vrijgave(regio, ronde)
    return made


def _rekeningen(proces: Doelwit, ronde: Ronde) -> None:
    uitvoerder = Uitvoerder(proces, ronde)
    with proces.client() as http:
        for soort, code, iban in (
            ("gemeenten", ronde.gemeente, IBAN_GEMEENTE),
            *(("aanbieders", aanbieder, IBAN_AANBIEDER) for aanbieder in ronde.aanbieders),
        ):
            inhoud = {"iban": iban, "naam": f"Rekening {code}", "vanaf": "2026-01-01"}
            antwoord = http.put(f"{FI}/rekeningen/{soort}/{code}", json=inhoud, headers=uitvoerder.kop("anna"))
            assert antwoord.status_code == 201, antwoord.text
            if soort == "aanbieders":
                kop = {**uitvoerder.kop("bert"), "Idempotency-Key": code}
                antwoord = http.post(f"{FI}/rekeningen/{antwoord.json()['id']}/bevestiging", headers=kop)
                assert antwoord.status_code == 200, antwoord.text


def saldi(regio: Regio, gemeente: str) -> dict[str, str]:
    """Balances that are not zero."""
    rijen = regio.lijst(f"{FI}/grootboek/saldi", Rol.CONTROLLER, gemeente=gemeente)
    return {rij["rekening"]: rij["saldo"] for rij in rijen if rij["saldo"] != "0.00"}


def termijnen(regio: Regio, ronde: Ronde) -> int:
    """What the terms that have begun are together, in cents, from the schema."""
    schemas = regio.betaalschemas(ronde.gemeente)
    bedragen = [t["bedrag"] for schema in schemas for t in schema["termijnen"] if t["maand"] <= f"2026-{MAANDEN:02d}"]
    assert len(bedragen) == MAANDEN * len(ronde.aanbieders)
    return sum(int(bedrag.replace(".", "")) for bedrag in bedragen)


def _wacht_op_vrijgave(regio: Regio, ronde: Ronde) -> None:
    einde, verwacht = time.monotonic() + GEDULD, termijnen(regio, ronde)
    while saldi(regio, ronde.gemeente).get("voorschotten") != euro(verwacht):
        assert time.monotonic() < einde, "terms are not released"
        time.sleep(0.2)


def euro(cent: int) -> str:
    return f"{cent // 100}.{cent % 100:02d}"


@pytest.fixture(scope="module")
def afgebroken(proces: Doelwit, rondes: list[Ronde]) -> list[Ronde]:
    """Every step of every round, with a kill while it is on its way."""
    random = Random(5)
    for nummer, ronde in enumerate(rondes):
        for stap in STAPPEN:
            uitvoerder = Uitvoerder(proces, ronde)
            fout: list[BaseException] = []

            def neem(stap: str = stap, uitvoerder: Uitvoerder = uitvoerder, fout: list[BaseException] = fout) -> None:
                try:
                    uitvoerder.neem(stap)
                except BaseException as error:
                    fout.append(error)

            draad = threading.Thread(target=neem)
            draad.start()
            if ronde.na_vastleggen:
                assert uitvoerder.niet_gehoord.wait(GEDULD), fout
                wacht_op_vastleggen(proces, ronde, stap)
            else:
                time.sleep(random.random() * 0.06)
            tref(proces, nummer)
            uitvoerder.weer_op.set()
            draad.join(GEDULD)
            assert not draad.is_alive(), f"{stap} is never answered"
            assert not fout, fout
    return rondes


def wacht_op_vastleggen(proces: Doelwit, ronde: Ronde, stap: str) -> None:
    """Until the step stands in the database, with the answer that nobody heard."""
    einde = time.monotonic() + GEDULD
    sleutel = sha256(f"{stap}-0".encode()).hexdigest()
    vraag = f"select beller from antwoord where sleutel = '{sleutel}'"
    while not any(beller.endswith(f":{ronde.gemeente}") for (beller,) in proces.vraag("financien", vraag)):
        assert time.monotonic() < einde, f"{stap} is never done"
        time.sleep(0.002)


def tref(proces: Doelwit, nummer: int) -> None:
    """Kill -9 what takes the calls; of the services apart, in every other round its worker as well."""
    if not isinstance(proces, Verspreid):
        proces.raak(Random(nummer))
        return
    for soort in ("serve", "worker")[: 1 + nummer % 2]:
        lid = proces.leden[f"{soort} financien"]
        lid.beeindig(signal.SIGKILL)
        proces.herstart(lid)


@pytest.fixture
def regio_van(proces: Doelwit) -> Iterator[Regio]:
    with Regio(proces) as regio:
        yield regio


def test_the_kills_fell_in_the_middle(afgebroken: list[Ronde]) -> None:
    """Else the others prove nothing."""
    onbeantwoord = sum((ronde.onbeantwoord for ronde in afgebroken if not ronde.na_vastleggen), Counter())
    assert len(onbeantwoord) >= len(STAPPEN) - 2, onbeantwoord
    for ronde in afgebroken:
        if ronde.na_vastleggen and ronde.vergeetachtig:
            # It was done, nobody heard, and with another key it is not done again.
            al_gedaan = {stap for stap, status in ronde.antwoorden if status == 409}
            assert al_gedaan == {"batch", "eerste goedkeuring", "tweede goedkeuring"}


def test_one_file_left_for_each_gemeente_and_it_pays_every_term_once(regio_van: Regio, afgebroken: list[Ronde]) -> None:
    for ronde in afgebroken:
        (bestand,) = ronde.naar_bank.values()
        assert len({kenmerk for kenmerk, _, _ in bestand}) == len(bestand) == len(ronde.aanbieders)
        assert sum(int(bedrag.replace(".", "")) for _, _, bedrag in bestand) == termijnen(regio_van, ronde)


def test_the_ledger_says_that_it_was_paid_once(regio_van: Regio, proces: Doelwit, afgebroken: list[Ronde]) -> None:
    for ronde in afgebroken:
        bedrag = euro(termijnen(regio_van, ronde))
        assert saldi(regio_van, ronde.gemeente) == {"voorschotten": bedrag, "bank": f"-{bedrag}"}
        (batch,) = regio_van.lijst(f"{FI}/betaalbatches", Rol.CONTROLLER, gemeente=ronde.gemeente)
        assert batch["status"] == "verwerkt"
        assert [goed["gebruiker"] for goed in batch["goedkeuringen"]] == ["anna", "bert"]
        betalingen = regio_van.lijst(f"{FI}/betalingen", Rol.CONTROLLER, gemeente=ronde.gemeente)
        assert [rij["status"] for rij in betalingen] == ["uitgevoerd"] * len(ronde.aanbieders)
        delen = [(b["aanbieder"], d["subsegment"], d["maand"]) for b in betalingen for d in b["opbouw"]]
        assert len(delen) == len(set(delen)) == len(ronde.aanbieders) * 2 * MAANDEN
        inhoud = {"gemeente": ronde.gemeente, "uitvoerdatum": UITVOERDATUM}
        kop = {"Idempotency-Key": "nog eens"}
        weer = regio_van.roep(
            "POST",
            f"{FI}/betaalbatches",
            Rol.CONTROLLER,
            gemeente=ronde.gemeente,
            goed=(409,),
            headers=kop,
            json=inhoud,
        )
        assert weer.json()["title"] == "Er is niets om te betalen"


def test_what_was_told_of_each_payment_was_told_once(
    proces: Doelwit, regio_van: Regio, afgebroken: list[Ronde]
) -> None:
    regio_van.rust()
    eigen = {ronde.gemeente for ronde in afgebroken}
    verteld: dict[str, list[str]] = {}
    for (gepakt,) in proces.vraag("financien", "select inhoud from outbox order by id"):
        bericht = unpack(bytes(gepakt))
        if bericht.type == BetalingGewijzigd.TYPE and inhoud(bericht)["gemeente"] in eigen:
            verteld.setdefault(inhoud(bericht)["betaling"], []).append(inhoud(bericht)["status"])
    assert len(verteld) == sum(len(ronde.aanbieders) for ronde in afgebroken)
    assert set(map(tuple, verteld.values())) == {("aangeboden", "uitgevoerd")}


def test_the_chains_hold_and_agree_with_their_causes(proces: Doelwit, afgebroken: list[Ronde]) -> None:
    if isinstance(proces, Verspreid):
        omgeving = proces.ondergrond.diensten("financien", kafka=False)
    else:
        assert isinstance(proces, Sterveling)
        omgeving = {**schone_omgeving(), **proces.omgeving}
    regels = [json.loads(regel) for regel in plekregie(["grootboek", "controleer", "--json"], omgeving).splitlines()]
    assert {regel["gemeente"] for regel in regels} >= {ronde.gemeente for ronde in afgebroken}
    assert {regel["oordeel"] for regel in regels} == {"goed"}
