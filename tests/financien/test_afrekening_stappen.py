"""A settlement step by step (F-5): concept, sent with its specification, heard, fixed; and late messages afterwards."""

from __future__ import annotations

import contextlib
import io
import re
import sqlite3
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from services.financien.brief.store import BRIEF
from services.financien.grootboek.store import BOEKING, POST
from services.financien.herkomst.aansluiting import verschillen
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.contracts.financien import AfrekeningGewijzigd
from shared.web.identity import Rol
from tests.financien.betaalopstelling import IBAN_AANBIEDER, IBAN_GEMEENTE, batch, rekening, saldi
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
    vastgesteld,
)
from tests.verteld import inhoud

JANUARI = date(2026, 1, 1)
Json = dict[str, Any]


async def _klaar(financien: Opstelling, bezet: int = 9, **contract: Any) -> Json:
    """Ten places, some occupied since January; January through April calculated: 1000.00 a place and month."""
    await financien.hoor(overeenkomst(**contract), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(bezet)))
    await geef_termijnen_vrij(financien.service.edge)
    return await _concept(financien)


async def _concept(financien: Opstelling, tot: str = "2026-04-30") -> Json:
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2026-01-01", "einddatum": tot}
    antwoord = await financien.controller.post("/afrekeningen", json=vraag)
    assert antwoord.status_code == 201, antwoord.text
    made: Json = antwoord.json()
    return made


async def _doe(wie: httpx.AsyncClient, identity: str, stap: str, json: Json | None = None) -> httpx.Response:
    return await wie.post(f"/afrekeningen/{identity}/{stap}", json=json, headers={"Idempotency-Key": f"{stap}{json}"})


async def _toon(financien: Opstelling, identity: str) -> Json:
    gevonden: Json = (await financien.controller.get(f"/afrekeningen/{identity}")).json()
    return gevonden


def _fout(antwoord: httpx.Response) -> tuple[int, str]:
    return antwoord.status_code, str(antwoord.json()["type"]).removeprefix("urn:plekregie:fout:")


