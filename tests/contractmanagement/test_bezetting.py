"""Occupancy and utilisation per contract line on a reference date."""

from datetime import date

import pytest

from shared.web.identity import Rol
from tests.contractmanagement.omgeving import AANBIEDER, Omgeving, levering, regel, regionaal


async def bezet(omgeving: Omgeving, dag: str) -> list[int]:
    return [row["bezet"] for row in await omgeving.lees(f"/bezetting?peildatum={dag}")]


async def test_every_line_has_a_row_also_when_nothing_is_occupied(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="12"), regel("0197", "0"), regionaal("2.5", g1586="1"))
    await omgeving.lever(*(levering(f"L{n}", ("2026-03-01", None)) for n in range(9)))
    basis = {"aanbieder": AANBIEDER, "subsegment": "54Z01"}
    assert await omgeving.lees("/bezetting") == [
        {**basis, "gemeente": "0197", "plekken": "0", "bezet": 0, "benutting": None},
        {**basis, "gemeente": "0294", "plekken": "12", "bezet": 9, "benutting": "0.7500"},
        {**basis, "gemeente": None, "plekken": "2.5", "bezet": 0, "benutting": "0.0000"},
    ]


async def test_first_and_last_day_of_a_delivery_count_and_nothing_after_the_toewijzing(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await omgeving.lever(
        levering("L1", ("2026-03-01", "2026-03-31")), levering("L2", ("2026-03-31", None), einde="2026-12-15")
    )
    days = ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01", "2026-12-15", "2026-12-16")
    assert [await bezet(omgeving, dag) for dag in days] == [[0], [1], [2], [1], [1], [0]]


async def test_a_line_for_the_region_adds_up_the_gemeenten_of_its_key_on_that_date(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regionaal("10", g0294="0.5", g0197="0.5"))
    await omgeving.wijzig(made["id"], "2026-06-01", regionaal("8", g0197="0.5", g1586="0.5"))
    for gemeente in ("0294", "0197", "1586"):
        await omgeving.lever(levering(f"L{gemeente}", ("2026-02-01", None), gemeente=gemeente))
    await omgeving.lever(levering("L2", ("2026-02-01", None), gemeente="1586"))
    for dag, plekken, aantal in (("2026-05-31", "10", 2), ("2026-06-01", "8", 3)):
        (row,) = await omgeving.lees(f"/bezetting?peildatum={dag}")
        assert (row["gemeente"], row["plekken"], row["bezet"]) == (None, plekken, aantal)
    assert len(await omgeving.lees("/bezetting?gemeente=0294&peildatum=2026-05-31")) == 1
    assert await omgeving.lees("/bezetting?gemeente=0294&peildatum=2026-06-01") == []


async def test_care_outside_a_contract_line_counts_nowhere(omgeving: Omgeving) -> None:
    await omgeving.sluit(begindatum="2026-04-01")
    await omgeving.lever(
        levering("voor", ("2026-02-01", "2026-03-31")),
        levering("elders", ("2026-05-01", None), gemeente="0197"),
        levering("ander", ("2026-05-01", None), aanbieder="42420002"),
    )
    assert [await bezet(omgeving, dag) for dag in ("2026-03-31", "2026-04-01", "2026-05-01")] == [[], [0], [0]]


async def test_a_newer_version_replaces_and_an_older_or_repeated_one_does_nothing(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    old, new = levering("L1", ("2026-03-01", None)), levering("L1", ("2026-03-01", "2026-03-31"), versie=4)
    for event in (new, old, new, old):
        await omgeving.lever(event)
    assert await bezet(omgeving, "2026-04-01") == [0]
    record = omgeving.pak(levering("L1", versie=5, vervallen=True), "zelfde")
    assert omgeving.service.consumer is not None
    for _ in range(2):
        await omgeving.service.consumer.deliver([record])
    assert await bezet(omgeving, "2026-03-15") == [0]
    assert await omgeving.rijen("bezetting_mutatie") == []


async def test_a_levering_that_moves_to_another_cell_leaves_the_old_one(omgeving: Omgeving) -> None:
    await omgeving.subsegment("54Z02")
    await omgeving.sluit(regel(), regel("0197"), regel(subsegment="54Z02"))
    await omgeving.lever(levering("L1", ("2026-03-01", None)))
    await omgeving.lever(levering("L1", ("2026-03-01", None), versie=2, gemeente="0197"))
    assert await bezet(omgeving, "2026-03-01") == [1, 0, 0]
    await omgeving.lever(levering("L1", ("2026-03-01", None), versie=3, subsegment="54Z02"))
    assert await bezet(omgeving, "2026-03-01") == [0, 0, 1]


async def test_offers_of_one_batch_count_as_one_by_one_also_when_a_levering_moves_in_it(omgeving: Omgeving) -> None:
    await omgeving.subsegment("54Z02")
    await omgeving.sluit(regel(), regel(subsegment="54Z02"))
    await omgeving.lever(
        levering("L1", ("2026-03-01", None)),
        levering("L2", ("2026-03-01", None)),
        levering("L3", ("2026-03-01", None), subsegment="54Z02"),
        levering("L1", ("2026-03-01", None), versie=2, subsegment="54Z02"),
    )
    assert await bezet(omgeving, "2026-03-01") == [1, 2]
    # One leaves the offer that another comes to.
    await omgeving.lever(
        levering("L2", ("2026-03-01", None), versie=2, subsegment="54Z02"), levering("L4", ("2026-03-01", None))
    )
    assert await bezet(omgeving, "2026-03-01") == [1, 3]


async def test_removed_care_never_occupied_a_place(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await omgeving.lever(levering("L1", ("2026-03-01", None)))
    await omgeving.lever(levering("L1", ("2026-03-01", None), versie=2, vervallen=True))
    assert await bezet(omgeving, "2026-03-01") == [0]


@pytest.mark.parametrize(
    ("jaar", "dag", "aantal"), [("2026", "2026-12-31", 1), ("2026", "2027-01-01", 0), ("2027", "2027-01-03", 1)]
)
async def test_kept_days_are_those_of_the_contract_in_which_care_stopped(
    omgeving: Omgeving, jaar: str, dag: str, aantal: int
) -> None:
    await omgeving.sluit(einddatum="2026-12-31", instellingen={"tijdelijkeStopHoudtPlekDagen": 2})
    await omgeving.sluit(
        begindatum="2027-01-01",
        einddatum="2027-12-31",
        instellingen={"tijdelijkeStopHoudtPlekDagen": 3},
    )
    stop = "2026-12-29" if jaar == "2026" else "2026-12-31"
    start = "2027-01-02" if jaar == "2027" else "2026-12-20"
    perioden = (start, "2027-01-02" if jaar == "2027" else stop, True)
    await omgeving.lever(levering("L1", perioden))
    assert await bezet(omgeving, dag) == [aantal]


async def test_without_a_reference_date_it_is_today(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    await omgeving.lever(levering("L1", ("2026-11-20", "2026-11-20")))
    assert [row["bezet"] for row in await omgeving.lees("/bezetting")] == [1]
    omgeving.clock.fixed_today = date(2026, 11, 21)
    assert [row["bezet"] for row in await omgeving.lees("/bezetting")] == [0]


async def test_each_sees_its_own_lines(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(), regel("0197"))
    await omgeving.sluit(regionaal(g0294="0.5", g1586="0.5"), agb="42420002")
    controller = omgeving.als(Rol.CONTROLLER, gemeente="0294")
    rows = await omgeving.lees("/bezetting", controller)
    assert [(row["aanbieder"], row["gemeente"]) for row in rows] == [(AANBIEDER, "0294"), ("42420002", None)]
    assert (await controller.get("/bezetting?gemeente=0197")).status_code == 403
    own = omgeving.als(Rol.AANBIEDER, aanbieder="42420002")
    assert [row["aanbieder"] for row in await omgeving.lees("/bezetting", own)] == ["42420002"]
    assert (await own.get(f"/bezetting?aanbieder={AANBIEDER}")).status_code == 403
    assert (await omgeving.als(Rol.CONSULENT, gemeente="0294").get("/bezetting")).status_code == 403
    assert len(await omgeving.lees(f"/bezetting?aanbieder={AANBIEDER}&subsegment=54Z01")) == 2
    assert await omgeving.lees("/bezetting?subsegment=54Z02") == []


async def test_pages_hold_every_line_once(omgeving: Omgeving) -> None:
    codes = [f"{nummer:04d}" for nummer in range(1, 8)]
    await omgeving.sluit(*(regel(code) for code in codes))
    found: list[str] = []
    pad = "/bezetting?aantal=3"
    while pad:
        page = (await omgeving.manager.get(pad)).json()
        found += [row["gemeente"] for row in page["resultaten"]]
        pad = page["volgende"]
    assert found == codes
