"""The ledger follows from its causes: worked out anew it is the same, entry for entry and hash for hash; and what has
no cause, or another one, is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from services.financien.betaling.store import BETALING
from services.financien.grootboek.controle import controleer
from services.financien.grootboek.handlers import met_boekingen
from services.financien.grootboek.rules import BEGIN, Geboekt, geketend
from services.financien.grootboek.store import POST, posten
from services.financien.herkomst.aansluiting import verschillen
from services.financien.herkomst.herbouw import herbouw
from shared.kernel.bedrag import som
from tests.financien.betaalopstelling import boeking, camt053, kenmerken, klaar, meld, naar_bank, pain002, saldi
from tests.financien.opstelling import GEMEENTE, Opstelling, opgesteld
from tests.financien.reeks import GEMEENTEN, VANDAAG, Reeks
from tests.financien.test_grootboek_controle import vervals

STAPPEN = 200
ZADEN = (1, 2, 3)
BOEKT = {
    *("termijn", "herroeping_termijn", "afrekening", "jaareinde", "jaareinde_terug"),
    *("betaling_aangeboden", "betaling_uitgevoerd", "betaling_teruggeboekt", "herroeping_betaling_aangeboden"),
}


async def grootboek(financien: Opstelling, gemeente: str) -> list[Geboekt]:
    """The posts of a gemeente, in order."""
    async with financien.database.reading() as reader:
        rows = await reader.select(posten(gemeente).order_by(POST.c.volgnummer))
        return await met_boekingen(reader, rows)


async def herbouwde_hash(financien: Opstelling, gemeente: str) -> str:
    """The last hash of the chain, from causes alone: of the posts that stand there only name, place, moment, day,
    person and words are taken, which are the ledger's own."""
    eigen = await grootboek(financien, gemeente)
    async with financien.database.reading() as reader:
        verwacht = await herbouw(reader, gemeente, eigen)
    hash = BEGIN
    for nummer, oud in enumerate(eigen, start=1):
        nieuw = verwacht[oud.post.sleutel]
        post = replace(oud.post, soort=nieuw.soort, oorzaak=nieuw.oorzaak, boekingen=nieuw.boekingen)
        gemaakt = geketend(
            post, id=oud.id, volgnummer=nummer, persoon=oud.persoon, vastgelegd_op=oud.vastgelegd_op, vorige=hash
        )
        hash = gemaakt.hash
    return hash


async def klopt(financien: Opstelling) -> None:
    """What must hold after every step."""
    for gemeente in GEMEENTEN:
        assert sum((await saldi(financien, gemeente)).values()) == 0
        async with financien.database.reading() as reader:
            assert (await controleer(reader, gemeente)).breuk is None
            assert await verschillen(reader, gemeente) == []
    per_post = {row["id"]: row for row in await financien.rijen(POST)}
    for row in await financien.rijen(BETALING):
        # What is paid stands in the ledger of who owes and of who pays, once.
        namen = [post["sleutel"] for post in per_post.values() if post["oorzaak_id"] == row["id"]]
        assert len(namen) == len(set(namen))


async def gewandeld(financien: Opstelling, zaad: int, *, keur_elke: int) -> Reeks:
    """A walk, held against its causes every so many steps and at the end."""
    reeks = Reeks(financien, zaad)
    await reeks.begin()
    for stap in range(STAPPEN):
        await reeks.stap()
        if stap % keur_elke == 0:
            await klopt(financien)
    await klopt(financien)
    return reeks


@asynccontextmanager
async def op_sqlite(folder: Path, naam: str) -> AsyncIterator[Opstelling]:
    """On an empty file."""
    async with opgesteld(_leeg(folder, naam), VANDAAG) as made:
        yield made


def _leeg(folder: Path, naam: str) -> Path:
    made = folder / naam
    made.mkdir()
    return made


async def ketens(financien: Opstelling) -> dict[str, list[str]]:
    """Every hash of every gemeente."""
    return {gemeente: [geboekt.hash for geboekt in await grootboek(financien, gemeente)] for gemeente in GEMEENTEN}


@pytest.mark.slow
@pytest.mark.parametrize("zaad", ZADEN)
async def test_after_any_sequence_the_ledger_is_what_its_causes_give_hash_for_hash(tmp_path: Path, zaad: int) -> None:
    async with op_sqlite(tmp_path, "een") as financien:
        reeks = await gewandeld(financien, zaad, keur_elke=20)
        gevonden = await ketens(financien)
        for gemeente in GEMEENTEN:
            assert await herbouwde_hash(financien, gemeente) == gevonden[gemeente][-1]
        debet = som(
            boeking.bedrag for geboekt in await grootboek(financien, GEMEENTE) for boeking in geboekt.post.boekingen
        )
        assert debet.cent > 0
    # The same causes once more, on an empty database: the same ledger.
    async with op_sqlite(tmp_path, "twee") as financien:
        weer = Reeks(financien, zaad)
        await weer.begin()
        for _ in range(STAPPEN):
            await weer.stap()
        assert await ketens(financien) == gevonden
        assert weer.gelukt == reeks.gelukt


@pytest.mark.slow
async def test_these_sequences_book_everything_that_can_be_booked(tmp_path: Path) -> None:
    """Otherwise the claim above would prove little."""
    soorten: set[str] = set()
    for zaad in ZADEN:
        async with op_sqlite(tmp_path, str(zaad)) as financien:
            reeks = Reeks(financien, zaad)
            await reeks.begin()
            for _ in range(STAPPEN):
                await reeks.stap()
            soorten |= {str(row["soort"]) for row in await financien.rijen(POST)}
    assert soorten >= BOEKT


async def betaald(financien: Opstelling) -> str:
    """One payment, carried out; its id."""
    await klaar(financien)
    made = await naar_bank(financien)
    await meld(financien, camt053(boeking(kenmerken(made)[0], "50000.00")))
    return str(made["betalingen"][0]["id"])


async def gevonden(financien: Opstelling) -> list[str]:
    async with financien.database.reading() as reader:
        return [verschil.melding for verschil in await verschillen(reader, GEMEENTE)]


async def test_a_payment_whose_build_up_was_changed_behind_the_ledger_is_named(financien: Opstelling) -> None:
    identity = await betaald(financien)
    assert await gevonden(financien) == []
    vervals(financien, "UPDATE betaling SET opbouw = replace(opbouw, '1000000', '1000001')")
    assert await gevonden(financien) == [f"Betaling {identity} geeft andere boekingen."] * 2


async def test_a_payment_that_never_was_and_one_that_is_not_booked_are_named(financien: Opstelling) -> None:
    identity = await betaald(financien)
    vervals(financien, "UPDATE betaling SET status = 'geaccepteerd'")
    assert await gevonden(financien) == [f"Betaling {identity} geeft deze post niet."]
    vervals(financien, "UPDATE betaling SET status = 'teruggeboekt'")
    # Returned: the money that came back and the order that is undone are both missing.
    assert await gevonden(financien) == [f"Dit had geboekt moeten zijn: betaling {identity}."] * 2


async def test_an_undone_post_is_the_opposite_of_what_it_undoes(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    await meld(financien, pain002(made["kenmerk"], (kenmerken(made)[0], "RJCT", "AC04")))
    assert await gevonden(financien) == []
    vervals(
        financien,
        "UPDATE boeking SET bedrag_cent = 1 WHERE nummer = 1 AND post IN "
        "(SELECT id FROM journaalpost WHERE soort = 'herroeping_betaling_aangeboden')",
    )
    assert [melding.endswith("geeft andere boekingen.") for melding in await gevonden(financien)] == [True]
