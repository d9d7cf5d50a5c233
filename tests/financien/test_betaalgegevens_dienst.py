"""Account numbers and payment points over HTTP: checked, confirmed by a second person, kept (F-3, F-8)."""

from __future__ import annotations

import pytest

from services.financien.betaalgegevens.store import BETAALPUNT, REKENINGNUMMER
from services.financien.grootboek.rules import Boeking, Rekening
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.kernel.bedrag import Bedrag
from shared.web.identity import Rol
from tests.financien.betaalopstelling import (
    IBAN_AANBIEDER,
    IBAN_ANDER,
    IBAN_GEMEENTE,
    MAANDAG,
    batch,
    boek_afrekening,
    doe,
    iemand,
    kenmerken,
    klaar,
    meld,
    naar_bank,
    pain002,
    rekening,
    saldi,
)
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, CODE, GEMEENTE, Opstelling, overeenkomst, regel

BODY = {"iban": IBAN_AANBIEDER, "naam": "De Plek", "vanaf": "2026-01-01"}
PAD = f"/rekeningen/aanbieders/{AANBIEDER}"


@pytest.mark.parametrize(
    ("iban", "woord"),
    [
        ("NL91ABNA0417164301", "controlegetal"),
        ("NL91ABNA041716430", "aantal tekens"),
        ("XX91ABNA0417164300", "land"),
        ("hallo", "landcode"),
        ("JO94CBJO0010000000000131000302", "SEPA"),
    ],
)
async def test_a_wrong_iban_is_refused_with_rule_and_way_out_and_not_repeated(
    financien: Opstelling, iban: str, woord: str
) -> None:
    antwoord = await iemand(financien, "anna").put(PAD, json={**BODY, "iban": iban})
    assert (antwoord.status_code, antwoord.json()["type"]) == (400, "urn:plekregie:fout:iban-ongeldig")
    (fout,) = antwoord.json()["fouten"]
    assert (fout["veld"], fout["regel"]) == ("iban", "ISO 13616")
    assert woord in fout["melding"]
    assert iban not in antwoord.text
    assert await financien.rijen(REKENINGNUMMER) == []


async def test_spaces_and_small_letters_do_no_harm(financien: Opstelling) -> None:
    antwoord = await iemand(financien, "anna").put(PAD, json={**BODY, "iban": " nl20 ingb 0001 2345 67 "})
    assert (antwoord.status_code, antwoord.json()["iban"]) == (201, IBAN_AANBIEDER)
    weer = await iemand(financien, "anna").put(PAD, json=BODY)
    assert (weer.status_code, weer.json()) == (200, antwoord.json())


async def test_who_entered_a_number_of_an_aanbieder_does_not_confirm_it(financien: Opstelling) -> None:
    voorstel = (await iemand(financien, "anna").put(PAD, json=BODY)).json()
    pad = f"/rekeningen/{voorstel['id']}/bevestiging"
    for naam in ("anna", "ANNA "):
        zelf = await doe(iemand(financien, naam), pad)
        assert (zelf.status_code, zelf.json()["type"]) == (409, "urn:plekregie:fout:tweede-persoon-nodig")
    goed = (await doe(iemand(financien, "bert"), pad)).json()
    assert (goed["status"], goed["ingevoerdDoor"], goed["beslistDoor"]) == ("geldig", "anna", "bert")
    weer = await doe(iemand(financien, "carla"), pad)
    assert weer.json()["type"] == "urn:plekregie:fout:rekeningnummer-al-beslist"


async def test_a_changed_number_is_used_from_its_date_and_the_old_one_stays_known(financien: Opstelling) -> None:
    await klaar(financien)
    voorstel = {"iban": IBAN_ANDER, "naam": "De Plek", "vanaf": "2026-05-01"}
    nieuw = (await iemand(financien, "anna").put(PAD, json=voorstel)).json()
    made = await batch(financien)
    assert made["betalingen"][0]["iban"] == IBAN_AANBIEDER
    await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/intrekking")
    await doe(iemand(financien, "bert"), f"/rekeningen/{nieuw['id']}/bevestiging")
    assert (await batch(financien))["betalingen"][0]["iban"] == IBAN_ANDER
    lijst = (await iemand(financien, "anna").get("/rekeningen", params={"aanbieder": AANBIEDER})).json()["resultaten"]
    assert [(rij["iban"], rij["status"]) for rij in lijst] == [(IBAN_AANBIEDER, "geldig"), (IBAN_ANDER, "geldig")]


async def test_a_later_proposal_takes_the_place_of_one_that_waits(financien: Opstelling) -> None:
    eerste = (await iemand(financien, "anna").put(PAD, json=BODY)).json()
    tweede = (await iemand(financien, "bert").put(PAD, json={**BODY, "iban": IBAN_ANDER})).json()
    laat = await doe(iemand(financien, "carla"), f"/rekeningen/{eerste['id']}/bevestiging")
    assert laat.json()["type"] == "urn:plekregie:fout:rekeningnummer-al-beslist"
    weg = await doe(iemand(financien, "bert"), f"/rekeningen/{tweede['id']}/afwijzing")
    assert weg.json()["status"] == "afgewezen"
    opnieuw = await iemand(financien, "bert").put(PAD, json={**BODY, "iban": IBAN_ANDER})
    assert (opnieuw.status_code, opnieuw.json()["status"]) == (201, "voorgesteld")


