"""Names of gemeenten, aanbieders and sub-segments: laid down, told, and read by whoever shows them."""

import pytest

from services.contractmanagement.gemeente.store import names_of as gemeentenamen
from services.contractmanagement.overeenkomst.store import names_of as aanbiedernamen
from services.contractmanagement.subsegment.store import names_of as subsegmentnamen
from shared.contracts.contractmanagement import GemeenteVastgesteld
from shared.web.identity import GEMEENTE_ROLES, Rol
from tests.contractmanagement.omgeving import AANBIEDER, Omgeving


async def test_a_name_is_laid_down_told_and_changed_and_again_the_same_changes_nothing(omgeving: Omgeving) -> None:
    for naam, status, versie in (("Aalten", 201, 1), ("Aalten ", 200, 1), ("Gemeente Aalten", 200, 2)):
        answer = await omgeving.manager.put("/gemeenten/0197", json={"naam": naam})
        assert (answer.status_code, answer.json()) == (
            status,
            {"code": "0197", "naam": naam.strip(), "versie": versie},
        )
    await omgeving.rond()
    assert omgeving.events(GemeenteVastgesteld) == [
        {"code": "0197", "naam": "Aalten", "versie": 1},
        {"code": "0197", "naam": "Gemeente Aalten", "versie": 2},
    ]


@pytest.mark.parametrize(
    ("code", "body", "veld"),
    [
        ("197", {"naam": "Aalten"}, "code"),
        ("0197", {"naam": " "}, "naam"),
        ("0197", {"naam": "x" * 101}, "naam"),
        ("0197", {}, "naam"),
        ("0197", {"naam": "Aalten", "regio": "Achterhoek"}, "regio"),
    ],
)
async def test_a_wrong_code_or_name_is_refused_at_its_field(
    omgeving: Omgeving, code: str, body: dict[str, str], veld: str
) -> None:
    answer = await omgeving.manager.put(f"/gemeenten/{code}", json=body)
    assert (answer.status_code, [fout["veld"] for fout in answer.json()["fouten"]]) == (400, [veld])
    assert await omgeving.rijen("gemeente") == []


@pytest.mark.parametrize("rol", list(Rol))
async def test_all_may_read_names_and_the_region_lays_them_down(omgeving: Omgeving, rol: Rol) -> None:
    await omgeving.manager.put("/gemeenten/1586", json={"naam": "Oost Gelre"})
    await omgeving.manager.put("/gemeenten/0197", json={"naam": "Aalten"})
    who = {"gemeente": "0294"} if rol in GEMEENTE_ROLES else {"aanbieder": AANBIEDER} if rol is Rol.AANBIEDER else {}
    client = omgeving.als(rol, **who)
    assert [row["naam"] for row in await omgeving.lees("/gemeenten", client)] == ["Aalten", "Oost Gelre"]
    may_write = rol in (Rol.BEHEER, Rol.CONTRACTMANAGER)
    answer = await client.put("/gemeenten/0294", json={"naam": "Winterswijk"})
    assert answer.status_code == (201 if may_write else 403)


async def test_pages_of_names_follow_each_other(omgeving: Omgeving) -> None:
    for code in ("0197", "0294", "1586"):
        await omgeving.manager.put(f"/gemeenten/{code}", json={"naam": f"Gemeente {code}"})
    page = (await omgeving.manager.get("/gemeenten?aantal=2")).json()
    rest = (await omgeving.manager.get(page["volgende"])).json()
    assert [row["code"] for row in [*page["resultaten"], *rest["resultaten"]]] == ["0197", "0294", "1586"]
    assert rest["volgende"] is None


async def test_names_for_pages_come_as_one_look_up_each(omgeving: Omgeving) -> None:
    await omgeving.manager.put("/gemeenten/0294", json={"naam": "Winterswijk"})
    later = {"agbCode": AANBIEDER, "naam": "De Zorgboom BV"}
    await omgeving.sluit(begindatum="2027-01-01", einddatum="2027-12-31", aanbieder=later)
    await omgeving.sluit()
    async with omgeving.database.reading() as reader:
        assert await gemeentenamen(reader) == {"0294": "Winterswijk"}
        # of two contracts, the name in the one that begins last
        assert await aanbiedernamen(reader) == {AANBIEDER: "De Zorgboom BV"}
        assert await subsegmentnamen(reader) == {"54Z01": "Jeugd-ggz"}
