"""A bank that never answers: two people state from its statement whether it paid, and only then is it booked (F-8)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from services.financien.betaling.store import BATCH, BETAALPOST, BETALING
from services.financien.grootboek.controle import controleer
from shared.contracts.financien import BetalingGewijzigd
from shared.web.identity import Rol
from tests.financien.betaalopstelling import (
    MAANDAG,
    batch,
    boeking,
    camt053,
    doe,
    iemand,
    kenmerken,
    klaar,
    meld,
    naar_bank,
    overboekingen,
    pain002,
    saldi,
)
from tests.financien.betaalopstelling import bestand as bestand_van
from tests.financien.opstelling import BUUR, GEMEENTE, Opstelling
from tests.financien.test_herkomst_dienst import vraag
from tests.verteld import inhoud

NA_VIJF_WERKDAGEN = date(2026, 5, 26)  # 18 May is a Monday; 25 May is Whit Monday
NIET = {"bevinding": "niet_betaald", "reden": "Staat niet op het afschrift van 26 mei."}
WEL = {"bevinding": "betaald", "dag": MAANDAG, "bedrag": "50000.00", "reden": "Afschrift 21, regel 4."}


async def verklaar(financien: Opstelling, made: dict[str, Any], inhoud: dict[str, Any], wie: str = "anna") -> Any:
    pad = f"/betalingen/{made['betalingen'][0]['id']}/bankverklaringen"
    return await doe(iemand(financien, wie), pad, inhoud)


async def beslis(financien: Opstelling, made: httpx.Response, stap: str, wie: str) -> httpx.Response:
    assert made.status_code == 201, made.text
    return await doe(iemand(financien, wie), f"/bankverklaringen/{made.json()['id']}/{stap}")


async def aangeboden(financien: Opstelling, vandaag: date = NA_VIJF_WERKDAGEN) -> dict[str, Any]:
    """A payment of 50,000.00 at the bank, long enough ago."""
    await klaar(financien)
    made = await naar_bank(financien)
    financien.klok.vandaag = vandaag
    return made


async def test_what_two_people_read_is_booked_as_if_the_bank_had_said_it(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    gedaan = await verklaar(financien, made, WEL)
    assert (await saldi(financien))["onderweg"] == -5_000_000, "one person books nothing"
    bevestigd = await beslis(financien, gedaan, "bevestiging", "bert")
    assert bevestigd.status_code == 200, bevestigd.text
    uit = bevestigd.json()
    assert (uit["status"], uit["ingediendDoor"], uit["beslistDoor"]) == ("bevestigd", "anna", "bert")
    assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}
    (betaling,) = await financien.rijen(BETALING)
    assert (betaling["status"], betaling["uitgevoerd_op"]) == ("uitgevoerd", date(2026, 5, 18))
    (rij,) = await financien.rijen(BATCH)
    assert (rij["status"], rij["stappen"][-1]["stap"]) == ("verwerkt", "bankverklaring bevestigd")
    verteld = [inhoud(bericht)["status"] for bericht in await financien.gepubliceerd(BetalingGewijzigd)]
    assert verteld == ["aangeboden", "uitgevoerd"]
    async with financien.database.reading() as reader:
        assert (await controleer(reader, GEMEENTE)).breuk is None


async def test_what_was_not_paid_is_payable_again_and_paid_once(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    assert (await beslis(financien, await verklaar(financien, made, NIET), "bevestiging", "bert")).status_code == 200
    assert await saldi(financien) == {"voorschotten": 5_000_000, "te_betalen": -5_000_000}
    assert await financien.rijen(BETAALPOST) == []
    weer = await naar_bank(financien, uitvoerdatum="2026-05-27")
    assert [bedrag for _, _, bedrag in overboekingen(await bestand_van(financien, weer["id"]))] == ["50000.00"]
    # When the first is paid after all, nothing is booked: a person must look.
    laat = await meld(financien, camt053(boeking(kenmerken(made)[0], "50000.00")))
    assert laat.json()["betalingen"][0]["gevolg"] == "strijdig"
    assert (await saldi(financien))["onderweg"] == -5_000_000


async def test_the_same_person_does_not_confirm_in_any_spelling(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    gedaan = await verklaar(financien, made, WEL)
    for wie in ("anna", " ANNA "):
        antwoord = await beslis(financien, gedaan, "bevestiging", wie)
        assert antwoord.status_code == 409
        assert antwoord.json()["title"] == "Hiervoor is een tweede persoon nodig"
    assert (await saldi(financien))["onderweg"] == -5_000_000


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"bedrag": "50000.01"}, "bedrag"),
        ({"bedrag": None}, "bedrag"),
        ({"dag": None}, "dag"),
        ({"dag": "2026-05-17"}, "dag"),
        ({"dag": "2026-05-27"}, "dag"),
        ({"bevinding": "niet_betaald", "dag": None}, "bedrag"),
        ({"bevinding": "niet_betaald", "bedrag": None}, "dag"),
        ({"reden": "kort"}, "reden"),
        ({"bevinding": "misschien"}, "bevinding"),
    ],
)
async def test_what_can_not_be_this_payment_is_refused_with_the_field(
    financien: Opstelling, anders: dict[str, Any], veld: str
) -> None:
    made = await aangeboden(financien)
    antwoord = await verklaar(financien, made, {**WEL, **anders})
    assert antwoord.status_code == 400
    assert [fout["veld"] for fout in antwoord.json()["fouten"]] == [veld]


async def test_that_nothing_was_paid_can_be_said_five_working_days_later(financien: Opstelling) -> None:
    made = await aangeboden(financien, date(2026, 5, 25))
    te_vroeg = await verklaar(financien, made, NIET)
    assert (te_vroeg.status_code, te_vroeg.json()["title"]) == (409, "De bank kan nog betalen")
    assert "2026-05-26" in te_vroeg.json()["detail"]
    assert (await verklaar(financien, made, WEL)).status_code == 201


async def test_when_the_bank_answers_meanwhile_its_word_holds(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    gedaan = await verklaar(financien, made, NIET)
    await meld(financien, camt053(boeking(kenmerken(made)[0], "50000.00", dag=MAANDAG)))
    antwoord = await beslis(financien, gedaan, "bevestiging", "bert")
    assert (antwoord.status_code, "uitgevoerd" in antwoord.json()["detail"]) == (409, True)
    assert (await beslis(financien, gedaan, "afwijzing", "anna")).status_code == 200
    assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}
    assert (await verklaar(financien, made, WEL)).status_code == 409


async def test_what_the_bank_says_afterwards_and_fits_does_nothing_more(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    await beslis(financien, await verklaar(financien, made, WEL), "bevestiging", "bert")
    laat = await meld(financien, camt053(boeking(kenmerken(made)[0], "50000.00", dag=MAANDAG)))
    assert laat.json()["betalingen"][0]["gevolg"] == "niets"
    tegen = await meld(financien, pain002(made["kenmerk"], (kenmerken(made)[0], "RJCT", "AC04")))
    assert tegen.json()["betalingen"][0]["gevolg"] == "strijdig"
    assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}


async def test_of_a_payment_that_is_not_at_the_bank_nothing_can_be_stated(financien: Opstelling) -> None:
    await klaar(financien)
    made = await batch(financien)
    financien.klok.vandaag = NA_VIJF_WERKDAGEN
    antwoord = await verklaar(financien, made, WEL)
    assert (antwoord.status_code, "klaargezet" in antwoord.json()["detail"]) == (409, True)


async def test_one_statement_at_a_time_and_each_is_decided_once(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    tegelijk = await asyncio.gather(*(verklaar(financien, made, WEL, wie) for wie in ("anna", "carla", "anna")))
    assert sorted(antwoord.status_code for antwoord in tegelijk) == [201, 409, 409]
    (gedaan,) = [antwoord for antwoord in tegelijk if antwoord.status_code == 201]
    besloten = await asyncio.gather(*(beslis(financien, gedaan, "bevestiging", "bert") for _ in range(3)))
    assert sorted(antwoord.status_code for antwoord in besloten) == [200, 409, 409]
    assert await saldi(financien) == {"voorschotten": 5_000_000, "bank": -5_000_000}


async def test_after_a_refused_statement_another_may_be_made(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    assert (await beslis(financien, await verklaar(financien, made, NIET), "afwijzing", "bert")).status_code == 200
    assert (await saldi(financien))["onderweg"] == -5_000_000
    weer = await verklaar(financien, made, WEL)
    assert (await beslis(financien, weer, "bevestiging", "bert")).status_code == 200
    lijst = await iemand(financien, "anna").get(f"/bankverklaringen?betaling={made['betalingen'][0]['id']}")
    assert [rij["status"] for rij in lijst.json()["resultaten"]] == ["afgewezen", "bevestigd"]


async def test_only_the_gemeente_that_pays_states_and_reads_and_an_auditor_reads(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    gedaan = await verklaar(financien, made, WEL)
    pad = f"/betalingen/{made['betalingen'][0]['id']}/bankverklaringen"
    vreemd = iemand(financien, "bea", BUUR)
    assert (await doe(vreemd, pad, WEL)).status_code == 404
    assert (await doe(vreemd, f"/bankverklaringen/{gedaan.json()['id']}/bevestiging")).status_code == 404
    assert (await vreemd.get("/bankverklaringen")).json()["resultaten"] == []
    assert len((await financien.als(Rol.AUDITOR).get("/bankverklaringen")).json()["resultaten"]) == 1
    assert (await doe(iemand(financien, "x", rol=Rol.CONSULENT), pad, WEL)).status_code == 403
    zonder = await iemand(financien, "anna").post(pad, json=WEL)
    assert zonder.status_code == 400


async def test_the_explanation_of_the_payment_names_who_stated_what(financien: Opstelling) -> None:
    made = await aangeboden(financien)
    await beslis(financien, await verklaar(financien, made, WEL), "bevestiging", "bert")
    identity = made["betalingen"][0]["id"]
    gevonden = await vraag(financien, "betaling", identity)
    (bron,) = [bron for bron in gevonden["bronnen"] if bron["soort"] == "bankverklaring"]
    assert (
        bron["omschrijving"] == "Afschrift: betaald, verklaard door anna, bevestigd door bert. Afschrift 21, regel 4."
    )
    assert "Twee personen" in gevonden["opmerkingen"][0]
    van_aanbieder = await vraag(financien, "betaling", identity, financien.aanbieder)
    assert "bankverklaring" not in {bron["soort"] for bron in van_aanbieder["bronnen"]}
