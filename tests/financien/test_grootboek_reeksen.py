"""Any sequence of operations, sensible or not: the ledger balances, its chain holds, and it agrees with its sources."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.financien.bijstelling.store import BIJSTELLING
from services.financien.grootboek.controle import controleer, gemeenten
from services.financien.grootboek.handlers import AlHerroepen, herroep, met_boekingen
from services.financien.grootboek.lezen import saldi as opgeteld
from services.financien.grootboek.rules import Oorzaak
from services.financien.grootboek.rules.saldo import saldi, uitgesplitst
from services.financien.grootboek.store import POST, posten
from services.financien.herkomst.aansluiting import verschillen
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.outbox.edge import Context, Outcome
from shared.web.identity import Rol
from tests.financien.opstelling import (
    BUUR,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
    vastgesteld,
)
from tests.voorbeelden import voorbeelden

BEGIN = date(2025, 7, 1)
Stap = tuple[str, int]
STAPPEN = ("contract", "levering", "dagen", "vrijgave", "monitor", "afrekening", "afsluiting", "herroeping")
# A first few steps that make something to work on, so that no sequence stays empty.
VOORAF: list[Stap] = [("contract", 7), ("levering", 1), ("vrijgave", 0)]
reeksen = st.lists(st.tuples(st.sampled_from(STAPPEN), st.integers(0, 30)), max_size=10)


async def zet(financien: Opstelling, stap: Stap, beurt: int) -> None:
    naam, n = stap
    wie = financien.als(Rol.CONTROLLER, gemeente=BUUR if n % 2 else GEMEENTE)
    eigen = BUUR if n % 2 else GEMEENTE
    kop = {"Idempotency-Key": str(beurt)}
    if naam == "contract":
        sleutel = {GEMEENTE: "0.333333", BUUR: "0.666667"}
        regels = regel(f"{n}.3", f"{n * 997}.{n:02d}", vanaf=BEGIN, verdeelsleutel=sleutel if n % 3 else None)
        await financien.hoor(overeenkomst(regels, versie=beurt + 1, begindatum=BEGIN, tolerantie=f"0.0{n % 10}"))
    elif naam == "levering":
        begin = BEGIN + timedelta(days=7 * n)
        await financien.hoor(
            levering(van_tot(begin, begin + timedelta(days=200)), id=f"l{n}", versie=beurt + 1, gemeente=eigen)
        )
    elif naam == "dagen":
        financien.klok.vandaag += timedelta(days=5 * n)
    elif naam == "vrijgave":
        await geef_termijnen_vrij(financien.service.edge)
    elif naam == "monitor":
        await stel_bij(wie, eigen, kop)
    elif naam == "afrekening":
        laatste = Maand(2025, 7 + n % 6).laatste
        vraag = {"gemeente": eigen, "aanbieder": "42420001", "begindatum": "2025-07-01", "einddatum": str(laatste)}
        gemaakt = (await wie.post("/afrekeningen", json=vraag)).json()
        await vastgesteld(financien, str(gemaakt.get("id")), gemeente=eigen, sleutel=str(beurt))
    elif naam == "afsluiting":
        maand = str(Maand(2025 + n % 2, 1 + n % 12))
        await wie.post("/grootboek/afsluitingen", json={"gemeente": eigen, "maand": maand}, headers=kop)
    else:
        await draai_terug(financien, n)


async def stel_bij(wie: Any, gemeente: str, kop: dict[str, str]) -> None:
    """Propose, notify and fix whatever the last quarter gives."""
    antwoord = await wie.post("/kwartaalmonitors", json={"gemeente": gemeente, "kwartaal": "2025-Q3"})
    for rij in antwoord.json().get("regels", ()):
        if rij["bijstelling"] is not None:
            await wie.post(f"/bijstellingen/{rij['bijstelling']}/melding")
            await wie.post(f"/bijstellingen/{rij['bijstelling']}/vaststelling", headers=kop)


async def draai_terug(financien: Opstelling, n: int) -> None:
    """Undo some post; a post that was undone before is refused."""

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        rows = await reader.select(posten().order_by(POST.c.id))
        changes = Changeset()
        oorzaak = Oorzaak("fout", f"{n}")
        await herroep(reader, context, changes, rows[n % len(rows)].id, oorzaak=oorzaak, omschrijving="Fout")
        return Outcome(None, changes)

    with contextlib.suppress(AlHerroepen):
        await financien.service.edge.carry_out(use_case)


async def keur(financien: Opstelling) -> int:
    """Whether everything holds that always holds; the number of posts."""
    aantal = 0
    async with financien.database.reading() as reader:
        for gemeente in await gemeenten(reader):
            uitslag = await controleer(reader, gemeente)
            assert uitslag.breuk is None
            assert await verschillen(reader, gemeente) == []
            rows = await reader.select(posten(gemeente).order_by(POST.c.volgnummer))
            reeks = [geboekt.post for geboekt in await met_boekingen(reader, rows)]
            for dag in (date(2025, 12, 31), date(2100, 1, 1)):
                stand = await opgeteld(reader, gemeente, dag)
                assert som(saldo.totaal() for saldo in stand) == Bedrag(0)
                uit_posten = {r: b for r, b in saldi(reeks, dag).items() if b.cent}
                assert {saldo.rekening: saldo.totaal() for saldo in stand if saldo.totaal().cent} == uit_posten
                fijn = {(s.rekening, *wie): bedrag for s in stand for wie, bedrag in s.opbouw.items()}
                assert fijn == {wie: bedrag for wie, bedrag in uitgesplitst(reeks, dag).items() if bedrag.cent}
            aantal += len(rows)
    return aantal


async def doorloop(folder: Path, reeks: list[Stap]) -> Counter[str]:
    """Take the steps; how many posts of each kind there are in the end, and how many fixed adjustments."""
    async with opgesteld(folder, date(2025, 11, 15)) as financien:
        aantal = 0
        for beurt, stap in enumerate([*VOORAF, *reeks]):
            await zet(financien, stap, beurt)
            nu = await keur(financien)
            assert nu >= aantal, "posts are only ever added"
            aantal = nu
        geboekt = Counter(str(row["soort"]) for row in await financien.rijen(POST))
        vast = [row for row in await financien.rijen(BIJSTELLING) if row["status"] == "vastgesteld"]
        geboekt["vastgestelde bijstelling"] = len(vast)
        return geboekt


@voorbeelden(15)
@given(reeksen)
def test_after_any_sequence_of_operations_the_ledger_holds(reeks: list[Stap]) -> None:
    with TemporaryDirectory() as folder:
        assert asyncio.run(doorloop(Path(folder), reeks))["termijn"] > 0


def test_the_steps_of_these_sequences_do_something(tmp_path: Path) -> None:
    """Otherwise the sequences above would prove nothing."""
    reeks: list[Stap] = [
        *(("levering", n) for n in (0, 1, 2, 3)),
        ("monitor", 0),
        ("monitor", 1),
        ("dagen", 30),
        ("vrijgave", 0),
        ("contract", 8),
        ("afrekening", 5),
        ("afrekening", 4),
        ("afsluiting", 1),
        ("herroeping", 3),
        ("herroeping", 3),
        ("vrijgave", 0),
    ]
    geboekt = asyncio.run(doorloop(tmp_path, reeks))
    assert geboekt == {"termijn": 20, "afrekening": 2, "herroeping_termijn": 1, "vastgestelde bijstelling": 2}
