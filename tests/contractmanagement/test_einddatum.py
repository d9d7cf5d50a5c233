"""Another last day of a running contract: how a region moves from broken years to calendar years (S1)."""

import pytest

from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from tests.contractmanagement.omgeving import Omgeving, levering, regel

GEBROKEN = {"begindatum": "2026-07-01", "einddatum": "2027-06-30"}
KALENDER = {"begindatum": "2027-01-01", "einddatum": "2027-12-31"}


async def test_a_contract_of_broken_years_makes_room_for_calendar_years(omgeving: Omgeving) -> None:
    oud = await omgeving.sluit(regel(plekken="2"), **GEBROKEN)
    await omgeving.lever(levering("l1", ("2026-08-01", None)))
    te_vroeg = await omgeving.manager.post("/overeenkomsten", json=_kalender(oud))
    assert te_vroeg.status_code == 409

    verzet = await omgeving.manager.put(f"/overeenkomsten/{oud['id']}/einddatum", json={"einddatum": "2026-12-31"})
    assert verzet.status_code == 200, verzet.text
    assert (verzet.json()["einddatum"], verzet.json()["versie"]) == ("2026-12-31", 2)
    nieuw = await omgeving.manager.post("/overeenkomsten", json=_kalender(oud))
    assert nieuw.status_code == 201, nieuw.text
    await omgeving.rond()

    for dag, plekken in (("2026-12-31", "2"), ("2027-01-01", "3")):
        (rij,) = await omgeving.lees(f"/bezetting?peildatum={dag}")
        assert (rij["plekken"], rij["bezet"]) == (plekken, 1)
    verteld = [event["einddatum"] for event in omgeving.events(OvereenkomstVastgesteld)]
    assert verteld == ["2027-06-30", "2026-12-31", "2027-12-31"]


async def test_the_end_may_be_put_off_as_long_as_nothing_is_in_the_way(omgeving: Omgeving) -> None:
    eerste = await omgeving.sluit(regel(), begindatum="2026-01-01", einddatum="2026-12-31")
    await omgeving.sluit(regel(), **KALENDER)

    antwoord = await omgeving.manager.put(f"/overeenkomsten/{eerste['id']}/einddatum", json={"einddatum": "2027-03-31"})

    assert antwoord.status_code == 409
    assert "ContractregelOverlapt" in antwoord.text


@pytest.mark.parametrize(
    ("einddatum", "woord"),
    [
        ("2026-12-30", "laatste dag van een maand"),
        ("2026-10-31", "2026-11-30 of later"),
        ("2026-06-30", "vóór de begindatum"),
        ("2036-07-31", "hoogstens tien jaar"),
        ("2027-02-28", "vanaf 2027-03-01"),
    ],
)
async def test_a_last_day_that_can_not_be_is_refused_in_words(omgeving: Omgeving, einddatum: str, woord: str) -> None:
    oud = await omgeving.sluit(regel(), **GEBROKEN)
    assert (await omgeving.wijzig(oud["id"], "2027-03-01", regel(plekken="4"))).status_code == 200

    antwoord = await omgeving.manager.put(f"/overeenkomsten/{oud['id']}/einddatum", json={"einddatum": einddatum})

    assert antwoord.status_code == 400
    assert woord in antwoord.text
    assert {fout["veld"] for fout in antwoord.json()["fouten"]} == {"einddatum"}


async def test_a_contract_that_is_over_stays_over(omgeving: Omgeving) -> None:
    oud = await omgeving.sluit(regel(), begindatum="2025-01-01", einddatum="2025-12-31")

    antwoord = await omgeving.manager.put(f"/overeenkomsten/{oud['id']}/einddatum", json={"einddatum": "2026-12-31"})

    assert antwoord.status_code == 400
    assert "eindigde op 2025-12-31" in antwoord.text


def _kalender(oud: dict[str, object]) -> dict[str, object]:
    return {"aanbieder": oud["aanbieder"], **KALENDER, "regels": [regel(plekken="3")]}
