"""Quarterly monitor and the steps of an adjustment (F-4): a person decides, and what is paid changes once."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.financien import BetaalschemaGewijzigd, BijstellingGewijzigd
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
    versie,
)
from tests.verteld import inhoud

JANUARI = date(2026, 1, 1)
Q1 = {"gemeente": GEMEENTE, "kwartaal": "2026-Q1"}


async def _monitor(financien: Opstelling) -> list[dict[str, Any]]:
    antwoord = await financien.controller.post("/kwartaalmonitors", json=Q1)
    assert antwoord.status_code == 200, antwoord.text
    regels: list[dict[str, Any]] = antwoord.json()["regels"]
    return regels


async def _voorgesteld(financien: Opstelling) -> str:
    """Nine of ten places occupied all along: 10 percent under."""
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    (rij,) = await _monitor(financien)
    return str(rij["bijstelling"])


async def _stap(financien: Opstelling, identity: str, stap: str, **rest: Any) -> Any:
    return await financien.controller.post(f"/bijstellingen/{identity}/{stap}", **rest)


async def _bedragen(financien: Opstelling) -> list[str]:
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    return [termijn["bedrag"] for termijn in rij["termijnen"]]


async def test_a_deviation_above_the_threshold_is_proposed(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    (rij,) = await _monitor(financien)
    assert rij == {
        "overeenkomst": "o1",
        "aanbieder": AANBIEDER,
        "subsegment": CODE,
        "lumpsum": "120000.00",
        "gerealiseerd": "27000.00",
        "verwacht": "108000.00",
        "afwijking": "-12000.00",
        "gemiddeldBezet": "9.0000",
        "bijstelling": identity,
    }
    bijstelling = (await financien.controller.get(f"/bijstellingen/{identity}")).json()
    # paid through May 50000; 58000 over seven months
    assert [t["bedrag"] for t in bijstelling["termijnen"]] == ["8285.71", "8285.72"] * 3 + ["8285.71"]
    assert bijstelling["termijnen"][0]["maand"] == "2026-06"
    assert await _bedragen(financien) == ["10000.00"] * 12


async def test_a_deviation_on_the_threshold_is_not_proposed(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(bijstellingsdrempel="0.1"))
    await financien.hoor(*(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    assert [rij["bijstelling"] for rij in await _monitor(financien)] == [None]


async def test_running_again_refreshes_or_withdraws_what_is_still_proposed(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await financien.hoor(levering(van_tot(JANUARI, date(2026, 2, 28)), id="l8", versie=2))
    (rij,) = await _monitor(financien)
    assert rij["bijstelling"] == identity
    na = (await financien.controller.get(f"/bijstellingen/{identity}")).json()
    assert (na["status"], na["verwacht"], len(na["stappen"])) == ("voorgesteld", rij["verwacht"], 2)
    await _monitor(financien)
    assert (await financien.controller.get(f"/bijstellingen/{identity}")).json() == na
    await financien.hoor(*(levering(van_tot(JANUARI), id=f"l{i}", versie=3) for i in range(10)))
    assert [rij["bijstelling"] for rij in await _monitor(financien)] == [None]
    assert (await financien.controller.get(f"/bijstellingen/{identity}")).json()["status"] == "ingetrokken"
    await financien.hoor(levering(van_tot(JANUARI), id="l9", versie=4, vervallen=True))
    assert [rij["bijstelling"] for rij in await _monitor(financien)] == [identity]


async def test_what_was_notified_is_left_alone_by_the_monitor(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    gemeld = (await _stap(financien, identity, "melding", json={"toelichting": "Zoals besproken."})).json()
    await financien.hoor(levering(van_tot(JANUARI), id="l9"))
    assert [rij["bijstelling"] for rij in await _monitor(financien)] == [identity]
    assert (await financien.controller.get(f"/bijstellingen/{identity}")).json() == gemeld


async def test_a_fixed_adjustment_moves_the_open_terms_once(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    assert (await _stap(financien, identity, "melding")).status_code == 200
    assert await _bedragen(financien) == ["10000.00"] * 12
    reactie = {"reactie": "niet_akkoord", "toelichting": "Wij verwachten meer instroom."}
    assert (await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=reactie)).status_code == 200
    sleutel = {"Idempotency-Key": "vast-1"}
    waarom = {"toelichting": "De wachtlijst is leeg."}
    eerste = await _stap(financien, identity, "vaststelling", headers=sleutel, json=waarom)
    tweede = await _stap(financien, identity, "vaststelling", headers=sleutel, json=waarom)
    assert (eerste.status_code, eerste.json()) == (200, tweede.json())
    assert tweede.headers["idempotency-replayed"] == "true"
    verwacht = ["10000.00"] * 5 + ["8285.71", "8285.72"] * 3 + ["8285.71"]
    assert await _bedragen(financien) == verwacht
    assert [s["stap"] for s in eerste.json()["stappen"]] == [
        "voorgesteld",
        "gemeld",
        "reactie: niet_akkoord",
        "vastgesteld",
    ]
    assert {s["gebruiker"] for s in eerste.json()["stappen"]} == {
        f"controller-{GEMEENTE}",
        f"aanbieder-{AANBIEDER}",
    }
    statussen = [inhoud(e)["status"] for e in await financien.gepubliceerd(BijstellingGewijzigd)]
    assert statussen == ["voorgesteld", "gemeld", "gemeld", "vastgesteld"]
    schema = (await financien.gepubliceerd(BetaalschemaGewijzigd))[-1]
    assert list(inhoud(schema)["termijnen"].values()) == verwacht
    assert inhoud(schema)["versie"] == 2


async def test_months_that_began_since_the_proposal_are_not_touched(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    financien.klok.vandaag = date(2026, 7, 1)
    await _stap(financien, identity, "vaststelling", headers={"Idempotency-Key": "v"})
    # 108000 expected, 70000 paid through July; 38000 over five months
    assert await _bedragen(financien) == ["10000.00"] * 7 + ["7600.00"] * 5


async def test_a_contract_change_after_an_adjustment_comes_on_top_of_it(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    financien.klok.vandaag = date(2026, 7, 1)
    await _stap(financien, identity, "vaststelling", headers={"Idempotency-Key": "v"})
    meer = versie(date(2026, 10, 1), "11", "12000.00")
    await financien.hoor(overeenkomst(regel(daarna=(meer,)), versie=2))
    assert await _bedragen(financien) == ["10000.00"] * 7 + ["7600.00"] * 2 + ["8600.00"] * 3


async def test_more_paid_than_expected_gives_terms_of_zero(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI, JANUARI)))
    (rij,) = await _monitor(financien)
    await _stap(financien, rij["bijstelling"], "melding")
    await _stap(financien, rij["bijstelling"], "vaststelling", headers={"Idempotency-Key": "v"})
    assert await _bedragen(financien) == ["10000.00"] * 5 + ["0.00"] * 7


async def test_without_open_terms_nothing_is_proposed_and_nothing_can_be_fixed(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    financien.klok.vandaag = date(2026, 12, 2)
    antwoord = await _stap(financien, identity, "vaststelling", headers={"Idempotency-Key": "v"})
    assert (antwoord.status_code, antwoord.json()["type"]) == (409, "urn:plekregie:fout:geen-open-termijnen")
    await _stap(financien, identity, "intrekking", json={"toelichting": "Te laat."})
    assert [rij["bijstelling"] for rij in await _monitor(financien)] == [None]


@pytest.mark.parametrize(
    ("stappen", "fout"),
    [
        (["vaststelling"], "bijstelling-niet-gemeld"),
        (["reactie"], "bijstelling-niet-gemeld"),
        (["melding", "melding"], "bijstelling-al-gemeld"),
        (["melding", "vaststelling", "vaststelling"], "bijstelling-al-vastgesteld"),
        (["melding", "vaststelling", "melding"], "bijstelling-al-vastgesteld"),
        (["melding", "vaststelling", "intrekking"], "bijstelling-al-vastgesteld"),
        (["intrekking", "melding"], "bijstelling-ingetrokken"),
    ],
)
async def test_steps_in_the_wrong_order_are_refused_by_name(
    financien: Opstelling, stappen: list[str], fout: str
) -> None:
    identity = await _voorgesteld(financien)
    for nummer, stap in enumerate(stappen):
        body = {"toelichting": "Zo besloten."} | ({"reactie": "akkoord"} if stap == "reactie" else {})
        antwoord = await _stap(financien, identity, stap, json=body, headers={"Idempotency-Key": str(nummer)})
    assert (antwoord.status_code, antwoord.json()["type"]) == (409, f"urn:plekregie:fout:{fout}")


async def test_fixing_without_an_idempotency_key_is_refused(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    assert (await _stap(financien, identity, "vaststelling")).status_code == 400
    assert await _bedragen(financien) == ["10000.00"] * 12


async def test_a_quarter_that_still_runs_is_refused(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    for dag, status in ((date(2026, 3, 31), 409), (date(2026, 4, 1), 200)):
        financien.klok.vandaag = dag
        antwoord = await financien.controller.post("/kwartaalmonitors", json=Q1)
        assert antwoord.status_code == status
        assert status == 200 or antwoord.json()["type"] == "urn:plekregie:fout:kwartaal-loopt-nog"


async def test_a_lijn_without_a_month_in_the_quarter_is_left_out(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(vanaf=date(2026, 4, 1))))
    assert await _monitor(financien) == []


async def test_another_gemeente_and_another_provider_are_kept_out(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    buur = financien.als(Rol.CONTROLLER, gemeente=BUUR)
    ander = financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    assert (await buur.post("/kwartaalmonitors", json=Q1)).status_code == 403
    assert (await financien.aanbieder.post("/kwartaalmonitors", json=Q1)).status_code == 403
    assert (await buur.get(f"/bijstellingen/{identity}")).status_code == 404
    assert (await buur.post(f"/bijstellingen/{identity}/melding")).status_code == 404
    assert (await buur.get("/bijstellingen")).json()["resultaten"] == []
    assert (await financien.aanbieder.get(f"/bijstellingen/{identity}")).status_code == 404
    assert (await financien.aanbieder.get("/bijstellingen")).json()["resultaten"] == []
    await _stap(financien, identity, "melding")
    assert (await financien.aanbieder.get(f"/bijstellingen/{identity}")).status_code == 200
    assert len((await financien.aanbieder.get("/bijstellingen?status=gemeld")).json()["resultaten"]) == 1
    assert (await financien.aanbieder.post(f"/bijstellingen/{identity}/vaststelling")).status_code == 403
    assert (await ander.get(f"/bijstellingen/{identity}")).status_code == 404
    assert (await ander.post(f"/bijstellingen/{identity}/reactie", json={"reactie": "akkoord"})).status_code == 404
    stilte = {"reactie": "geen_antwoord"}
    assert (await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=stilte)).status_code == 403
    assert (await _stap(financien, identity, "reactie", json=stilte)).status_code == 409
    financien.klok.vandaag = date(2026, 6, 1)
    assert (await _stap(financien, identity, "reactie", json=stilte)).status_code == 200
