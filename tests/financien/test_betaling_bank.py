"""What the bank sends back: statuses and bookings, twice, late, against each other, or unreadable (F-8)."""

from __future__ import annotations

from datetime import date

import pytest

from services.financien.betaling.bank import gebonden
from services.financien.betaling.store import BETAALPOST, BETALING, TERUGMELDING
from services.financien.grootboek.store import POST
from shared.web.identity import Rol
from tests.financien.betaalopstelling import (
    Json,
    batch,
    boeking,
    camt053,
    doe,
    iemand,
    kenmerken,
    klaar,
    meld,
    naar_bank,
    pain002,
    saldi,
)
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, Opstelling

OPEN = {"voorschotten": 10_000_000, "te_betalen": -10_000_000}
HALF = {"voorschotten": 10_000_000, "te_betalen": -5_000_000, "bank": -5_000_000}


async def _twee(financien: Opstelling) -> Json:
    await klaar(financien, AANBIEDER, ANDER)
    return await naar_bank(financien)


async def _stand(financien: Opstelling, identity: str) -> tuple[str, list[str]]:
    row = (await iemand(financien, "anna").get(f"/betaalbatches/{identity}")).json()
    return row["status"], [betaling["status"] for betaling in row["betalingen"]]


async def test_a_refused_payment_is_payable_again_and_the_rest_is_paid(financien: Opstelling) -> None:
    made = await _twee(financien)
    een, ander = kenmerken(made)
    antwoord = await meld(financien, pain002(made["kenmerk"], (een, "RJCT", "AC04"), (ander, "ACSC", None)))
    assert antwoord.status_code == 201, antwoord.text
    eerste, tweede = antwoord.json()["betalingen"]
    assert (eerste["gevolg"], eerste["reden"], tweede["gevolg"]) == ("draai_terug", "AC04", "boek")
    assert "opgeheven" in eerste["toelichting"]
    assert await _stand(financien, made["id"]) == ("deels_verwerkt", ["afgewezen", "uitgevoerd"])
    assert await saldi(financien) == HALF
    opnieuw = await naar_bank(financien)
    assert [betaling["aanbieder"] for betaling in opnieuw["betalingen"]] == [AANBIEDER]
    assert not set(kenmerken(opnieuw)) & {een, ander}
    await meld(financien, camt053(boeking(kenmerken(opnieuw)[0], "50000.00")))
    assert await saldi(financien) == {"voorschotten": 10_000_000, "bank": -10_000_000}


async def test_a_file_that_is_refused_whole_frees_everything(financien: Opstelling) -> None:
    made = await _twee(financien)
    await meld(financien, pain002(made["kenmerk"], groep="RJCT"))
    assert await _stand(financien, made["id"]) == ("afgewezen", ["afgewezen", "afgewezen"])
    assert (await saldi(financien), await financien.rijen(BETAALPOST)) == (OPEN, [])


async def test_a_refusal_for_being_double_frees_nothing(financien: Opstelling) -> None:
    made = await _twee(financien)
    bericht = pain002(made["kenmerk"], *((kenmerk, "RJCT", "AM05") for kenmerk in kenmerken(made)))
    antwoord = (await meld(financien, bericht)).json()
    assert {betaling["gevolg"] for betaling in antwoord["betalingen"]} == {"strijdig"}
    assert (await _stand(financien, made["id"]))[1] == ["aangeboden", "aangeboden"]
    body = {"gemeente": made["betaler"], "uitvoerdatum": made["uitvoerdatum"]}
    assert (await doe(iemand(financien, "anna"), "/betaalbatches", body)).status_code == 409


async def test_the_same_file_twice_does_nothing_twice(financien: Opstelling) -> None:
    made = await _twee(financien)
    bericht = camt053(*(boeking(kenmerk, "50000.00") for kenmerk in kenmerken(made)))
    eerste = await meld(financien, bericht, sleutel="een")
    weer = await meld(financien, bericht, sleutel="een")
    tweede = await meld(financien, bericht, sleutel="twee", wie="bert")
    assert (eerste.status_code, weer.content, tweede.status_code) == (201, eerste.content, 200)
    assert tweede.json() == eerste.json()
    assert await saldi(financien) == {"voorschotten": 10_000_000, "bank": -10_000_000}
    assert len(await financien.rijen(TERUGMELDING)) == 1
    anders = await meld(financien, camt053(*(boeking(k, "50000.00") for k in kenmerken(made)), nummer="2"))
    assert {betaling["gevolg"] for betaling in anders.json()["betalingen"]} == {"niets"}
    assert await saldi(financien) == {"voorschotten": 10_000_000, "bank": -10_000_000}


