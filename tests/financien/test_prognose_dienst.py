"""Occupancy events and the forecast that follows at once (F-4, B-5)."""

import asyncio
from collections.abc import Awaitable
from datetime import date

import pytest

from services.financien.bezetting.store import CEL, LEVERING, MUTATIE
from services.financien.prognose.store import PROGNOSE
from shared.bus.port import Record
from shared.contracts.envelope import Contract, pack
from shared.contracts.financien import PrognoseGewijzigd
from tests.financien.opstelling import AANBIEDER, Opstelling, levering, overeenkomst, regel, van_tot
from tests.verteld import inhoud

JANUARI = date(2026, 1, 1)


async def test_a_start_moves_realised_and_forecast_at_once_and_names_its_cause(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await financien.hoor(levering(van_tot(JANUARI)), nummer="start-305")
    prognose = (await financien.gepubliceerd(PrognoseGewijzigd))[-1]
    # 1000 a month: four whole months and 15 of 31 days; then the same one place to the end
    assert (inhoud(prognose)["gerealiseerd"], inhoud(prognose)["verwacht"]) == ("4483.87", "12000.00")
    assert (prognose.cause, inhoud(prognose)["stand"], inhoud(prognose)["versie"]) == ("start-305", "2026-05-15", 2)
    (rij,) = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert rij["oorzaak"] == "start-305"
    assert (rij["lumpsum"], rij["gerealiseerd"], rij["verwacht"]) == ("120000.00", "4483.87", "12000.00")
    assert rij["bezetteDagen"] == [
        {"maand": f"2026-0{maand}", "dagen": dagen} for maand, dagen in enumerate((31, 28, 31, 30, 15), start=1)
    ]


async def test_what_is_shown_turns_with_the_day_without_any_event(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    financien.klok.vandaag = date(2026, 6, 1)
    (rij,) = (await financien.aanbieder.get("/prognoses")).json()["resultaten"]
    assert (rij["stand"], rij["gerealiseerd"]) == ("2026-06-01", "5033.33")


async def test_an_event_on_a_later_day_counts_the_days_in_between(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    financien.klok.vandaag = date(2026, 6, 1)
    await financien.hoor(levering(van_tot(date(2026, 6, 1)), id="l2"))
    rij = (await financien.rijen(PROGNOSE))[0]
    assert (rij["gerealiseerd_cent"], rij["stand"]) == (500_000 + 2 * 100_000 // 30 + 1, date(2026, 6, 1))


async def test_the_same_event_twice_and_an_older_version_change_nothing(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    nieuw = levering(van_tot(JANUARI, date(2026, 3, 31)), versie=2)
    await financien.hoor(nieuw, nummer="zelfde")
    na_een = await financien.stand(), len(await financien.gepubliceerd())
    await financien.hoor(nieuw, nummer="zelfde")
    await financien.hoor(nieuw)
    await financien.hoor(levering(van_tot(JANUARI), versie=1))
    assert (await financien.stand(), len(await financien.gepubliceerd())) == na_een


async def test_a_new_version_without_other_days_publishes_nothing(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    voor = len(await financien.gepubliceerd())
    await financien.hoor(levering(van_tot(JANUARI), versie=2))
    assert len(await financien.gepubliceerd()) == voor
    assert (await financien.rijen(LEVERING))[0]["versie"] == 2


async def test_a_removed_levering_never_occupied_a_place(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await financien.hoor(levering(van_tot(JANUARI), versie=2, vervallen=True))
    assert {row["aantal"] for row in await financien.rijen(MUTATIE)} == {0}
    assert (await financien.rijen(PROGNOSE))[0]["gerealiseerd_cent"] == 0


async def test_a_levering_corrected_to_another_sub_segment_moves_its_place(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(), regel(subsegment="54Z02")), levering(van_tot(JANUARI)))
    await financien.hoor(levering(van_tot(JANUARI), versie=2, subsegment="54Z02"))
    rijen = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert [(rij["subsegment"], rij["gerealiseerd"]) for rij in rijen] == [("54Z01", "0.00"), ("54Z02", "4483.87")]


async def test_kept_days_follow_the_contract_also_when_its_setting_changes(financien: Opstelling) -> None:
    gestopt = levering((JANUARI, date(2026, 1, 31), True, None), einde=date(2026, 12, 31))
    await financien.hoor(gestopt, overeenkomst(tijdelijkeStopHoudtPlekDagen=10))

    async def februari() -> int:
        (rij,) = (await financien.controller.get("/prognoses")).json()["resultaten"]
        return int(rij["bezetteDagen"][1]["dagen"])

    assert await februari() == 10
    await financien.hoor(overeenkomst(versie=2, tijdelijkeStopHoudtPlekDagen=3))
    assert await februari() == 3
    await financien.hoor(overeenkomst(versie=3))
    assert await februari() == 0


async def test_successive_contracts_each_count_their_own_days(financien: Opstelling) -> None:
    vorig = overeenkomst(
        regel(vanaf=date(2025, 1, 1)), id="o0", begindatum=date(2025, 1, 1), einddatum=date(2025, 12, 31)
    )
    await financien.hoor(levering(van_tot(date(2025, 12, 1))), overeenkomst(), vorig)
    rijen = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert [(rij["overeenkomst"], rij["gerealiseerd"]) for rij in rijen] == [("o0", "1000.00"), ("o1", "4483.87")]


@pytest.mark.parametrize("veld", ["gemeente", "aanbieder", "subsegment"])
async def test_occupation_without_a_contract_line_counts_nowhere(financien: Opstelling, veld: str) -> None:
    elders = {"gemeente": "1955", "aanbieder": "42420009", "subsegment": "54Z09"}[veld]
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI), **{veld: elders}))
    (rij,) = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert rij["gerealiseerd"] == "0.00"


async def test_a_temporary_stop_keeps_its_place_by_the_contract_it_fell_in(financien: Opstelling) -> None:
    eerder = {"begindatum": date(2025, 1, 1), "einddatum": date(2025, 12, 31)}
    vorig = overeenkomst(regel(vanaf=date(2025, 1, 1)), id="o0", tijdelijkeStopHoudtPlekDagen=5, **eerder)
    gestopt = levering((date(2025, 11, 1), date(2025, 11, 30), True, None))
    await financien.hoor(vorig, gestopt, overeenkomst(tijdelijkeStopHoudtPlekDagen=20))
    rijen = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert [dag["dagen"] for dag in rijen[0]["bezetteDagen"]][-2:] == [30, 5]


def _tegelijk(financien: Opstelling, *events: Contract) -> Awaitable[object]:
    consumer = financien.service.consumer
    assert consumer is not None
    records = []
    for nummer, event in enumerate(events):
        value = pack(event, id=f"t{nummer}", source="test", time=financien.klok.now(), cause=None)
        records.append(Record(event.TOPIC, event.aggregate(), value))
    return asyncio.gather(*(consumer.deliver([record]) for record in records))


async def test_events_of_one_cell_at_the_same_moment_all_count(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await _tegelijk(financien, *(levering(van_tot(JANUARI), id=f"l{nummer}") for nummer in range(6)))
    (rij,) = await financien.rijen(PROGNOSE)
    assert rij["verwacht_cent"] == 6 * 1_200_000
    (getoond,) = (await financien.aanbieder.get(f"/prognoses?aanbieder={AANBIEDER}")).json()["resultaten"]
    assert getoond["verwacht"] == "72000.00"


async def test_leveringen_at_the_same_moment_count_also_before_their_contract_is_known(financien: Opstelling) -> None:
    await financien.hoor(levering(van_tot(JANUARI), id="l9"))
    await _tegelijk(financien, *(levering(van_tot(JANUARI), id=f"l{nummer}") for nummer in range(3)))
    (cel,) = await financien.rijen(CEL)
    assert cel["bezet"] == 4


async def test_a_contract_and_a_levering_at_the_same_moment_find_each_other(financien: Opstelling) -> None:
    gestopt = levering((JANUARI, date(2026, 1, 31), True, None))
    await _tegelijk(financien, gestopt, overeenkomst(tijdelijkeStopHoudtPlekDagen=10))
    (rij,) = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert (rij["bezetteDagen"][1]["dagen"], rij["gerealiseerd"]) == (10, "1357.14")
    assert (await financien.rijen(PROGNOSE))[0]["gerealiseerd_cent"] == 135_714
