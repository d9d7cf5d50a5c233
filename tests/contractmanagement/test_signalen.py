"""Signals over HTTP: raised, cleared, worked out again, at the turn of the day, and seen by whom they concern."""

import asyncio
from datetime import date
from typing import Any

import pytest

from shared.contracts.contractmanagement import SignaalGewijzigd
from shared.web.identity import Rol
from tests.contractmanagement.omgeving import AANBIEDER, Omgeving, levering, regel, regionaal

VOLTE = {"bijna_vol", "vol", "overbezet"}


async def volte(omgeving: Omgeving, vraag: str = "") -> list[tuple[str, str]]:
    """The signals on fullness as (soort, sinds)."""
    rows = await omgeving.lees(f"/signalen{vraag}")
    return sorted((row["soort"], row["sinds"]) for row in rows if row["soort"] in VOLTE)


async def vul(omgeving: Omgeving, aantal: int, vanaf: str = "2026-03-03", **velden: Any) -> None:
    events = (levering(f"V{vanaf}-{n}", (vanaf, None), **velden) for n in range(aantal))
    await omgeving.lever(*events)


async def test_nearly_full_is_raised_with_figures_and_the_event_that_did_it(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await vul(omgeving, 9)
    rows = [row for row in await omgeving.lees("/signalen") if row["soort"] == "bijna_vol"]
    (told,) = [event for event in omgeving.events(SignaalGewijzigd) if event["soort"] == "bijna_vol"]
    assert rows == [
        {
            "id": told["signaal"],
            "soort": "bijna_vol",
            "status": "open",
            "aanbieder": AANBIEDER,
            "gemeente": "0294",
            "subsegment": "54Z01",
            "sinds": "2026-03-03",
            "totEnMet": None,
            "toelichting": "9 van 10 plekken bezet sinds 3 maart 2026.",
            "oorzaak": "gebeurtenis-9",
            "versie": 1,
            "eigenaar": None,
            "werkstatus": "nieuw",
            "stilTot": None,
        }
    ]
    assert (told["oorzaak"], told["versie"], told["status"]) == ("gebeurtenis-9", 1, "open")


async def test_full_and_over_follow_and_each_closes_the_one_before(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="2"))
    await vul(omgeving, 2, "2026-03-03")
    await vul(omgeving, 1, "2026-04-01")
    assert await volte(omgeving) == [("overbezet", "2026-04-01")]
    (closed,) = await omgeving.lees("/signalen?status=gesloten&soort=vol")
    assert closed["toelichting"] == "2 van 2 plekken bezet van 3 maart 2026 tot en met 31 maart 2026."