async def test_accepted_is_not_yet_paid_and_late_acceptance_changes_nothing(financien: Opstelling) -> None:
    made = await _twee(financien)
    een, ander = kenmerken(made)
    await meld(financien, pain002(made["kenmerk"], (een, "ACCP", None)))
    assert await _stand(financien, made["id"]) == ("aangeleverd", ["geaccepteerd", "aangeboden"])
    await meld(financien, camt053(boeking(een, "50000.00"), boeking(ander, "50000.00")))
    await meld(financien, pain002(made["kenmerk"], groep="ACCP"))
    assert await _stand(financien, made["id"]) == ("verwerkt", ["uitgevoerd", "uitgevoerd"])


@pytest.mark.parametrize("volgorde", ["one file", "the return first", "the return later"])
async def test_money_that_came_back_is_owed_again(financien: Opstelling, volgorde: str) -> None:
    made = await _twee(financien)
    een, ander = kenmerken(made)
    terug, heen = boeking(een, "50000.00", "CRDT", terug="AC04"), boeking(een, "50000.00")
    bestanden = {
        "one file": [camt053(terug, heen)],
        "the return first": [camt053(terug), camt053(heen, nummer="2")],
        "the return later": [camt053(heen), camt053(terug, nummer="2")],
    }[volgorde]
    for bestand in [*bestanden, camt053(boeking(ander, "50000.00"), nummer="3")]:
        assert (await meld(financien, bestand)).status_code == 201
    assert await _stand(financien, made["id"]) == ("deels_verwerkt", ["teruggeboekt", "uitgevoerd"])
    assert await saldi(financien) == HALF
    assert [betaling["aanbieder"] for betaling in (await batch(financien))["betalingen"]] == [AANBIEDER]


@pytest.mark.parametrize(
    "bestand",
    [
        lambda een: camt053(boeking(een, "49999.99")),
        lambda een: camt053(boeking(een, "50000.01", "CRDT", terug="AC04")),
    ],
    ids=["paid", "returned"],
)
async def test_another_amount_is_left_to_a_person(financien: Opstelling, bestand: object) -> None:
    made = await _twee(financien)
    voor = await saldi(financien)
    antwoord = (await meld(financien, bestand(kenmerken(made)[0]))).json()  # type: ignore[operator]
    assert [betaling["gevolg"] for betaling in antwoord["betalingen"]] == ["strijdig"]
    assert await saldi(financien) == voor


async def test_what_contradicts_an_earlier_fact_is_left_to_a_person(financien: Opstelling) -> None:
    made = await _twee(financien)
    een, ander = kenmerken(made)
    await meld(financien, pain002(made["kenmerk"], (een, "RJCT", "AC01"), (ander, "ACSC", None)))
    voor = await saldi(financien)
    antwoord = await meld(financien, camt053(boeking(een, "50000.00")))
    weer = await meld(financien, pain002(made["kenmerk"], (ander, "RJCT", "AC01")))
    for gemeld in (antwoord, weer):
        assert [betaling["gevolg"] for betaling in gemeld.json()["betalingen"]] == ["strijdig"]
    assert await saldi(financien) == voor


async def test_names_that_are_not_ours_are_reported_and_change_nothing(financien: Opstelling) -> None:
    made = await _twee(financien)
    een, _ = kenmerken(made)
    bestand = camt053(boeking("HUUR-2026-05", "800.00"), boeking(een, "50000.00"), boeking("NOTPROVIDED", "1.00"))
    antwoord = (await meld(financien, bestand)).json()
    assert (antwoord["onbekend"], antwoord["aantalOnbekend"], antwoord["andereBoekingen"]) == (["HUUR-2026-05"], 1, 1)
    assert [betaling["gevolg"] for betaling in antwoord["betalingen"]] == ["boek"]
    vreemd = (await meld(financien, pain002("ONBEKEND", groep="RJCT"))).json()
    assert (vreemd["onbekend"], vreemd["betalingen"]) == (["ONBEKEND"], [])


