"""Indexation: the figure, the price, and the way of a new price through contractmanagement into the betaalschema."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.indexatie.rules import Cijfer, Prijs, geindexeerde_prijs, index_van, te_indexeren
from shared.contracts.contractmanagement import OvereenkomstVastgesteld, SubsegmentVastgesteld
from shared.kernel.bedrag import Bedrag
from shared.web.identity import Rol
from tests.contractmanagement.omgeving import Omgeving, maak_leeg
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, CODE, GEMEENTE, Opstelling, overeenkomst, regel

Json = dict[str, Any]
JAN = date(2027, 1, 1)


def test_the_index_is_the_forecast_corrected_for_the_year_before() -> None:
    index = index_van(2027, Cijfer(Fraction("0.031"), None), Cijfer(Fraction("0.0425"), Fraction("0.0478")))
    assert index is not None
    assert (index.waarde, index.nacalculatie) == (Fraction("0.0363"), Fraction("0.0053"))


@pytest.mark.parametrize(
    ("cijfer", "vorig"),
    [
        (None, Cijfer(Fraction(0), Fraction(0))),
        (Cijfer(Fraction(0), Fraction(0)), None),
        (Cijfer(Fraction(0), None), Cijfer(Fraction(0), None)),
    ],
)
def test_without_one_of_the_three_figures_there_is_no_index(cijfer: Cijfer | None, vorig: Cijfer | None) -> None:
    assert index_van(2027, cijfer, vorig) is None


@pytest.mark.parametrize(
    ("prijs", "index", "verwacht"),
    [
        ("38500.00", "0.0363", "39897.55"),
        ("100.00", "0.00005", "100.01"),  # 100.005: half a cent goes up
        ("100.00", "0.000049", "100.00"),
        ("100.00", "-0.00005", "100.00"),  # 99.995
        ("100.00", "-0.0001", "99.99"),
    ],
)
def test_an_indexed_price_is_rounded_to_cents_half_away_from_zero(prijs: str, index: str, verwacht: str) -> None:
    assert geindexeerde_prijs(Bedrag.van_euro(prijs), Fraction(index)).als_euro() == verwacht


@given(st.integers(0, 10_000_000), st.integers(-999_999, 999_999))
def test_an_indexed_price_is_within_half_a_cent_of_the_exact_one(cent: int, miljoensten: int) -> None:
    index = Fraction(miljoensten, 1_000_000)
    assert abs(geindexeerde_prijs(Bedrag(cent), index).cent - cent * (1 + index)) <= Fraction(1, 2)


def prijs(vanaf: str, jaar: str | None = None) -> Prijs:
    return Prijs(date.fromisoformat(vanaf), Bedrag(int(vanaf.replace("-", ""))), jaar)


@pytest.mark.parametrize(
    ("prijzen", "dagen"),
    [
        (["2026-01-01"], [JAN]),
        (["2026-01-01", "2026-07-01"], [JAN]),
        (["2026-01-01", "2027-01-01"], [JAN]),  # more places from then on: the price of that day is indexed
        (["2026-01-01", "2027-04-01"], [JAN, date(2027, 4, 1)]),
        (["2026-01-01", "2028-01-01"], [JAN]),  # agreed for a later year
        (["2027-01-01"], []),  # a price just agreed
        (["2027-02-01"], []),
        ([], []),
    ],
)
def test_what_1_january_changes(prijzen: list[str], dagen: list[date]) -> None:
    assert [gevonden.vanaf for gevonden in te_indexeren(map(prijs, prijzen), 2027)] == dagen


def test_what_was_done_is_not_done_again() -> None:
    assert list(te_indexeren([prijs("2026-01-01"), prijs("2027-01-01", "2027"), prijs("2027-04-01")], 2027)) == []
    deels = [prijs("2026-01-01", "2026"), prijs("2027-04-01", "2027")]
    assert [gevonden.vanaf for gevonden in te_indexeren(deels, 2027)] == [JAN]


def subsegment(code: str = CODE, wet: str = "jeugdwet") -> SubsegmentVastgesteld:
    return SubsegmentVastgesteld.of_values(
        {
            "code": code,
            "versie": 1,
            "naam": "Verblijf",
            "segment": "Verblijf",
            "wet": wet,
            "productcategorie": "54",
            "bekostiging": "lumpsum",
            "metToewijzing": True,
        }
    )


async def cijfers(financien: Opstelling, wet: str = "jeugdwet") -> list[Json]:
    manager = financien.als(Rol.CONTRACTMANAGER)
    gezegd = []
    for jaar, prognose, definitief in ((2026, "0.0425", "0.0478"), (2027, "0.031", None)):
        body = {"prognose": prognose, "definitief": definitief, "bron": "brief van de regio"}
        antwoord = await manager.put(f"/indexcijfers/{wet}/{jaar}", json=body)
        assert antwoord.status_code == 200, antwoord.text
        gezegd.append(antwoord.json())
    return gezegd


async def voorstellen(financien: Opstelling, wie: Any = None, vraag: str = "?jaar=2027") -> list[Json]:
    antwoord = await (wie or financien.als(Rol.CONTRACTMANAGER)).get(f"/indexaties{vraag}")
    assert antwoord.status_code == 200, antwoord.text
    rijen: list[Json] = antwoord.json()["resultaten"]
    return rijen


async def test_a_figure_says_the_index_or_what_is_missing_and_corrections_stay_on_record(
    financien: Opstelling,
) -> None:
    eerste, tweede = await cijfers(financien)
    assert eerste["index"] is None
    assert "geen cijfers van jeugdwet over 2025" in eerste["toelichting"]
    assert (tweede["index"], tweede["nacalculatie"]) == ("0.0363", "0.0053")
    assert tweede["toelichting"] == "Index per 1 januari 2027: 0.031 + (0.0478 − 0.0425) = 0.0363."
    body = {"prognose": "0.03", "bron": "herziening"}
    nieuw = await financien.als(Rol.CONTRACTMANAGER).put("/indexcijfers/jeugdwet/2027", json=body)
    assert nieuw.json()["index"] == "0.0353"
    rijen = (await financien.controller.get("/indexcijfers")).json()["resultaten"]
    assert [(rij["jaar"], rij["prognose"]) for rij in rijen] == [(2026, "0.0425"), (2027, "0.03")]
    for fout in ({"prognose": "3.1", "bron": "x"}, {"prognose": "0.1234567", "bron": "x"}, {"prognose": "0.1"}):
        assert (await financien.als(Rol.CONTRACTMANAGER).put("/indexcijfers/wmo/2027", json=fout)).status_code == 400
    assert (await financien.controller.put("/indexcijfers/wmo/2027", json=body)).status_code == 403


async def test_only_contracts_that_agreed_to_it_are_indexed(financien: Opstelling) -> None:
    lang = {"einddatum": date(2027, 12, 31)}
    await financien.hoor(
        subsegment(),
        overeenkomst(regel(prijs="38500.00"), indexeren=True, **lang),
        overeenkomst(id="o2", aanbieder=ANDER, **lang),
        overeenkomst(id="o3", aanbieder=ANDER, indexeren=True),
    )
    (zonder,) = await voorstellen(financien)
    assert (zonder["overeenkomst"], zonder["regels"][0]["wordt"], zonder["wijzigingen"]) == ("o1", None, [])
    await cijfers(financien)
    (rij,) = await voorstellen(financien)
    assert rij["regels"] == [
        {
            "gemeente": GEMEENTE,
            "subsegment": CODE,
            "wet": "jeugdwet",
            "vanaf": "2027-01-01",
            "was": "38500.00",
            "wordt": "39897.55",
        }
    ]


async def test_each_sees_its_own_and_only_the_contractmanager_the_changes(financien: Opstelling) -> None:
    lang = {"einddatum": date(2027, 12, 31), "indexeren": True}
    sleutel = {GEMEENTE: "0.4", BUUR: "0.6"}
    await financien.hoor(
        subsegment(),
        overeenkomst(regel(), regel(subsegment="54Z02", verdeelsleutel=sleutel), **lang),
        overeenkomst(regel(gemeente="0197"), id="o2", aanbieder=ANDER, **lang),
    )
    await cijfers(financien)
    buur = await voorstellen(financien, financien.als(Rol.CONTROLLER, gemeente=BUUR))
    assert [(rij["overeenkomst"], [r["subsegment"] for r in rij["regels"]]) for rij in buur] == [("o1", ["54Z02"])]
    assert buur[0]["wijzigingen"] == []
    eigen = await voorstellen(financien, financien.aanbieder)
    assert [(rij["overeenkomst"], rij["wijzigingen"]) for rij in eigen] == [("o1", [])]
    alle = await voorstellen(financien)
    assert [(rij["overeenkomst"], len(rij["wijzigingen"])) for rij in alle] == [("o1", 1), ("o2", 1)]
    assert alle[0]["regels"][1]["wordt"] is None, "its law was never heard"
    assert (await financien.aanbieder.get(f"/indexaties?aanbieder={ANDER}")).status_code == 403


async def test_an_indexation_goes_through_contractmanagement_into_the_betaalschema(
    financien: Opstelling, tmp_path: Path
) -> None:
    """What one service proposes the other takes over as it is; done once, a price later in the year with it."""
    maak_leeg(tmp_path / "cm.sqlite")
    cm = Omgeving(tmp_path / "cm.sqlite", tmp_path / "sleutels", date(2026, 11, 1))
    soort = {"naam": "Verblijf", "segment": "Verblijf", "wet": "jeugdwet", "productcategorie": "54"}
    await cm.manager.put(f"/subsegmenten/{CODE}", json={**soort, "bekostiging": "lumpsum", "metToewijzing": True})
    sleutel = {GEMEENTE: "0.4", BUUR: "0.6"}
    lijn = {"subsegment": CODE, "plekken": "12", "prijsPerPlek": "38500.00", "verdeelsleutel": sleutel}
    body = {
        "aanbieder": {"agbCode": AANBIEDER, "naam": "De Plek"},
        "begindatum": "2026-01-01",
        "einddatum": "2027-12-31",
        "regels": [{**lijn, "opgegevenDoorlooptijdDagen": 240}],
        "instellingen": {"indexeren": True},
    }
    gemaakt = await cm.manager.post("/overeenkomsten", json=body)
    identity = gemaakt.json()["id"]
    meer = {"ingangsdatum": "2027-07-01", "regels": [{**lijn, "plekken": "15", "prijsPerPlek": "37000.00"}]}
    assert (await cm.manager.post(f"/overeenkomsten/{identity}/wijzigingen", json=meer)).status_code == 200
    gehoord = 0

    async def vertel() -> None:
        nonlocal gehoord
        await cm.rond()
        events = cm.events(OvereenkomstVastgesteld)
        await financien.hoor(*(OvereenkomstVastgesteld.of_values(data) for data in events[gehoord:]))
        gehoord = len(events)

    await financien.hoor(subsegment())
    await vertel()
    await cijfers(financien)
    (rij,) = await voorstellen(financien)
    assert [wijziging["ingangsdatum"] for wijziging in rij["wijzigingen"]] == ["2027-07-01", "2027-01-01"]
    for nummer, wijziging in enumerate(rij["wijzigingen"]):
        antwoord = await cm.manager.post(f"/overeenkomsten/{identity}/wijzigingen", json=wijziging)
        assert antwoord.status_code == 200, antwoord.text
        await vertel()
        (nog,) = await voorstellen(financien)
        assert len(nog["wijzigingen"]) == 1 - nummer
    assert (nog["toegepast"], nog["regels"]) == (1, [])
    schema = (await financien.controller.get(f"/betaalschemas/{identity}:{GEMEENTE}:2027-01")).json()
    assert [v["oorzaak"]["soort"] for v in schema["versies"]][-2:] == ["indexatie", "indexatie"]
    assert schema["versies"][-1]["oorzaak"]["kenmerk"] == "2027"
    # 12 × 39,897.55 × 0.4 / 12 = 15,959.02 a month, then 15 × 38,343.10 × 0.4 / 12 = 19,171.55
    assert [t["bedrag"] for t in schema["termijnen"]] == ["15959.02"] * 6 + ["19171.55"] * 6
    vorig = (await financien.controller.get(f"/betaalschemas/{identity}:{GEMEENTE}:2026-01")).json()
    assert (vorig["versie"], vorig["totaal"]) == (1, "184800.00"), "this year stays what it was"
    contract = (await cm.manager.get(f"/overeenkomsten/{identity}")).json()
    assert [v["opgegevenDoorlooptijdDagen"] for v in contract["regels"][0]["versies"]] == [240, 240, None]
    await cm.database.close()