async def test_administrations_of_gemeenten_are_apart(financien: Opstelling) -> None:
    voorstel = (await iemand(financien, "anna").put(PAD, json=BODY)).json()
    vreemd = await doe(iemand(financien, "dirk", BUUR), f"/rekeningen/{voorstel['id']}/bevestiging")
    assert vreemd.status_code == 404
    assert (await iemand(financien, "dirk", BUUR).get("/rekeningen")).json()["resultaten"] == []
    ander = await iemand(financien, "dirk", BUUR).put(f"/rekeningen/gemeenten/{GEMEENTE}", json=BODY)
    assert ander.status_code == 403
    assert len((await financien.aanbieder.get("/rekeningen")).json()["resultaten"]) == 1
    assert (await financien.als(Rol.AANBIEDER, aanbieder=ANDER).get("/rekeningen")).json()["resultaten"] == []
    assert len((await financien.als(Rol.AUDITOR).get("/rekeningen")).json()["resultaten"]) == 1


async def test_without_an_account_of_its_own_a_gemeente_pays_nothing(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await geef_termijnen_vrij(financien.service.edge)
    body = {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG}
    antwoord = await doe(iemand(financien, "anna"), "/betaalbatches", body)
    assert antwoord.json()["type"] == "urn:plekregie:fout:rekening-van-gemeente-ontbreekt"


async def _regio(financien: Opstelling) -> None:
    """Both gemeenten owe 50,000.00; BUUR pays for GEMEENTE as well, from 1 May."""
    await financien.hoor(overeenkomst(regel(), regel(gemeente=BUUR)))
    await geef_termijnen_vrij(financien.service.edge)
    keuze = {"betaalpunt": BUUR, "vanaf": "2026-05-01"}
    antwoord = await iemand(financien, "anna").put(f"/betaalpunten/{GEMEENTE}/betaling", json=keuze)
    assert antwoord.status_code == 200, antwoord.text
    for gemeente in (GEMEENTE, BUUR):
        await rekening(financien, gemeente, IBAN_GEMEENTE, gemeente=gemeente)
        await rekening(financien, AANBIEDER, IBAN_AANBIEDER, gemeente=gemeente)


async def test_a_payment_point_pays_one_payment_per_gemeente_and_the_claim_stands_in_both_ledgers(
    financien: Opstelling,
) -> None:
    await _regio(financien)
    zelf = await doe(iemand(financien, "anna"), "/betaalbatches", {"gemeente": GEMEENTE, "uitvoerdatum": MAANDAG})
    assert zelf.json()["type"] == "urn:plekregie:fout:niets-te-betalen"
    made = await naar_bank(financien, BUUR)
    assert [(betaling["gemeente"], betaling["bedrag"]) for betaling in made["betalingen"]] == [
        (GEMEENTE, "50000.00"),
        (BUUR, "50000.00"),
    ]
    assert await saldi(financien) == {"voorschotten": 5_000_000, "regio": -5_000_000}
    assert await saldi(financien, BUUR) == {"voorschotten": 5_000_000, "regio": 5_000_000, "onderweg": -10_000_000}
    een, ander = kenmerken(made)
    await meld(financien, pain002(made["kenmerk"], (een, "RJCT", "AC04"), (ander, "ACSC", None)), gemeente=BUUR)
    assert await saldi(financien) == {"voorschotten": 5_000_000, "te_betalen": -5_000_000}
    assert await saldi(financien, BUUR) == {"voorschotten": 5_000_000, "bank": -5_000_000}
    (eigen,) = (await iemand(financien, "anna").get("/betalingen")).json()["resultaten"]
    assert (eigen["betaler"], eigen["gemeente"], eigen["status"]) == (BUUR, GEMEENTE, "afgewezen")


async def test_a_payment_point_holds_from_its_date_and_its_history_stays(financien: Opstelling) -> None:
    await _regio(financien)
    pad = f"/betaalpunten/{GEMEENTE}/betaling"
    terug = {"betaalpunt": GEMEENTE, "vanaf": "2026-05-18"}
    for _ in range(2):
        assert (await iemand(financien, "anna").put(pad, json=terug)).status_code == 200
    assert (await batch(financien))["betalingen"][0]["gemeente"] == GEMEENTE
    assert [betaling["gemeente"] for betaling in (await batch(financien, BUUR))["betalingen"]] == [BUUR]
    assert [(row["betaalpunt"], str(row["vanaf"])) for row in await financien.rijen(BETAALPUNT)] == [
        (BUUR, "2026-05-01"),
        (GEMEENTE, "2026-05-18"),
    ]
    assert (await iemand(financien, "dirk", BUUR).put(pad, json=terug)).status_code == 403
    assert len((await iemand(financien, "dirk", BUUR).get("/betaalpunten")).json()["resultaten"]) == 1


async def test_settlement_may_have_another_payment_point_than_advances(financien: Opstelling) -> None:
    await _regio(financien)
    pad = f"/betaalpunten/{GEMEENTE}/afrekening"
    await iemand(financien, "anna").put(pad, json={"betaalpunt": BUUR, "vanaf": "2026-01-01"})
    terug = {"betaalpunt": GEMEENTE, "vanaf": "2026-05-02"}
    await iemand(financien, "anna").put(f"/betaalpunten/{GEMEENTE}/betaling", json=terug)
    await boek_afrekening(financien, Boeking(Rekening.LASTEN, Rekening.TE_BETALEN, Bedrag(12_345), AANBIEDER, CODE))
    assert [betaling["bedrag"] for betaling in (await batch(financien))["betalingen"]] == ["50000.00"]
    made = await batch(financien, BUUR)
    assert [(betaling["gemeente"], betaling["bedrag"]) for betaling in made["betalingen"]] == [
        (GEMEENTE, "123.45"),
        (BUUR, "50000.00"),
    ]
    assert made["betalingen"][0]["omschrijving"] == f"Gemeente {GEMEENTE}: afrekening"
