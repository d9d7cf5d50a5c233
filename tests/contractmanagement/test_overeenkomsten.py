"""Contracts over HTTP: what is refused by name, what is told, who sees what."""

import asyncio
from typing import Any

import pytest

from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.web.identity import Rol
from tests.contractmanagement.omgeving import (
    AANBIEDER,
    Omgeving,
    levering,
    overeenkomst,
    regel,
    regionaal,
)

INSTELLINGEN = {
    "tolerantie": "0",
    "maximum": None,
    "minimum": None,
    "bijstellingsdrempel": "0.05",
    "tijdelijkeStopHoudtPlekDagen": 0,
    "indexeren": False,
    "drempels": {"bijnaVol": "0.90", "vol": "1.00", "marge": "0.05", "onderbezet": "0.70"},
}


async def test_a_contract_is_answered_whole_and_told(omgeving: Omgeving) -> None:
    body = overeenkomst(regel(plekken="12.50", prijsPerPlek="38500", opgegevenDoorlooptijdDagen=240))
    answer = await omgeving.manager.post("/overeenkomsten", json=body)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"].endswith(f"/overeenkomsten/{made['id']}")
    versie = {
        "vanaf": "2026-01-01",
        "plekken": "12.5",
        "prijsPerPlek": "38500.00",
        "verdeelsleutel": None,
        "opgegevenDoorlooptijdDagen": 240,
        "aanleiding": None,
    }
    assert made["regels"] == [{"gemeente": "0294", "subsegment": "54Z01", "versies": [versie]}]
    assert (made["versie"], made["instellingen"]) == (1, INSTELLINGEN)
    await omgeving.rond()
    told = omgeving.events(OvereenkomstVastgesteld)[-1]
    assert {**told, "id": told["overeenkomst"]} == {**made, "overeenkomst": made["id"]}
    assert (await omgeving.manager.get(f"/overeenkomsten/{made['id']}")).json() == made


@pytest.mark.parametrize(
    ("velden", "veld"),
    [
        ({"begindatum": "2026-01-02"}, "begindatum"),
        ({"einddatum": "2026-12-30"}, "einddatum"),
        ({"einddatum": "2025-12-31"}, "einddatum"),
        ({"einddatum": "2036-01-31"}, "einddatum"),
        ({"regels": []}, "regels"),
        ({"regels": [regel(None)]}, "regels[0].gemeente"),
        ({"regels": [regel(verdeelsleutel={"0294": "1"})]}, "regels[0].gemeente"),
        ({"regels": [regionaal(g0294="0.4", g0197="0.59")]}, "regels[0].verdeelsleutel"),
        ({"regels": [regel("0197"), regel(), regel()]}, "regels[2]"),
        ({"regels": [regel(plekken="1.005")]}, "regels[0].plekken"),
        ({"regels": [regel(plekken="-1")]}, "regels[0].plekken"),
        ({"regels": [regel(prijsPerPlek="-0.01")]}, "regels[0].prijsPerPlek"),
        ({"regels": [regel(subsegment="54Z99")]}, "regels[0].subsegment"),
        ({"instellingen": {"maximum": "0.9", "minimum": "1.1"}}, "instellingen.maximum"),
        ({"instellingen": {"tolerantie": "-0.1"}}, "instellingen.tolerantie"),
        ({"instellingen": {"tolerntie": "0.1"}}, "instellingen.tolerntie"),
    ],
)
async def test_a_contract_that_breaks_a_rule_is_refused_at_its_field(
    omgeving: Omgeving, velden: dict[str, Any], veld: str
) -> None:
    answer = await omgeving.manager.post("/overeenkomsten", json=overeenkomst(**velden))
    assert answer.status_code == 400
    assert [fout["veld"] for fout in answer.json()["fouten"]] == [veld]
    assert await omgeving.rijen("overeenkomst") == []


async def test_an_unknown_subsegment_is_refused_by_name(omgeving: Omgeving) -> None:
    answer = await omgeving.manager.post("/overeenkomsten", json=overeenkomst(regel(subsegment="54Z99")))
    assert answer.json()["type"] == "urn:plekregie:fout:subsegment-onbekend"