async def test_payments_of_another_gemeente_can_not_be_touched(financien: Opstelling) -> None:
    made = await _twee(financien)
    for bestand in (pain002(made["kenmerk"], groep="RJCT"), camt053(boeking(kenmerken(made)[0], "50000.00"))):
        antwoord = await meld(financien, bestand, gemeente=BUUR)
        assert (antwoord.status_code, antwoord.json()["betalingen"]) == (201, [])
    assert (await _stand(financien, made["id"]))[1] == ["aangeboden", "aangeboden"]


@pytest.mark.parametrize(
    "xml",
    [
        b"<a/>",
        b"geen xml",
        camt053().replace(b"<Document", b'<!DOCTYPE a [<!ENTITY b "c">]><Document'),
        camt053(boeking("x", "1.234")),
        camt053(boeking("x", "1.23", dag="2026-02-30")),
        camt053(boeking("x", "1.23").replace("EUR", "USD")),
        pain002("x", ("y", "VREEMD", None)),
    ],
    ids=["another message", "no XML", "DOCTYPE", "half cents", "no date", "dollars", "unknown status"],
)
async def test_what_can_not_be_read_is_kept_and_refused(financien: Opstelling, xml: bytes) -> None:
    antwoord = await meld(financien, xml)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (400, "application/problem+json")
    (rij,) = await financien.rijen(TERUGMELDING)
    assert (rij["id"], rij["soort"], rij["lengte"]) == (antwoord.json()["terugmelding"], "onleesbaar", len(xml))
    gezien = await iemand(financien, "anna").get(f"/terugmeldingen/{rij['id']}")
    assert gezien.json()["fout"]
    assert (await meld(financien, xml)).status_code == 400
    assert len(await financien.rijen(TERUGMELDING)) == 1


async def test_a_statement_is_kept_whole_and_encrypted(financien: Opstelling) -> None:
    made = await _twee(financien)
    xml = camt053(boeking("UITKERING J JANSEN", "900.00"))
    await meld(financien, xml)
    (rij,) = await financien.rijen(TERUGMELDING)
    assert b"JANSEN" not in rij["inhoud"]
    vault = financien.service.app.state.vault
    assert vault.decrypt(rij["inhoud"], gebonden(made["betaler"], rij["vingerafdruk"])) == xml


async def test_auditors_read_and_others_do_not(financien: Opstelling) -> None:
    made = await _twee(financien)
    gemeld = (await meld(financien, pain002(made["kenmerk"], groep="ACCP"))).json()
    auditor = financien.als(Rol.AUDITOR)
    assert (await auditor.get(f"/terugmeldingen/{gemeld['id']}")).json()["id"] == gemeld["id"]
    assert len((await auditor.get("/terugmeldingen")).json()["resultaten"]) == 1
    assert (await iemand(financien, "dirk", BUUR).get(f"/terugmeldingen/{gemeld['id']}")).status_code == 404
    assert (await financien.aanbieder.get("/terugmeldingen")).status_code == 403


async def test_the_bank_day_is_the_day_in_the_books(financien: Opstelling) -> None:
    made = await _twee(financien)
    een, ander = kenmerken(made)
    await meld(
        financien, camt053(boeking(een, "50000.00", dag="2026-05-13"), boeking(ander, "50000.00", dag="2026-06-01"))
    )
    dagen = [row["boekdatum"] for row in await financien.rijen(POST) if row["soort"] == "betaling_uitgevoerd"]
    assert dagen == [date(2026, 5, 13), date(2026, 5, 15)]  # a day that has not come is today
    (een_rij, _) = sorted(await financien.rijen(BETALING), key=lambda row: row["aanbieder"])
    assert een_rij["uitgevoerd_op"] == date(2026, 5, 13)
