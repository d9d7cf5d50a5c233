"""Accountability per financial year (F-7): split exactly, asked as agreed, and in agreement with the ledger."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.financien.grootboek.store import POST
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.kernel.bedrag import Bedrag
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    ANDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
    vastgesteld,
)
from tests.financien.test_grootboek_reeksen import STAPPEN, VOORAF, Stap, draai_terug, zet
from tests.financien.test_indexatie import subsegment
from tests.financien.test_jaareinde_dienst import JULI, NA_HET_JAAR, jaareinde, juli_tot_juli, settle
from tests.voorbeelden import voorbeelden

Json = dict[str, Any]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def verantwoord(financien: Opstelling, jaar: int, wie: Any = None, vraag: str = "") -> list[Json]:
    antwoord = await (wie or financien.controller).get(f"/verantwoordingen?jaar={jaar}{vraag}")
    assert antwoord.status_code == 200, antwoord.text
    rijen: list[Json] = antwoord.json()["resultaten"]
    return rijen


async def test_a_year_shows_what_was_paid_realised_and_settled_and_agrees_with_the_ledger(
    financien: Opstelling,
) -> None:
    await juli_tot_juli(financien)
    await financien.hoor(subsegment())
    await settle(financien, "2025-07-01", "2025-09-30")
    await jaareinde(financien)
    (jaar,) = await verantwoord(financien, 2025)
    (rij,) = jaar["regels"]
    assert (jaar["gemeente"], jaar["transitorisch"], jaar["verschillen"]) == (GEMEENTE, "48000.00", [])
    assert (rij["aanbieder"], rij["segment"], rij["subsegment"], rij["regime"]) == (
        AANBIEDER,
        "Verblijf",
        CODE,
        "lumpsum",
    )
    assert rij["waarden"] == {
        "plekken": "10",
        "lumpsum": "60000.00",
        "bevoorschot": "60000.00",
        "gerealiseerd": "48000.00",
        "afgerekend": "24000.00",
        "nogAfTeRekenen": "24000.00",
        "teVerrekenen": "-12000.00",
        "bezetteDagen": 8 * 184,
        "gemiddeldBezet": "8",
        "leveringen": 8,
    }


async def test_a_settlement_over_two_years_is_split_to_the_cent(financien: Opstelling) -> None:
    financien.klok.vandaag = date(2026, 8, 1)
    await financien.hoor(
        overeenkomst(regel("3.5", "38123.45", vanaf=JULI), begindatum=JULI, einddatum=date(2026, 6, 30)),
        levering(van_tot(date(2025, 8, 14), date(2026, 3, 3)), id="een"),
        levering(van_tot(date(2025, 12, 31), date(2026, 1, 1)), id="twee"),
    )
    await geef_termijnen_vrij(financien.service.edge)
    vast = await settle(financien, "2025-07-01", "2026-06-30")
    jaren = [(await verantwoord(financien, jaar))[0] for jaar in (2025, 2026)]
    delen = [jaar["regels"][0]["waarden"] for jaar in jaren]
    for veld, doel in (
        ("afgerekend", vast["regels"][0]["gerealiseerd"]),
        ("bevoorschot", vast["regels"][0]["betaald"]),
    ):
        assert sum(Bedrag.van_euro(deel[veld]).cent for deel in delen) == Bedrag.van_euro(doel).cent
    assert [deel["leveringen"] for deel in delen] == [2, 2], "a levering over New Year counts in both years"
    assert [deel["bezetteDagen"] for deel in delen] == [140 + 1, 62 + 1]
    assert [jaar["verschillen"] for jaar in jaren] == [[], []]


async def test_one_year_may_hold_two_regimes(financien: Opstelling) -> None:
    """2022: production through June, places from July (S1); what production does not know stays empty."""
    financien.klok.vandaag = date(2023, 2, 1)
    begin, wissel = date(2022, 1, 1), date(2022, 7, 1)
    await financien.hoor(
        overeenkomst(regel("0", "0.00", vanaf=begin), begindatum=begin, einddatum=date(2022, 6, 30)),
        overeenkomst(regel("2", "12000.00", vanaf=wissel), id="o2", begindatum=wissel, einddatum=date(2023, 6, 30)),
        levering(van_tot(date(2022, 6, 1), date(2022, 8, 31))),
    )
    await geef_termijnen_vrij(financien.service.edge)
    (jaar,) = await verantwoord(financien, 2022)
    productie, lumpsum = jaar["regels"]
    assert (productie["regime"], productie["begin"], productie["eind"]) == ("productie", "2022-01", "2022-06")
    assert {veld: waarde for veld, waarde in productie["waarden"].items() if waarde is not None} == {
        "bezetteDagen": 30,
        "leveringen": 1,
    }
    assert (lumpsum["regime"], lumpsum["begin"], lumpsum["eind"]) == ("lumpsum", "2022-07", "2022-12")
    assert (lumpsum["waarden"]["bezetteDagen"], lumpsum["waarden"]["bevoorschot"]) == (62, "12000.00")
    assert jaar["verschillen"] == []
    (ervoor,) = (await financien.controller.get("/informatiesets?jaar=2021")).json()["resultaten"]
    (erna,) = (await financien.controller.get("/informatiesets?jaar=2023")).json()["resultaten"]
    assert [deel["regime"] for set_ in (ervoor, erna) for deel in set_["regimes"]] == ["productie", "lumpsum"]


async def test_what_is_accounted_for_is_agreed_per_year(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    manager = financien.als(Rol.CONTRACTMANAGER)
    heel = {"regime": "lumpsum", "begin": "2025-01", "eind": "2025-12"}
    body = {"velden": ["leveringen", "bevoorschot"], "regimes": [heel], "bron": "overleg november 2024"}
    assert (await manager.put("/informatiesets/2025", json=body)).json()["velden"] == ["leveringen", "bevoorschot"]
    (jaar,) = await verantwoord(financien, 2025)
    assert list(jaar["regels"][0]["waarden"].items()) == [("leveringen", 8), ("bevoorschot", "60000.00")]
    (volgend,) = await verantwoord(financien, 2026)
    assert len(volgend["regels"][0]["waarden"]) == 10, "another year keeps its own set"
    for fout, veld in (
        ({"velden": ["leveringen", "leveringen"]}, "velden"),
        ({"regimes": [{**heel, "eind": "2025-11"}]}, "regimes"),
        ({"regimes": [heel, {**heel, "begin": "2025-12"}]}, "regimes"),
        ({"regimes": [{**heel, "begin": "2024-12"}]}, "regimes"),
    ):
        antwoord = await manager.put("/informatiesets/2025", json={**body, **fout})
        assert (antwoord.status_code, [f["veld"] for f in antwoord.json()["fouten"]]) == (400, [veld])
    assert (await financien.controller.put("/informatiesets/2025", json=body)).status_code == 403


async def test_an_undone_post_shows_as_a_difference(financien: Opstelling) -> None:
    """Otherwise an agreement that is always shown would prove nothing."""
    await juli_tot_juli(financien)
    await draai_terug(financien, 0)
    (jaar,) = await verantwoord(financien, 2025)
    assert jaar["verschillen"] == [
        {
            "wat": "bevoorschot",
            "aanbieder": AANBIEDER,
            "subsegment": CODE,
            "administratie": "60000.00",
            "grootboek": "50000.00",
            "verschil": "10000.00",
        }
    ]


async def test_terms_of_a_contract_made_shorter_afterwards_still_count(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    korter = overeenkomst(regel(vanaf=JULI), versie=2, begindatum=JULI, einddatum=date(2025, 10, 31))
    await financien.hoor(korter)
    (jaar,) = await verantwoord(financien, 2025)
    waarden = jaar["regels"][0]["waarden"]
    assert (waarden["bevoorschot"], waarden["gerealiseerd"], jaar["verschillen"]) == ("60000.00", "32000.00", [])


async def test_as_csv_and_as_a_spreadsheet_it_says_the_same(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    antwoord = await financien.controller.get("/verantwoordingen?jaar=2025&vorm=csv")
    assert antwoord.headers["content-type"] == "text/csv; charset=utf-8"
    kop, regel_ = csv.reader(io.StringIO(antwoord.content.decode("utf-8-sig")), delimiter=";")
    velden = dict(zip(kop, regel_, strict=True))
    assert (velden["aanbieder"], velden["gerealiseerd"], velden["teVerrekenen"], velden["plekken"]) == (
        AANBIEDER,
        "48000,00",
        "-12000,00",
        "10",
    )
    werkblad = await financien.controller.get("/verantwoordingen?jaar=2025&vorm=xlsx")
    assert "verantwoording-2025.xlsx" in werkblad.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(werkblad.content)) as pakket:
        eerste = etree.fromstring(pakket.read("xl/worksheets/sheet1.xml"))
        teksten = etree.fromstring(pakket.read("xl/sharedStrings.xml"))
    getallen = [cel.findtext(f"{SHEET}v") for cel in eerste.iter(f"{SHEET}c") if cel.get("t") != "s"]
    assert {"48000", "-12000", "1472"} <= set(getallen)
    assert "sluit aan op het grootboek" in "".join(teksten.itertext())


async def test_each_sees_its_own(financien: Opstelling) -> None:
    financien.klok.vandaag = NA_HET_JAAR
    sleutel = {GEMEENTE: "0.5", BUUR: "0.5"}
    heel = {"begindatum": JULI, "einddatum": date(2026, 6, 30)}
    await financien.hoor(
        overeenkomst(regel(vanaf=JULI, verdeelsleutel=sleutel), **heel),
        overeenkomst(regel(vanaf=JULI), id="o2", aanbieder=ANDER, **heel),
    )
    await geef_termijnen_vrij(financien.service.edge)

    async def paren(wie: Any) -> list[tuple[str, str]]:
        jaren = await verantwoord(financien, 2025, wie)
        assert all(jaar["verschillen"] == [] for jaar in jaren)
        return [(jaar["gemeente"], rij["aanbieder"]) for jaar in jaren for rij in jaar["regels"]]

    assert await paren(financien.controller) == [(GEMEENTE, AANBIEDER), (GEMEENTE, ANDER)]
    assert await paren(financien.aanbieder) == [(GEMEENTE, AANBIEDER), (BUUR, AANBIEDER)]
    alles = [(GEMEENTE, AANBIEDER), (GEMEENTE, ANDER), (BUUR, AANBIEDER)]
    assert await paren(financien.als(Rol.CONTRACTMANAGER)) == alles
    assert await paren(financien.als(Rol.AUDITOR)) == alles
    assert (await financien.controller.get(f"/verantwoordingen?gemeente={BUUR}")).status_code == 403
    assert await verantwoord(financien, 2019) == []


async def test_a_budget_stands_beside_what_the_year_brings(financien: Opstelling) -> None:
    financien.klok.vandaag = date(2026, 5, 15)
    await financien.hoor(
        subsegment(),
        subsegment("54Z02"),
        overeenkomst(regel(), regel("1", "1200.00", subsegment="54Z02")),
        *(levering(van_tot(date(2026, 1, 1)), id=f"l{i}") for i in range(9)),
    )

    async def begroot(onderdeel: str, bedrag: str) -> Any:
        body = {"gemeente": GEMEENTE, "bedrag": bedrag, "bron": "raadsbesluit"}
        return await financien.controller.put(f"/begrotingen/2026/{onderdeel}", json=body)

    assert (await begroot(CODE, "110000.00")).status_code == 200
    rijen = {r["onderdeel"]: r for r in (await financien.controller.get("/begrotingen")).json()["resultaten"]}
    assert rijen[CODE] == {
        "gemeente": GEMEENTE,
        "jaar": 2026,
        "onderdeel": CODE,
        "wet": "jeugdwet",
        "begroot": "110000.00",
        "lumpsum": "120000.00",
        "bevoorschot": "50000.00",
        "gerealiseerd": "36000.00",
        "afgerekend": "0.00",
        "verwacht": "108000.00",
        "ruimte": "2000.00",
    }
    assert (rijen["jeugdwet"]["begroot"], rijen["jeugdwet"]["lumpsum"]) == ("110000.00", "121200.00")
    assert rijen["54Z02"]["ruimte"] is None
    assert [(await begroot("jeugdwet", "100000.00")).json()["volgnummer"] for _ in range(2)] == [1, 1]
    assert (await begroot(CODE, "111000.00")).json()["volgnummer"] == 2
    rijen = {
        r["onderdeel"]: r
        for r in (await financien.als(Rol.AUDITOR).get(f"/begrotingen?gemeente={GEMEENTE}")).json()["resultaten"]
    }
    assert (rijen["jeugdwet"]["ruimte"], rijen[CODE]["ruimte"]) == ("-8000.00", "3000.00")
    assert (await begroot("niets", "1.00")).status_code == 400
    assert (
        await financien.als(Rol.CONTROLLER, gemeente=BUUR).put(
            "/begrotingen/2026/wmo", json={"gemeente": GEMEENTE, "bedrag": "1", "bron": "x"}
        )
    ).status_code == 403
    assert (await financien.als(Rol.AUDITOR).get("/begrotingen")).status_code == 400


reeksen = st.lists(
    st.tuples(st.sampled_from([*(s for s in STAPPEN if s != "herroeping"), "jaareinde"]), st.integers(0, 30)),
    max_size=6,
)


async def _doorloop(folder: Path, reeks: list[Stap]) -> int:
    async with opgesteld(folder, date(2025, 11, 15)) as financien:
        for beurt, stap in enumerate([*VOORAF, *reeks]):
            if stap[0] == "jaareinde":
                await jaareinde(financien, f"j{beurt}", gemeente=BUUR if stap[1] % 2 else GEMEENTE)
            else:
                await zet(financien, stap, beurt)
        await geef_termijnen_vrij(financien.service.edge)
        for jaar in (2025, 2026):
            for een in await verantwoord(financien, jaar, financien.als(Rol.AUDITOR)):
                assert een["verschillen"] == []
        return len(await financien.rijen(POST))


@voorbeelden(6)
@given(reeksen)
def test_after_any_sequence_the_administration_agrees_with_the_ledger(reeks: list[Stap]) -> None:
    with TemporaryDirectory() as folder:
        assert asyncio.run(_doorloop(Path(folder), reeks)) > 0


@pytest.mark.parametrize("n", [3, 5])
def test_the_agreement_is_looked_at_with_settlements_and_year_ends_in_it(tmp_path: Path, n: int) -> None:
    """Otherwise the sequences above would prove little."""
    reeks: list[Stap] = [
        *(("levering", k) for k in (0, 1, 2, 3)),
        ("afrekening", n),
        ("dagen", 20),
        ("jaareinde", 0),
        ("jaareinde", 1),
        ("levering", 7),
        ("jaareinde", 0),
        ("afrekening", n - 1),
    ]
    assert asyncio.run(_doorloop(tmp_path, reeks)) > 20


async def test_a_correction_counts_once_and_agrees_with_the_ledger(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    eerste = await settle(financien, "2025-07-01", "2025-12-31")
    await financien.hoor(levering(van_tot(JULI, date(2025, 9, 30)), id="laat"))
    correctie = await financien.controller.post(f"/afrekeningen/{eerste['id']}/correctie")
    assert correctie.status_code == 201, correctie.text
    (ervoor,) = await verantwoord(financien, 2025)
    assert ervoor["regels"][0]["waarden"]["afgerekend"] == "48000.00"
    vast = await vastgesteld(financien, correctie.json()["id"], sleutel="c")
    assert vast.status_code == 200, vast.text
    (erna,) = await verantwoord(financien, 2025)
    assert (erna["regels"][0]["waarden"]["afgerekend"], erna["verschillen"]) == ("51000.00", [])
    await jaareinde(financien)
    saldi = (await financien.controller.get("/grootboek/saldi?peildatum=2025-12-31")).json()["resultaten"]
    assert {rij["rekening"]: rij["saldo"] for rij in saldi}["lasten"] == "51000.00"
