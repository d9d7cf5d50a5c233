"""A batch over HTTP: what goes in, who may do what, what the file says and what the ledger then holds (F-2, F-8)."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace
from sepaxml.validation import try_valid_xml

from services.financien.betaling import bankbestand
from services.financien.betaling.handlers.stappen import bestandsinhoud
from services.financien.betaling.store import BATCH, BESTAND, BETAALPOST, BETALING
from services.financien.grootboek.rules import Boeking, Rekening
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.financien import BetalingGewijzigd
from shared.kernel.bedrag import Bedrag
from shared.web.identity import Rol
from tests.financien.betaalopstelling import (
    IBAN_AANBIEDER,
    IBAN_ANDER,
    IBAN_GEMEENTE,
    MAANDAG,
    batch,
    bestand,
    boek_afrekening,
    doe,
    iemand,
    klaar,
    meld,
    naar_bank,
    overboekingen,
    pain002,
    rekening,
    saldi,
)
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, CODE, GEMEENTE, Opstelling, overeenkomst, regel
from tests.verteld import inhoud

TWEEDE = "54Z02"


async def _goedgekeurd(financien: Opstelling, identity: str) -> None:
    for wie in ("anna", "bert"):
        assert (await doe(iemand(financien, wie), f"/betaalbatches/{identity}/goedkeuringen")).status_code == 200


async def test_what_is_owed_becomes_one_payment_per_aanbieder_with_its_build_up(financien: Opstelling) -> None:
    segment = SubsegmentVastgesteld(
        code=CODE,
        versie=2,
        naam="Wonen",
        segment="Verblijf",
        wet="jeugdwet",
        productcategorie="54",
        bekostiging="lumpsum",
        met_toewijzing=True,
    )
    await financien.hoor(segment, replace(segment, versie=1, segment="Oud"))
    await financien.hoor(overeenkomst(regel(), regel("1", "6000.00", subsegment=TWEEDE)))
    await geef_termijnen_vrij(financien.service.edge)
    await rekening(financien, GEMEENTE, IBAN_GEMEENTE)
    await rekening(financien, AANBIEDER, IBAN_AANBIEDER)
    made = await batch(financien)
    assert (made["aantal"], made["totaal"], made["status"]) == (1, "52500.00", "concept")
    (betaling,) = made["betalingen"]
    assert (betaling["gemeente"], betaling["aanbieder"], betaling["bedrag"]) == (GEMEENTE, AANBIEDER, "52500.00")
    assert betaling["segmenten"] == [
        {"segment": None, "bedrag": "2500.00"},
        {"segment": "Verblijf", "bedrag": "50000.00"},
    ]
    assert [deel["maand"] for deel in betaling["opbouw"]] == [f"2026-0{maand}" for maand in range(1, 6)] * 2
    assert betaling["omschrijving"] == f"Gemeente {GEMEENTE}: voorschot 2026-01 t/m 2026-05"


async def test_an_item_is_in_one_live_batch_only(financien: Opstelling) -> None:
    await klaar(financien)
    eerste = await batch(financien)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    tweede = await doe(iemand(financien, "bert"), "/betaalbatches", body)
    assert (tweede.status_code, tweede.json()["type"]) == (409, "urn:plekregie:fout:niets-te-betalen")
    assert (await doe(iemand(financien, "bert"), f"/betaalbatches/{eerste['id']}/intrekking")).status_code == 200
    derde = await batch(financien)
    assert derde["totaal"] == eerste["totaal"] == "50000.00"
    goed = await doe(iemand(financien, "bert"), f"/betaalbatches/{eerste['id']}/goedkeuringen")
    assert goed.json()["type"] == "urn:plekregie:fout:batch-ingetrokken"


async def test_two_approvals_by_one_person_are_refused_whatever_the_token(financien: Opstelling) -> None:
    await klaar(financien)
    made = await batch(financien)
    pad = f"/betaalbatches/{made['id']}"
    assert (await doe(iemand(financien, "bert"), f"{pad}/goedkeuringen")).json()["status"] == "concept"
    for naam in ("bert", " Bert ", "BERT"):
        weer = await doe(iemand(financien, naam), f"{pad}/goedkeuringen")
        assert (weer.status_code, weer.json()["type"]) == (409, "urn:plekregie:fout:tweede-persoon-nodig")
    te_vroeg = await doe(iemand(financien, "bert"), f"{pad}/bestand")
    assert te_vroeg.json()["type"] == "urn:plekregie:fout:batch-niet-goedgekeurd"
    goed = (await doe(iemand(financien, "anna"), f"{pad}/goedkeuringen")).json()
    assert (goed["status"], [g["gebruiker"] for g in goed["goedkeuringen"]]) == ("goedgekeurd", ["bert", "anna"])
    derde = await doe(iemand(financien, "carla"), f"{pad}/goedkeuringen")
    assert derde.json()["type"] == "urn:plekregie:fout:batch-al-goedgekeurd"


async def test_the_file_keeps_to_the_iso_schema_and_is_made_once(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    made = await naar_bank(financien)
    assert made["status"] == "bestand_gemaakt"
    xml = await bestand(financien, made["id"])
    try_valid_xml(xml, "pain.001.001.09")
    assert [(iban, bedrag) for _, iban, bedrag in overboekingen(xml)] == [
        (IBAN_AANBIEDER, "50000.00"),
        (IBAN_ANDER, "50000.00"),
    ]
    assert made["kenmerk"].encode() in xml
    weer = await doe(iemand(financien, "carla"), f"/betaalbatches/{made['id']}/bestand")
    assert (weer.status_code, weer.json()["versie"]) == (200, made["versie"])
    assert await bestand(financien, made["id"]) == xml
    (rij,) = await financien.rijen(BATCH)
    assert bankbestand.schrijf(bestandsinhoud({**rij, "betalingen": await financien.rijen(BETALING)})) == xml
    assert len(await financien.rijen(BESTAND)) == 1


async def test_the_ledger_follows_the_file_and_the_bank(financien: Opstelling) -> None:
    await klaar(financien)
    assert await saldi(financien) == {"voorschotten": 5_000_000, "te_betalen": -5_000_000}
    made = await naar_bank(financien)
    assert await saldi(financien) == {"voorschotten": 5_000_000, "onderweg": -5_000_000}
    pad = f"/betaalbatches/{made['id']}/aanlevering"
    for _ in range(2):
        assert (await doe(iemand(financien, "anna"), pad)).json()["status"] == "aangeleverd"
    await meld(financien, pain002(made["kenmerk"], groep="ACSC"))
    assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}
    na = (await iemand(financien, "anna").get(f"/betaalbatches/{made['id']}")).json()
    assert (na["status"], na["betalingen"][0]["status"]) == ("verwerkt", "uitgevoerd")
    stappen = ["gemaakt", "goedgekeurd", "goedgekeurd", "bestand gemaakt", "aangeleverd", "terugmelding verwerkt"]
    assert [stap["stap"] for stap in na["stappen"]] == stappen


async def test_the_next_payment_is_what_came_after_the_last(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    await meld(financien, pain002(made["kenmerk"], groep="ACSC"))
    financien.klok.vandaag = date(2026, 6, 1)
    await geef_termijnen_vrij(financien.service.edge)
    (betaling,) = (await batch(financien, uitvoerdatum="2026-06-01"))["betalingen"]
    assert (betaling["bedrag"], [deel["maand"] for deel in betaling["opbouw"]]) == ("10000.00", ["2026-06"])


async def test_after_the_file_only_the_bank_can_say_that_it_was_not_paid(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    weg = await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/intrekking")
    assert (weg.status_code, weg.json()["type"]) == (409, "urn:plekregie:fout:batch-al-naar-bank")


async def test_who_has_no_confirmed_number_is_named_and_stays_open(financien: Opstelling) -> None:
    await klaar(financien)
    await financien.hoor(overeenkomst(id="o9", aanbieder=ANDER))
    await geef_termijnen_vrij(financien.service.edge)
    body = {"iban": IBAN_ANDER, "naam": "Ander", "vanaf": "2026-01-01"}
    voorstel = (await iemand(financien, "anna").put(f"/rekeningen/aanbieders/{ANDER}", json=body)).json()
    made = await batch(financien)
    assert [betaling["aanbieder"] for betaling in made["betalingen"]] == [AANBIEDER]
    (weg,) = made["overgeslagen"]
    assert (weg["aanbieder"], weg["bedrag"]) == (ANDER, "50000.00")
    await doe(iemand(financien, "bert"), f"/rekeningen/{voorstel['id']}/bevestiging")
    assert [betaling["aanbieder"] for betaling in (await batch(financien))["betalingen"]] == [ANDER]


async def test_a_number_that_changed_after_approval_stops_the_file(financien: Opstelling) -> None:
    await klaar(financien)
    made = await batch(financien)
    await _goedgekeurd(financien, made["id"])
    await rekening(financien, AANBIEDER, IBAN_ANDER, vanaf="2026-05-01")
    antwoord = await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/bestand")
    assert (antwoord.status_code, antwoord.json()["type"]) == (409, "urn:plekregie:fout:rekening-gewijzigd")
    assert IBAN_ANDER not in antwoord.text
    assert await financien.rijen(BESTAND) == []
    await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/intrekking")
    assert overboekingen(await bestand(financien, (await naar_bank(financien))["id"]))[0][1] == IBAN_ANDER


async def test_a_day_that_is_over_stops_the_file(financien: Opstelling) -> None:
    await klaar(financien)
    made = await batch(financien)
    await _goedgekeurd(financien, made["id"])
    financien.klok.vandaag = financien.klok.vandaag.replace(day=19)
    antwoord = await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/bestand")
    assert antwoord.json()["type"] == "urn:plekregie:fout:uitvoerdatum-voorbij"


async def test_the_day_of_payment_is_a_working_day_from_today(financien: Opstelling) -> None:
    await klaar(financien)
    for dag in ("2026-05-14", "2026-05-16", "2026-05-25", "2027-06-01", "9999-12-31"):
        antwoord = await doe(iemand(financien, "anna"), "/betaalbatches", {"gemeente": GEMEENTE, "uitvoerdatum": dag})
        assert (antwoord.status_code, antwoord.json()["fouten"][0]["veld"]) == (400, "uitvoerdatum"), dag


async def test_calls_that_move_money_need_a_key_and_replay_their_answer(financien: Opstelling) -> None:
    await klaar(financien)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    zonder = await iemand(financien, "anna").post("/betaalbatches", json=body)
    assert zonder.status_code == 400
    eerste = await doe(iemand(financien, "anna"), "/betaalbatches", body, sleutel="zelfde")
    tweede = await doe(iemand(financien, "anna"), "/betaalbatches", body, sleutel="zelfde")
    assert eerste.content == tweede.content
    assert len(await financien.rijen(BATCH)) == 1
    for stap in ("goedkeuringen", "bestand", "aanlevering", "intrekking"):
        antwoord = await iemand(financien, "anna").post(f"/betaalbatches/{eerste.json()['id']}/{stap}")
        assert (antwoord.status_code, "Idempotency-Key" in antwoord.json()["detail"]) == (400, True), stap


async def test_a_batch_may_be_of_some_aanbieders_only(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    made = await batch(financien, aanbieders=[ANDER])
    assert [betaling["aanbieder"] for betaling in made["betalingen"]] == [ANDER]
    assert len(await financien.rijen(BETAALPOST)) == 5


async def test_an_aanbieder_sees_its_own_payments_once_they_left(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    await batch(financien, aanbieders=[ANDER])
    assert (await financien.aanbieder.get("/betalingen")).json()["resultaten"] == []
    await naar_bank(financien)
    (gezien,) = (await financien.aanbieder.get("/betalingen")).json()["resultaten"]
    assert (gezien["aanbieder"], gezien["status"], gezien["bedrag"]) == (AANBIEDER, "aangeboden", "50000.00")
    assert (await financien.aanbieder.get("/betaalbatches")).status_code == 403
    ander = financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    assert (await ander.get("/betalingen")).json()["resultaten"] == []


async def test_another_gemeente_sees_and_approves_nothing_and_the_auditor_only_reads(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    buur, auditor = iemand(financien, "dirk", BUUR), financien.als(Rol.AUDITOR)
    pad = f"/betaalbatches/{made['id']}"
    assert (await buur.get(pad)).status_code == 404
    assert (await buur.get("/betalingen")).json()["resultaten"] == []
    for stap in ("goedkeuringen", "bestand", "aanlevering", "intrekking"):
        assert (await doe(buur, f"{pad}/{stap}")).status_code == 404
        assert (await doe(auditor, f"{pad}/{stap}")).status_code == 403
    assert (await auditor.get(pad)).json()["id"] == made["id"]
    assert (await auditor.get(pad, headers={"accept": "application/xml"})).status_code == 403
    assert len((await auditor.get("/betalingen", params={"gemeente": GEMEENTE})).json()["resultaten"]) == 1
    vreemd = await doe(buur, "/betaalbatches", {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG})
    assert vreemd.status_code == 403


async def test_every_step_of_a_payment_that_left_is_told_without_account_numbers(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    await meld(financien, pain002(made["kenmerk"], groep="ACCP"))
    await meld(financien, pain002(made["kenmerk"], groep="RJCT"))
    gebeurtenissen = await financien.gepubliceerd(BetalingGewijzigd)
    assert [(inhoud(e)["versie"], inhoud(e)["status"]) for e in gebeurtenissen] == [
        (2, "aangeboden"),
        (3, "geaccepteerd"),
        (4, "afgewezen"),
    ]
    assert inhoud(gebeurtenissen[0])["opbouw"] == [
        {"doel": "betaling", "segment": None, "subsegment": CODE, "bedrag": "50000.00"}
    ]
    assert IBAN_AANBIEDER not in str(gebeurtenissen)


async def test_what_takes_back_more_than_is_owed_waits_for_what_follows(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    await boek_afrekening(
        financien,
        Boeking(Rekening.TE_BETALEN, Rekening.TE_VORDEREN, Bedrag(5_000_001), AANBIEDER, CODE),
        Boeking(Rekening.TE_BETALEN, Rekening.TE_VORDEREN, Bedrag(1_000_001), ANDER, CODE),
    )
    made = await batch(financien)
    (betaling,) = made["betalingen"]
    assert (betaling["aanbieder"], betaling["bedrag"]) == (ANDER, "39999.99")
    assert betaling["opbouw"][0] == {
        "doel": "afrekening",
        "segment": None,
        "subsegment": CODE,
        "maand": None,
        "bedrag": "-10000.01",
    }
    assert [(weg["aanbieder"], weg["bedrag"]) for weg in made["overgeslagen"]] == [(AANBIEDER, "-0.01")]
    await _goedgekeurd(financien, made["id"])
    await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/bestand")
    assert await saldi(financien) == {
        "voorschotten": 10_000_000,
        "te_vorderen": -6_000_002,
        "te_betalen": 1,
        "onderweg": -3_999_999,
    }
