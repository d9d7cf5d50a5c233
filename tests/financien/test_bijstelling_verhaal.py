"""Story of one adjustment, from proposal to decision, in one place (F-4): who said what, when, by which letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.financien.brief.store import BRIEF
from services.financien.wederhoor.rules import bij_beslissing, reactiestand, uiterste_dag
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.financien import BijstellingGewijzigd
from shared.kalender import is_feestdag
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
)

JANUARI = date(2026, 1, 1)
Q1 = {"gemeente": GEMEENTE, "kwartaal": "2026-Q1"}
AFZENDER = {"naam": "Gemeente Winterswijk", "adres": ["Postbus 1", "7100 AA Winterswijk"], "reactietermijnDagen": 21}


async def _voorgesteld(financien: Opstelling) -> str:
    """Nine of ten places occupied all along: 10 percent under."""
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    (rij,) = (await financien.controller.post("/kwartaalmonitors", json=Q1)).json()["regels"]
    return str(rij["bijstelling"])


async def _stap(financien: Opstelling, identity: str, stap: str, **rest: Any) -> Any:
    kop = {"Idempotency-Key": stap} if stap == "vaststelling" else {}
    return await financien.controller.post(f"/bijstellingen/{identity}/{stap}", headers=kop, **rest)


async def _toon(financien: Opstelling, identity: str) -> dict[str, Any]:
    gevonden: dict[str, Any] = (await financien.controller.get(f"/bijstellingen/{identity}")).json()
    return gevonden


async def test_the_story_says_what_it_rests_on_and_who_said_what(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding", json={"toelichting": "Zoals besproken."})
    nee = {"reactie": "niet_akkoord", "toelichting": "Wij verwachten meer instroom."}
    await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=nee)
    await _stap(financien, identity, "vaststelling", json={"toelichting": "De wachtlijst is leeg."})
    verhaal = await _toon(financien, identity)
    assert verhaal["aanleiding"]["maanden"] == [
        {"maand": "2026-01", "plekken": "10", "bezetteDagen": 279, "gemiddeldBezet": "9.0000"},
        {"maand": "2026-02", "plekken": "10", "bezetteDagen": 252, "gemiddeldBezet": "9.0000"},
        {"maand": "2026-03", "plekken": "10", "bezetteDagen": 279, "gemiddeldBezet": "9.0000"},
    ]
    # The contract is event g0, the leveringen are g1 … g9.
    rest = {naam: verhaal["aanleiding"][naam] for naam in ("drempel", "vastgelegd", "oorzaak")}
    assert rest == {"drempel": "0.05", "vastgelegd": "50000.00", "oorzaak": "g9"}
    assert verhaal["termijnen"][0] == {"maand": "2026-06", "was": "10000.00", "bedrag": "8285.71"}
    assert [(s["stap"], s["namens"], s["toelichting"]) for s in verhaal["stappen"]] == [
        ("voorgesteld", "gemeente", None),
        ("gemeld", "gemeente", "Zoals besproken."),
        ("reactie: niet_akkoord", "aanbieder", "Wij verwachten meer instroom."),
        ("vastgesteld", "gemeente", "De wachtlijst is leeg."),
    ]
    assert all(stap["gebruiker"] and stap["moment"] for stap in verhaal["stappen"])
    laatste = BijstellingGewijzigd.read((await financien.gepubliceerd(BijstellingGewijzigd))[-1].data)
    assert (laatste.reactie, laatste.oude_termijnen["2026-06"], laatste.lumpsum) == (
        "niet_akkoord",
        "10000.00",
        "120000.00",
    )


async def test_the_date_to_react_by_is_a_setting_of_the_gemeente_unless_it_is_named(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    assert (await _toon(financien, identity))["reactiestand"] == "niet_gevraagd"
    assert (await financien.controller.put(f"/afzenders/{GEMEENTE}", json=AFZENDER)).status_code == 200
    gemeld = (await _stap(financien, identity, "melding")).json()
    assert (gemeld["reactieUiterlijk"], gemeld["reactiestand"]) == ("2026-06-05", "wacht_op_reactie")


@pytest.mark.parametrize("dag", ["2026-05-15", "2025-01-01", "2028-01-01"])
async def test_a_date_to_react_by_lies_ahead(financien: Opstelling, dag: str) -> None:
    identity = await _voorgesteld(financien)
    antwoord = await _stap(financien, identity, "melding", json={"reactieUiterlijk": dag})
    assert (antwoord.status_code, antwoord.json()["fouten"][0]["veld"]) == (400, "reactieUiterlijk")
    assert (await _toon(financien, identity))["status"] == "voorgesteld"
    genoemd = await _stap(financien, identity, "melding", json={"reactieUiterlijk": "2026-05-16"})
    assert genoemd.json()["reactieUiterlijk"] == "2026-05-16"


def test_the_last_day_to_react_is_a_working_day() -> None:
    # 14 days after 11 May is Whit Monday, after 9 May the Saturday before it.
    assert uiterste_dag(date(2026, 5, 11), 14, None, is_feestdag) == date(2026, 5, 26)
    assert uiterste_dag(date(2026, 5, 9), 14, None, is_feestdag) == date(2026, 5, 26)
    assert uiterste_dag(date(2026, 5, 15), 14, None, is_feestdag) == date(2026, 5, 29)


async def test_no_answer_by_the_date_shows_without_anything_running(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    for dag, stand in ((29, "wacht_op_reactie"), (30, "geen_antwoord")):
        financien.klok.vandaag = date(2026, 5, dag)
        verhaal = await _toon(financien, identity)
        assert (verhaal["reactiestand"], verhaal["reactie"], len(verhaal["stappen"])) == (stand, None, 2)
    vast = (await _stap(financien, identity, "vaststelling")).json()
    assert (vast["reactie"], vast["stappen"][-1]["bijzonderheid"]) == (
        "geen_antwoord",
        "Tot en met 29-05-2026 kwam geen reactie.",
    )


async def test_fixing_before_the_date_says_that_no_reaction_was_waited_for(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    vast = (await _stap(financien, identity, "vaststelling")).json()
    assert (vast["status"], vast["reactie"], vast["reactiestand"]) == (
        "vastgesteld",
        "niet_afgewacht",
        "niet_afgewacht",
    )
    assert vast["stappen"][-1]["bijzonderheid"].startswith("Geen reactie afgewacht.")


async def test_disagreement_needs_a_reason_and_fixing_after_it_as_well(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    nee = {"reactie": "niet_akkoord"}
    antwoord = await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=nee)
    assert (antwoord.status_code, antwoord.json()["type"]) == (400, "urn:plekregie:fout:toelichting-ontbreekt")
    met = nee | {"toelichting": "Te weinig."}
    assert (await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=met)).status_code == 200
    zonder = await _stap(financien, identity, "vaststelling")
    assert (zonder.status_code, zonder.json()["fouten"][0]["veld"]) == (400, "toelichting")
    assert (await _toon(financien, identity))["status"] == "gemeld"


async def test_withdrawing_needs_a_reason(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    assert (await _stap(financien, identity, "intrekking")).status_code == 400
    weg = (await _stap(financien, identity, "intrekking", json={"toelichting": "Verkeerd kwartaal."})).json()
    assert (weg["status"], weg["reactie"], weg["stappen"][-1]["toelichting"]) == (
        "ingetrokken",
        "niet_afgewacht",
        "Verkeerd kwartaal.",
    )


async def test_the_gemeente_can_not_replace_what_the_aanbieder_said_itself(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    await _stap(financien, identity, "melding")
    assert (await _stap(financien, identity, "reactie", json={"reactie": "akkoord"})).status_code == 200
    nee = {"reactie": "niet_akkoord", "toelichting": "Dat zeiden wij niet."}
    assert (await financien.aanbieder.post(f"/bijstellingen/{identity}/reactie", json=nee)).status_code == 200
    antwoord = await _stap(financien, identity, "reactie", json={"reactie": "akkoord"})
    assert (antwoord.status_code, antwoord.json()["type"]) == (409, "urn:plekregie:fout:reactie-van-aanbieder")
    assert (await _toon(financien, identity))["reactie"] == "niet_akkoord"


async def test_the_letter_is_kept_byte_for_byte(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    pad = f"/bijstellingen/{identity}/brief"
    concept = await financien.controller.get(pad)
    assert concept.headers["content-type"] == "application/pdf"
    assert 'filename="concept-' in concept.headers["content-disposition"]
    assert (await financien.aanbieder.get(pad)).status_code == 404
    assert await financien.rijen(BRIEF) == []
    gemeld = (await _stap(financien, identity, "melding")).json()
    brief = (await financien.aanbieder.get(pad)).content
    assert brief.startswith(b"%PDF-")
    assert b"pdfuaid" in brief, "accessible: PDF/UA"
    # Whatever changes later, the letter is what it was.
    await financien.controller.put(f"/afzenders/{GEMEENTE}", json=AFZENDER)
    await financien.hoor(
        SubsegmentVastgesteld(
            code=CODE, versie=1, naam="Anders", segment="J", wet="jeugdwet", productcategorie="54",
            bekostiging="lumpsum", met_toewijzing=True,
        )
    )  # fmt: skip
    assert (await financien.controller.get(pad)).content == brief
    (kenmerk,) = [stap["brief"] for stap in gemeld["stappen"] if stap["brief"]]
    assert (await financien.aanbieder.get(f"/brieven/{kenmerk}")).content == brief
    await _stap(financien, identity, "vaststelling")
    besluit = (await financien.aanbieder.get(pad)).content
    assert besluit != brief
    assert (await financien.aanbieder.get(f"/brieven/{kenmerk}")).content == brief
    assert [row["soort"] for row in await financien.rijen(BRIEF)] == ["melding", "besluit"]


async def test_a_letter_is_for_its_gemeente_and_aanbieder_alone(financien: Opstelling) -> None:
    identity = await _voorgesteld(financien)
    gemeld = (await _stap(financien, identity, "melding")).json()
    brief = gemeld["stappen"][-1]["brief"]
    buur, ander = financien.als(Rol.CONTROLLER, gemeente=BUUR), financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    for wie in (buur, ander):
        for pad in (f"/brieven/{brief}", f"/bijstellingen/{identity}/brief"):
            assert (await wie.get(pad)).status_code == 404
    assert (await buur.get(f"/afzenders/{GEMEENTE}")).status_code == 403
    assert (await buur.put(f"/afzenders/{GEMEENTE}", json=AFZENDER)).status_code == 403


async def test_the_monitor_of_an_aanbieder_goes_over_its_gemeenten_and_proposes_nothing(financien: Opstelling) -> None:
    await financien.hoor(
        overeenkomst(regel("10"), regel("4", gemeente=BUUR)),
        overeenkomst(regel("1"), id="o2", aanbieder=ANDER),
        *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)),
        levering(van_tot(JANUARI), id="b", gemeente=BUUR),
    )
    await financien.controller.post("/kwartaalmonitors", json=Q1)
    vraag = {"kwartaal": "2026-Q1"}
    regio = financien.als(Rol.CONTRACTMANAGER)
    (eigen,) = (await financien.aanbieder.get("/kwartaalmonitors", params=vraag)).json()["resultaten"]
    assert (eigen["gemeenten"], eigen["lumpsum"], eigen["verwacht"], eigen["afwijking"]) == (
        [GEMEENTE, BUUR],
        "168000.00",
        "120000.00",
        "-48000.00",
    )
    assert [(r["gemeente"], r["verwacht"], r["bijstelling"]) for r in eigen["regels"]] == [
        (GEMEENTE, "108000.00", None),  # proposed, which the aanbieder does not know yet
        (BUUR, "12000.00", None),
    ]
    alle = (await regio.get("/kwartaalmonitors", params=vraag | {"aantal": 1})).json()
    assert alle["resultaten"] == [eigen]
    (rest,) = (await regio.get(alle["volgende"])).json()["resultaten"]
    assert (rest["aanbieder"], rest["lumpsum"]) == (ANDER, "12000.00")
    (van_gemeente, _) = (await financien.controller.get("/kwartaalmonitors")).json()["resultaten"]
    assert (van_gemeente["gemeenten"], van_gemeente["lumpsum"]) == ([GEMEENTE], "120000.00")
    identity = van_gemeente["regels"][0]["bijstelling"]
    await _stap(financien, identity, "melding")
    (na,) = (await financien.aanbieder.get("/kwartaalmonitors", params=vraag)).json()["resultaten"]
    assert [r["bijstelling"] for r in na["regels"]] == [identity, None]
    assert (await financien.aanbieder.get("/kwartaalmonitors", params={"kwartaal": "2026-Q2"})).status_code == 409
    vreemd = vraag | {"aanbieder": ANDER}
    assert (await financien.aanbieder.get("/kwartaalmonitors", params=vreemd)).status_code == 403
    assert (await financien.controller.get("/kwartaalmonitors", params={"gemeente": BUUR})).status_code == 403
    assert eigen["aanbieder"] == AANBIEDER


@pytest.mark.parametrize(
    ("gevraagd", "reactie", "uiterlijk", "stand", "besluit"),
    [
        (False, None, None, "niet_gevraagd", "niet_afgewacht"),
        (True, None, date(2026, 5, 15), "wacht_op_reactie", "niet_afgewacht"),
        (True, None, date(2026, 5, 14), "geen_antwoord", "geen_antwoord"),
        (True, "akkoord", date(2026, 5, 14), "akkoord", "akkoord"),
        (True, None, None, "wacht_op_reactie", "niet_afgewacht"),
    ],
)
def test_a_reaction_is_a_function_of_the_day(
    gevraagd: bool, reactie: str | None, uiterlijk: date | None, stand: str, besluit: str
) -> None:
    dag = date(2026, 5, 15)
    assert reactiestand(gevraagd=gevraagd, reactie=reactie, uiterlijk=uiterlijk, dag=dag) == stand
    assert bij_beslissing(reactie, uiterlijk, dag)[0] == besluit