async def test_a_correction_of_the_past_makes_a_signal_lapse_and_back_again(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-03-03", None)))
    await omgeving.lever(levering("L1", versie=2, vervallen=True))
    assert await volte(omgeving) == []
    assert await volte(omgeving, "?status=vervallen") == [("vol", "2026-03-03")]
    await omgeving.lever(levering("L1", ("2026-03-03", None), versie=3))
    assert await volte(omgeving) == [("vol", "2026-03-03")]
    told = [(e["status"], e["versie"]) for e in omgeving.events(SignaalGewijzigd) if e["soort"] == "vol"]
    assert told == [("open", 1), ("vervallen", 2), ("open", 3)]


async def test_nothing_is_told_when_nothing_changes(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await vul(omgeving, 9)
    before = len(omgeving.events(SignaalGewijzigd))
    await omgeving.lever(levering("later", ("2026-12-01", "2026-12-05")), levering("leeg"))
    assert len(omgeving.events(SignaalGewijzigd)) == before


async def test_new_figures_change_the_sentence_and_are_no_new_event(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await vul(omgeving, 2, "2026-01-01")
    before = omgeving.events(SignaalGewijzigd)
    await omgeving.lever(levering("L3", ("2026-01-01", None)), levering("L4", ("2026-05-01", None)))
    assert omgeving.events(SignaalGewijzigd) == before
    (row,) = await omgeving.lees("/signalen")
    assert row["toelichting"] == "3 van 1 plekken bezet sinds 1 januari 2026."
    assert row["versie"] == 1


async def test_who_raised_a_signal_stays_its_cause_when_it_closes(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-03-03", None)))
    await omgeving.lever(levering("L1", ("2026-03-03", "2026-03-09"), versie=2))
    (row,) = await omgeving.lees("/signalen?status=gesloten&soort=vol")
    assert (row["oorzaak"], row["totEnMet"], row["versie"]) == ("gebeurtenis-1", "2026-03-09", 2)


async def test_care_without_an_end_fills_a_line_that_begins_later(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"), begindatum="2026-05-01")
    await omgeving.lever(levering("L1", ("2026-03-03", None), einde=None))
    assert await volte(omgeving) == [("vol", "2026-05-01")]


@pytest.mark.parametrize(("einde", "raakt"), [("2026-04-30", False), ("2026-05-01", True)])
async def test_a_line_is_worked_out_when_the_last_changed_day_is_its_first(
    omgeving: Omgeving, einde: str, raakt: bool
) -> None:
    await omgeving.sluit(regel(plekken="1"), begindatum="2026-05-01")
    await omgeving.lever(levering("L1", ("2026-03-03", einde)))
    assert await volte(omgeving, "?status=gesloten") == [("vol", "2026-05-01")] * raakt


async def test_more_places_close_the_signal_from_their_date(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regel(plekken="1"))
    await vul(omgeving, 1)
    await omgeving.wijzig(made["id"], "2026-09-01", regel(plekken="3"))
    assert await volte(omgeving) == []
    (closed,) = await omgeving.lees("/signalen?status=gesloten&soort=vol")
    assert closed["totEnMet"] == "2026-08-31"


async def test_care_without_a_contract_line_is_a_signal_until_a_contract_covers_it(omgeving: Omgeving) -> None:
    await vul(omgeving, 2)
    (row,) = await omgeving.lees("/signalen")
    assert (row["soort"], row["gemeente"], row["sinds"]) == ("geen_contractregel", "0294", "2026-03-03")
    assert row["toelichting"] == "2 plekken bezet zonder contractregel sinds 3 maart 2026."
    await omgeving.sluit(begindatum="2026-06-01")
    assert len(await omgeving.lees("/signalen?soort=geen_contractregel")) == 1
    await omgeving.sluit(begindatum="2026-01-01", einddatum="2026-05-31")
    assert await omgeving.lees("/signalen?soort=geen_contractregel") == []


async def test_the_turn_of_the_day_raises_what_the_calendar_brings(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-11-22", None), einde="2026-11-24"))
    assert await volte(omgeving) == []
    assert await omgeving.turn_to(date(2026, 11, 20)) == 0
    assert await omgeving.turn_to(date(2026, 11, 22)) == 1
    (row,) = [row for row in await omgeving.lees("/signalen") if row["soort"] == "vol"]
    assert row["oorzaak"] == "dagwissel:2026-11-22"
    assert await omgeving.turn_to(date(2026, 11, 22)) == 0
    await omgeving.turn_to(date(2026, 11, 25))
    assert await volte(omgeving, "?status=alle") == [("vol", "2026-11-22")]
    assert await volte(omgeving) == []


async def test_a_read_is_never_behind_the_calendar(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-11-22", None)))
    omgeving.clock.fixed_today = date(2026, 11, 22)
    assert await volte(omgeving) == [("vol", "2026-11-22")]


async def test_turning_day_by_day_gives_what_one_late_turn_gives(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="2"), einddatum="2027-12-31")
    events = [levering(f"L{n}", (f"2026-1{n}-05", f"2027-0{n + 2}-09"), einde=None) for n in range(3)]
    await omgeving.lever(*events)
    for ordinal in range(date(2026, 11, 21).toordinal(), date(2027, 7, 2).toordinal(), 3):
        await omgeving.turn_to(date.fromordinal(ordinal))
    await omgeving.turn_to(date(2027, 7, 2))
    stepwise = await omgeving.rijen("signaal", "versie", "oorzaak", "geschiedenis", "gewijzigd_op")
    await omgeving.turn_to(date(2026, 1, 1))
    assert {row["status"] for row in await omgeving.rijen("signaal")} == {"vervallen"}
    await omgeving.turn_to(date(2027, 7, 2))
    assert await omgeving.rijen("signaal", "versie", "oorzaak", "geschiedenis", "gewijzigd_op") == stepwise
    assert {row["soort"] for row in stepwise} == {"vol", "overbezet", "onderbezet"}


async def test_two_leveringen_at_the_same_time_both_count(omgeving: Omgeving) -> None:
    await omgeving.sluit(regionaal("8", g0294="0.5", g0197="0.5"))
    consumer = omgeving.service.consumer
    assert consumer is not None
    records = [
        omgeving.pak(levering(f"L{n}", ("2026-03-03", None), gemeente="0294" if n % 2 else "0197")) for n in range(8)
    ]
    await asyncio.gather(*(consumer.take_in(record) for record in records))
    assert await volte(omgeving) == [("vol", "2026-03-03")]
    assert [row["bezet"] for row in await omgeving.lees("/bezetting")] == [8]
    assert await omgeving.rijen("geparkeerd") == []


async def test_a_contract_at_the_same_time_as_its_first_levering_leaves_no_false_signal(omgeving: Omgeving) -> None:
    consumer = omgeving.service.consumer
    assert consumer is not None
    records = [omgeving.pak(levering(f"L{n}", ("2026-03-03", None))) for n in range(3)]
    await asyncio.gather(omgeving.sluit(regel(plekken="3")), *(consumer.take_in(record) for record in records))
    await omgeving.rond()
    assert [row["soort"] for row in await omgeving.lees("/signalen")] == ["vol"]


async def test_under_use_is_judged_per_quarter_and_its_history_stays(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await vul(omgeving, 7, "2026-01-01")
    await vul(omgeving, 1, "2026-04-01")
    assert await omgeving.lees("/signalen?soort=onderbezet") == []
    rows = await omgeving.lees("/signalen?status=gesloten&soort=onderbezet")
    assert [(row["sinds"], row["totEnMet"], row["toelichting"]) for row in rows] == [
        ("2026-04-01", "2026-06-30", "Gemiddeld 7 van 10 plekken bezet in het eerste kwartaal van 2026.")
    ]


async def test_each_sees_the_signals_that_concern_it(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"), regel("0197", "1"))
    await omgeving.sluit(regionaal("1", g0294="0.5", g1586="0.5"), agb="42420002")
    await vul(omgeving, 1)
    await omgeving.lever(
        levering("A", ("2026-03-03", None), gemeente="0197"),
        levering("B", ("2026-03-03", None), gemeente="1586", aanbieder="42420002"),
    )
    vol = "/signalen?soort=vol"
    assert len(await omgeving.lees(vol)) == 3
    controller = omgeving.als(Rol.CONTROLLER, gemeente="0294")
    seen = await omgeving.lees(vol, controller)
    assert sorted((row["aanbieder"], row["gemeente"] or "") for row in seen) == [
        (AANBIEDER, "0294"),
        ("42420002", ""),
    ]
    assert (await controller.get("/signalen?gemeente=0197")).status_code == 403
    own = omgeving.als(Rol.AANBIEDER, aanbieder="42420002")
    assert [row["aanbieder"] for row in await omgeving.lees(vol, own)] == ["42420002"]
    assert (await own.get(f"/signalen?aanbieder={AANBIEDER}")).status_code == 403
    assert (await omgeving.als(Rol.BACKOFFICE, gemeente="0294").get("/signalen")).status_code == 403
    assert len(await omgeving.lees(f"/signalen?soort=vol&aanbieder={AANBIEDER}&gemeente=0197")) == 1