async def test_ten_years_and_a_key_of_three_shares_are_fine(omgeving: Omgeving) -> None:
    deel = regionaal(g0294="0.3334", g0197="0.3333", g1586="0.3333")
    await omgeving.sluit(deel, begindatum="2026-01-01", einddatum="2035-12-31")


@pytest.mark.parametrize(
    ("staand", "nieuw"),
    [
        (regel(), regel()),
        (regionaal(g0294="0.5", g0197="0.5"), regel("0197")),
        (regel("0197"), regionaal(g0294="0.5", g0197="0.5")),
        (regionaal(g0294="0.5", g0197="0.5"), regionaal(g0197="0.2", g1586="0.8")),
    ],
)
async def test_an_overlapping_line_is_refused_and_beside_it_is_not(
    omgeving: Omgeving, staand: dict[str, Any], nieuw: dict[str, Any]
) -> None:
    await omgeving.sluit(staand, begindatum="2026-01-01", einddatum="2026-06-30")
    late = {"begindatum": "2026-06-01", "einddatum": "2026-12-31"}
    answer = await omgeving.manager.post("/overeenkomsten", json=overeenkomst(nieuw, **late))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:plekregie:fout:contractregel-overlapt")
    assert [fout["veld"] for fout in answer.json()["fouten"]] == ["regels[0]"]
    await omgeving.sluit(nieuw, begindatum="2026-07-01", einddatum="2026-12-31")
    await omgeving.sluit(nieuw, agb="42420002", **late)


async def test_lines_of_one_contract_may_not_overlap_either(omgeving: Omgeving) -> None:
    body = overeenkomst(regel(), regionaal(g0294="0.5", g0197="0.5"))
    assert (await omgeving.manager.post("/overeenkomsten", json=body)).status_code == 409