async def test_nothing_is_fixed_before_the_aanbieder_was_heard(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    keuze = {"verrekening": "terugvorderen"}
    assert _fout(await _doe(financien.controller, identity, "vaststelling", keuze)) == (
        409,
        "afrekening-niet-verzonden",
    )
    verzonden = (await _doe(financien.controller, identity, "verzending")).json()
    assert (verzonden["status"], verzonden["reactieUiterlijk"]) == ("verzonden", "2026-05-29")
    assert _fout(await _doe(financien.controller, identity, "vaststelling", keuze)) == (409, "reactietermijn-loopt-nog")
    stil = {"reactie": "geen_antwoord"}
    assert _fout(await _doe(financien.controller, identity, "reactie", stil)) == (409, "reactietermijn-loopt-nog")
    financien.klok.vandaag = date(2026, 5, 30)
    assert (await _toon(financien, identity))["reactiestand"] == "geen_antwoord"
    vast = (await _doe(financien.controller, identity, "vaststelling", keuze)).json()
    assert (vast["status"], vast["reactie"], vast["verrekening"]) == ("vastgesteld", "geen_antwoord", "terugvorderen")
    assert vast["stappen"][-1]["bijzonderheid"] == "Tot en met 29-05-2026 kwam geen reactie."


async def test_an_objection_is_about_regels_and_is_answered(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    await _doe(financien.controller, identity, "verzending")
    bezwaar: Json = {"reactie": "bezwaar", "bezwaren": []}
    assert _fout(await _doe(financien.aanbieder, identity, "reactie", bezwaar)) == (400, "bezwaar-onvolledig")
    vreemd = {"overeenkomst": "o1", "subsegment": "54Z09", "toelichting": "Klopt niet."}
    onbekend = await _doe(financien.aanbieder, identity, "reactie", bezwaar | {"bezwaren": [vreemd]})
    assert onbekend.json()["fouten"][0]["veld"] == "bezwaren.0.subsegment"
    goed = vreemd | {"subsegment": CODE}
    akkoord = {"reactie": "akkoord", "bezwaren": [goed]}
    assert (await _doe(financien.aanbieder, identity, "reactie", akkoord)).status_code == 400
    assert (await _doe(financien.aanbieder, identity, "reactie", bezwaar | {"bezwaren": [goed]})).status_code == 200
    assert (await _toon(financien, identity))["bezwaren"] == [goed]
    keuze = {"verrekening": "terugvorderen"}
    assert _fout(await _doe(financien.controller, identity, "vaststelling", keuze)) == (400, "toelichting-ontbreekt")
    antwoord = keuze | {"toelichting": "De stop kwam op 1 mei binnen."}
    assert (await _doe(financien.controller, identity, "vaststelling", antwoord)).status_code == 200


async def test_a_concept_is_calculated_again_until_it_is_sent(financien: Opstelling) -> None:
    een = await _klaar(financien)
    twee = await _concept(financien)
    assert (await _toon(financien, een["id"]))["status"] == "vervangen"
    assert _fout(await _doe(financien.controller, een["id"], "verzending")) == (409, "afrekening-vervangen")
    await _doe(financien.controller, twee["id"], "verzending")
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2026-02-01", "einddatum": "2026-02-28"}
    assert _fout(await financien.controller.post("/afrekeningen", json=vraag)) == (409, "afrekening-al-verzonden")
    assert _fout(await _doe(financien.controller, twee["id"], "intrekking")) == (400, "toelichting-ontbreekt")
    weg = {"toelichting": "Een stopbericht ontbrak."}
    assert (await _doe(financien.controller, twee["id"], "intrekking", weg)).json()["status"] == "ingetrokken"
    assert (await _concept(financien))["status"] == "concept"


async def test_what_changed_before_fixing_is_seen_and_a_person_chooses(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    await _doe(financien.controller, identity, "verzending")
    await financien.hoor(levering(van_tot(date(2026, 4, 1)), id="laat"))
    sindsdien = (await _toon(financien, identity))["sindsdien"]
    assert (sindsdien["gewijzigd"], sindsdien["verschil"]) == (True, "1000.00")
    await _doe(financien.aanbieder, identity, "reactie", {"reactie": "akkoord"})
    keuze: Json = {"verrekening": "terugvorderen"}
    assert _fout(await _doe(financien.controller, identity, "vaststelling", keuze)) == (409, "afrekening-verouderd")
    toch = keuze | {"zoalsVerzonden": True}
    vast = (await _doe(financien.controller, identity, "vaststelling", toch)).json()
    assert (vast["totaal"], vast["status"]) == ("-4000.00", "vastgesteld")
    assert (await _toon(financien, identity))["sindsdien"]["verschil"] == "1000.00"


async def test_an_aanbieder_sees_it_from_the_moment_it_is_sent(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    documenten = ("brief", "specificatie", "specificatie?vorm=xlsx")
    assert (await financien.aanbieder.get(f"/afrekeningen/{identity}")).status_code == 404
    assert (await financien.aanbieder.get("/afrekeningen")).json()["resultaten"] == []
    for naam in documenten:
        assert (await financien.aanbieder.get(f"/afrekeningen/{identity}/{naam}")).status_code == 404
        concept = await financien.controller.get(f"/afrekeningen/{identity}/{naam}")
        assert (concept.status_code, "concept-" in concept.headers["content-disposition"]) == (200, True)
    await _doe(financien.controller, identity, "verzending")
    assert [r["id"] for r in (await financien.aanbieder.get("/afrekeningen")).json()["resultaten"]] == [identity]
    buur, ander = financien.als(Rol.CONTROLLER, gemeente=BUUR), financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    for naam in ("", *(f"/{naam}" for naam in documenten)):
        assert (await financien.aanbieder.get(f"/afrekeningen/{identity}{naam}")).status_code == 200
        for wie in (buur, ander):
            assert (await wie.get(f"/afrekeningen/{identity}{naam}")).status_code == 404


def _cellen(xlsx: bytes) -> list[str]:
    """Every text and number of a spreadsheet, as stored."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as bestand:
        delen = [naam for naam in bestand.namelist() if naam.startswith(("xl/worksheets/", "xl/sharedStrings"))]
        return re.findall(r"<(?:v|t)[^>]*>([^<]*)</", "".join(bestand.read(naam).decode() for naam in delen))


async def test_the_specification_holds_what_the_aanbieder_can_check_and_no_client(financien: Opstelling) -> None:
    """The levering is of client c1 with number 1, id l0."""
    contract = overeenkomst(regel("10"), regel("2", subsegment="54Z02"))
    await financien.hoor(
        contract, levering(van_tot(JANUARI, date(2026, 3, 10)), id="geheim-l0"), levering(van_tot(JANUARI), id="l1")
    )
    await geef_termijnen_vrij(financien.service.edge)
    identity = (await _concept(financien))["id"]
    await _doe(financien.controller, identity, "verzending")
    pad = f"/afrekeningen/{identity}/specificatie"
    xlsx, pdf = (
        (await financien.aanbieder.get(f"{pad}?vorm=xlsx")).content,
        (await financien.aanbieder.get(pad)).content,
    )
    cellen = _cellen(xlsx)
    # 69 days of two places, 51 of one: 138 + 51 = 189; 4 × 12000.00 received for 6322.58.
    assert {"69", "138", "51", "189", "48000", "6322.58", "-41677.42"} <= set(cellen)
    assert not any("geheim" in cel or cel == "c1" for cel in cellen)
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in pdf
    bewaard = {row["soort"]: bytes(row["inhoud"]) for row in await financien.rijen(BRIEF)}
    assert (bewaard["specificatie.xlsx"], bewaard["specificatie.pdf"]) == (xlsx, pdf)
    # What comes in later does not change what was sent.
    await financien.hoor(levering(van_tot(JANUARI), id="l2"))
    assert (await financien.aanbieder.get(f"{pad}?vorm=xlsx")).content == xlsx


async def test_the_stated_length_of_stay_stands_beside_the_real_one(financien: Opstelling) -> None:
    contract = overeenkomst()
    versie = replace(contract.regels[0].versies[0], opgegeven_doorlooptijd_dagen=90)
    regels = [replace(contract.regels[0], versies=[versie])]
    await financien.hoor(
        replace(contract, regels=regels),
        levering(van_tot(date(2025, 12, 1), date(2026, 1, 30)), id="a"),  # 61 days, ended in the period
        levering(van_tot(JANUARI, date(2026, 4, 30)), id="b"),  # 120 days
        levering(van_tot(JANUARI), id="c", einde=date(2026, 2, 28)),  # 59 days: its toewijzing ended, no stop came
        levering(van_tot(JANUARI, date(2026, 5, 1)), id="d"),  # ended after the period
        levering((JANUARI, date(2026, 2, 1), True, None), id="e"),  # stopped for a while
        levering(van_tot(JANUARI, date(2026, 2, 1)), id="f", vervallen=True),
        levering(van_tot(JANUARI), id="g"),
    )
    (uit,) = (await _concept(financien))["regels"]
    assert uit["doorlooptijd"] == {"opgegeven": 90, "werkelijk": "80.0", "beeindigd": 3}


async def test_a_negative_outcome_asks_for_a_choice(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    await _doe(financien.controller, identity, "verzending")
    await _doe(financien.aanbieder, identity, "reactie", {"reactie": "akkoord"})
    assert _fout(await _doe(financien.controller, identity, "vaststelling")) == (400, "verrekening-ontbreekt")
    assert (await _toon(financien, identity))["status"] == "verzonden"


@pytest.mark.parametrize(
    ("keuze", "te_betalen", "te_vorderen"), [("verrekenen", -4_600_000, 0), ("terugvorderen", -5_000_000, 400_000)]
)
async def test_netting_lowers_what_is_owed_and_a_claim_stands_apart(
    financien: Opstelling, keuze: str, te_betalen: int, te_vorderen: int
) -> None:
    identity = (await _klaar(financien))["id"]
    await _doe(financien.controller, identity, "verzending")
    await _doe(financien.aanbieder, identity, "reactie", {"reactie": "akkoord"})
    vast = await _doe(financien.controller, identity, "vaststelling", {"verrekening": keuze})
    assert vast.status_code == 200, vast.text
    stand = await saldi(financien)
    assert (stand["te_betalen"], stand.get("te_vorderen", 0)) == (te_betalen, te_vorderen)
    assert (stand["lasten"], stand["voorschotten"]) == (3_600_000, 1_000_000)
    async with financien.database.reading() as reader:
        assert await verschillen(reader, GEMEENTE) == []


async def test_a_netted_settlement_lowers_the_next_payment_also_with_another_payment_point(
    financien: Opstelling,
) -> None:
    """The neighbour pays settlements for this gemeente; what is netted goes with the advances, which it pays itself."""
    identity = (await _klaar(financien))["id"]
    punt = {"betaalpunt": BUUR, "vanaf": "2026-01-01"}
    await financien.controller.put(f"/betaalpunten/{GEMEENTE}/afrekening", json=punt)
    await rekening(financien, GEMEENTE, IBAN_GEMEENTE)
    await rekening(financien, AANBIEDER, IBAN_AANBIEDER)
    await _doe(financien.controller, identity, "verzending")
    await _doe(financien.aanbieder, identity, "reactie", {"reactie": "akkoord"})
    await _doe(financien.controller, identity, "vaststelling", {"verrekening": "verrekenen"})
    (betaling,) = (await batch(financien))["betalingen"]
    assert betaling["bedrag"] == "46000.00"
    assert {(deel["doel"], deel["bedrag"]) for deel in betaling["opbouw"]} == {
        ("betaling", "10000.00"),
        ("afrekening", "-4000.00"),
    }


async def test_what_one_line_takes_back_is_netted_with_what_another_gives(financien: Opstelling) -> None:
    """First line 1 of 2 places occupied: −4000.00; second 3 of 2: +4000.00 and more."""
    await financien.hoor(
        overeenkomst(regel("2"), regel("2", "24000.00", subsegment="54Z02")),
        levering(van_tot(JANUARI), id="a"),
        *(levering(van_tot(JANUARI), id=f"b{i}", subsegment="54Z02") for i in range(3)),
    )
    await geef_termijnen_vrij(financien.service.edge)
    concept = await _concept(financien)
    assert ([r["afrekening"] for r in concept["regels"]], concept["totaal"]) == (["-4000.00", "8000.00"], "4000.00")
    vast = await vastgesteld(financien, concept["id"])
    assert vast.json()["verrekening"] == "uitbetalen"
    stand = await saldi(financien)
    assert ("te_vorderen" in stand, stand["te_betalen"]) == (False, -3_400_000)  # five terms of 6000.00, and 4000.00


async def test_late_messages_lead_to_a_correction_and_never_to_another_past(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    assert (await vastgesteld(financien, identity)).status_code == 200
    eerst = await _toon(financien, identity)
    assert eerst["sindsdien"] == {
        "gewijzigd": False,
        "verschil": "0.00",
        "regels": [{"overeenkomst": "o1", "subsegment": CODE, "gerealiseerd": "36000.00", "verschil": "0.00"}],
        "correcties": [],
    }
    assert _fout(await _doe(financien.controller, identity, "correctie")) == (409, "niets-te-corrigeren")
    boekingen = await financien.rijen(BOEKING)
    # One place more from 15 March, one less in January: half a month and a month more, a month less.
    await financien.hoor(
        levering(van_tot(date(2026, 3, 1)), id="laat"), levering(van_tot(date(2026, 2, 1)), id="l0", versie=2)
    )
    assert (await _toon(financien, identity))["sindsdien"]["verschil"] == "1000.00"
    correctie = (await _doe(financien.controller, identity, "correctie")).json()
    (uit,) = correctie["regels"]
    assert (correctie["soort"], correctie["corrigeert"]) == ("correctie", identity)
    assert (uit["gerealiseerd"], uit["betaald"], uit["eerderAfgerekend"], uit["afrekening"]) == (
        "37000.00",
        "40000.00",
        "-4000.00",
        "1000.00",
    )
    assert (await vastgesteld(financien, correctie["id"], sleutel="c")).status_code == 200
    assert (await financien.rijen(BOEKING))[: len(boekingen)] == boekingen, "the past stays"
    stand = await saldi(financien)
    assert {naam: stand[naam] for naam in ("lasten", "te_vorderen", "te_betalen", "voorschotten")} == {
        "lasten": 3_700_000,
        "te_vorderen": 400_000,
        "te_betalen": -5_100_000,
        "voorschotten": 1_000_000,
    }
    waarom = await financien.aanbieder.get(f"/herkomst/afrekeningsregel/{correctie['id']}:o1:{CODE}")
    uitleg = waarom.json()
    assert uitleg["regel"]["ingevuld"] == "37000.00 − 40000.00 − -4000.00 = 1000.00"
    assert sum(int(deel["bedrag"].replace(".", "")) for deel in uitleg["delen"]) == 100_000
    na = await _toon(financien, identity)
    assert (na["sindsdien"]["gewijzigd"], na["sindsdien"]["correcties"]) == (False, [correctie["id"]])
    assert (na["regels"], na["totaal"]) == (eerst["regels"], eerst["totaal"])
    # And once more, on the correction: it names the first, and books the difference with both.
    await financien.hoor(levering(van_tot(JANUARI), id="nog", versie=1))
    tweede = (await financien.controller.post(f"/afrekeningen/{correctie['id']}/correctie")).json()
    assert (tweede["corrigeert"], tweede["totaal"], tweede["regels"][0]["eerderAfgerekend"]) == (
        identity,
        "4000.00",
        "-3000.00",
    )
    async with financien.database.reading() as reader:
        assert await verschillen(reader, GEMEENTE) == []


async def test_only_what_is_fixed_is_corrected_and_one_correction_at_a_time(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    assert _fout(await _doe(financien.controller, identity, "correctie")) == (409, "eerste-niet-vastgesteld")
    await vastgesteld(financien, identity)
    await financien.hoor(levering(van_tot(JANUARI), id="laat"))
    een = (await _doe(financien.controller, identity, "correctie")).json()
    twee = (await financien.controller.post(f"/afrekeningen/{identity}/correctie")).json()
    assert (await _toon(financien, een["id"]))["status"] == "vervangen"
    assert (await _doe(financien.controller, twee["id"], "verzending")).status_code == 200
    derde = await financien.controller.post(f"/afrekeningen/{identity}/correctie")
    assert _fout(derde) == (409, "afrekening-al-verzonden")


async def test_a_settlement_over_two_financial_years_is_split_to_the_cent(financien: Opstelling) -> None:
    await financien.hoor(
        overeenkomst(regel("3.7", "38123.47", vanaf=date(2025, 7, 1)), begindatum=date(2025, 7, 1)),
        levering(van_tot(date(2025, 9, 17), date(2026, 2, 3))),
    )
    await geef_termijnen_vrij(financien.service.edge)
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2025-07-01", "einddatum": "2026-04-30"}
    concept = (await financien.controller.post("/afrekeningen", json=vraag)).json()
    # 14 of 30 days of September, then three months; a month and 3 of 28 days of February.
    assert [(deel["jaar"], deel["kosten"], deel["voorschot"]) for deel in concept["boekjaren"]] == [
        (2025, "11013.45", "70528.42"),
        (2026, "3517.34", "47018.95"),
    ]
    assert concept["boekjaren"] == concept["regels"][0]["boekjaren"]


async def test_the_event_tells_the_whole_settlement_and_no_client(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    await vastgesteld(financien, identity)
    verteld = [inhoud(event) for event in await financien.gepubliceerd(AfrekeningGewijzigd)]
    assert [(deel["status"], deel["versie"], deel["reactie"]) for deel in verteld] == [
        ("concept", 1, None),
        ("verzonden", 2, None),
        ("verzonden", 3, "akkoord"),
        ("vastgesteld", 4, "akkoord"),
    ]
    assert verteld[-1]["boekjaren"] == [
        {"jaar": 2026, "kosten": "36000.00", "voorschot": "40000.00", "afrekening": "-4000.00"}
    ]
    assert verteld[-1]["totaal"] == "-4000.00"
    assert "client" not in str(verteld).lower()


async def test_every_post_of_a_settlement_names_it(financien: Opstelling) -> None:
    identity = (await _klaar(financien))["id"]
    await vastgesteld(financien, identity)
    posten = [row for row in await financien.rijen(POST) if row["oorzaak_soort"] == "afrekening"]
    assert [(row["oorzaak_id"], row["sleutel"]) for row in posten] == [(identity, f"afrekening/{identity}")]


async def test_two_corrections_of_the_same_difference_are_not_both_booked(
    financien: Opstelling, tmp_path: Path
) -> None:
    """Two people made and sent one at the same moment; the second must not be fixed as it was sent."""
    identity = (await _klaar(financien))["id"]
    await vastgesteld(financien, identity)
    await financien.hoor(levering(van_tot(JANUARI), id="laat"))
    een, twee = [(await financien.controller.post(f"/afrekeningen/{identity}/correctie")).json() for _ in range(2)]
    with contextlib.closing(sqlite3.connect(tmp_path / "financien.sqlite")) as los, los:
        los.execute("UPDATE afrekening SET status = 'concept' WHERE id = ?", (een["id"],))
    assert (await _doe(financien.controller, een["id"], "verzending")).status_code == 200
    with contextlib.closing(sqlite3.connect(tmp_path / "financien.sqlite")) as los, los:
        los.execute("UPDATE afrekening SET status = 'verzonden', reactie = 'akkoord' WHERE id = ?", (twee["id"],))
        los.execute("UPDATE afrekening SET reactie = 'akkoord' WHERE id = ?", (een["id"],))
    zo = {"zoalsVerzonden": True}
    weg = await _doe(financien.controller, een["id"], "vaststelling", zo)
    assert _fout(weg) == (409, "afrekening-overlapt")
    with contextlib.closing(sqlite3.connect(tmp_path / "financien.sqlite")) as los, los:
        los.execute("UPDATE afrekening SET status = 'vastgesteld' WHERE id = ?", (een["id"],))
    assert _fout(await _doe(financien.controller, twee["id"], "vaststelling", zo)) == (409, "afrekening-verouderd")


async def test_what_is_claimed_is_received_in_parts_or_netted_after_all(financien: Opstelling) -> None:
    """Two lines: 4000.00 and 1.00 too much in the second; the first gives 1000.00 of that back to the aanbieder."""
    await financien.hoor(
        overeenkomst(regel("1"), regel("10", subsegment="54Z02")),
        levering(van_tot(JANUARI), id="a"),
        levering(van_tot(date(2026, 4, 1)), id="a2"),
        *(levering(van_tot(JANUARI), id=f"b{i}", subsegment="54Z02") for i in range(9)),
    )
    await geef_termijnen_vrij(financien.service.edge)
    identity = (await _concept(financien))["id"]
    ontvangst: Json = {"bedrag": "1000.01", "ontvangenOp": "2026-05-14"}
    assert _fout(await _doe(financien.controller, identity, "ontvangsten", ontvangst)) == (
        409,
        "afrekening-niet-verzonden",
    )
    assert (await vastgesteld(financien, identity)).status_code == 200
    assert (await _toon(financien, identity))["openstaand"] == "3000.00"
    for wat, fout in (
        ({"bedrag": "3000.01"}, (409, "meer-dan-openstaat")),
        ({"bedrag": "0.00"}, (400, "ontvangst-leeg")),
        ({"bedrag": "1.00", "ontvangenOp": "2026-05-16"}, (400, "ontvangst-in-toekomst")),
    ):
        assert _fout(await _doe(financien.controller, identity, "ontvangsten", wat)) == fout
    deel = await _doe(financien.controller, identity, "ontvangsten", ontvangst | {"toelichting": "Eerste deel."})
    assert deel.status_code == 200, deel.text
    laatste = deel.json()["stappen"][-1]
    assert {naam: laatste[naam] for naam in ("stap", "bedrag", "dag", "toelichting")} == {
        "stap": "ontvangen",
        "bedrag": "1000.01",
        "dag": "2026-05-14",
        "toelichting": "Eerste deel.",
    }
    nog_eens = await _doe(financien.controller, identity, "ontvangsten", ontvangst | {"toelichting": "Eerste deel."})
    assert nog_eens.headers["idempotency-replayed"] == "true"
    stand = await saldi(financien)
    assert (stand["bank"], stand["te_vorderen"], stand["te_betalen"]) == (100_001, 199_999, -5_500_000)
    assert (await _toon(financien, identity))["openstaand"] == "1999.99"
    assert (await _doe(financien.controller, identity, "verrekening")).status_code == 200
    stand = await saldi(financien)
    assert ("te_vorderen" in stand, stand["te_betalen"]) == (False, -5_300_001)
    assert (await _toon(financien, identity))["openstaand"] == "0.00"
    assert _fout(await _doe(financien.controller, identity, "ontvangsten", {"bedrag": "1.00"})) == (
        409,
        "geen-vordering",
    )
    async with financien.database.reading() as reader:
        assert await verschillen(reader, GEMEENTE) == []
