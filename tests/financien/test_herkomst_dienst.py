"""Why this amount? Each call explains one amount with its own numbers and leads one step further back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from services.financien.herkomst.rules import SOORTEN, als_getal, exact_in_euro
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.kernel.bedrag import Bedrag, som
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    ANDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    overeenkomst,
    regel,
    van_tot,
    vastgesteld,
    versie,
)

JANUARI = date(2026, 1, 1)
LIJN = f"o1:{GEMEENTE}:{CODE}"


async def vraag(financien: Opstelling, soort: str, identity: str, wie: Any = None) -> dict[str, Any]:
    """The explanation, of which the parts add up."""
    antwoord = await (wie or financien.controller).get(f"/herkomst/{soort}/{identity}")
    assert antwoord.status_code == 200, antwoord.text
    gevonden: dict[str, Any] = antwoord.json()
    assert som(Bedrag.van_euro(deel["bedrag"]) for deel in gevonden["delen"]).als_euro() == gevonden["bedrag"]
    return gevonden


async def status(financien: Opstelling, soort: str, identity: str, wie: Any = None) -> int:
    antwoord = await (wie or financien.controller).get(f"/herkomst/{soort}/{identity}")
    return int(antwoord.status_code)


async def bijgesteld(financien: Opstelling) -> str:
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    await geef_termijnen_vrij(financien.service.edge)
    monitor = await financien.controller.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})
    identity = str(monitor.json()["regels"][0]["bijstelling"])
    await financien.controller.post(f"/bijstellingen/{identity}/melding")
    await financien.controller.post(f"/bijstellingen/{identity}/vaststelling", headers={"Idempotency-Key": "1"})
    return identity


@pytest.mark.parametrize(
    ("cent", "tekst"),
    [
        (Fraction(100), "1.00"),
        (Fraction(5), "0.05"),
        (Fraction(1, 2), "0.005"),
        (Fraction(-12345), "-123.45"),
        (Fraction(0), "0.00"),
        (Fraction(100, 3), "1/3"),
    ],
)
def test_an_exact_amount_is_written_without_loss(cent: Fraction, tekst: str) -> None:
    assert exact_in_euro(cent) == tekst


@pytest.mark.parametrize(("aantal", "tekst"), [(Fraction(10), "10"), (Fraction(24, 5), "4.8"), (Fraction(1, 3), "1/3")])
def test_places_are_written_as_people_do(aantal: Fraction, tekst: str) -> None:
    assert als_getal(aantal) == tekst


async def test_a_term_follows_from_its_contract_with_the_numbers_filled_in(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel("3.5", "10000.01")), levering(van_tot(date(2026, 2, 10))))
    await geef_termijnen_vrij(financien.service.edge)
    gevonden = await vraag(financien, "termijn", f"{LIJN}:2026-02")
    assert (gevonden["bedrag"], gevonden["regel"]["id"]) == ("2916.67", "F-2")
    assert "3.5 plekken × 10000.01 / 12" in gevonden["regel"]["ingevuld"]
    # C_2 = 2 × 3.5 × 10000.01 / 12 euros, C_1 half of that
    assert gevonden["regel"]["ingevuld"].endswith(
        "afgerond(5833.339166… = 7000007/1200) − afgerond(2916.669583… = 7000007/2400) = 2916.67"
    )
    assert gevonden["maanden"] == [
        {"maand": "2026-02", "plekken": "3.5", "prijsPerPlek": "10000.01", "bezetteDagen": 19, "leveringen": 1}
    ]
    contract, schema, post, geleverd = gevonden["bronnen"]
    assert schema["omschrijving"] == "Zo sinds versie 1 van 01-01-2026, door overeenkomst (o1/1)"
    gezien = await financien.controller.get(schema["pad"].removeprefix("/financien/v1"))
    assert gezien.json()["termijnen"][1]["bedrag"] == "2916.67"
    assert (geleverd["id"], geleverd["pad"]) == ("l1", "/backoffice/v1/leveringen/l1")
    assert (contract["soort"], contract["id"], contract["omschrijving"]) == ("overeenkomst", "o1", "Nu versie 1")
    verder = await financien.controller.get(post["pad"].removeprefix("/financien/v1"))
    assert (verder.json()["bedrag"], verder.json()["bronnen"][0]["pad"]) == (
        "2916.67",
        f"/financien/v1/herkomst/termijn/{LIJN}:2026-02",
    )


async def test_a_term_that_a_later_contract_did_not_change_says_so(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await financien.hoor(overeenkomst(regel(daarna=(versie(date(2026, 3, 1), "20", "12000.00"),)), versie=2))
    gevonden = await vraag(financien, "termijn", f"{LIJN}:2026-04")
    assert gevonden["bedrag"] == "10000.00"
    assert "geeft nu 20000.00" in gevonden["opmerkingen"][0]
    assert (await vraag(financien, "termijn", f"{LIJN}:2026-06"))["opmerkingen"] == []


async def test_an_adjusted_term_leads_to_its_adjustment_and_back(financien: Opstelling) -> None:
    identity = await bijgesteld(financien)
    juni = await vraag(financien, "termijn", f"{LIJN}:2026-06")
    voorschot, bijstelling = juni["delen"]
    assert (voorschot["bedrag"], bijstelling["herkomst"]) == (
        "10000.00",
        f"/financien/v1/herkomst/bijstelling/{identity}",
    )
    gevonden = await vraag(financien, "bijstelling", identity)
    assert (gevonden["bedrag"], gevonden["regel"]["id"]) == ("108000.00", "F-4")
    assert "27000.00 + 81000.00 (gemiddeld 9.0000 plekken bezet)" in gevonden["regel"]["ingevuld"]
    assert "-12000.00 anders dan de lumpsum van 120000.00, drempel 0.05" in gevonden["regel"]["ingevuld"]
    assert [(m["maand"], m["bezetteDagen"], m["leveringen"]) for m in gevonden["maanden"]] == [
        ("2026-01", 279, 9),
        ("2026-02", 252, 9),
        ("2026-03", 279, 9),
    ]
    assert f"/financien/v1/herkomst/termijn/{LIJN}:2026-06" in [bron["pad"] for bron in gevonden["bronnen"]]


async def _vastgesteld(financien: Opstelling, *, vast: bool = True) -> str:
    inhoud = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2026-01-01", "einddatum": "2026-03-31"}
    concept = (await financien.controller.post("/afrekeningen", json=inhoud)).json()
    if vast:
        assert (await vastgesteld(financien, concept["id"])).status_code == 200
    return str(concept["id"])


async def test_a_settlement_leads_to_its_lines_and_those_to_days_terms_and_leveringen(financien: Opstelling) -> None:
    await financien.hoor(
        overeenkomst(regel("2"), regel("1", subsegment="54Z02")),
        levering(van_tot(JANUARI, date(2026, 2, 14)), id="l1"),
        levering(van_tot(date(2026, 4, 1)), id="later"),
    )
    await geef_termijnen_vrij(financien.service.edge)
    identity = await _vastgesteld(financien)
    geheel = await vraag(financien, "afrekening", identity)
    # One place of two in January and half of February; nothing in the other sub-segment.
    assert (geheel["bedrag"], [deel["bedrag"] for deel in geheel["delen"]]) == ("-7500.00", ["-4500.00", "-3000.00"])
    assert [bron["soort"] for bron in geheel["bronnen"]] == ["journaalpost"]
    eerste = await financien.controller.get(geheel["delen"][0]["herkomst"].removeprefix("/financien/v1"))
    lijn = await vraag(financien, "afrekeningsregel", eerste.json()["id"])
    assert lijn["regel"]["ingevuld"] == "1500.00 − 6000.00 = -4500.00"
    assert [(m["maand"], m["bezetteDagen"], m["leveringen"]) for m in lijn["maanden"]] == [
        ("2026-01", 31, 1),
        ("2026-02", 14, 1),
        ("2026-03", 0, 0),
    ]
    assert [bron["id"] for bron in lijn["bronnen"] if bron["soort"] == "levering"] == ["l1"]
    assert lijn["delen"][1]["herkomst"] == f"/financien/v1/herkomst/termijn/{LIJN}:2026-01"


async def test_the_days_of_a_settlement_are_those_it_was_calculated_with(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await geef_termijnen_vrij(financien.service.edge)
    identity = await _vastgesteld(financien)
    await financien.hoor(levering(van_tot(JANUARI), id="laat"))
    lijn = await vraag(financien, "afrekeningsregel", f"{identity}:o1:{CODE}")
    assert [m["bezetteDagen"] for m in lijn["maanden"]] == [31, 28, 31]


async def test_a_provider_sees_figures_of_its_own_once_it_was_told_and_never_leveringen(financien: Opstelling) -> None:
    bijstelling = await bijgesteld(financien)
    concept = await _vastgesteld(financien, vast=False)
    wie, ander = financien.aanbieder, financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    assert await status(financien, "afrekening", concept, wie) == 404
    vast = await _vastgesteld(financien)
    lijn = await vraag(financien, "afrekeningsregel", f"{vast}:o1:{CODE}", wie)
    assert {bron["soort"] for bron in lijn["bronnen"]} == {"overeenkomst"}
    assert lijn["maanden"][0]["leveringen"] == 9
    post = (await financien.controller.get("/grootboek/posten")).json()["resultaten"][0]["id"]
    namen = [("termijn", f"{LIJN}:2026-01"), ("bijstelling", bijstelling), ("afrekening", vast), ("journaalpost", post)]
    for soort, identity in namen:
        assert await status(financien, soort, identity, wie) == 200, soort
        assert await status(financien, soort, identity, ander) == 404, soort
        assert await status(financien, soort, identity, financien.als(Rol.CONTROLLER, gemeente=BUUR)) == 404, soort
        assert await status(financien, soort, identity, financien.als(Rol.AUDITOR)) == 200, soort


@pytest.mark.parametrize("soort", [*SOORTEN, "onzin"])
@pytest.mark.parametrize("identity", ["x", "o1:2026-01", "o1:x", ":2026-13"])
async def test_an_amount_that_is_not_there_is_404(financien: Opstelling, soort: str, identity: str) -> None:
    assert await status(financien, soort, identity) == 404
