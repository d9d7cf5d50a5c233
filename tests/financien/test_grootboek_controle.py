"""Whoever has rights on the database can switch the guards off and change a row: the check finds it and names it."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from services.financien.grootboek.controle import Controle, controleer, gemeenten
from services.financien.herkomst.aansluiting import verschillen
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from tests.financien.opstelling import BUUR, GEMEENTE, Opstelling, levering, overeenkomst, regel, van_tot, vastgesteld

GUARDS = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"


async def vol(financien: Opstelling) -> None:
    """Two gemeenten with five posts each, a closing after three of them, and a settlement."""
    await financien.hoor(overeenkomst(regel(), regel(gemeente=BUUR)), levering(van_tot(date(2026, 1, 1))))
    financien.klok.vandaag = date(2026, 3, 20)
    await geef_termijnen_vrij(financien.service.edge)
    await financien.controller.post(
        "/grootboek/afsluitingen", json={"gemeente": GEMEENTE, "maand": "2026-02"}, headers={"Idempotency-Key": "1"}
    )
    financien.klok.vandaag = date(2026, 5, 15)
    await geef_termijnen_vrij(financien.service.edge)


def vervals(financien: Opstelling, *daden: str) -> None:
    with sqlite3.connect(financien.database.path) as plain:  # type: ignore[attr-defined]  # SQLite here
        plain.execute("PRAGMA foreign_keys = OFF")
        for (name,) in plain.execute(GUARDS).fetchall():
            plain.execute(f"DROP TRIGGER {name}")
        for daad in daden:
            assert plain.execute(daad).rowcount > 0, daad
    plain.close()


async def uitslag(financien: Opstelling, gemeente: str = GEMEENTE) -> Controle:
    async with financien.database.reading() as reader:
        return await controleer(reader, gemeente)


async def test_an_untouched_ledger_is_in_order(financien: Opstelling) -> None:
    await vol(financien)
    async with financien.database.reading() as reader:
        assert await gemeenten(reader) == [GEMEENTE, BUUR]
        assert await verschillen(reader, GEMEENTE) == []
    goed = await uitslag(financien)
    assert (goed.posten, goed.breuk) == (5, None)


VAN_POST_3 = f"gemeente = '{GEMEENTE}' AND volgnummer = 3"
ID_3 = f"(SELECT id FROM journaalpost WHERE {VAN_POST_3})"


@pytest.mark.parametrize(
    ("daad", "melding"),
    [
        (f"UPDATE boeking SET bedrag_cent = bedrag_cent + 1 WHERE post = {ID_3}", "niet meer wat er is vastgelegd"),
        (f"UPDATE boeking SET aanbieder = '42420002' WHERE post = {ID_3}", "niet meer wat er is vastgelegd"),
        (f"UPDATE boeking SET credit = 'bank' WHERE post = {ID_3}", "niet meer wat er is vastgelegd"),
        (f"UPDATE boeking SET credit = 'verzonnen' WHERE post = {ID_3}", "nooit geboekt"),
        (f"UPDATE boeking SET nummer = 2 WHERE post = {ID_3}", "nooit geboekt"),
        (f"DELETE FROM boeking WHERE post = {ID_3}", "nooit geboekt"),
        (
            "INSERT INTO boeking (post, nummer, debet, credit, bedrag_cent) "
            f"SELECT id, 2, 'lasten', 'bank', 1 FROM journaalpost WHERE {VAN_POST_3}",
            "niet meer wat er is vastgelegd",
        ),
        (f"UPDATE journaalpost SET persoon = 'x' WHERE {VAN_POST_3}", "niet meer wat er is vastgelegd"),
        (f"UPDATE journaalpost SET periode = '2025-01' WHERE {VAN_POST_3}", "nooit geboekt"),
        (f"UPDATE journaalpost SET boekdatum = 'x' WHERE {VAN_POST_3}", "nooit geboekt"),
        (f"UPDATE journaalpost SET vorige = 'x' WHERE {VAN_POST_3}", "sluit niet aan"),
        (f"UPDATE journaalpost SET gemeente = '{BUUR}', volgnummer = 6 WHERE {VAN_POST_3}", "Post 3 ontbreekt"),
        (f"DELETE FROM journaalpost WHERE {VAN_POST_3}", "Post 3 ontbreekt"),
    ],
)
async def test_the_first_post_that_does_not_fit_is_named(financien: Opstelling, daad: str, melding: str) -> None:
    await vol(financien)
    vervals(financien, daad)
    breuk = (await uitslag(financien)).breuk
    assert breuk is not None
    assert (breuk.volgnummer, melding in breuk.melding) == (3, True), breuk
    if "gemeente" not in daad.partition("WHERE")[0]:
        assert (await uitslag(financien, BUUR)).breuk is None


@pytest.mark.parametrize(
    ("daad", "volgnummer"),
    [
        ("DELETE FROM journaalpost WHERE volgnummer = 5", 5),
        ("UPDATE grootboek_keten SET volgnummer = 4", 5),
        ("UPDATE grootboek_keten SET hash = 'x'", 5),
        ("DELETE FROM grootboek_keten", 1),
        ("UPDATE grootboek_afsluiting SET hash = 'x'", 3),
    ],
)
async def test_a_chain_that_ends_elsewhere_or_passes_by_its_anchor_is_found(
    financien: Opstelling, daad: str, volgnummer: int
) -> None:
    await vol(financien)
    vervals(financien, daad)
    breuk = (await uitslag(financien)).breuk
    assert breuk is not None
    assert breuk.volgnummer == volgnummer


async def test_two_posts_that_changed_places_are_found(financien: Opstelling) -> None:
    await vol(financien)
    vervals(
        financien,
        f"UPDATE journaalpost SET volgnummer = 99 WHERE gemeente = '{GEMEENTE}' AND volgnummer = 2",
        f"UPDATE journaalpost SET volgnummer = 2 WHERE {VAN_POST_3}",
        f"UPDATE journaalpost SET volgnummer = 3 WHERE gemeente = '{GEMEENTE}' AND volgnummer = 99",
    )
    breuk = (await uitslag(financien)).breuk
    assert breuk is not None
    assert breuk.volgnummer == 2


async def test_a_source_that_says_something_else_is_named(financien: Opstelling) -> None:
    await vol(financien)
    lijn = f"o1:{GEMEENTE}:54Z01"
    vervals(
        financien,
        f"UPDATE termijn SET voorschot_cent = 1 WHERE lijn = '{lijn}' AND maand = '2026-02'",
        f"DELETE FROM termijn WHERE lijn = '{lijn}' AND maand = '2026-03'",
    )
    async with financien.database.reading() as reader:
        gevonden = [verschil.melding for verschil in await verschillen(reader, GEMEENTE)]
        assert await verschillen(reader, BUUR) == []
    assert gevonden == [
        f"Termijn {lijn}:2026-02 is 0.01, geboekt is 10000.00.",
        f"Termijn {lijn}:2026-03 staat niet meer in het betaalschema.",
    ]


async def test_a_settlement_whose_lines_were_changed_afterwards_is_named(financien: Opstelling) -> None:
    await vol(financien)
    vraag = {"gemeente": GEMEENTE, "aanbieder": "42420001", "begindatum": "2026-01-01", "einddatum": "2026-04-30"}
    concept = (await financien.controller.post("/afrekeningen", json=vraag)).json()
    assert (await vastgesteld(financien, concept["id"])).status_code == 200
    async with financien.database.reading() as reader:
        assert await verschillen(reader, GEMEENTE) == []
    vervals(
        financien, "UPDATE afrekening SET regels = replace(regels, '\"kosten_cent\": 100000', '\"kosten_cent\": 99999')"
    )
    async with financien.database.reading() as reader:
        gevonden = await verschillen(reader, GEMEENTE)
    assert [verschil.melding for verschil in gevonden] == [f"Afrekening {concept['id']} geeft andere boekingen."]
