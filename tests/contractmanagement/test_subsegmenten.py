"""Sub-segments over HTTP."""

from typing import Any

import pytest

from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.web.identity import Rol
from tests.contractmanagement.omgeving import Omgeving, subsegment


async def test_a_new_subsegment_is_answered_and_told(omgeving: Omgeving) -> None:
    answer = await omgeving.als(Rol.BEHEER).put(
        "/subsegmenten/02Z07", json=subsegment(wet="wmo", productcategorie="02")
    )
    assert answer.status_code == 201
    assert answer.json() == {**subsegment(wet="wmo", productcategorie="02"), "code": "02Z07", "versie": 1}
    await omgeving.rond()
    assert omgeving.events(SubsegmentVastgesteld)[-1] == answer.json()


async def test_the_same_subsegment_again_is_no_new_version_and_another_is(omgeving: Omgeving) -> None:
    same = await omgeving.manager.put("/subsegmenten/54Z01", json=subsegment())
    assert (same.status_code, same.json()["versie"]) == (200, 1)
    other = await omgeving.manager.put("/subsegmenten/54Z01", json=subsegment(naam="Anders"))
    assert (other.status_code, other.json()["versie"], other.json()["naam"]) == (200, 2, "Anders")
    await omgeving.rond()
    assert [event["versie"] for event in omgeving.events(SubsegmentVastgesteld)] == [1, 2]


@pytest.mark.parametrize(
    ("code", "velden", "regel"),
    [
        ("39Z01", {"productcategorie": "39"}, "JZ020"),
        ("54Z02", {"wet": "wmo"}, "WMO020"),
        ("19Z02", {"wet": "wmo", "productcategorie": "19"}, "WMO020"),
        ("45Z01", {}, "B-6"),
    ],
)
async def test_code_category_and_law_must_belong_together(
    omgeving: Omgeving, code: str, velden: dict[str, Any], regel: str
) -> None:
    answer = await omgeving.manager.put(f"/subsegmenten/{code}", json=subsegment(**velden))
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:plekregie:fout:subsegment-ongeldig"
    assert [fout["regel"] for fout in answer.json()["fouten"]] == [regel]


async def test_every_role_reads_and_two_roles_write(omgeving: Omgeving) -> None:
    for rol in Rol:
        organisatie = {"gemeente": "0294"} if rol in (Rol.CONSULENT, Rol.BACKOFFICE, Rol.CONTROLLER) else {}
        organisatie |= {"aanbieder": "42420001"} if rol is Rol.AANBIEDER else {}
        client = omgeving.als(rol, **organisatie)
        assert [row["code"] for row in await omgeving.lees("/subsegmenten", client)] == ["54Z01"]
        assert (await client.get("/subsegmenten/54Z01")).status_code == 200
        may_write = rol in (Rol.BEHEER, Rol.CONTRACTMANAGER)
        answer = await client.put("/subsegmenten/54Z01", json=subsegment())
        assert answer.status_code == (200 if may_write else 403)


async def test_a_subsegment_that_is_not_there_is_404(omgeving: Omgeving) -> None:
    assert (await omgeving.manager.get("/subsegmenten/54Z99")).status_code == 404