async def test_of_two_overlapping_contracts_at_the_same_time_one_is_refused(omgeving: Omgeving) -> None:
    bodies = [overeenkomst(), overeenkomst(regionaal(g0294="1"))] * 4
    answers = await asyncio.gather(*(omgeving.manager.post("/overeenkomsten", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]


async def test_the_same_key_gives_the_same_contract(omgeving: Omgeving) -> None:
    calls = [
        await omgeving.manager.post("/overeenkomsten", json=overeenkomst(), headers={"Idempotency-Key": "een"})
        for _ in range(2)
    ]
    assert calls[0].json() == calls[1].json()
    assert len(await omgeving.rijen("overeenkomst")) == 1


async def test_a_change_replaces_the_version_of_its_date_and_keeps_later_ones(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regel(), regel("0197"))
    for vanaf, plekken in (("2026-07-01", "20"), ("2026-04-01", "15"), ("2026-04-01", "16"), ("2026-01-01", "9")):
        answer = await omgeving.wijzig(made["id"], vanaf, regel(plekken=plekken))
        assert answer.status_code == 200
    versies = answer.json()["regels"][0]["versies"]
    assert [(v["vanaf"], v["plekken"]) for v in versies] == [
        ("2026-01-01", "9"),
        ("2026-04-01", "16"),
        ("2026-07-01", "20"),
    ]
    assert len(answer.json()["regels"][1]["versies"]) == 1
    assert [event["versie"] for event in omgeving.events(OvereenkomstVastgesteld)] == [1, 2, 3, 4, 5]


async def test_a_line_that_was_not_there_begins_on_the_date_of_the_change(omgeving: Omgeving) -> None:
    made = await omgeving.sluit()
    await omgeving.wijzig(made["id"], "2026-05-01", regel("0197", "3"))
    before, after = await omgeving.lees("/bezetting?peildatum=2026-04-30"), await omgeving.lees("/bezetting")
    assert [row["gemeente"] for row in before] == ["0294"]
    assert [row["gemeente"] for row in after] == ["0197", "0294"]


async def test_a_change_that_would_overlap_is_refused(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regionaal(g0294="1"))
    await omgeving.sluit(regel("0197"), begindatum="2026-07-01")
    wide = regionaal(g0294="0.5", g0197="0.5")
    assert (await omgeving.wijzig(made["id"], "2026-05-01", wide)).status_code == 409
    assert (await omgeving.wijzig(made["id"], "2026-05-01", regel("0294"))).status_code == 409


@pytest.mark.parametrize("dag", ["2026-05-02", "2025-12-01", "2027-01-01"])
async def test_a_change_begins_on_the_first_of_a_month_of_the_contract(omgeving: Omgeving, dag: str) -> None:
    made = await omgeving.sluit()
    answer = await omgeving.wijzig(made["id"], dag, regel())
    assert (answer.status_code, [f["veld"] for f in answer.json()["fouten"]]) == (400, ["ingangsdatum"])


async def test_a_change_of_an_unknown_contract_is_404(omgeving: Omgeving) -> None:
    assert (await omgeving.wijzig("nergens", "2026-05-01", regel())).status_code == 404


async def test_changes_at_the_same_time_all_count(omgeving: Omgeving) -> None:
    made = await omgeving.sluit()
    codes = [f"{nummer:04d}" for nummer in range(1, 6)]
    answers = await asyncio.gather(*(omgeving.wijzig(made["id"], "2026-05-01", regel(code)) for code in codes))
    assert [answer.status_code for answer in answers] == [200] * 5
    now = (await omgeving.manager.get(f"/overeenkomsten/{made['id']}")).json()
    assert now["versie"] == 6
    assert sorted(line["gemeente"] for line in now["regels"]) == [*codes, "0294"]


async def test_a_contract_that_fits_in_no_event_is_refused_by_name(omgeving: Omgeving) -> None:
    body = overeenkomst(*(regel(f"{nummer:04d}") for nummer in range(1, 450)))
    answer = await omgeving.manager.post("/overeenkomsten", json=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:plekregie:fout:overeenkomst-te-groot")


async def test_each_sees_its_own_contracts_and_a_gemeente_only_its_lines(omgeving: Omgeving) -> None:
    een = await omgeving.sluit(regel(), regel("0197"), regionaal(g1586="1"))
    ander = await omgeving.sluit(regel("0197"), agb="42420002")
    own, foreign = (omgeving.als(Rol.AANBIEDER, aanbieder=agb) for agb in (AANBIEDER, "42420002"))
    assert [row["id"] for row in await omgeving.lees("/overeenkomsten", own)] == [een["id"]]
    assert (await foreign.get(f"/overeenkomsten/{een['id']}")).status_code == 404
    assert (await foreign.get(f"/overeenkomsten?aanbieder={AANBIEDER}")).status_code == 403
    controller = omgeving.als(Rol.CONTROLLER, gemeente="0294")
    (seen,) = await omgeving.lees("/overeenkomsten", controller)
    assert [line["gemeente"] for line in seen["regels"]] == ["0294"]
    assert (await controller.get(f"/overeenkomsten/{ander['id']}")).status_code == 404
    assert (await controller.get("/overeenkomsten?gemeente=0197")).status_code == 403
    regional = omgeving.als(Rol.CONSULENT, gemeente="1586")
    (seen,) = await omgeving.lees("/overeenkomsten", regional)
    assert [line["gemeente"] for line in seen["regels"]] == [None]
    assert len(await omgeving.lees("/overeenkomsten")) == 2
    assert len(await omgeving.lees("/overeenkomsten?op=2027-01-01")) == 0
    answer = await own.post("/overeenkomsten", json=overeenkomst(agb="42420003"))
    assert answer.status_code == 403


async def test_pages_of_contracts_follow_each_other(omgeving: Omgeving) -> None:
    ids = [(await omgeving.sluit(agb=f"4242000{nummer}"))["id"] for nummer in range(1, 6)]
    found, pad = [], "/overeenkomsten?aantal=2"
    while pad:
        page = (await omgeving.manager.get(pad)).json()
        found += [row["id"] for row in page["resultaten"]]
        pad = page["volgende"]
    assert found == ids


async def test_a_contract_keeps_a_place_after_a_temporary_stop_whenever_it_arrives(omgeving: Omgeving) -> None:
    await omgeving.lever(levering("L1", ("2026-02-01", "2026-02-10", True)))
    await omgeving.sluit(instellingen={"tijdelijkeStopHoudtPlekDagen": 5})
    for dag, bezet in (("2026-02-15", 1), ("2026-02-16", 0)):
        (row,) = await omgeving.lees(f"/bezetting?peildatum={dag}")
        assert row["bezet"] == bezet
