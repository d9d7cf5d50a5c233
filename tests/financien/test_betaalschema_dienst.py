"""The betaalschema through the service (F-1, F-2): terms, status, build-up, who sees what."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from shared.contracts.financien import BetaalschemaGewijzigd
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    ANDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
    versie,
)
from tests.verteld import inhoud


async def test_one_payment_a_month_with_its_build_up_per_sub_segment(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel("10", "100.00"), regel("1", "1200.00", subsegment="54Z02")))
    antwoord = await financien.controller.get("/betaalschemas", params={"jaar": 2026})
    assert antwoord.status_code == 200
    (rij,) = antwoord.json()["resultaten"]
    assert (rij["gemeente"], rij["aanbieder"], rij["totaal"]) == (GEMEENTE, AANBIEDER, "2200.00")
    assert rij["termijnen"][0] == {
        "maand": "2026-01",
        "bedrag": "183.33",
        "status": "definitief",
        "opbouw": [
            {"segment": None, "subsegment": CODE, "subsegmentNaam": None, "bedrag": "83.33"},
            {"segment": None, "subsegment": "54Z02", "subsegmentNaam": None, "bedrag": "100.00"},
        ],
    }
    assert [t["status"] for t in rij["termijnen"]] == ["definitief"] * 5 + ["concept"] * 7
    assert [t["bedrag"] for t in rij["termijnen"][:3]] == ["183.33", "183.34", "183.33"]


async def test_the_total_adds_up_the_terms_of_the_asked_year_only(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(begindatum=date(2026, 7, 1), einddatum=date(2027, 6, 30)))
    for jaar, maanden in ((2026, 6), (2027, 6), (2028, 0)):
        rijen = (await financien.controller.get(f"/betaalschemas?jaar={jaar}")).json()["resultaten"]
        assert [(len(r["termijnen"]), r["totaal"]) for r in rijen] == ([(maanden, "60000.00")] if maanden else [])
    (alles,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert alles["totaal"] == "120000.00"


async def test_a_regional_award_gives_each_gemeente_its_share_rounded_once_per_lijn(financien: Opstelling) -> None:
    sleutel = {GEMEENTE: "0.333333", BUUR: "0.666667"}
    await financien.hoor(overeenkomst(regel("2.5", "38500.00", verdeelsleutel=sleutel)))
    rijen = (await financien.aanbieder.get("/betaalschemas")).json()["resultaten"]
    # 2.5 × 38500 × 0.333333 = 32083.30125, rounded once
    assert [(r["gemeente"], r["totaal"]) for r in rijen] == [(GEMEENTE, "32083.30"), (BUUR, "64166.70")]


async def test_a_change_moves_only_the_months_that_have_not_begun(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    meer = versie(date(2026, 3, 1), "12", "12000.00")
    await financien.hoor(overeenkomst(regel(daarna=(meer,)), versie=2))
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert [t["bedrag"] for t in rij["termijnen"]] == ["10000.00"] * 5 + ["12000.00"] * 7
    eerste, tweede = await financien.gepubliceerd(BetaalschemaGewijzigd)
    assert eerste.subject == tweede.subject == f"o1:{GEMEENTE}:{CODE}"
    assert inhoud(eerste)["versie"] < inhoud(tweede)["versie"]
    assert inhoud(tweede)["termijnen"]["2026-06"] == "12000.00"


async def test_a_contract_heard_after_its_months_began_is_computed_as_it_then_stands(financien: Opstelling) -> None:
    meer = versie(date(2026, 3, 1), "12", "12000.00")
    await financien.hoor(overeenkomst(regel(daarna=(meer,)), versie=2))
    await financien.hoor(overeenkomst(versie=1))
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert [t["bedrag"] for t in rij["termijnen"]] == ["10000.00"] * 2 + ["12000.00"] * 10


async def test_a_gemeente_that_leaves_the_verdeelsleutel_pays_nothing_from_then_on(financien: Opstelling) -> None:
    weg = versie(date(2026, 9, 1), "10", "12000.00", {BUUR: "1"})
    await financien.hoor(overeenkomst(regel(verdeelsleutel={GEMEENTE: "0.5", BUUR: "0.5"}, daarna=(weg,))))
    await financien.hoor(levering(van_tot(date(2026, 9, 1))))
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert [t["bedrag"] for t in rij["termijnen"]] == ["5000.00"] * 8 + ["0.00"] * 4
    financien.klok.vandaag = date(2027, 1, 1)
    (prognose,) = (await financien.controller.get("/prognoses")).json()["resultaten"]
    assert (prognose["gerealiseerd"], prognose["bezetteDagen"][8]) == ("0.00", {"maand": "2026-09", "dagen": 0})


async def test_a_line_added_later_has_terms_from_its_first_month(financien: Opstelling) -> None:
    erbij = regel("1", "1200.00", subsegment="54Z02", vanaf=date(2026, 8, 1))
    await financien.hoor(overeenkomst(regel(), erbij))
    events = await financien.gepubliceerd(BetaalschemaGewijzigd)
    assert [next(iter(inhoud(e)["termijnen"])) for e in events] == ["2026-01", "2026-08"]


async def test_a_line_that_the_contract_no_longer_has_keeps_what_was_fixed(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(), regel("1", "1200.00", subsegment="54Z02")))
    await financien.hoor(overeenkomst(regel(), versie=2))
    events = await financien.gepubliceerd(BetaalschemaGewijzigd)
    assert list(inhoud(events[-1])["termijnen"].values()) == ["100.00"] * 5 + ["0.00"] * 7


async def test_each_sees_its_own_and_naming_another_is_refused(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(verdeelsleutel={GEMEENTE: "0.5", BUUR: "0.5"})))
    await financien.hoor(overeenkomst(id="o2", aanbieder=ANDER))

    async def paren(rol: Rol, adres: str = "/betaalschemas", **wie: str) -> list[tuple[str, str]]:
        rijen = (await financien.als(rol, **wie).get(adres)).json()["resultaten"]
        return [(rij["gemeente"], rij["aanbieder"]) for rij in rijen]

    assert await paren(Rol.CONTROLLER, gemeente=GEMEENTE) == [(GEMEENTE, AANBIEDER), (GEMEENTE, ANDER)]
    assert await paren(Rol.CONTROLLER, gemeente=BUUR) == [(BUUR, AANBIEDER)]
    assert await paren(Rol.AANBIEDER, aanbieder=AANBIEDER) == [(GEMEENTE, AANBIEDER), (BUUR, AANBIEDER)]
    assert await paren(Rol.AANBIEDER, f"/betaalschemas?gemeente={BUUR}", aanbieder=AANBIEDER) == [(BUUR, AANBIEDER)]
    for adres in ("/betaalschemas", "/prognoses", "/bijstellingen"):
        assert (await financien.controller.get(adres, params={"gemeente": BUUR})).status_code == 403
        assert (await financien.aanbieder.get(adres, params={"aanbieder": ANDER})).status_code == 403
        assert (await financien.als(Rol.CONSULENT, gemeente=GEMEENTE).get(adres)).status_code == 403


async def test_a_long_list_comes_in_pages(financien: Opstelling) -> None:
    for nummer in range(5):
        await financien.hoor(overeenkomst(id=f"o{nummer}", aanbieder=f"4242000{nummer}"))
    gezien, adres = [], "/betaalschemas?aantal=2"
    while adres:
        pagina = (await financien.controller.get(adres)).json()
        gezien += [rij["aanbieder"] for rij in pagina["resultaten"]]
        adres = pagina["volgende"]
    assert gezien == [f"4242000{nummer}" for nummer in range(5)]


@pytest.mark.parametrize("volgorde", list(permutations(range(3))))
async def test_the_order_of_contract_and_leveringen_does_not_matter(tmp_path: Path, volgorde: tuple[int, ...]) -> None:
    feiten = [
        overeenkomst(tijdelijkeStopHoudtPlekDagen=14),
        levering((date(2026, 2, 1), date(2026, 3, 10), True, None), van_tot(date(2026, 3, 20))),
        levering(van_tot(date(2026, 1, 1), date(2026, 4, 30)), id="l2"),
    ]
    standen = []
    for nummer, reeks in enumerate(((0, 1, 2), volgorde)):
        map_ = tmp_path / str(nummer)
        map_.mkdir()
        async with opgesteld(map_, date(2026, 5, 15)) as made:
            await made.hoor(*(feiten[i] for i in reeks))
            standen.append(await made.stand())
    assert standen[0] == standen[1]
    assert standen[0]["cel"][0]["dagen"] == '{"2026-01":31,"2026-02":56,"2026-03":62,"2026-04":60,"2026-05":15}'
