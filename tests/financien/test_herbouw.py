"""The occupancy of financien from all that was told: the same rows, once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, update

from services.financien.bezetting.handlers import cel_van_levering
from services.financien.bezetting.store import CEL, LEVERING, MUTATIE
from services.financien.prognose.handlers import na_herbouw, volg_leveringen
from services.financien.prognose.store import PROGNOSE
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.envelope import unpack
from shared.contracts.financien import PrognoseGewijzigd
from shared.database.port import AlreadyExists, StaleVersion
from shared.outbox.inbox import Heard
from shared.outbox.rebuild import Step
from tests.financien.herbouwing import AANTAL, JANUARI, geschiedenis, herbouw, maak_leeg, record, stand, vertel
from tests.financien.opstelling import BUUR, GEMEENTE, Opstelling, levering, overeenkomst, van_tot
from tests.verteld import inhoud

LEESKANT = (LEVERING, MUTATIE, CEL)


class Afgebroken(Exception):
    """Ctrl-C, as the rebuild sees it."""


async def leeskant(op: Opstelling) -> dict[str, list[dict[str, Any]]]:
    return {table.name: await op.rijen(table) for table in LEESKANT}


@pytest.mark.parametrize("seed", range(3))
async def test_an_emptied_read_side_comes_back_as_it_was_and_nothing_is_told(financien: Opstelling, seed: int) -> None:
    events = await vertel(financien, seed)
    voor, verteld = await stand(financien), len(await financien.gepubliceerd())
    await maak_leeg(financien)
    done = await herbouw(financien, geschiedenis(events))
    assert await stand(financien) == voor
    assert len(await financien.gepubliceerd()) == verteld
    assert (done.events, done.aggregates, done.changed) == (len(events), AANTAL, done.cells)


@pytest.mark.parametrize("table", LEESKANT, ids=lambda table: table.name)
async def test_one_emptied_table_comes_back_as_well(financien: Opstelling, table: Any) -> None:
    events = await vertel(financien, 7)
    voor, verteld = await stand(financien), len(await financien.gepubliceerd())
    await financien.database.execute(delete(table))
    await herbouw(financien, geschiedenis(events))
    assert (await stand(financien), len(await financien.gepubliceerd())) == (voor, verteld)


async def test_a_read_side_that_is_right_is_not_written_nor_told_also_on_a_later_day(financien: Opstelling) -> None:
    events = await vertel(financien, 1)
    voor, verteld = await leeskant(financien), len(await financien.gepubliceerd())
    financien.klok.vandaag = date(2026, 9, 1)
    done = await herbouw(financien, geschiedenis(events))
    assert (done.changed, await leeskant(financien)) == (0, voor)
    assert len(await financien.gepubliceerd()) == verteld


async def test_repeated_and_old_versions_in_any_order_do_no_harm(financien: Opstelling) -> None:
    events = await vertel(financien, 2)
    voor = await stand(financien)
    await maak_leeg(financien)
    anders = events * 3
    Random(2).shuffle(anders)
    await herbouw(financien, geschiedenis(anders))
    assert await stand(financien) == voor


async def test_wrong_counts_are_put_right_from_what_is_stored_without_any_source(financien: Opstelling) -> None:
    await vertel(financien, 3)
    voor, verteld = await stand(financien), len(await financien.gepubliceerd())
    dagen = await financien.rijen(MUTATIE)
    await financien.database.execute(update(MUTATIE).values(aantal=MUTATIE.c.aantal * 3))
    await financien.database.execute(delete(MUTATIE).where(MUTATIE.c.dag == dagen[0]["dag"]))
    await financien.database.execute(update(MUTATIE).where(MUTATIE.c.dag == dagen[-1]["dag"]).values(dag=JANUARI))
    await financien.database.execute(update(CEL).values(bezet=99))
    await financien.database.execute(
        update(LEVERING).where(LEVERING.c.id == voor["levering"][0]["id"]).values(bezet="[]")
    )
    await herbouw(financien, geschiedenis([]))
    assert (await stand(financien), len(await financien.gepubliceerd())) == (voor, verteld)


async def test_a_forecast_made_on_an_empty_read_side_is_told_right_by_the_rebuild_once(financien: Opstelling) -> None:
    begin = [levering(van_tot(JANUARI), id=f"l{n}") for n in range(3)]
    nieuw = levering(van_tot(date(2026, 2, 1)), id="l9")
    await financien.hoor(overeenkomst(), *begin)
    await maak_leeg(financien)
    await financien.hoor(nieuw)
    (half,) = await financien.rijen(PROGNOSE)
    verteld = len(await financien.gepubliceerd())
    await herbouw(financien, geschiedenis(begin))
    (heel,) = await financien.rijen(PROGNOSE)
    assert half["verwacht_cent"] < 3 * 1_200_000 < heel["verwacht_cent"]
    (prognose,) = (await financien.gepubliceerd())[verteld:]
    assert (prognose.type, inhoud(prognose)["versie"]) == (PrognoseGewijzigd.TYPE, heel["versie"])
    assert (prognose.cause, heel["oorzaak"]) == ("herbouw:2026-05-15", "herbouw:2026-05-15")
    # As if all had been heard live.
    assert heel["verwacht_cent"] == 3 * 1_200_000 + 11 * 100_000


async def test_what_comes_live_between_reading_and_counting_is_neither_lost_nor_overwritten(
    financien: Opstelling,
) -> None:
    oud = [levering(van_tot(JANUARI), id=f"l{n}") for n in range(4)]
    await financien.hoor(overeenkomst(), *oud)
    nieuw = [
        levering(van_tot(JANUARI, date(2026, 3, 31)), id="l0", versie=2),
        levering(van_tot(JANUARI), id="l1", versie=2, vervallen=True),
        levering(van_tot(JANUARI), id="l2", versie=2, gemeente=BUUR),
        levering(van_tot(date(2026, 4, 1)), id="l9"),
    ]
    await maak_leeg(financien)
    await herbouw(financien, geschiedenis(oud, lambda: financien.hoor(*nieuw)))
    na = await stand(financien)
    await maak_leeg(financien)
    await financien.hoor(*oud, *nieuw)
    assert na == await stand(financien)
    assert {row["id"]: row["versie"] for row in na["levering"]} == {"l0": 2, "l1": 2, "l2": 2, "l3": 1, "l9": 1}


@pytest.mark.parametrize("seed", range(2))
async def test_live_events_on_the_same_cells_at_the_same_time_end_the_same(financien: Opstelling, seed: int) -> None:
    events = await vertel(financien, seed)
    await maak_leeg(financien)
    later = [levering(van_tot(date(2026, 2, n % 28 + 1)), id=f"l{n}", versie=9) for n in range(0, AANTAL, 2)]

    async def live() -> None:
        for event in later:
            await financien.hoor(event)

    await asyncio.gather(herbouw(financien, geschiedenis(events)), live(), live())
    tegelijk = await stand(financien)
    await maak_leeg(financien)
    await financien.hoor(*events, *later)
    assert tegelijk == await stand(financien)


LEEG = [(), (LEVERING,), (MUTATIE,), (MUTATIE, CEL), LEESKANT]


@pytest.mark.parametrize("eerst", ["levering", "herbouw"])
@pytest.mark.parametrize("leeg", LEEG, ids=["vol", "zonder levering", "zonder mutaties", "ongeteld", "leeg"])
async def test_of_a_count_and_a_live_event_at_the_same_time_the_second_is_taken_again(
    financien: Opstelling, leeg: tuple[Any, ...], eerst: str
) -> None:
    oud, gemist = levering(van_tot(JANUARI), id="l1"), levering(van_tot(JANUARI), id="l2")
    await financien.hoor(overeenkomst(), oud)
    for table in leeg:
        await financien.database.execute(delete(table))
    context = financien.service.edge.context(cause="herbouw")
    live = Heard(levering(van_tot(JANUARI), id="l3"), unpack(record(oud).value))
    async with financien.database.reading() as reader:
        geteld = (await na_herbouw(reader, context, cel_van_levering(oud), [oud] if leeg else [oud, gemist])).changes
        gehoord = await volg_leveringen(reader, context, [live])
    een, ander = (gehoord, geteld) if eerst == "levering" else (geteld, gehoord)
    await financien.database.commit(een)
    with pytest.raises((StaleVersion, AlreadyExists)) as geweigerd:
        await financien.database.commit(ander)
    assert geweigerd.value.table == "cel"  # type: ignore[union-attr]  # both have it


async def test_broken_off_half_way_and_run_again_it_ends_the_same(financien: Opstelling) -> None:
    events = await vertel(financien, 4)
    voor, verteld = await stand(financien), len(await financien.gepubliceerd())
    await maak_leeg(financien)

    def breek_af(step: Step, done: int, total: int) -> None:
        if step is Step.COUNTING and done == total // 2:
            raise Afgebroken

    with pytest.raises(Afgebroken):
        await herbouw(financien, geschiedenis(events), breek_af)
    assert 0 < len(await financien.rijen(CEL)) < len(voor["cel"])
    await herbouw(financien, geschiedenis(events))
    assert (await stand(financien), len(await financien.gepubliceerd())) == (voor, verteld)


@pytest.mark.parametrize("leeg", [(), (MUTATIE,), (MUTATIE, CEL)], ids=["vol", "zonder mutaties", "zonder tellingen"])
async def test_a_levering_that_moved_unheard_leaves_its_old_cell(financien: Opstelling, leeg: tuple[Any, ...]) -> None:
    blijft, oud = levering(van_tot(JANUARI), id="l1"), levering(van_tot(JANUARI), id="l2")
    verhuisd = levering(van_tot(JANUARI), id="l2", versie=2, gemeente=BUUR)
    await financien.hoor(overeenkomst(), blijft, oud)
    for table in leeg:
        await financien.database.execute(delete(table))
    done = await herbouw(financien, geschiedenis([blijft, oud, verhuisd]))
    assert done.moved == 1
    bezet = {row["gemeente"]: row["bezet"] for row in await financien.rijen(CEL)}
    assert bezet == {GEMEENTE: 1, BUUR: 1}


@pytest.mark.parametrize("bron", ["zonder", "ouder"])
async def test_what_is_stored_and_newer_than_the_source_stays(financien: Opstelling, bron: str) -> None:
    oud, nieuw = levering(van_tot(JANUARI)), levering(van_tot(JANUARI, date(2026, 2, 28)), versie=3)
    elders = levering(van_tot(JANUARI), id="l2", versie=2, gemeente=BUUR)
    await financien.hoor(overeenkomst(), nieuw, elders)
    voor = await leeskant(financien)
    bekend: list[LeveringGewijzigd] = [] if bron == "zonder" else [oud, levering(van_tot(JANUARI), id="l2")]
    done = await herbouw(financien, geschiedenis(bekend))
    assert (await leeskant(financien), done.moved) == (voor, 0)


async def test_on_a_later_day_the_forecast_of_an_emptied_cell_counts_to_that_day(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await maak_leeg(financien)
    financien.klok.vandaag = date(2026, 6, 30)
    await herbouw(financien, geschiedenis([levering(van_tot(JANUARI))]))
    (row,) = await financien.rijen(PROGNOSE)
    assert (row["stand"], row["gerealiseerd_cent"]) == (date(2026, 6, 30), 600_000)
