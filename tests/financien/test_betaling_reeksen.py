"""Any sequence of what people and banks do: ledger and payments never come apart, and every item is paid once (F-8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from services.financien.betaling.store import BATCH, BETAALPOST, BETALING
from services.financien.grootboek.controle import controleer
from services.financien.grootboek.rules import Boeking, Rekening
from services.financien.grootboek.store import BOEKING, POST
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.kernel.bedrag import Bedrag
from tests.financien.betaalopstelling import (
    boek_afrekening,
    boeking,
    camt053,
    doe,
    iemand,
    klaar,
    meld,
    pain002,
    saldi,
)
from tests.financien.opstelling import AANBIEDER, ANDER, CODE, GEMEENTE, Opstelling

MENSEN = ("anna", "bert", "carla")
BIJ_BANK, BETAALD = {"aangeboden", "geaccepteerd"}, {"uitgevoerd"}
LEVEND = {"klaargezet"} | BIJ_BANK | BETAALD


class Wandeling:
    """Takes steps by chance; most are refused, and all may be taken twice."""

    def __init__(self, financien: Opstelling, kans: Random) -> None:
        self.financien = financien
        self.kans = kans
        self.afrekeningen = 0
        self.bestanden: list[bytes] = []
        self.geslaagd = 0

    async def stap(self) -> None:
        stappen: list[Callable[[], Awaitable[Any]]] = [
            self.vrijgave,
            self.afrekening,
            *[self.batch] * 3,
            *[self.stap_van_batch] * 12,
            *[self.bank] * 6,
            self.bank_nog_eens,
        ]
        await self.kans.choice(stappen)()

    async def vrijgave(self) -> None:
        vandaag = self.financien.klok.vandaag
        if vandaag.month < 12:
            self.financien.klok.vandaag = vandaag.replace(month=vandaag.month + 1)
        await geef_termijnen_vrij(self.financien.service.edge)

    async def afrekening(self) -> None:
        self.afrekeningen += 1
        van, naar = self.kans.choice(
            [(Rekening.LASTEN, Rekening.TE_BETALEN), (Rekening.TE_BETALEN, Rekening.TE_VORDEREN)]
        )
        bedrag = Bedrag(self.kans.randint(1, 2_000_000))
        aanbieder = self.kans.choice([AANBIEDER, ANDER])
        await boek_afrekening(self.financien, Boeking(van, naar, bedrag, aanbieder, CODE), naam=f"a{self.afrekeningen}")

    async def batch(self) -> None:
        dag = "2026-12-14" if self.kans.random() < 0.8 else "2026-06-01"
        await self.roep("/betaalbatches", {"gemeente": GEMEENTE, "uitvoerdatum": dag})

    async def stap_van_batch(self) -> None:
        batches = await self.financien.rijen(BATCH)
        levend = [row for row in batches if row["status"] in ("concept", "goedgekeurd")]
        if batches:
            row = self.kans.choice(levend if levend and self.kans.random() < 0.8 else batches)
            stap = self.kans.choice(["goedkeuringen"] * 9 + ["bestand"] * 9 + ["aanlevering", "intrekking"])
            await self.roep(f"/betaalbatches/{row['id']}/{stap}")

    async def roep(self, pad: str, json: dict[str, Any] | None = None) -> None:
        antwoord = await doe(iemand(self.financien, self.kans.choice(MENSEN)), pad, json)
        assert antwoord.status_code in (200, 201, 400, 409), antwoord.text
        self.geslaagd += antwoord.status_code < 300

    async def bank(self) -> None:
        """The bank speaks of what it has: any payment of which a file was made."""
        bekend = [
            row for row in await self.financien.rijen(BETALING) if row["status"] not in ("klaargezet", "ingetrokken")
        ]
        if not bekend:
            return
        row = self.kans.choice(bekend)
        euro = Bedrag(row["bedrag_cent"]).als_euro()
        dag = self.financien.klok.vandaag.isoformat()
        bericht = self.kans.choice(
            [
                lambda: pain002("m", (row["kenmerk"], "ACCP", None)),
                lambda: pain002("m", (row["kenmerk"], "RJCT", self.kans.choice(["AC04", "AM05"]))),
                lambda: camt053(boeking(row["kenmerk"], euro, dag=dag)),
                lambda: camt053(boeking(row["kenmerk"], euro, "CRDT", dag=dag, terug="AC04")),
                lambda: camt053(boeking(row["kenmerk"], "0.01", dag=dag)),
                lambda: pain002(row["batch"], groep=self.kans.choice(["RJCT", "ACSC", "ACCP"])),
            ]
        )()
        self.bestanden.append(bericht)
        assert (await meld(self.financien, bericht)).status_code in (200, 201)

    async def bank_nog_eens(self) -> None:
        if self.bestanden:
            assert (await meld(self.financien, self.kans.choice(self.bestanden))).status_code == 200


async def klopt(financien: Opstelling) -> None:
    """What must hold after every step, worked out from the rows alone."""
    betalingen = await financien.rijen(BETALING)
    posten = {row["id"]: row for row in await financien.rijen(POST)}
    genomen = {(row["post"], row["nummer"]): row["betaling"] for row in await financien.rijen(BETAALPOST)}
    per_betaling: dict[str, int] = {}
    open_cent = 0
    for row in await financien.rijen(BOEKING):
        if posten[row["post"]]["oorzaak_soort"] == "betaling" or "te_betalen" not in (row["debet"], row["credit"]):
            continue
        cent = row["bedrag_cent"] if row["credit"] == "te_betalen" else -row["bedrag_cent"]
        betaling = genomen.get((row["post"], row["nummer"]))
        if betaling is None:
            open_cent += cent
        else:
            per_betaling[betaling] = per_betaling.get(betaling, 0) + cent
    assert per_betaling == {row["id"]: row["bedrag_cent"] for row in betalingen if row["status"] in LEVEND}

    def samen(statussen: set[str]) -> int:
        return sum(row["bedrag_cent"] for row in betalingen if row["status"] in statussen)

    stand = await saldi(financien)
    assert stand.get("te_betalen", 0) == -(open_cent + samen({"klaargezet"}))
    assert stand.get("onderweg", 0) == -samen(BIJ_BANK)
    assert stand.get("bank", 0) == -samen(BETAALD)
    assert sum(stand.values()) == 0
    for row in await financien.rijen(BATCH):
        mensen = {goedkeuring["gebruiker"] for goedkeuring in row["goedkeuringen"]}
        assert len(mensen) == len(row["goedkeuringen"])
        assert len(mensen) == 2 or row["status"] in ("concept", "ingetrokken")


@pytest.mark.slow
@pytest.mark.parametrize("worp", range(4))
async def test_any_sequence_of_steps_keeps_ledger_and_payments_together(financien: Opstelling, worp: int) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    financien.klok.vandaag = date(2026, 5, 1)
    wandeling = Wandeling(financien, Random(worp))
    for _ in range(100):
        await wandeling.stap()
        await klopt(financien)
    assert wandeling.geslaagd > 5, "a walk on which all is refused proves nothing"
    assert wandeling.bestanden, "a walk on which the bank is silent proves little"
    async with financien.database.reading() as reader:
        assert (await controleer(reader, GEMEENTE)).breuk is None
