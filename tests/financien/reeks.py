"""A long walk over everything that books: two gemeenten of which one may pay for the other, contracts that change,
settlements and corrections, batches, a bank that answers, answers late or never, closings and year-ends.

A seed decides every step, and what a step works on is read from the tables; so the same seed does the same again, on
whichever engine. Most steps are refused at some time, and all may be taken twice.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import httpx

from services.financien.betaling.store import BATCH, BETALING
from services.financien.grootboek.handlers import AlHerroepen, herroep
from services.financien.grootboek.rules import Oorzaak
from services.financien.grootboek.store import POST
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Refusal
from shared.outbox.edge import Context, Outcome
from tests.financien.betaalopstelling import (
    IBAN_AANBIEDER,
    IBAN_ANDER,
    IBAN_GEMEENTE,
    boeking,
    camt053,
    iemand,
    pain002,
    rekening,
)
from tests.financien.opstelling import (
    AANBIEDER,
    ANDER,
    BUUR,
    GEMEENTE,
    Opstelling,
    levering,
    overeenkomst,
    regel,
    van_tot,
    vastgesteld,
    versie,
)

GEMEENTEN, AANBIEDERS, MENSEN = (GEMEENTE, BUUR), (AANBIEDER, ANDER), ("anna", "bert", "carla")
BEGIN, VANDAAG = date(2025, 7, 1), date(2025, 10, 6)
AF = {"klaargezet", "ingetrokken"}


class Reeks:
    """Takes steps by chance."""

    def __init__(self, financien: Opstelling, zaad: int) -> None:
        self.financien = financien
        self.kans = Random(zaad)
        self.beurt = 0
        self.gelukt: Counter[str] = Counter()
        self.bestanden: list[tuple[str, bytes]] = []

    async def begin(self) -> None:
        """Contracts, released terms and account numbers, so that every kind of step has something to work on."""
        assert self.financien.klok.vandaag == VANDAAG
        for nummer, aanbieder in enumerate(AANBIEDERS):
            await self.contract(nummer, aanbieder)
        for gemeente in GEMEENTEN:
            await rekening(self.financien, gemeente, IBAN_GEMEENTE, gemeente=gemeente, vanaf="2025-01-01")
            for aanbieder, iban in zip(AANBIEDERS, (IBAN_AANBIEDER, IBAN_ANDER), strict=True):
                await rekening(self.financien, aanbieder, iban, gemeente=gemeente, vanaf="2025-01-01")
        await geef_termijnen_vrij(self.financien.service.edge)

    async def stap(self) -> None:
        """One step."""
        self.beurt += 1
        stappen: list[Callable[[], Awaitable[None]]] = [
            self.contract,
            *[self.levering] * 3,
            *[self.dagen] * 4,
            self.monitor,
            *[self.afrekening] * 2,
            self.correctie,
            self.afsluiting,
            self.herroeping,
            *[self.jaareinde] * 2,
            self.betaalpunt,
            *[self.batch] * 4,
            *[self.stap_van_batch] * 12,
            *[self.bank] * 5,
            self.bank_nog_eens,
            *[self.bankverklaring] * 3,
        ]
        await self.kans.choice(stappen)()

    async def roep(self, naam: str, pad: str, inhoud: Any = None, gemeente: str | None = None) -> httpx.Response:
        """A call by somebody of a gemeente; a refusal is an answer too, a mishap is not."""
        wie = iemand(self.financien, self.kans.choice(MENSEN), gemeente or self.kans.choice(GEMEENTEN))
        antwoord = await wie.post(pad, json=inhoud, headers={"Idempotency-Key": f"{naam}-{self.beurt}"})
        assert antwoord.status_code < 500, antwoord.text
        self.gelukt[naam] += antwoord.status_code < 300
        return antwoord

    async def contract(self, nummer: int | None = None, aanbieder: str | None = None) -> None:
        """A contract as it now is: another price, other places from a month, the region with its key."""
        nummer = self.kans.randrange(2) if nummer is None else nummer
        deel = self.kans.randint(1, 99)
        sleutel = {GEMEENTE: f"0.{deel:02d}", BUUR: f"0.{100 - deel:02d}"}
        later = date(2025 + self.kans.randint(0, 1), self.kans.choice((8, 11)), 1)
        daarna = (versie(later, f"{self.kans.randint(0, 6)}.5", "41234.56", sleutel),)
        regels = regel(f"{self.kans.randint(1, 6)}.3", f"{self.kans.randint(1, 60_000)}.37", vanaf=BEGIN)
        regels |= {"gemeente": None, "versies": [{**regels["versies"][0], "verdeelsleutel": sleutel}, *daarna]}
        await self.financien.hoor(
            overeenkomst(
                regels,
                id=f"o{nummer}",
                aanbieder=aanbieder or AANBIEDERS[nummer],
                versie=self.beurt + 1,
                begindatum=BEGIN,
                tolerantie=self.kans.choice(("0", "0.05")),
            )
        )
        self.gelukt["contract"] += 1

    async def levering(self) -> None:
        begin = BEGIN + timedelta(days=self.kans.randint(0, 200))
        eind = self.kans.choice((None, begin + timedelta(days=self.kans.randint(0, 200))))
        await self.financien.hoor(
            levering(
                van_tot(begin, eind),
                id=f"l{self.kans.randint(0, 12)}",
                versie=self.beurt + 1,
                gemeente=self.kans.choice(GEMEENTEN),
                aanbieder=self.kans.choice(AANBIEDERS),
                vervallen=self.kans.random() < 0.1,
            )
        )
        self.gelukt["levering"] += 1

    async def dagen(self) -> None:
        """Some days later what has begun is released."""
        self.financien.klok.vandaag = min(
            self.financien.klok.vandaag + timedelta(days=self.kans.choice((1, 7, 20, 35))), date(2026, 12, 20)
        )
        await geef_termijnen_vrij(self.financien.service.edge)
        self.gelukt["dagen"] += 1

    async def monitor(self) -> None:
        gemeente = self.kans.choice(GEMEENTEN)
        inhoud = {"gemeente": gemeente, "kwartaal": self.kans.choice(("2025-Q3", "2025-Q4", "2026-Q1"))}
        antwoord = await self.roep("monitor", "/kwartaalmonitors", inhoud, gemeente)
        for rij in antwoord.json().get("regels", ()):
            if rij["bijstelling"] is not None:
                await self.roep("melding", f"/bijstellingen/{rij['bijstelling']}/melding", None, gemeente)
                inhoud = {"toelichting": "Besproken"}
                await self.roep("bijstelling", f"/bijstellingen/{rij['bijstelling']}/vaststelling", inhoud, gemeente)

    async def afrekening(self) -> None:
        gemeente, aanbieder = self.kans.choice(GEMEENTEN), self.kans.choice(AANBIEDERS)
        van = Maand(2025, 7 + self.kans.choice((0, 0, 3)))
        tot = Maand(2025, 9) if van.nummer == 7 else self.kans.choice((Maand(2025, 12), Maand(2026, 2)))
        inhoud = {"begindatum": str(van.eerste), "einddatum": str(tot.laatste)}
        made = await self.roep(
            "concept", "/afrekeningen", {"gemeente": gemeente, "aanbieder": aanbieder, **inhoud}, gemeente
        )
        if made.status_code == 201:
            await self._stel_vast("afrekening", made.json()["id"], gemeente, aanbieder)

    async def correctie(self) -> None:
        """The difference with a settlement that was fixed."""
        gemeente = self.kans.choice(GEMEENTEN)
        wie = iemand(self.financien, "anna", gemeente)
        rijen = (await wie.get("/afrekeningen?aantal=1000")).json()["resultaten"]
        vast = [rij for rij in rijen if rij["status"] == "vastgesteld" and rij["soort"] == "afrekening"]
        if vast:
            eerste = self.kans.choice(vast)
            made = await self.roep("concept", f"/afrekeningen/{eerste['id']}/correctie", None, gemeente)
            if made.status_code == 201:
                await self._stel_vast("correctie", made.json()["id"], gemeente, eerste["aanbieder"])

    async def _stel_vast(self, naam: str, identity: str, gemeente: str, aanbieder: str) -> None:
        gedaan = await vastgesteld(
            self.financien, identity, gemeente=gemeente, aanbieder=aanbieder, sleutel=f"{naam}{self.beurt}"
        )
        assert gedaan.status_code < 500, gedaan.text
        self.gelukt[naam] += gedaan.status_code == 200

    async def afsluiting(self) -> None:
        gemeente = self.kans.choice(GEMEENTEN)
        maand = self.kans.choice(("2025-07", "2025-08", "2025-09", "2025-10"))
        await self.roep("afsluiting", "/grootboek/afsluitingen", {"gemeente": gemeente, "maand": maand}, gemeente)

    async def herroeping(self) -> None:
        """Undo a released term: a mistake of somebody, who then must live with what follows."""
        posten = [rij for rij in await self.financien.rijen(POST) if rij["soort"] in ("termijn", "herroeping_termijn")]
        gekozen, n = self.kans.choice(posten), self.beurt

        async def use_case(reader: Reader, context: Context) -> Outcome[None]:
            changes = Changeset()
            oorzaak = Oorzaak("fout", f"{n}")
            await herroep(reader, context, changes, gekozen["id"], oorzaak=oorzaak, omschrijving="Vergissing")
            return Outcome(None, changes)

        with contextlib.suppress(AlHerroepen, Refusal):
            await self.financien.service.edge.carry_out(use_case)
            self.gelukt["herroeping"] += 1

    async def jaareinde(self) -> None:
        gemeente = self.kans.choice(GEMEENTEN)
        await self.roep("jaareinde", "/jaareindes", {"gemeente": gemeente, "jaar": 2025}, gemeente)

    async def betaalpunt(self) -> None:
        """BUUR lets GEMEENTE pay for it, or pays itself again."""
        doel = self.kans.choice(("betaling", "afrekening"))
        inhoud = {"betaalpunt": self.kans.choice(GEMEENTEN), "vanaf": str(self.financien.klok.vandaag)}
        antwoord = await iemand(self.financien, "anna", BUUR).put(f"/betaalpunten/{BUUR}/{doel}", json=inhoud)
        assert antwoord.status_code == 200, antwoord.text
        self.gelukt["betaalpunt"] += 1

    async def batch(self) -> None:
        gemeente, dag = self.kans.choice(GEMEENTEN), self.financien.klok.vandaag
        uitvoer = dag + timedelta(days=self.kans.choice((0, 1, 2, 3, 60)))
        await self.roep("batch", "/betaalbatches", {"gemeente": gemeente, "uitvoerdatum": str(uitvoer)}, gemeente)

    async def stap_van_batch(self) -> None:
        batches = await self.financien.rijen(BATCH)
        levend = [row for row in batches if row["status"] in ("concept", "goedgekeurd")]
        if batches:
            row = self.kans.choice(levend if levend and self.kans.random() < 0.85 else batches)
            bestand = ["bestand"] * (18 if row["status"] == "goedgekeurd" else 1)
            stap = self.kans.choice(["goedkeuringen"] * 9 + bestand + ["aanlevering", "intrekking"])
            await self.roep(stap, f"/betaalbatches/{row['id']}/{stap}", None, row["betaler"])

    async def bank(self) -> None:
        """The bank speaks of what it has, sensibly or not."""
        row = await self._bij_bank()
        if row is None:
            return
        euro, dag = Bedrag(row["bedrag_cent"]).als_euro(), self.financien.klok.vandaag.isoformat()
        soort = self.kans.choice(("genomen", "geweigerd", "dubbel", "betaald", "betaald", "terug", "ander bedrag"))
        bericht = {
            "genomen": lambda: pain002("m", (row["kenmerk"], "ACCP", None)),
            "geweigerd": lambda: pain002("m", (row["kenmerk"], "RJCT", "AC04")),
            "dubbel": lambda: pain002("m", (row["kenmerk"], "RJCT", "AM05")),
            "betaald": lambda: camt053(boeking(row["kenmerk"], euro, dag=dag), nummer=str(self.beurt)),
            "terug": lambda: camt053(boeking(row["kenmerk"], euro, "CRDT", dag=dag, terug="AC04")),
            "ander bedrag": lambda: camt053(boeking(row["kenmerk"], "0.01", dag=dag)),
        }[soort]()
        self.bestanden.append((row["betaler"], bericht))
        await self._meld(f"bank: {soort}", row["betaler"], bericht)

    async def bank_nog_eens(self) -> None:
        if self.bestanden:
            await self._meld("bank: herhaald", *self.kans.choice(self.bestanden))

    async def _meld(self, naam: str, gemeente: str, bericht: bytes) -> None:
        wie = iemand(self.financien, "anna", gemeente)
        kop = {"content-type": "application/xml", "Idempotency-Key": f"bank-{self.beurt}"}
        antwoord = await wie.post("/terugmeldingen", content=bericht, headers=kop)
        assert antwoord.status_code in (200, 201), antwoord.text
        self.gelukt[naam] += 1

    async def bankverklaring(self) -> None:
        """Somebody reads the statement; somebody, perhaps the same, confirms."""
        row = await self._bij_bank()
        if row is None:
            return
        reden = {"reden": "Zo staat het op het afschrift."}
        wel = {"bevinding": "betaald", "dag": str(self.financien.klok.vandaag)}
        bedrag = {"bedrag": Bedrag(row["bedrag_cent"]).als_euro()}
        inhoud = self.kans.choice(({**wel, **bedrag, **reden}, {"bevinding": "niet_betaald", **reden}))
        pad = f"/betalingen/{row['id']}/bankverklaringen"
        made = await self.roep("verklaring", pad, inhoud, row["betaler"])
        if made.status_code == 201:
            stap = self.kans.choice(("bevestiging", "bevestiging", "bevestiging", "afwijzing"))
            pad = f"/bankverklaringen/{made.json()['id']}/{stap}"
            await self.roep(f"{stap}: {inhoud['bevinding']}", pad, None, row["betaler"])

    async def _bij_bank(self) -> dict[str, Any] | None:
        """A payment of which a file was made, mostly one that the bank has not finished."""
        bekend = [row for row in await self.financien.rijen(BETALING) if row["status"] not in AF]
        bezig = [row for row in bekend if row["status"] in ("aangeboden", "geaccepteerd")]
        gekozen = bezig if bezig and self.kans.random() < 0.8 else bekend
        return self.kans.choice(gekozen) if gekozen else None
