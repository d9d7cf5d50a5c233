"""The occupancy of contractmanagement from all that was told: the same rows, once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, update

from services.contractmanagement.bezetting.handlers import aanbod_van
from services.contractmanagement.bezetting.store import BEZETTING_MUTATIE, LEVERING
from services.contractmanagement.signaal.handlers import na_herbouw, na_leveringen
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import SignaalGewijzigd
from shared.contracts.envelope import unpack
from shared.database.port import AlreadyExists, StaleVersion
from shared.outbox.inbox import Heard
from shared.outbox.rebuild import Step
from tests.contractmanagement.herbouwing import (
    AANTAL,
    BUUR,
    geschiedenis,
    herbouw,
    leeskant,
    maak_leeg,
    signalen,
    vertel,
)
from tests.contractmanagement.omgeving import GEMEENTE, Omgeving, levering, regel
from tests.verteld import inhoud


class Afgebroken(Exception):
    """Ctrl-C, as the rebuild sees it."""


async def alles(omgeving: Omgeving) -> tuple[Any, Any, int]:
    """The read side, the signals, and how much was published."""
    return await leeskant(omgeving), await signalen(omgeving), len(omgeving.gepubliceerd)


async def geldend(omgeving: Omgeving) -> list[dict[str, Any]]:
    return [row for row in await signalen(omgeving) if row["status"] != "vervallen"]


@pytest.mark.parametrize("seed", range(3))
async def test_an_emptied_read_side_comes_back_as_it_was_and_nothing_is_told(omgeving: Omgeving, seed: int) -> None:
    events = await vertel(omgeving, seed)
    voor = await alles(omgeving)
    assert omgeving.events(SignaalGewijzigd)
    await maak_leeg(omgeving)
    done = await herbouw(omgeving, geschiedenis(omgeving, events))
    assert await alles(omgeving) == voor
    assert (done.events, done.aggregates, done.changed) == (len(events), AANTAL, done.cells)


@pytest.mark.parametrize("table", [LEVERING, BEZETTING_MUTATIE], ids=lambda table: table.name)
async def test_one_emptied_table_comes_back_as_well(omgeving: Omgeving, table: Any) -> None:
    events = await vertel(omgeving, 7)
    voor = await alles(omgeving)
    await omgeving.database.execute(delete(table))
    await herbouw(omgeving, geschiedenis(omgeving, events))
    assert await alles(omgeving) == voor


async def test_a_read_side_that_is_right_is_not_written_nor_told_also_on_a_later_day(omgeving: Omgeving) -> None:
    events = await vertel(omgeving, 1)
    voor, aanbod = await alles(omgeving), await omgeving.rijen("aanbod")
    omgeving.clock.fixed_today = date(2027, 2, 1)
    done = await herbouw(omgeving, geschiedenis(omgeving, events))
    assert (done.changed, await alles(omgeving), await omgeving.rijen("aanbod")) == (0, voor, aanbod)


async def test_repeated_and_old_versions_in_any_order_do_no_harm(omgeving: Omgeving) -> None:
    events = await vertel(omgeving, 2)
    voor = await alles(omgeving)
    await maak_leeg(omgeving)
    anders = events * 3
    Random(2).shuffle(anders)
    await herbouw(omgeving, geschiedenis(omgeving, anders))
    assert await alles(omgeving) == voor


async def test_wrong_counts_are_put_right_from_what_is_stored_without_any_source(omgeving: Omgeving) -> None:
    await vertel(omgeving, 3)
    voor = await alles(omgeving)
    dag = voor[0]["bezetting_mutatie"][0]["dag"]
    await omgeving.database.execute(update(BEZETTING_MUTATIE).values(aantal=BEZETTING_MUTATIE.c.aantal * 3))
    await omgeving.database.execute(
        update(BEZETTING_MUTATIE).where(BEZETTING_MUTATIE.c.dag == dag).values(dag=date(2025, 1, 1))
    )
    await omgeving.database.execute(update(LEVERING).where(LEVERING.c.id < "L2").values(bezet=[]))
    await herbouw(omgeving, geschiedenis(omgeving, []))
    assert await alles(omgeving) == voor


async def test_signals_that_lapsed_on_an_empty_read_side_are_raised_again_once(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="2"))
    vol = [levering(f"L{n}", ("2026-03-01", None)) for n in range(3)]
    await omgeving.lever(*vol)
    voor = await geldend(omgeving)
    await maak_leeg(omgeving)
    await omgeving.turn_to(date(2026, 11, 21))
    verteld = len(omgeving.gepubliceerd)
    await herbouw(omgeving, geschiedenis(omgeving, vol))
    na = [envelope for envelope in omgeving.gepubliceerd[verteld:] if envelope.type == SignaalGewijzigd.TYPE]
    opnieuw = {
        (inhoud(e)["sinds"], inhoud(e)["versie"], inhoud(e)["status"], e.cause)
        for e in na
        if inhoud(e)["status"] == "open"
    }
    assert opnieuw == {("2026-03-01", 3, "open", "herbouw:2026-11-21")}
    assert await geldend(omgeving) == voor


async def test_what_comes_live_between_reading_and_counting_is_neither_lost_nor_overwritten(
    omgeving: Omgeving,
) -> None:
    oud = [levering(f"L{n}", ("2026-03-01", None)) for n in range(4)]
    await omgeving.sluit(regel(), regel(BUUR))
    await omgeving.lever(*oud)
    nieuw = [
        levering("L0", ("2026-03-01", "2026-03-31"), versie=2),
        levering("L1", ("2026-03-01", None), versie=2, vervallen=True),
        levering("L2", ("2026-03-01", None), versie=2, gemeente=BUUR),
        levering("L9", ("2026-04-01", None)),
    ]
    await maak_leeg(omgeving)
    await herbouw(omgeving, geschiedenis(omgeving, oud, lambda: omgeving.lever(*nieuw)))
    na = await leeskant(omgeving)
    await maak_leeg(omgeving)
    await omgeving.lever(*oud, *nieuw)
    assert na == await leeskant(omgeving)
    assert {row["id"]: row["versie"] for row in na["levering"]} == {"L0": 2, "L1": 2, "L2": 2, "L3": 1, "L9": 1}


@pytest.mark.parametrize("seed", range(2))
async def test_live_events_on_the_same_offers_at_the_same_time_end_the_same(omgeving: Omgeving, seed: int) -> None:
    events = await vertel(omgeving, seed)
    await maak_leeg(omgeving)
    later = [levering(f"L{n}", (f"2026-02-{n % 28 + 1:02d}", None), versie=9) for n in range(0, AANTAL, 2)]
    consumer = omgeving.service.consumer
    assert consumer is not None

    async def live() -> None:
        for event in later:
            await consumer.deliver([omgeving.pak(event)])

    await asyncio.gather(herbouw(omgeving, geschiedenis(omgeving, events)), live(), live())
    await omgeving.rond()
    tegelijk = await leeskant(omgeving), await signalen(omgeving)
    assert await omgeving.rijen("geparkeerd") == []
    await maak_leeg(omgeving)
    await herbouw(omgeving, geschiedenis(omgeving, [*events, *later]))
    assert tegelijk == (await leeskant(omgeving), await signalen(omgeving))


@pytest.mark.parametrize(("table", "nog_te_doen"), [(BEZETTING_MUTATIE, 0), (LEVERING, 1)], ids=["geteld", "niet"])
async def test_an_offer_counts_as_worked_out_for_today_when_its_signals_were(
    omgeving: Omgeving, table: Any, nog_te_doen: int
) -> None:
    event = levering("L1", ("2026-03-01", None))
    await omgeving.sluit()
    await omgeving.lever(event)
    await omgeving.database.execute(delete(table))
    morgen = date(2026, 11, 21)
    omgeving.clock.fixed_today = morgen
    await herbouw(omgeving, geschiedenis(omgeving, [event]))
    assert await omgeving.turn_to(morgen) == nog_te_doen


LEEG = [(), (LEVERING,), (BEZETTING_MUTATIE,), (LEVERING, BEZETTING_MUTATIE)]


@pytest.mark.parametrize("eerst", ["levering", "herbouw"])
@pytest.mark.parametrize("leeg", LEEG, ids=["vol", "zonder levering", "ongeteld", "leeg"])
async def test_of_a_count_and_a_live_event_at_the_same_time_the_second_is_taken_again(
    omgeving: Omgeving, leeg: tuple[Any, ...], eerst: str
) -> None:
    oud, gemist, nieuw = (levering(f"L{n}", ("2026-03-01", None)) for n in (1, 2, 3))
    await omgeving.sluit()
    await omgeving.lever(oud)
    for table in leeg:
        await omgeving.database.execute(delete(table))
    context = omgeving.service.edge.context(cause="herbouw")
    live = Heard(nieuw, unpack(omgeving.pak(nieuw).value))
    async with omgeving.database.reading() as reader:
        geteld = (await na_herbouw(reader, context, aanbod_van(oud), [oud] if leeg else [oud, gemist])).changes
        gehoord = await na_leveringen(reader, context, [live])
    een, ander = (gehoord, geteld) if eerst == "levering" else (geteld, gehoord)
    await omgeving.database.commit(een)
    with pytest.raises((StaleVersion, AlreadyExists)) as geweigerd:
        await omgeving.database.commit(ander)
    assert geweigerd.value.table == "aanbod"  # type: ignore[union-attr]  # both have it


async def test_broken_off_half_way_and_run_again_it_ends_the_same(omgeving: Omgeving) -> None:
    events = await vertel(omgeving, 4)
    voor = await alles(omgeving)
    await maak_leeg(omgeving)

    def breek_af(step: Step, done: int, total: int) -> None:
        if step is Step.COUNTING and done == total // 2:
            raise Afgebroken

    with pytest.raises(Afgebroken):
        await herbouw(omgeving, geschiedenis(omgeving, events), breek_af)
    assert 0 < len(await omgeving.rijen("levering")) < AANTAL
    await herbouw(omgeving, geschiedenis(omgeving, events))
    assert await alles(omgeving) == voor


@pytest.mark.parametrize("naar", [{"subsegment": "54Z02"}, {"gemeente": BUUR}], ids=["aanbod", "gemeente"])
@pytest.mark.parametrize("vol", [True, False], ids=["geteld", "zonder mutaties"])
async def test_a_levering_that_moved_unheard_leaves_its_old_cell(
    omgeving: Omgeving, vol: bool, naar: dict[str, str]
) -> None:
    blijft, oud = levering("L1", ("2026-03-01", None)), levering("L2", ("2026-03-01", None))
    await omgeving.lever(blijft, oud)
    if not vol:
        await omgeving.database.execute(delete(BEZETTING_MUTATIE))
    verhuisd = levering("L2", ("2026-03-01", None), versie=2, **naar)
    await herbouw(omgeving, geschiedenis(omgeving, [blijft, oud, verhuisd]))
    na = await leeskant(omgeving)
    begin = {(r["subsegment"], r["gemeente"]): r["aantal"] for r in na["bezetting_mutatie"] if r["aantal"] > 0}
    assert begin == {("54Z01", GEMEENTE): 1, (naar.get("subsegment", "54Z01"), naar.get("gemeente", GEMEENTE)): 1}
    assert [row["versie"] for row in na["levering"] if row["id"] == "L2"] == [2]


@pytest.mark.parametrize("bron", ["zonder", "ouder"])
async def test_what_is_stored_and_newer_than_the_source_stays(omgeving: Omgeving, bron: str) -> None:
    nieuw = levering("L1", ("2026-03-01", "2026-04-30"), versie=3)
    elders = levering("L2", ("2026-03-01", None), versie=2, subsegment="54Z02")
    await omgeving.lever(nieuw, elders)
    voor = await alles(omgeving)
    ouder = [levering("L1", ("2026-03-01", None)), levering("L2", ("2026-03-01", None))]
    bekend: list[LeveringGewijzigd] = [] if bron == "zonder" else ouder
    done = await herbouw(omgeving, geschiedenis(omgeving, bekend))
    assert (await alles(omgeving), done.moved) == (voor, 0)
